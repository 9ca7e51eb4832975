"""Views of the inbox that people keep: rows, plain SQL. Name and address may hold words of citizens, so both are
sealed."""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.store import rows
from gateway.vault import CannotOpen, Vault


class SavedView(msgspec.Struct, frozen=True):
    """`query` is what follows the "?" in the inbox's address; a `shared` one is everybody's, but only its `owner`
    (an account's id) takes it away."""

    id: str
    owner: str
    shared: bool
    name: str
    query: str


class _Inside(msgspec.Struct, frozen=True, array_like=True):
    name: str
    query: str


_pack = msgspec.msgpack.Encoder().encode
_inside = msgspec.msgpack.Decoder(_Inside)


def save(connection: sqlite3.Connection, vault: Vault, new: SavedView, at: float) -> None:
    """Takes the place of the owner's one of the same id."""
    key = vault.new()
    sealed = key.seal(_pack(_Inside(new.name, new.query)), rows.about("view", new.id))
    connection.execute(
        "INSERT OR REPLACE INTO saved_views(id, owner, shared, made_at, key, sealed) VALUES (?, ?, ?, ?, ?, ?)",
        (new.id, new.owner, new.shared, at, key.wrapped, sealed),
    )


def drop(connection: sqlite3.Connection, view: str, owner: str) -> bool:
    """Was there one of theirs?"""
    return connection.execute("DELETE FROM saved_views WHERE id = ? AND owner = ?", (view, owner)).rowcount == 1


def of(reader: sqlite3.Connection, vault: Vault, owner: str) -> Sequence[SavedView]:
    """Their own and those that are shared, oldest first; not what the disk damaged."""
    sql = "SELECT id, owner, shared, key, sealed FROM saved_views WHERE owner = ? OR shared ORDER BY made_at, id"
    found = (_opened(vault, row) for row in reader.execute(sql, (owner,)))
    return [one for one in found if one]


def _opened(vault: Vault, row: rows.Row) -> SavedView | None:
    identity, owner, shared, wrapped, sealed = row
    try:
        inside = _inside.decode(vault.key(wrapped).open(sealed, rows.about("view", identity)))
    except CannotOpen:
        return None
    return SavedView(identity, owner, bool(shared), inside.name, inside.query)
