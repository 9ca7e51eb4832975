"""What happens by the clock: timers fire, and what a change of the clock would upset is put right before.

A timer is a row; when its time has come it becomes an internal delivery, so that timers survive a restart.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

import msgspec
import structlog

from gateway import joining
from gateway.store.contract import Settlement, Store

LONGEST_SLEEP = 1.0
JUMP_SECONDS = 2.0
TIDY_SECONDS = 3600.0
KEEP_STATUSES_SECONDS = 7 * 86_400.0
STALE_SECONDS = 3600.0

log = structlog.get_logger()


class WallClock:
    """Tells the time, and whether the clock was set meanwhile: the monotonic clock never is."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()

    def read(self) -> tuple[float, float]:
        """The time, and by how many seconds it was set since it was last read; 0 if it ran or was slowly corrected."""
        now = time.time()
        ahead = now - time.monotonic()
        jump, self._ahead = ahead - self._ahead, ahead
        return now, jump if abs(jump) > JUMP_SECONDS else 0.0


class Timers:
    """`fired(channels)` is told which channels have new deliveries; `put_right()` is called when rows were re-dated."""

    def __init__(self, store: Store, fired: Callable[[Iterable[str]], None], put_right: Callable[[], None]) -> None:
        self._store = store
        self._fired = fired
        self._put_right = put_right
        self._clock = WallClock()
        self._tidy_at = 0.0

    async def run(self) -> None:
        await self._redate(0.0, time.time())  # the clock may have been ahead when the last process ended
        while True:
            now, jump = self._clock.read()
            if jump:
                await self._redate(jump, now)
                log.warning("the clock was set", seconds=round(jump))
            await self._tidy(now)
            await asyncio.sleep(await self._fire(now))

    async def _redate(self, jump: float, now: float) -> None:
        await self._store.clock_was_set(jump, now)
        self._put_right()

    async def _fire(self, now: float) -> float:
        """Fire what is due by `now`; seconds until there may be more."""
        due = self._store.next_timer()
        if due is not None and due <= now:
            self._fired(await self._store.fire_timers(now))
            due = self._store.next_timer()
        return LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, max(0.05, due - now))

    async def _tidy(self, now: float) -> None:
        if time.monotonic() >= self._tidy_at:
            await self._store.forget_statuses(now - KEEP_STATUSES_SECONDS)
            await self._wait_no_longer(now)
            self._tidy_at = time.monotonic() + TIDY_SECONDS

    async def _wait_no_longer(self, now: float) -> None:
        """Pieces whose timer was damaged get another one: always the same, so that it fires once."""
        stale = self._store.stale_parts(now - STALE_SECONDS)
        if stale:
            timers = [msgspec.structs.replace(joining.timer(row), due_at=row.at + STALE_SECONDS) for row in stale]
            await self._store.settle(Settlement(timers=timers))
