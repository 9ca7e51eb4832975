"""A channel's circuit breaker: while its way out fails, one reply at a time finds out whether it works again. Pure.

Closed, replies go out. After some failures in a row it opens, and no reply is tried before the time of a probe; then
one is. Its success closes the breaker, its failure opens it for longer. What waited then goes out at a pace that grows:
one reply at once, and one more after each success. All times are seconds of the monotonic clock.
"""

import msgspec

from gateway import retry


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel's way out is used: replies under way `at_once`, `failures` in a row that open the breaker, the
    `first` and `longest` back-off, the `pause` after our credentials were refused, and how long one reply may `take`.
    """

    at_once: int = 8
    failures: int = 3
    first: float = retry.FIRST
    longest: float = 600.0
    pause: float = 300.0
    take: float = 60.0


class Breaker:
    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failures = 0
        self._openings = 0
        self._pace = patience.at_once
        self._probe_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._probe_at is not None

    def room(self, now: float) -> int:
        """How many replies may be under way at once."""
        return 0 if self.wait(now) else self._pace

    def wait(self, now: float) -> float:
        """Seconds until the next probe; 0 if a reply may be tried."""
        return max(0.0, self._probe_at - now) if self._probe_at is not None else 0.0

    def succeeded(self) -> None:
        """The other side took a reply, or refused just this one."""
        self._pace = min(self._pace + 1, self._patience.at_once)
        self._failures, self._openings, self._probe_at = 0, 0, None

    def failed(self, now: float, retry_after: float | None = None) -> None:
        """The other side is down; one that asks for patience is given it at once."""
        self._failures += 1
        is_late = self.wait(now) > 0  # begun before the breaker opened: no probe
        if is_late and retry_after is None:
            return
        if self.is_open or retry_after is not None or self._failures >= self._patience.failures:
            self._openings += not is_late
            pause = retry.delay(self._openings, retry_after, first=self._patience.first, longest=self._patience.longest)
            self._open(now, pause)

    def denied(self, now: float) -> None:
        """Our credentials are refused."""
        self._open(now, self._patience.pause)

    def hurry(self, now: float) -> None:
        """A person has done something about it: probe now."""
        if self.is_open:
            self._probe_at = now

    def _open(self, now: float, seconds: float) -> None:
        self._pace = 1
        self._probe_at = max(now + seconds, self._probe_at or 0.0)
