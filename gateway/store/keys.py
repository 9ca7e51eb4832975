"""The table `api_keys`: which applications may report. Of a key only its hash is kept: it has 256 random bits, so that
nothing slower than SHA-256 is needed."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from gateway.store import audit
from gateway.store.contract import Conflict, Entry, KeyRow
from gateway.store.writer import insert
from gateway.vault import Vault

_COLUMNS = KeyRow.__struct_fields__


def add(connection: sqlite3.Connection, vault: Vault, key: KeyRow, entry: Entry) -> None:
    """Within the writer's transaction, with its entry in the audit log."""
    audit.append(connection, vault, entry)
    insert(connection, "INSERT INTO api_keys", _COLUMNS, [msgspec.structs.astuple(key)])


def revoke(connection: sqlite3.Connection, vault: Vault, app: str, now: float, entry: Entry) -> None:
    audit.append(connection, vault, entry)
    sql = "UPDATE api_keys SET revoked_at = ? WHERE app = ? AND revoked_at IS NULL"
    if connection.execute(sql, (now, app)).rowcount != 1:
        raise Conflict("the application has no key")


def in_force(connection: sqlite3.Connection) -> list[KeyRow]:
    return [KeyRow(**row) for row in every(connection) if row["revoked_at"] is None]


def every(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Also those that were revoked, oldest first."""
    for row in connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM api_keys ORDER BY seq"):
        yield dict(zip(_COLUMNS, row, strict=True))
