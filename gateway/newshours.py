"""When citizens are told what they did not ask for. Pure."""

from datetime import UTC, datetime, time, timedelta, tzinfo

import msgspec


class NewsHours(msgspec.Struct, frozen=True):
    """From one local time of day until another, over midnight too; at any time, where both are the same."""

    begin: time = time(0)
    end: time = time(0)
    zone: tzinfo = UTC

    def next(self, now: float) -> float:
        """Now, or when they begin; both in seconds since the epoch."""
        local = datetime.fromtimestamp(now, self.zone)
        if self._hold(local.time()):
            return now
        day = local.date() + timedelta(days=local.time() > self.begin)
        return datetime.combine(day, self.begin, self.zone).timestamp()

    def _hold(self, at: time) -> bool:
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


ANY_TIME = NewsHours()
