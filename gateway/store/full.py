"""Who reported and in which words: what is sealed of a report, a reply or a talk, opened for those who said why they
look."""

import sqlite3
from typing import Any

import msgspec

from gateway.store import rows
from gateway.store.contract import Contact, ReplyState
from gateway.store.views import without_pin
from gateway.vault import CannotOpen, Vault

Row = dict[str, Any]

_WORDS = ("subject", "text", "personal", "asides", "place", "attachments", "fields", "conversation")
_CONTACT = "c.id, c.key, c.sealed"


def reporter(connection: sqlite3.Connection, report: str) -> str:
    """The id of who made a report; "" if nobody is known."""
    found = connection.execute("SELECT contact FROM reports WHERE id = ?", (report,)).fetchone()
    return str(found[0]) if found else ""


def addressee(connection: sqlite3.Connection, reply: str) -> str:
    """The id of whom a reply is for."""
    found = connection.execute("SELECT contact FROM replies WHERE id = ?", (reply,)).fetchone()
    return str(found[0]) if found else ""


def report(connection: sqlite3.Connection, vault: Vault, identity: str) -> Row:
    """All its words, and who made it. What cannot be opened any more is left out."""
    sql = f"SELECT {rows.REPORT_COLUMNS}, {_CONTACT} FROM reports r LEFT JOIN contacts c ON c.id = r.contact"
    found = connection.execute(f"{sql} WHERE r.id = ?", (identity,)).fetchone()
    try:
        words = msgspec.to_builtins(rows.report(vault, found[:-3]).report)
    except CannotOpen:
        words = {}
    who = _person("reporter", rows.readable_contact(vault, found[-3:]))
    others = [f"{one.kind}: {one.value}" for one in also(connection, vault, identity)]
    return {name: words[name] for name in _WORDS if name in words} | who | {"also_reached_at": others}


def also(connection: sqlite3.Connection, vault: Vault, report: str) -> list[Contact]:
    """The further addresses of a report's sender that can be opened, in the order in which they were given."""
    sql = f"SELECT {_CONTACT} FROM also a JOIN contacts c ON c.id = a.contact WHERE a.report = ? ORDER BY a.rowid"
    found = (rows.readable_contact(vault, row) for row in connection.execute(sql, (report,)))
    return [contact for contact in found if contact]


def reply(connection: sqlite3.Connection, vault: Vault, identity: str) -> Row:
    """What it says, whom it is for, and what the channel calls it; the PIN only while it has no way out, for then a
    person tells them."""
    sql = "SELECT r.state, r.id, r.key, r.sealed, r.receipt, " + _CONTACT
    joined = "FROM replies r LEFT JOIN contacts c ON c.id = r.contact"
    state, _, key, sealed, receipt, *person = connection.execute(
        f"{sql} {joined} WHERE r.id = ?", (identity,)
    ).fetchone()
    try:
        text = rows.opened_letter(vault, identity, key, sealed).text
        external_id = rows.opened_receipt(vault, identity, key, receipt)
    except CannotOpen:
        text, external_id = "", None
    said = text if state == ReplyState.KEPT else without_pin(text)
    return {"text": said, "external_id": external_id} | _person("to", rows.readable_contact(vault, tuple(person)))


def talk(connection: sqlite3.Connection, vault: Vault, identity: str) -> Row:
    """Whom it is with."""
    sql = f"SELECT {_CONTACT} FROM talks t LEFT JOIN contacts c ON c.id = t.contact WHERE t.id = ?"
    found = connection.execute(sql, (identity,)).fetchone()
    return _person("with", rows.readable_contact(vault, found))


def _person(role: str, known: Contact | None) -> Row:
    return {
        role: known and known.id,
        f"{role}_kind": known and known.kind,
        f"{role}_address": known and known.value,
        f"{role}_name": known and known.name,
    }
