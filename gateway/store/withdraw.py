"""What its sender took back, destroyed within the settlement that hears of it: plain SQL on the writing connection.

The bytes that it came in by go with whatever else came in them; deliveries that are not settled yet stay.
"""

import sqlite3

import msgspec

from gateway import excerpts
from gateway.casestore.contract import Forget
from gateway.store import copies, destroy, handover, listing, rows, told
from gateway.store.contract import Withdrawn
from gateway.vault import Vault
from normalizer.report import Report

REASON = "taken back by its sender"
_report_of = msgspec.json.Decoder(Report).decode
_CAME_IN = (
    "SELECT seq FROM deliveries WHERE key IS NOT NULL AND state <> 'received' AND (seq = :seq OR seq IN"
    " (SELECT seq FROM messages WHERE channel = :channel AND id = :message) OR seq IN"
    " (SELECT seq FROM messages WHERE report = :report))"
)
#: A case and that which it is part of.
_SHOWING = (
    'SELECT c.code FROM reports r JOIN cases o ON o.code = r."case" JOIN cases c ON c.code IN (o.code, o.joined_into)'
    " WHERE r.id = ?"
)
#: Of a case, its own reports before those of the cases that were joined into it.
_FIRST = (
    "SELECT r.id, r.data, c.area FROM cases c JOIN cases o ON o.code = c.code OR o.joined_into = c.code JOIN reports r"
    ' ON r."case" = o.code WHERE c.code = :case AND r.key IS NOT NULL AND (r.public OR NOT :public)'
    " ORDER BY o.code <> c.code, r.seq LIMIT 1"
)
_OTHERS = 'SELECT 1 FROM reports WHERE "case" = ? AND id <> ? LIMIT 1'


def withdraw(connection: sqlite3.Connection, vault: Vault, one: Withdrawn) -> list[str]:
    """Returns the names of files that are not needed any more."""
    name = rows.message_name(vault, one.channel, one.message)
    values = {"seq": one.seq, "channel": one.channel, "message": name, "report": one.report}
    seqs = [row[0] for row in connection.execute(_CAME_IN, values).fetchall()]
    files = destroy.deliveries(connection, seqs, REASON)
    return files + (_report(connection, one.report) if one.report else [])


def _report(connection: sqlite3.Connection, report: str) -> list[str]:
    """Where its words stand for a case, those of the next report do from now on."""
    found = connection.execute('SELECT "case", public FROM reports WHERE id = ?', (report,)).fetchone()
    if found is None:
        return []
    case, is_public = found
    cases = [code for (code,) in connection.execute(_SHOWING, (report,)).fetchall()]
    named = [code for code in cases if (first := _first(connection, code, public=False)) and first[0] == report]
    strangers = told.strangers(connection, [report], [])
    destroy.replies(connection, told.replies(connection, [report], []))
    destroy.reports(connection, [report], words=True)
    destroy.contacts(connection, strangers)
    for code in named:
        _name(connection, code, is_public)
    is_shared = connection.execute(_OTHERS, (case, report)).fetchone()
    handover.forget(connection, [case], Forget.REPORTERS if is_shared else Forget.EVERYTHING)
    return copies.disown(connection, [report])


def _first(connection: sqlite3.Connection, case: str, public: bool) -> tuple[str, str, str | None] | None:
    """The report that a case is named after, as it stands in clear, and the case's area."""
    found: tuple[str, str, str | None] | None = connection.execute(_FIRST, {"case": case, "public": public}).fetchone()
    return found


def _name(connection: sqlite3.Connection, case: str, public: bool) -> None:
    """After the first report that is left in it, but not after a private one if it was named after a public one."""
    what = where = ""
    if first := _first(connection, case, public):
        report = _report_of(first[1])
        what, where = excerpts.what(report), excerpts.where(report, first[2])
    connection.execute('UPDATE cases SET what = ?, "where" = ? WHERE code = ?', (what, where, case))


def drop_old_words(connection: sqlite3.Connection, since: float) -> list[str]:
    """What was withdrawn since then leaves the index of words for good; that takes too long to do it each time."""
    if connection.execute("SELECT 1 FROM taken_back WHERE at >= ? LIMIT 1", (since,)).fetchone():
        listing.drop_old_words(connection)
    return []
