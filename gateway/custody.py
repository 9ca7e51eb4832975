"""What is done with all that is kept, whoever it is about: its keys are changed, and looks are recorded. Each is one
transaction."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from gateway import master
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.contract import BadRow, Conflict, Entry, StoreUnavailable
from gateway.store.sqlite import SqliteStore


class Custody:
    """`folder` is where the master key is, unless the settings name another place."""

    def __init__(self, store: SqliteStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._one_at_a_time = asyncio.Lock()

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"rotate": self.rotate, "record": self.record}

    async def rotate(self, actor: str, key: str | None = None) -> dict[str, object]:
        """Put everything under a new master key: one given in hex, else a new one, which replaces that in the folder.
        Refused, and then the old one still opens everything, if it cannot be written."""
        entry = Entry(actor=actor, action="rotate the master key", about=(), why="")
        async with self._one_at_a_time:
            try:
                if key is None:
                    await master.change(self._folder, partial(self._store.rotate, entry=entry))
                else:
                    await self._to(bytes.fromhex(key), entry)
            except (ValueError, OSError, StoreUnavailable) as error:
                raise OperationRefused(f"the master key was not replaced: {error}") from None
        return {"actor": actor}

    async def _to(self, key: bytes, entry: Entry) -> None:
        if self._store.opens(key):
            raise ValueError("that is the key that is in force already: name another file, which is made")
        await self._store.rotate(key, entry)

    async def record(self, **entry: Any) -> str:
        """Put an `Entry` into the audit log; its hash. Refused if it cannot be written: then nothing may be shown."""
        try:
            return await self._store.record(msgspec.convert(entry, Entry))
        except (StoreUnavailable, BadRow, Conflict) as error:
            raise OperationRefused(f"it cannot be recorded, so it is not shown: {error}", "not_recorded") from None
