"""Does a way out fail now and then, though never so often in a row that it is closed? Pure; seconds of any clock."""

from collections import deque

#: So many failures within so many seconds are no accident.
FAILURES = 5
SECONDS = 600.0


class Partly:
    def __init__(self) -> None:
        self._failures: deque[float] = deque(maxlen=FAILURES)

    def failed(self, now: float) -> bool:
        """Is it more than an accident by now?"""
        self._failures.append(now)
        return len(self._failures) == FAILURES and now - self._failures[0] < SECONDS

    def is_over(self, now: float) -> bool:
        """Has nothing failed for as long?"""
        return not self._failures or now - self._failures[-1] >= SECONDS
