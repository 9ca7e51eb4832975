"""Who has a case open just now, so that no two people work on it without knowing: in memory, told by their pages."""

import time
from collections.abc import Callable
from typing import NamedTuple

#: A page that was not heard of for so long is closed; each says every ten seconds that it is there.
GONE_SECONDS = 25.0
WRITING_SECONDS = 15.0


class Present(NamedTuple):
    """Somebody at a case, and whether they are writing there."""

    name: str
    is_writing: bool


class _Trace(NamedTuple):
    name: str
    seen_at: float
    written_at: float


class Presence:
    """`now` gives seconds that only grow."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._cases: dict[str, dict[str, _Trace]] = {}

    def is_here(self, code: str, account: str, name: str, is_writing: bool = False) -> None:
        """`account` is the id of one, `name` what colleagues call them."""
        now, here = self._now(), self._cases.setdefault(code, {})
        before = here.get(account)
        written_at = now if is_writing else before.written_at if before else float("-inf")
        here[account] = _Trace(name, now, written_at)
        self._forget(now)

    def others(self, code: str, account: str) -> list[Present]:
        """Who else is there, by name."""
        now = self._now()
        here = (trace for other, trace in self._cases.get(code, {}).items() if other != account)
        near = (trace for trace in here if now - trace.seen_at < GONE_SECONDS)
        return sorted(Present(trace.name, now - trace.written_at < WRITING_SECONDS) for trace in near)

    def _forget(self, now: float) -> None:
        for code, here in list(self._cases.items()):
            left = {who: trace for who, trace in here.items() if now - trace.seen_at < GONE_SECONDS}
            if left:
                self._cases[code] = left
            else:
                del self._cases[code]
