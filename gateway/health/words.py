"""How a channel fares, in words for people. Pure; the texts are those of the pages (config/pages)."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from gateway.channels import ChannelStatus
from gateway.health.condition import State
from gateway.health.gap import Gap, GapState, Lost

Text = Callable[..., str]
#: Values of these names are times, in seconds since the epoch.
_TIMES = frozenset({"since", "until"})


class Words(msgspec.Struct, frozen=True):
    """`text(name, **values)` is in the language of who reads it, `zone` is the deployment's. A text that there is not
    is no fault: a `why` may be an adapter's of another make."""

    text: Text
    zone: tzinfo

    def wrong(self, status: ChannelStatus) -> str:
        """What is wrong, and what the other side says of it; "" if nothing is."""
        why = self._known(f"channels.why.{status.why}", **self._values(status)) if status.why else ""
        note = status.note and self._known("channels.said", said=status.note)
        return " ".join(filter(None, (why, note if why else status.note)))

    def to_do(self, status: ChannelStatus) -> str:
        """What a person is to do about it; "" if nothing."""
        if status.state == State.OK:
            return ""
        return self._known(f"channels.fix.{status.why}") or self._known(f"channels.do.{status.state}")

    def gap(self, gap: Gap) -> str:
        """The report of an outage, in a line."""
        return " ".join(self._of_gap(gap))

    def _of_gap(self, gap: Gap) -> Iterator[str]:
        began = self._time(gap.began)
        if gap.ended is None:
            yield self.text("channels.gap.open", began=began)
            return
        yield self.text("channels.gap.over", began=began, ended=self._time(gap.ended), n=gap.filled)
        if gap.state is GapState.FILLING:
            yield self.text("channels.gap.filling")
        for one in gap.lost:
            yield self._lost(one)
        if gap.note:
            yield self.text("channels.gap.unasked", why=gap.note)

    def _lost(self, one: Lost) -> str:
        what = self._known(f"channels.what.{one.what}") or one.what.replace("_", " ")
        if one.before is not None:
            return self.text("channels.gap.too_old", what=what, before=self._time(one.before))
        return self.text("channels.gap.too_many", what=what, n=one.most)

    def _values(self, status: ChannelStatus) -> dict[str, Any]:
        return {name: self._time(float(value)) if name in _TIMES else value for name, value in status.values.items()}

    def _time(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%d/%m %H.%M")

    def _known(self, name: str, **values: object) -> str:
        try:
            return self.text(name, **values)
        except KeyError:
            return ""
