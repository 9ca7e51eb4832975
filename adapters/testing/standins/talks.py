"""A stand-in for talks on Messenger and in Instagram's direct messages: an account of ours, and people who write to it.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from adapters.testing.standins.graph import Graph, GraphError
from adapters.testing.standins.talk_rules import checked

DAY = 86_400.0
WEEK = 7 * DAY


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has on their phone. `options` are payloads and titles of quick replies; `tag` is why it came later
    than a day; `opened_by` the comment to which it is the private answer."""

    id: str
    to: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    tag: str | None = None
    opened_by: str | None = None


class Talks(Graph):
    """`account` is ours. People are ids; `refused` are those that nothing reaches, with the code and subcode that are
    said then. With `echoes` what we say comes back as a webhook; `elsewhere`: another application has the talks."""

    def __init__(self, account: str, **more: Any) -> None:
        super().__init__(**more)
        self.account = account
        self.refused: dict[str, tuple[int, int | None]] = {}
        self.echoes = True
        self.elsewhere = False
        self.said: list[dict[str, Any]] = []
        self._shown: list[Shown] = []
        self._heard: dict[str, float] = {}
        self._answered: set[str] = set()

    @abstractmethod
    def public(self, known: str) -> tuple[str, float] | None:
        """Who said something in public, and when; None if nobody did."""

    @abstractmethod
    def too_long(self, text: str) -> bool:
        """Is it, for one message?"""

    def writes(self, who: str, text: str, **more: Any) -> str:
        """Returns the message's id, as all of these do."""
        return self.sends(who, text=text, **more)

    def sends(self, who: str, **message: Any) -> str:
        """`message` is what stands in it beside its id."""
        known = self._mid()
        self._heard[who] = self.now()
        self.said.append({"id": known, "from": who, "at": self.now(), **message})
        self._item(who, message={"mid": known, **message})
        return known

    def sends_file(self, who: str, kind: str, content: bytes, media_type: str, **more: Any) -> str:
        """An "image", "video", "audio" or "file"."""
        address = self.address(self.keep(content, media_type, self.account))
        return self.sends(who, attachments=[{"type": kind, "payload": {"url": address}}], **more)

    def shares_location(self, who: str, latitude: float, longitude: float) -> str:
        coordinates = {"lat": latitude, "long": longitude}
        return self.sends(who, attachments=[{"type": "location", "payload": {"coordinates": coordinates}}])

    def presses(self, who: str, shown: Shown, title: str) -> str:
        payload = next(known for known, label in shown.options if label == title)
        return self.writes(who, title, quick_reply={"payload": payload})

    def starts(self, who: str, title: str = "Mulai") -> str:
        """Presses the button that a new talk begins with."""
        known = self._mid()
        self._heard[who] = self.now()
        self._item(who, postback={"mid": known, "title": title, "payload": "GET_STARTED"})
        return known

    def edits(self, who: str, original: str, text: str, times: int = 1) -> None:
        self._item(who, message_edit={"mid": original, "text": text, "num_edit": times})

    def reacts(self, who: str, original: str) -> None:
        self._item(who, reaction={"mid": original, "action": "react", "emoji": "👍"})

    def officer_writes(self, to: str, text: str) -> str:
        """In the account's inbox."""
        return self._echo(to, text, app=None)

    def shown(self, who: str) -> list[Shown]:
        """What has reached somebody, oldest first."""
        return [one for one in list(self._shown) if one.to == who]

    def about(self) -> Sequence[str]:
        told = ("graph_url", "account", "token", "app_secret", "verify_token")
        return [*(f"{name}: {getattr(self, name)}" for name in told), "Type the callback URL first, then any message."]

    def hears(self, line: str) -> None:
        """What somebody at the terminal writes; the address to bring it to is one as well."""
        if line.startswith(("http://", "https://")):
            print("taken" if asyncio.run(self.subscribe(line)) else "refused", flush=True)
        else:
            self.writes("7100000000000001", line)

    def heard_of(self, who: str) -> None:
        """They wrote, before anybody listened."""
        self._heard[who] = self.now()

    def message(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is answered to POST …/messages. Raises `GraphError`."""
        checked(told)
        text, opens = str(told["message"]["text"]), told["recipient"].get("comment_id")
        if self.too_long(text):
            raise GraphError(100, "Length of param message[text] must be less than or equal to the limit")
        who = self._opened(str(opens)) if opens else self._reached(str(told["recipient"]["id"]), told.get("tag"))
        if who in self.refused:
            code, subcode = self.refused[who]
            raise GraphError(code, f"Message to {who} failed", subcode=subcode)
        options = tuple((one["payload"], one["title"]) for one in told["message"].get("quick_replies", ()))
        known = self._echo(who, text, app=1) if self.echoes else self._mid()
        shown = Shown(id=known, to=who, text=text, options=options, tag=told.get("tag"), opened_by=opens)
        self._shown.append(shown)
        self._item(who, delivery={"mids": [known], "watermark": self._time()})
        return {"recipient_id": who, "message_id": known}

    def _reached(self, who: str, tag: str | None) -> str:
        """By their id, if they wrote not too long ago."""
        if who not in self._heard:
            raise GraphError(100, "No matching user found", subcode=2018001)
        if self.now() - self._heard[who] > (WEEK if tag == "HUMAN_AGENT" else DAY):
            raise GraphError(10, "This message is sent outside of allowed window.", subcode=2018278)
        return who

    def _opened(self, known: str) -> str:
        """Who said this in public, if they were not answered in private before."""
        found = self.public(known)
        if found is None:
            raise GraphError(100, "Invalid parameter")
        who, at = found
        if known in self._answered:
            raise GraphError(10900, "Activity already replied to")
        if self.now() - at > WEEK:
            raise GraphError(10901, "Activity is too old")
        self._answered.add(known)
        return who

    def _echo(self, to: str, text: str, app: int | None) -> str:
        known = self._mid()
        told = {"mid": known, "text": text, "is_echo": True, **({"app_id": app} if app else {})}
        self.said.append({"id": known, "from": self.account, "to": to, "at": self.now(), "text": text})
        ends = {"sender": {"id": self.account}, "recipient": {"id": to}, "timestamp": self._time()}
        self._bring({**ends, "message": told})
        return known

    def _item(self, who: str, **told: Any) -> None:
        self._bring({"sender": {"id": who}, "recipient": {"id": self.account}, "timestamp": self._time(), **told})

    def _bring(self, item: dict[str, Any]) -> None:
        self.bring(**{"standby" if self.elsewhere else "messaging": [item]})

    def bring(self, **entry: Any) -> None:
        self.notify({"id": self.account, "time": self._time(), **entry})

    def _time(self) -> int:
        """In milliseconds."""
        return int(self.now() * 1000)

    def _mid(self) -> str:
        return f"m_{next(self._numbers)}"
