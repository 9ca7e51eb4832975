"""Imports that are prepared or under way: rows, plain SQL. Their tables tell of citizens: they are sealed, kept apart
from what changes with every step, and soon forgotten."""

import sqlite3
from collections.abc import Callable, Collection, Iterator

import msgspec

from gateway.store import rows
from gateway.store.upkeep import Upkeep
from gateway.store.writer import insert
from gateway.transfer.kept import Content, Import, State
from gateway.transfer.table import words
from gateway.vault import CannotOpen, Vault

#: So long after its last change a table is kept, for what was refused to be fetched, and the import without it.
CONTENT_SECONDS = 7 * 86_400.0
IMPORT_SECONDS = 90 * 86_400.0

#: By so many last digits a telephone number is known, however it is written.
_TELLING = 9

_COLUMNS = Import.__struct_fields__
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_encode = msgspec.msgpack.Encoder().encode
_content = msgspec.msgpack.Decoder(Content)


class ImportStore(Upkeep):
    """The part of the store that keeps imports."""

    def imports_of(self, account: str) -> list[Import]:
        """The newest first."""
        return _imports(self._reader, "account = ? ORDER BY made_at DESC, id", account)

    def import_of(self, account: str, identity: str) -> Import | None:
        return next(iter(_imports(self._reader, "account = ? AND id = ?", account, identity)), None)

    def running_import(self) -> Import | None:
        """The one that has waited longest."""
        return next(iter(_imports(self._reader, "state = ? ORDER BY started_at, id LIMIT 1", State.RUNNING)), None)

    async def import_content(self, identity: str) -> Content | None:
        """None once it is forgotten, or damaged. Raises `StoreUnavailable`."""
        return await self.read(lambda reader: content(reader, self.vault, identity))

    async def add_import(self, new: Import, its: Content) -> None:
        def work(connection: sqlite3.Connection) -> None:
            values = msgspec.to_builtins(new)
            insert(connection, "INSERT INTO imports", _COLUMNS, [tuple(values[name] for name in _COLUMNS)])
            _put(connection, self.vault, new.id, its)

        await self._writer.run(work)

    async def change_import(self, new: Import, before: State, its: Content | None = None) -> bool:
        """Put it in the place of the one before, with other content if that is given; False if its state is another
        meanwhile."""

        def work(connection: sqlite3.Connection) -> bool:
            setting = ", ".join(f'"{name}" = :{name}' for name in _COLUMNS)
            sql = f"UPDATE imports SET {setting} WHERE id = :id AND state = :before"
            changed = connection.execute(sql, msgspec.to_builtins(new) | {"before": before}).rowcount == 1
            if changed and its is not None:
                _put(connection, self.vault, new.id, its)
            return changed

        return await self._writer.run(work)

    async def drop_import(self, account: str, identity: str) -> None:
        await self._writer.run(_dropping("account = ? AND id = ? AND state <> 'running'", account, identity))

    async def forget_imports(self, now: float) -> None:
        """What is old enough."""

        def work(connection: sqlite3.Connection) -> None:
            old = "SELECT id FROM imports WHERE state <> 'running' AND changed_at < ?"
            connection.execute(f"DELETE FROM import_tables WHERE id IN ({old})", (now - CONTENT_SECONDS,))
            _dropping("state <> 'running' AND changed_at < ?", now - IMPORT_SECONDS)(connection)

        await self._writer.run(work)


def content(reader: sqlite3.Connection, vault: Vault, identity: str) -> Content | None:
    found = reader.execute("SELECT key, sealed FROM import_tables WHERE id = ?", (identity,)).fetchone()
    try:
        return _content.decode(vault.key(found[0]).open(found[1], rows.about("import", identity))) if found else None
    except CannotOpen:
        return None


def rows_of(reader: sqlite3.Connection, vault: Vault, addresses: Collection[str]) -> Iterator[dict[str, object]]:
    """The rows of tables in which one of these telephone numbers or mail addresses stands, in any spelling."""
    wanted = [_plain(one)[-_TELLING:] if one.startswith("+") else _plain(one) for one in addresses]
    for one in _imports(reader, "1 ORDER BY made_at"):
        kept = content(reader, vault, one.id)
        for number, cells in kept.table.lines if kept else ():
            if any(mark in _plain(cell) for cell in cells for mark in wanted):
                row = dict(zip(kept.table.headings, cells, strict=False)) if kept else {}
                yield {"at": one.made_at, "channel": one.channel, "row": number, "cells": row}


def _plain(cell: object) -> str:
    """Letters and digits alone."""
    return "".join(filter(str.isalnum, words(cell).casefold())) if isinstance(cell, str | int | float) else ""


def forget_tables(connection: sqlite3.Connection) -> None:
    """Whoever is erased may stand in any of them; those under way are nobody's yet."""
    connection.execute("DELETE FROM import_tables WHERE id IN (SELECT id FROM imports WHERE state <> 'running')")


def _imports(reader: sqlite3.Connection, where: str, *values: object) -> list[Import]:
    found = reader.execute(f"SELECT {_NAMES} FROM imports WHERE {where}", values)
    return [msgspec.convert(dict(zip(_COLUMNS, row, strict=True)), Import) for row in found]


def _put(connection: sqlite3.Connection, vault: Vault, identity: str, its: Content) -> None:
    key = vault.new()
    sealed = key.seal(_encode(its), rows.about("import", identity))
    sql = "INSERT OR REPLACE INTO import_tables(id, key, sealed) VALUES (?, ?, ?)"
    connection.execute(sql, (identity, key.wrapped, sealed))


def _dropping(where: str, *values: object) -> Callable[[sqlite3.Connection], None]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute(f"DELETE FROM import_tables WHERE id IN (SELECT id FROM imports WHERE {where})", values)
        connection.execute(f"DELETE FROM imports WHERE {where}", values)

    return work
