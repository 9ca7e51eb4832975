"""What those who work on a case write for themselves, notes and drafts: rows, plain SQL.

It may tell of citizens, so it is sealed, goes with their words, and is erased with what was said in the case.
"""

import sqlite3
from collections.abc import Sequence

from gateway.store import rows
from gateway.store.records import NoteRow
from gateway.store.writer import insert
from gateway.vault import CannotOpen, Vault

_CLEAR = ("id", "case", "at", "actor", "draft")
_COLUMNS = (*_CLEAR, "key", "sealed")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_AMONG = "IN (SELECT value FROM json_each(?1))"
#: These cases, and those that they were joined into, where work on them went on.
_WITHIN = f'("case" {_AMONG} OR "case" IN (SELECT joined_into FROM cases WHERE code {_AMONG}))'
#: A draft that nobody touched for so long is given up.
DRAFT_SECONDS = 30 * 86_400.0


def settle(connection: sqlite3.Connection, vault: Vault, new: Sequence[NoteRow]) -> None:
    """A draft takes the place of the one before; with no words it only goes."""
    for one in new:
        if one.draft:
            connection.execute("DELETE FROM notes WHERE id = ?", (one.id,))
            connection.execute("DELETE FROM notes WHERE draft IS NOT NULL AND at < ?", (one.at - DRAFT_SECONDS,))
    insert(connection, "INSERT INTO notes", _COLUMNS, [_row(vault, one) for one in new if one.text])


def of_cases(reader: sqlite3.Connection, vault: Vault, codes: Sequence[str]) -> list[NoteRow]:
    """The notes, without drafts, oldest first; without words where the disk damaged them."""
    sql = f'SELECT {_NAMES} FROM notes WHERE "case" {_AMONG} AND draft IS NULL ORDER BY at, seq'
    return [_opened(vault, row) for row in reader.execute(sql, (rows.json(codes),))]


def drafts(reader: sqlite3.Connection, vault: Vault, code: str, actor: str) -> dict[str, str]:
    """What somebody began to write in a case, by what it is to be."""
    sql = f'SELECT {_NAMES} FROM notes WHERE "case" = ? AND actor = ? AND draft IS NOT NULL'
    found = [_opened(vault, row) for row in reader.execute(sql, (code, actor))]
    return {one.draft: one.text for one in found if one.draft}


def within(reader: sqlite3.Connection, codes: Sequence[str]) -> list[str]:
    """The ids of all notes and drafts in these cases, and in those that they were joined into."""
    return [row[0] for row in reader.execute(f"SELECT id FROM notes WHERE {_WITHIN}", (rows.json(codes),))]


def forgotten(reader: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """The ids of those in the cases of these reports of which no other report is kept in full."""
    sql = (
        f'SELECT DISTINCT coalesce(c.joined_into, c.code) FROM reports r JOIN cases c ON c.code = r."case"'
        f' WHERE r.id {_AMONG} AND NOT EXISTS (SELECT 1 FROM reports o JOIN cases k ON k.code = o."case" WHERE'
        " coalesce(k.joined_into, k.code) = coalesce(c.joined_into, c.code) AND o.key IS NOT NULL"
        f" AND NOT o.id {_AMONG})"
    )
    codes = [row[0] for row in reader.execute(sql, (rows.json(reports),))]
    return within(reader, codes) if codes else []


def destroy(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    connection.execute(f"DELETE FROM notes WHERE id {_AMONG}", (rows.json(ids),))


def _row(vault: Vault, new: NoteRow) -> rows.Row:
    key = vault.new()
    clear = (new.id, new.case, new.at, rows.text(new.actor), new.draft)
    return (*clear, key.wrapped, key.seal(rows.text(new.text).encode(), rows.about("note", new.id)))


def _opened(vault: Vault, row: rows.Row) -> NoteRow:
    *clear, wrapped, sealed = row
    try:
        words = vault.key(wrapped).open(sealed, rows.about("note", row[0])).decode()
    except CannotOpen:
        words = ""
    return NoteRow(**dict(zip(_CLEAR, clear, strict=True)), text=words)
