"""How many reports a day come in lately."""

from collections import deque

#: Reports that are looked back upon.
RECENT = 300
SHORTEST = 3600.0
DAY = 86400.0


class Pace:
    """Counts the latest reports, by the times at which they came in."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=RECENT)

    def count(self, time: float) -> None:
        """A report of this time (epoch seconds) came in."""
        self._times.append(time)

    def daily(self, now: float) -> float:
        """Reports a day, at the time `now`; 0 if none has come in. Who comes after a long silence sees a slow pace."""
        if not self._times:
            return 0.0
        return DAY * len(self._times) / max(now - min(self._times), SHORTEST)
