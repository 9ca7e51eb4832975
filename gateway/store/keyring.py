"""The table `keyring`: the vault's own keys, each wrapped by the master key.

Since only these few are wrapped by it, changing the master key is one small transaction, however much is kept.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress

import structlog

from gateway.store.contract import StoreUnavailable
from gateway.vault import KEY_BYTES, CannotOpen, Vault, unwrap, wrap

LOOKUP = "lookup"
EPOCH = "epoch-"

log = structlog.get_logger()


def make(connection: sqlite3.Connection, master: bytes, lookup: bytes | None = None) -> None:
    """Give a new store its keys. `lookup`: pseudonyms made with this key exist already."""
    _put(connection, master, LOOKUP, lookup or os.urandom(KEY_BYTES))
    _put(connection, master, f"{EPOCH}1", os.urandom(KEY_BYTES))


def is_made(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM keyring LIMIT 1").fetchone() is not None


def opened(connection: sqlite3.Connection, master: bytes) -> Vault:
    """Raises `StoreUnavailable` if this is not the master key, or the disk damaged a key that nothing goes on without.
    What an older key sealed is lost alone."""
    secrets, damaged = _unwrapped(connection, master)
    if damaged:
        log.error("the keyring is damaged on the disk: restore it from a backup", keys=damaged)
    epochs = {_number(name): secret for name, secret in secrets.items() if name.startswith(EPOCH)}
    newest = max(_number(name) for name in (*secrets, *damaged) if name.startswith(EPOCH))
    if LOOKUP not in secrets or newest not in epochs:
        raise StoreUnavailable(_damaged(damaged))
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
    """All of them. Raises `StoreUnavailable`."""
    secrets, damaged = _unwrapped(connection, master)
    if damaged:
        raise StoreUnavailable(_damaged(damaged))
    return list(secrets.items())


def _unwrapped(connection: sqlite3.Connection, master: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The keys, and the names of those that the disk damaged. `master` is one key or, while it is being changed, two of
    which one opens."""
    found = connection.execute("SELECT name, wrapped FROM keyring ORDER BY name").fetchall()
    if not found:
        raise StoreUnavailable("the data have no keys yet: start the gateway once, which brings them up to date")
    for start in range(0, len(master), KEY_BYTES):
        secrets: dict[str, bytes] = {}
        for name, wrapped in found:
            with suppress(CannotOpen):
                secrets[name] = unwrap(master[start : start + KEY_BYTES], wrapped, name.encode())
        if secrets:
            return secrets, [name for name, _ in found if name not in secrets]
    raise StoreUnavailable("the master key is not the one that the data were sealed with")


def _damaged(names: Sequence[str]) -> str:
    return f"the keyring is damaged on the disk ({', '.join(names)}): restore the data from a backup"


def _number(name: str) -> int:
    return int(name.removeprefix(EPOCH))


def _put(connection: sqlite3.Connection, master: bytes, name: str, secret: bytes) -> None:
    connection.execute(
        "INSERT INTO keyring(name, wrapped, made_at) VALUES (?, ?, ?)",
        (name, wrap(master, secret, name.encode()), time.time()),
    )
