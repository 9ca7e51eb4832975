"""Is each channel as silent as it should be at this time?"""

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo

import msgspec

from gateway.health.rhythm import HOUR, HOURS_A_WEEK, Rhythm, is_silence, learn
from gateway.health.tally import RAN, Heard, Hour

#: What was heard is known for so many hours: of a channel that was silent for long, too.
KEPT_HOURS = 24 * HOURS_A_WEEK


class Silence(msgspec.Struct, frozen=True):
    """How `probable` it is that nothing was heard `since` then, and how many it `usual`ly hears an hour now."""

    probable: float
    since: float
    usual: float
    is_one: bool


class Silences:
    """What every channel heard, and the rhythms that are learnt of it."""

    def __init__(self, zone: Callable[[], tzinfo]) -> None:
        self._zone = zone
        self._heard: dict[str, Heard] = {RAN: Heard()}
        self._rhythms: dict[str, tuple[int, Rhythm | None]] = {}

    def add(self, hours: Iterable[Hour]) -> None:
        for one in hours:
            self._heard.setdefault(one.channel, Heard()).add(one)

    def last(self, channel: str) -> float | None:
        """When it was last heard."""
        heard = self._heard.get(channel)
        return heard.last if heard else None

    def forget(self, before: int) -> None:
        for heard in self._heard.values():
            heard.forget(before)

    def of(self, channel: str, now: float) -> Silence | None:
        """None where there is too little to tell by."""
        last, rhythm = self.last(channel), self._rhythm(channel)
        if last is None or rhythm is None:
            return None
        probable = rhythm.probability(last, now, self._ran())
        return Silence(probable, last, rhythm.at(now), is_silence(probable, now - last))

    def _ran(self) -> Mapping[int, float]:
        return _Shares(self._heard[RAN].counts)

    def _rhythm(self, channel: str) -> Rhythm | None:
        """Learnt anew with each hour in which it is heard."""
        heard = self._heard.get(channel)
        if heard is None or heard.last is None:
            return None
        hour = int(heard.last // HOUR)
        if channel not in self._rhythms or self._rhythms[channel][0] != hour:
            self._rhythms[channel] = hour, learn(heard.counts, heard.last, self._zone())
        return self._rhythms[channel][1]


class _Shares(dict[int, float]):
    """Seconds of each hour as its share."""

    def __init__(self, seconds: Mapping[int, int]) -> None:
        super().__init__({hour: count / HOUR for hour, count in seconds.items()})
