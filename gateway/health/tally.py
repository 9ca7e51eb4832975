"""How much each channel hears, by the hour: counted as it comes in, and put on disk now and then."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from gateway.health.rhythm import HOUR

#: Under this name stands for how many seconds of each hour the gateway ran.
RAN = ""


class Hour(msgspec.Struct, frozen=True):
    """What a channel heard in an hour (counted since the epoch), and when last."""

    channel: str
    hour: int
    count: int
    last: float


class Tally:
    """What was heard since it was last taken."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._last: dict[tuple[str, int], float] = {}

    def heard(self, channel: str, count: int, now: float) -> None:
        key = channel, int(now // HOUR)
        self._counts[key] += count
        self._last[key] = now

    def take(self) -> list[Hour]:
        counts, self._counts = self._counts, Counter()
        last, self._last = self._last, {}
        return [Hour(channel, hour, count, last[channel, hour]) for (channel, hour), count in counts.items()]


class Heard:
    """All that is known of what one channel heard: counts by hour, and when it was last heard."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self.last: float | None = None

    @property
    def counts(self) -> Mapping[int, int]:
        return self._counts

    def add(self, more: Hour) -> None:
        self._counts[more.hour] = self._counts.get(more.hour, 0) + more.count
        self.last = max(self.last or 0.0, more.last)

    def forget(self, before: int) -> None:
        for hour in [hour for hour in self._counts if hour < before]:
            del self._counts[hour]
