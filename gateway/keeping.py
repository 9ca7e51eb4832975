"""Writing what must be written, however long the disk is ill."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.store.contract import StoreUnavailable

STORE_SECONDS = 1.0


async def kept(write: Callable[[], Awaitable[None]]) -> None:
    """Until it is on disk: what was sent must not be sent again, nor look as if it were still under way."""
    while True:
        try:
            return await write()
        except StoreUnavailable:
            await asyncio.sleep(STORE_SECONDS)
