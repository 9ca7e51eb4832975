"""What is done with all that is kept, whoever it is about: its keys are changed, and looks are recorded. Each is one
transaction."""

from typing import Any

import msgspec

from gateway.control import Verb
from gateway.operations import OperationRefused
from gateway.store.contract import BadRow, Conflict, Entry, StoreUnavailable
from gateway.store.sqlite import SqliteStore


class Custody:
    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"rotate": self.rotate, "record": self.record}

    async def rotate(self, key: str, actor: str) -> dict[str, object]:
        """Put everything under a new master key, given in hex."""
        await self._store.rotate(bytes.fromhex(key))
        await self._store.record(Entry(actor=actor, action="rotate the master key", about=(), why=""))
        return {"actor": actor}

    async def record(self, **entry: Any) -> str:
        """Put an `Entry` into the audit log; its hash. Refused if it cannot be written: then nothing may be shown."""
        try:
            return await self._store.record(msgspec.convert(entry, Entry))
        except (StoreUnavailable, BadRow, Conflict) as error:
            raise OperationRefused(f"it cannot be recorded, so it is not shown: {error}") from None
