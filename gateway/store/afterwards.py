"""What becomes of messages after they were sent, and who cannot be reached any more: plain SQL."""

import sqlite3
from collections.abc import Sequence

from gateway.store import rows
from gateway.store.contract import KnownMessage, Settlement
from gateway.store.writer import insert
from gateway.vault import CannotOpen, Vault

#: How else a report's messages are counted: without those that only change others, and those that were taken back.
_OTHERS = (
    "SELECT 1 FROM messages o WHERE o.report = m.report AND o.replaces IS NULL AND NOT o.is_file AND o.id <> m.id"
    " AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.channel = o.channel AND t.message = o.id)"
)
_KNOWN = f"SELECT report, contact, NOT EXISTS ({_OTHERS}) FROM messages m WHERE channel = ? AND id = ?"
_UNSAID = "state IN ('due', 'kept') AND (about = 'received' OR talk IS NOT NULL)"
_UNSAY = (
    "UPDATE replies SET state = 'withheld' WHERE \"case\" = ? AND about = ?"
    " AND (state = 'due' OR state = 'kept' AND passed_on IS NULL)"
)
#: Whether they were received or not.
_SAID = "state IN ('sending', 'sent', 'delivered', 'read', 'uncertain')"


def settle(connection: sqlite3.Connection, vault: Vault, what: Settlement) -> None:
    taken_back = [(one.channel, rows.message_name(vault, one.channel, one.message), one.at) for one in what.taken_back]
    insert(connection, "INSERT OR IGNORE INTO taken_back", ("channel", "message", "at"), taken_back)
    gone = [(one.channel, one.contact, one.at) for one in what.gone]
    for report in what.withheld:
        _withhold(connection, report)
    connection.executemany(_UNSAY, what.unsaid)
    insert(connection, "INSERT OR REPLACE INTO gone", ("channel", "contact", "at"), gone)
    connection.executemany("DELETE FROM gone WHERE channel = ? AND contact = ?", what.back)


def _withhold(connection: sqlite3.Connection, report: str) -> None:
    contact = "contact = (SELECT contact FROM reports WHERE id = :report)"
    sql = f"UPDATE replies SET state = 'withheld' WHERE {contact} AND report = :report AND {_UNSAID}"
    connection.execute(sql, {"report": report})


def known_message(reader: sqlite3.Connection, vault: Vault, channel: str, message: str) -> KnownMessage | None:
    row = reader.execute(_KNOWN, (channel, rows.message_name(vault, channel, message))).fetchone()
    return KnownMessage(row[0], row[1], bool(row[2])) if row else None


def taken_back(reader: sqlite3.Connection, vault: Vault, channel: str, messages: Sequence[str]) -> set[str]:
    names = {rows.message_name(vault, channel, one): one for one in messages}
    sql = "SELECT message FROM taken_back WHERE channel = ? AND message IN (SELECT value FROM json_each(?))"
    return {names[row[0]] for row in reader.execute(sql, (channel, rows.json(list(names))))}


def is_gone(reader: sqlite3.Connection, channel: str, contact: str) -> bool:
    sql = "SELECT 1 FROM gone WHERE contact = ? AND channel = ?"
    return reader.execute(sql, (contact, channel)).fetchone() is not None


def said_since(reader: sqlite3.Connection, vault: Vault, channel: str, contact: str, since: float) -> list[str]:
    sql = (
        "SELECT id, key, sealed FROM replies WHERE contact = ? AND channel = ?"
        f" AND coalesce(settled_at, created_at) >= ? AND {_SAID}"
    )
    found = reader.execute(sql, (contact, channel, since)).fetchall()
    return [text for row in found if (text := _text(vault, row))]


def _text(vault: Vault, row: rows.Row) -> str:
    """ "" of what the disk damaged."""
    try:
        return rows.opened_letter(vault, *row).text
    except CannotOpen:
        return ""
