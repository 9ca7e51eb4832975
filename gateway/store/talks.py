"""Talks with the bot, and who wants to be told nothing unasked: their rows, plain SQL, look-ups by key."""

import sqlite3
import time
from collections.abc import Sequence

import msgspec

from gateway.naming import talk_id
from gateway.store import rows
from gateway.store.contract import CaseRow, Conflict, Pinned, RepliedTo, ReportRow, Settlement, TalkMode, TalkRow
from gateway.store.writer import insert
from gateway.vault import CannotOpen, Vault

_CLEAR = tuple(name for name in TalkRow.__struct_fields__ if name != "memory")
TALK = (*_CLEAR, "key", "sealed")
COLUMNS = ", ".join(f'"{name}"' for name in TALK)
#: What never changes stands first, so that its indexes are left alone.
_FIXED = len(("id", "channel", "contact"))
_SETTING = ", ".join(f'"{name}" = ?' for name in TALK[_FIXED:])
_AMONG = "IN (SELECT value FROM json_each(?))"
#: What a report's case was joined into says whether it is open.
_IS_CLOSED = "iif(j.code IS NULL, c.closed_at, j.closed_at) IS NOT NULL"


def settle(connection: sqlite3.Connection, vault: Vault, what: Settlement) -> None:
    """Raises `Conflict`."""
    insert(connection, "INSERT INTO talks", TALK, [_row(vault, new) for new in what.talks if new.version == 1])
    for talk in what.talks:
        if talk.version != 1:
            _change(connection, vault, talk)
    for pinned in what.pins:
        _pin(connection, pinned)
    for contact in what.started:
        connection.execute("DELETE FROM stopped WHERE contact = ?", (contact,))
    now = time.time()
    insert(connection, "INSERT OR IGNORE INTO stopped", ("contact", "at"), [(one, now) for one in what.stopped])


def _change(connection: sqlite3.Connection, vault: Vault, talk: TalkRow) -> None:
    sql = f"UPDATE talks SET {_SETTING} WHERE id = ? AND version = ?"
    if connection.execute(sql, (*_row(vault, talk)[_FIXED:], talk.id, talk.version - 1)).rowcount != 1:
        raise Conflict("the talk went on meanwhile")


def _pin(connection: sqlite3.Connection, new: Pinned) -> None:
    sql = "UPDATE reports SET pin_hash = ? WHERE id = ? AND key IS NOT NULL"
    if connection.execute(sql, (new.pin_hash, new.report)).rowcount != 1:
        raise Conflict("there is no such report to open by a PIN")


def _row(vault: Vault, talk: TalkRow) -> rows.Row:
    """Each version has a key of its own: what it said before opens no more."""
    key = vault.new()
    values = (getattr(talk, name) for name in _CLEAR)
    clear = (rows.text(value) if isinstance(value, str) else value for value in values)
    return (*clear, key.wrapped, key.seal(talk.memory, rows.about("talk", talk.id)))


def opened(vault: Vault, row: rows.Row) -> TalkRow:
    """Without its memory, where the disk damaged that."""
    values = dict(zip(TALK, row, strict=True))
    wrapped, sealed = values.pop("key"), values.pop("sealed")
    try:
        memory = vault.key(wrapped).open(sealed, rows.about("talk", values["id"]))
    except CannotOpen:
        memory = b""
    return TalkRow(**values | {"mode": TalkMode(values["mode"]), "memory": memory})


def by_id(reader: sqlite3.Connection, vault: Vault, ids: Sequence[str]) -> dict[str, TalkRow]:
    found = reader.execute(f"SELECT {COLUMNS} FROM talks WHERE id {_AMONG}", (rows.json(ids),))
    return {row[0]: opened(vault, row) for row in found}


def handed_over(reader: sqlite3.Connection, vault: Vault) -> list[TalkRow]:
    found = reader.execute(f"SELECT {COLUMNS} FROM talks WHERE mode = 'person' ORDER BY since, seq")
    return [opened(vault, row) for row in found]


def last_heard(reader: sqlite3.Connection, vault: Vault, channel: str, contact: str, conversation: str) -> float | None:
    """Of the newest message, where there is no talk: when its delivery came in."""
    talk = "SELECT heard_at FROM talks WHERE id = ?"
    message = (
        "SELECT d.received_at FROM messages m JOIN deliveries d ON d.seq = m.seq"
        " WHERE m.contact = ? AND m.channel = ? ORDER BY m.rowid DESC LIMIT 1"
    )
    row: tuple[float] | None = reader.execute(talk, (talk_id(vault.lookup, channel, contact, conversation),)).fetchone()
    row = row or reader.execute(message, (contact, channel)).fetchone()
    return row[0] if row else None


def waiting(reader: sqlite3.Connection) -> tuple[int, float | None]:
    """How many talks a person is to go on with, and since when the oldest waits."""
    count, since = reader.execute("SELECT count(*), min(since) FROM talks WHERE mode = 'person'").fetchone()
    return count, since


def replied_to(reader: sqlite3.Connection, vault: Vault, channel: str, names: Sequence[str]) -> list[RepliedTo]:
    fields = ", ".join(f'"{name}"' for name in RepliedTo.__struct_fields__)
    found = reader.execute(
        f"SELECT {fields} FROM replies WHERE channel = ? AND (id {_AMONG} OR external_id {_AMONG}) ORDER BY seq",
        (channel, rows.json(names), rows.json([rows.receipt_name(vault, channel, name) for name in names])),
    )
    return [RepliedTo(*row) for row in found]


#: It is in the case of somebody else's report for no other reason than that it names its code, which any may know.
_ONLY_QUOTED = (
    "EXISTS (SELECT 1 FROM links l JOIN reports o ON o.id = l.other"
    ' WHERE l.report = r.id AND l.kind = \'again\' AND o."case" = r."case"'
    " AND NOT EXISTS (SELECT 1 FROM people q WHERE q.report = o.id AND q.contact = p.contact))"
)


def cases_of(reader: sqlite3.Connection, vault: Vault, contact: str, limit: int) -> list[tuple[CaseRow, ReportRow]]:
    found = reader.execute(
        f"SELECT {rows.CASE_COLUMNS}, {rows.REPORT_COLUMNS} FROM people p JOIN reports r ON r.id = p.report"
        ' JOIN cases c ON c.code = r."case" LEFT JOIN cases j ON j.code = c.joined_into WHERE p.contact = ?'
        f" AND NOT {_ONLY_QUOTED}"
        f" ORDER BY {_IS_CLOSED}, r.seq DESC LIMIT ?",
        (contact, limit),
    ).fetchall()
    split = len(rows.CASE)
    return [(rows.case(row[:split]), rows.readable_report(vault, row[split:])[0]) for row in found]


def further_addresses(reader: sqlite3.Connection, contact: str) -> list[str]:
    sql = (
        "SELECT DISTINCT c.id FROM reports r JOIN also a ON a.report = r.id JOIN contacts c ON c.id = a.contact"
        " WHERE r.contact = ? AND c.id <> r.contact"
    )
    return [row[0] for row in reader.execute(sql, (contact,))]


def reached_at(reader: sqlite3.Connection, channel: str, contact: str) -> str | None:
    sql = (
        "SELECT r.contact FROM also a JOIN reports r ON r.id = a.report"
        " WHERE a.contact = ? AND r.channel = ? AND r.contact IS NOT NULL ORDER BY r.seq DESC LIMIT 1"
    )
    row: tuple[str] | None = reader.execute(sql, (contact, channel)).fetchone()
    return row[0] if row else None


def only_quoted(reader: sqlite3.Connection, reports: Sequence[str]) -> set[str]:
    sql = f"SELECT r.id FROM people p JOIN reports r ON r.id = p.report WHERE r.id {_AMONG} AND {_ONLY_QUOTED}"
    return {row[0] for row in reader.execute(sql, (msgspec.json.encode(reports).decode(),))}


def stopped(reader: sqlite3.Connection, contacts: Sequence[str]) -> set[str]:
    sql = f"SELECT contact FROM stopped WHERE contact {_AMONG}"
    return {row[0] for row in reader.execute(sql, (msgspec.json.encode(contacts).decode(),))}
