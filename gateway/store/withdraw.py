"""What its sender took back, destroyed within the settlement that hears of it: plain SQL on the writing connection.

The bytes that it came in by go with whatever else came in them; deliveries that are not settled yet stay.
"""

import sqlite3

from gateway.casestore.contract import Forget
from gateway.store import copies, destroy, handover, listing, rows, told
from gateway.store.contract import Withdrawn
from gateway.vault import Vault

REASON = "taken back by its sender"
_CAME_IN = (
    "SELECT seq FROM deliveries WHERE key IS NOT NULL AND state <> 'received' AND (seq = :seq OR seq IN"
    " (SELECT seq FROM messages WHERE channel = :channel AND id = :message) OR seq IN"
    " (SELECT seq FROM messages WHERE report = :report))"
)
_IN_CASE = 'SELECT r."case", (SELECT o.id FROM reports o WHERE o."case" = r."case" ORDER BY o.seq LIMIT 1) = r.id'
_OTHERS = 'SELECT 1 FROM reports WHERE "case" = ? AND id <> ? LIMIT 1'


def withdraw(connection: sqlite3.Connection, vault: Vault, one: Withdrawn) -> list[str]:
    """Returns the names of files that are not needed any more."""
    name = rows.message_name(vault, one.channel, one.message)
    values = {"seq": one.seq, "channel": one.channel, "message": name, "report": one.report}
    seqs = [row[0] for row in connection.execute(_CAME_IN, values).fetchall()]
    files = destroy.deliveries(connection, seqs, REASON)
    return files + (_report(connection, one.report) if one.report else [])


def _report(connection: sqlite3.Connection, report: str) -> list[str]:
    """What its case is called goes where it was the first in it."""
    found = connection.execute(f"{_IN_CASE} FROM reports r WHERE r.id = ?", (report,)).fetchone()
    if found is None:
        return []
    case, is_first = found
    strangers = told.strangers(connection, [report], [])
    destroy.replies(connection, told.replies(connection, [report], []))
    destroy.reports(connection, [report], words=True)
    destroy.contacts(connection, strangers)
    if is_first:
        connection.execute("UPDATE cases SET what = '', \"where\" = '' WHERE code = ?", (case,))
    is_shared = connection.execute(_OTHERS, (case, report)).fetchone()
    handover.forget(connection, [case], Forget.REPORTERS if is_shared else Forget.EVERYTHING)
    return copies.disown(connection, [report])


def drop_old_words(connection: sqlite3.Connection, since: float) -> list[str]:
    """What was withdrawn since then leaves the index of words for good; that takes too long to do it each time."""
    if connection.execute("SELECT 1 FROM taken_back WHERE at >= ? LIMIT 1", (since,)).fetchone():
        listing.drop_old_words(connection)
    return []
