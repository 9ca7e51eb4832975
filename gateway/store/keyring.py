"""The table `keyring`: the vault's own keys, each wrapped by the master key.

Since only these few are wrapped by it, changing the master key is one small transaction, however much is kept.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress

from gateway.store.contract import StoreUnavailable
from gateway.vault import KEY_BYTES, CannotOpen, Vault, unwrap, wrap

LOOKUP = "lookup"
EPOCH = "epoch-"


def make(connection: sqlite3.Connection, master: bytes, lookup: bytes | None = None) -> None:
    """Give a new store its keys. `lookup`: pseudonyms made with this key exist already."""
    _put(connection, master, LOOKUP, lookup or os.urandom(KEY_BYTES))
    _put(connection, master, f"{EPOCH}1", os.urandom(KEY_BYTES))


def is_made(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM keyring LIMIT 1").fetchone() is not None


def opened(connection: sqlite3.Connection, master: bytes) -> Vault:
    """Raises `StoreUnavailable` if this is not the master key."""
    secrets = dict(_secrets(connection, master))
    epochs = {int(name.removeprefix(EPOCH)): secret for name, secret in secrets.items() if name.startswith(EPOCH)}
    return Vault(secrets[LOOKUP], epochs)


def rotate(connection: sqlite3.Connection, master: bytes, new: bytes) -> None:
    """Wrap all keys by a new master key, and begin an epoch: what comes from now on does not open with what an old
    copy of the database and the old master key may have given away. To be called within a transaction."""
    secrets = _secrets(connection, master)
    newest = max(int(name.removeprefix(EPOCH)) for name, _ in secrets if name.startswith(EPOCH))
    connection.execute("DELETE FROM keyring")
    for name, secret in [*secrets, (f"{EPOCH}{newest + 1}", os.urandom(KEY_BYTES))]:
        _put(connection, new, name, secret)


def _secrets(connection: sqlite3.Connection, master: bytes) -> Sequence[tuple[str, bytes]]:
    """`master` is one key or, while it is being changed, two of which one opens."""
    found = connection.execute("SELECT name, wrapped FROM keyring ORDER BY name").fetchall()
    if not found:
        raise StoreUnavailable("the data have no keys yet: start the gateway once, which brings them up to date")
    for start in range(0, len(master), KEY_BYTES):
        with suppress(CannotOpen):
            one = master[start : start + KEY_BYTES]
            return [(name, unwrap(one, wrapped, name.encode())) for name, wrapped in found]
    raise StoreUnavailable("the master key is not the one that the data were sealed with")


def _put(connection: sqlite3.Connection, master: bytes, name: str, secret: bytes) -> None:
    connection.execute(
        "INSERT INTO keyring(name, wrapped, made_at) VALUES (?, ?, ?)",
        (name, wrap(master, secret, name.encode()), time.time()),
    )
