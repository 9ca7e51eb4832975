"""Keeps a part running: if it fails it is started again with back-off, and its fall and rise are logged once each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from gateway.describe import describe

FIRST = 0.2
LONGEST = 30.0
STEADY_SECONDS = 60.0

log = structlog.get_logger()


async def supervise(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Run `part` until it returns or is cancelled."""
    pause = FIRST
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await part()
        except Exception as error:
            if asyncio.get_running_loop().time() - started > STEADY_SECONDS:
                pause = FIRST
            if pause == FIRST:
                log.error("a part failed and is started again", stage=name, error=describe(error))
            await asyncio.sleep(pause)
            pause = min(LONGEST, pause * 2)
        else:
            return


async def end(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Cancel them, and return once they have ended."""
    ended = list(tasks)
    for task in ended:
        task.cancel()
    await asyncio.gather(*ended, return_exceptions=True)
