"""An event loop whose clock leaps to the next thing that is to happen, so that a week takes seconds."""

import asyncio
import functools
import selectors
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

#: Less is lost in a number of this size.
SHORTEST = 1e-6


class Clock(selectors.DefaultSelector):
    """Tells the time, seconds since the epoch. It stands still while something is done outside the loop (`during`)."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self._start = start
        self.passed = 0.0
        self._busy = 0

    @property
    def now(self) -> float:
        return self._start + self.passed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._busy:
            return super().select(0.05 if timeout is None or timeout > 0 else 0)
        if (found := super().select(0)) or timeout is None:
            return found
        self.passed += max(SHORTEST, timeout) if timeout > 0 else 0.0
        return []

    def during(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(work)
        async def counted(*values: Any, **named: Any) -> Any:
            self._busy += 1
            try:
                return await work(*values, **named)
            finally:
                self._busy -= 1

        return counted


class Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        self._leaping = clock
        super().__init__(clock)

    def time(self) -> float:
        return self._leaping.passed


def run(clock: Clock, work: Awaitable[None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is done, with everybody's clock set to this one."""
    with monkeypatch.context() as patched, asyncio.Runner(loop_factory=lambda: Loop(clock)) as runner:
        patched.setattr(time, "time", lambda: clock.now)
        runner.run(_awaited(work))


async def _awaited(work: Awaitable[None]) -> None:
    await work
