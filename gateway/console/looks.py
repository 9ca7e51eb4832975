"""Reading the store for pages: read-only connections, each in a thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from gateway.store.views import Views
from gateway.vault import Vault

T = TypeVar("T")
#: More would only fight over the interpreter.
AT_ONCE = 2


class _Reader:
    """One connection, opened when it is first needed."""

    def __init__(self, folder: Path, vault: Callable[[], Vault]) -> None:
        self._folder = folder
        self._vault = vault
        self._thread = ThreadPoolExecutor(1, "pages")
        self._views: Views | None = None

    async def read(self, look: Callable[[Views], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, look)

    def _read(self, look: Callable[[Views], T]) -> T:
        self._views = self._views or Views(self._folder)
        self._views.vault = self._vault()  # another one after the master key was changed
        return look(self._views)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._views:
            self._views.close()


class Looks:
    """`vault` gives the one in force."""

    def __init__(self, folder: Path, vault: Callable[[], Vault]) -> None:
        self._readers = [_Reader(folder, vault) for _ in range(AT_ONCE)]
        self._free: asyncio.Queue[_Reader] = asyncio.Queue()
        for reader in self._readers:
            self._free.put_nowait(reader)

    async def look(self, look: Callable[[Views], T]) -> T:
        """What `look` finds. Raises what it raises, and `StoreUnavailable`."""
        reader = await self._free.get()
        try:
            return await reader.read(look)
        finally:
            self._free.put_nowait(reader)

    async def close(self) -> None:
        for reader in self._readers:
            await reader.close()
