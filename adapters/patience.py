"""What costs us little costs something in a flood: who asks for much of it has to wait."""

import asyncio
from collections import Counter

from adapters.hosts import source_of
from adapters.limits import Buckets

PAUSE = 1.0  # seconds


class Patience:
    """Each source (see `source_of`) has `at_once`, then so many `per_second`, and waits a second for each beyond."""

    def __init__(self, at_once: int, per_second: float) -> None:
        self._left = Buckets(at_once, 1 / per_second)

    async def spend(self, address: str) -> None:
        """Returns when the client at this IP address is to be answered."""
        if not self._left.take(source_of(address), asyncio.get_running_loop().time()):
            await asyncio.sleep(PAUSE)


class Turns:
    """Each source has so many turns in one pass of the event loop: its connections share them."""

    def __init__(self, in_a_pass: int) -> None:
        self._in_a_pass = in_a_pass
        self._taken: Counter[str] = Counter()

    async def take(self, source: str) -> None:
        """Always lets others have theirs."""
        await asyncio.sleep(0)
        while self._taken[source] >= self._in_a_pass:
            await asyncio.sleep(0)
        if not self._taken.total():
            asyncio.get_running_loop().call_soon(self._taken.clear)
        self._taken[source] += 1
