"""What whoever looks after the channels is told of one, in words and for programs. Pure."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from gateway.health.alarm import Alarm
from gateway.health.words import Words
from gateway.noticing import Letter
from gateway.routing import Unit
from gateway.ways import Word


class AlarmWords(msgspec.Struct, frozen=True):
    """`words` and `text` are those of the pages, `page` is the address of the one of the channels, if it is known."""

    words: Words
    text: Callable[..., str]
    zone: tzinfo
    page: str = ""

    def word(self, alarm: Alarm, unit: Unit) -> Word:
        ended = alarm.ended is not None
        values = {"channel": alarm.channel, "state": self.text(f"channels.states.{alarm.state}")}
        name = "channels.alarm.over" if ended else "channels.alarm.begun"
        times = {"since": self._day(alarm.began), "until": self._day(alarm.ended or alarm.began)}
        said = [self.text(name, **values, **times), *([] if ended else self._what(alarm))]
        said.append(self.text("channels.alarm.see", channel=alarm.channel, page=self.page).strip())
        subject = self.text("channels.alarm.subject_over" if ended else "channels.alarm.subject", **values)
        whole = "\n\n".join([*filter(None, said), self.text("channels.alarm.automatic")])
        identity = f"alarm-{alarm.channel}-{alarm.began:.0f}" + ("-over" if ended else "")
        return Word(identity, Letter(subject, whole), self._payload(alarm, unit))

    def _what(self, alarm: Alarm) -> list[str]:
        to_do = self.words.to_do(alarm.status)
        return [self.words.wrong(alarm.status), self.text("channels.alarm.to_do", to_do=to_do) if to_do else ""]

    def _payload(self, alarm: Alarm, unit: Unit) -> dict[str, Any]:
        told = {"name": alarm.channel, "state": alarm.state, "why": alarm.why or None}
        words = {"wrong": self.words.wrong(alarm.status), "to_do": self.words.to_do(alarm.status)}
        times = {"since": self._time(alarm.began), "until": self._time(alarm.ended)}
        return {"unit": {"code": unit.code, "name": unit.name}, "channel": {**told, **words, **times}}

    def _day(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%d/%m/%Y %H.%M")

    def _time(self, at: float | None) -> str | None:
        return datetime.fromtimestamp(at, self.zone).isoformat(timespec="seconds") if at is not None else None
