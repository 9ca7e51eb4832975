"""What is done with all that is kept, whoever it is about: its keys are changed. Each is one transaction."""

from gateway.control import Verb
from gateway.store.sqlite import SqliteStore


class Custody:
    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"rotate": self.rotate}

    async def rotate(self, key: str, actor: str) -> dict[str, object]:
        """Put everything under a new master key, given in hex."""
        await self._store.rotate(bytes.fromhex(key))
        return {"actor": actor}
