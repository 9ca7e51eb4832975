"""Whose turn it is to have a worker: reading goes first."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Turns:
    """Of so many workers, what comes `last` has one at most, and never the last free one; if there is but one worker,
    only while nobody wants to read."""

    def __init__(self, size: int) -> None:
        self._most = max(0, size - 2)
        self._readers = 0
        self._one = asyncio.Lock()
        self._spare = asyncio.Event()
        self._spare.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Around what has its turn at once, or as soon as a worker is free."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @asynccontextmanager
    async def last(self) -> AsyncIterator[None]:
        """Around what begins when a worker can be spared for it."""
        async with self._one:
            while not self._spare.is_set():
                await self._spare.wait()
            yield

    def _count(self, change: int) -> None:
        self._readers += change
        if self._readers <= self._most:
            self._spare.set()
        else:
            self._spare.clear()
