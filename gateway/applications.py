"""The applications that may report: each has a key, of which only the hash is kept, and limits of its own."""

import secrets
import time
from collections.abc import Callable
from hashlib import sha256

from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.contract import Conflict, Entry, KeyRow, Store

KEY_BYTES = 32
#: By it a key is recognised where it should not be.
MARK = "kanal_"


class Applications:
    """`changed` is called when another key is in force than before."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"add key": self.add, "revoke key": self.revoke}

    async def add(self, app: str, actor: str, channel: str | None, per_minute: int, per_day: int) -> dict[str, object]:
        """Make a key, which is told this once."""
        key = MARK + secrets.token_urlsafe(KEY_BYTES)
        row = KeyRow(
            app=app,
            digest=sha256(key.encode()).hexdigest(),
            per_minute=per_minute,
            per_day=per_day,
            made_at=time.time(),
            channel=channel,
        )
        try:
            await self._store.add_key(row, Entry(actor=actor, action="add an API key", about=(app,)))
        except Conflict:
            raise OperationRefused(f"{app} has a key already: revoke it first, or take another name") from None
        self._changed()
        return {"app": app, "key": key, "channel": channel, "per_minute": per_minute, "per_day": per_day}

    async def revoke(self, app: str, actor: str) -> dict[str, object]:
        try:
            await self._store.revoke_key(app, time.time(), Entry(actor=actor, action="revoke an API key", about=(app,)))
        except Conflict:
            raise OperationRefused(f"there is no application {app} that has a key") from None
        self._changed()
        return {"app": app}
