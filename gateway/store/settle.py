"""What the writer thread does within one transaction: plain SQL on the writing connection."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from adapters import Delivered, Delivery, Status
from gateway.store import (
    afterwards,
    answers,
    clock,
    copies,
    destroy,
    fetches,
    handover,
    images,
    listing,
    newsrows,
    notes,
    rows,
    spending,
    talks,
    withdraw,
)
from gateway.store.contract import Amended, CaseChange, Conflict, Joined, PassedOn, ReplyOutcome, Settlement
from gateway.store.writer import insert
from gateway.vault import Vault

#: Which states of a reply a channel's word may follow, so that in whatever order its words come the same one stands in
#: the end: what arrived has arrived, whatever was said to have failed.
_UNKNOWN = ("due", "sending", "uncertain")
BEFORE = {
    Delivered.SENT: _UNKNOWN,
    Delivered.FAILED: (*_UNKNOWN, "sent"),
    Delivered.DELIVERED: (*_UNKNOWN, "sent", "failed"),
    Delivered.READ: (*_UNKNOWN, "sent", "failed", "delivered"),
}

#: Why a delivery was destroyed at once.
NOBODYS = "it is of nothing that is kept"


def insert_deliveries(connection: sqlite3.Connection, new: Sequence[rows.Row]) -> None:
    """A known (channel, id) is a redelivery and changes nothing."""
    insert(connection, "INSERT OR IGNORE INTO deliveries", rows.DELIVERY, new)


def insert_new(vault: Vault, connection: sqlite3.Connection, new: Sequence[Delivery | rows.Row]) -> None:
    """Deliveries are sealed here, on the writer's thread, while the next queue up: that makes for larger commits."""
    insert_deliveries(connection, [rows.delivery(vault, one) if isinstance(one, Delivery) else one for one in new])


def settle(connection: sqlite3.Connection, vault: Vault, what: Settlement) -> list[str]:
    """Write a settlement; returns the names of files that are not needed any more. Raises `Conflict` (through the
    unique indexes, too)."""
    changed = handover.touched(connection, what)
    left = listing.before(connection, what)
    for change in what.changes:
        _change_case(connection, change)
    for joined in what.joined:
        name = rows.reference_name(vault, joined.channel, joined.reference)
        connection.execute("DELETE FROM parts WHERE channel = ? AND reference = ?", (joined.channel, name))
    _insert_new(connection, vault, what)
    for joined in what.joined:
        _name_pieces(connection, joined)
    if what.timers:
        clock.date_timers(connection, time.time())
    for move in what.moved:
        connection.execute(
            'UPDATE reports SET "case" = ?, pin_hash = coalesce(?, pin_hash) WHERE id = ?',
            (move.case, move.pin_hash, move.report),
        )
    for judged in what.judged:
        connection.execute(
            "UPDATE reports SET judged_version = max(judged_version, ?) WHERE id = ?", (judged.version, judged.report)
        )
    marked = [(report,) for report in what.unjudged]
    connection.executemany("UPDATE reports SET judged_version = 0 WHERE id = ?", marked)
    for amended in what.amended:
        _amend(connection, vault, amended)
    for seq in what.released:
        _release(connection, seq)
    for reply in what.resent:
        _send_again(connection, reply)
    talks.settle(connection, vault, what)
    afterwards.settle(connection, vault, what)
    answers.settle(connection, vault, what.answers)
    notes.settle(connection, vault, what.notes)
    _keep_back(connection, what)
    listing.after(connection, what, left)
    for passed in what.passed_on:
        _pass_on(connection, passed)
    for status in what.statuses:
        _apply_status(connection, vault, status)
    handover.due(connection, what.filings)
    handover.touch(connection, changed, what.told_by)
    newsrows.heard(connection, what.heard)
    fetches.settle(connection, what.fetches, what.fetched, what.lost)
    _finish_deliveries(connection, what)
    files = destroy.deliveries(connection, what.forgotten, NOBODYS)
    for one in what.withdrawn:
        files += withdraw.withdraw(connection, vault, one)
    return files


def _name_pieces(connection: sqlite3.Connection, joined: Joined) -> None:
    """What came in by several deliveries is erased in all of them."""
    marks = ",".join("?" * len(joined.seqs))
    connection.execute(
        f"UPDATE messages SET report = ? WHERE channel = ? AND seq IN ({marks}) AND report IS NULL",
        (joined.report, joined.channel, *joined.seqs),
    )


def _insert_new(connection: sqlite3.Connection, vault: Vault, what: Settlement) -> None:
    def put(into: str, columns: Sequence[str], row: Callable[[Any], rows.Row], new: Iterable[Any]) -> None:
        insert(connection, into, columns, [row(one) for one in new])

    put("INSERT OR IGNORE INTO contacts", rows.CONTACT, partial(rows.contact_row, vault), what.contacts)
    put("INSERT OR IGNORE INTO also", rows.ALSO, rows.also, what.also)
    put("INSERT INTO messages", rows.MESSAGE, partial(rows.message, vault), what.messages)
    put("INSERT INTO cases", rows.CASE, rows.case_row, what.cases)
    put("INSERT INTO reports", rows.REPORT, partial(rows.report_row, vault), what.reports)
    copies.own(connection, what.reports, time.time())
    put("INSERT INTO links", rows.LINK, rows.link, what.links)
    put("INSERT INTO history", rows.HISTORY, rows.history, what.history)
    images.add_proofs(connection, what.history)
    put("INSERT INTO replies", rows.REPLY, partial(rows.reply_row, vault), what.replies)
    put("INSERT OR IGNORE INTO notices", rows.NOTICE, rows.notice, what.notices)
    put("INSERT OR REPLACE INTO parts", rows.PART, partial(rows.part_row, vault), what.parts)
    put("INSERT OR REPLACE INTO timers", rows.TIMER_COLUMNS, partial(rows.timer, vault), what.timers)


def _change_case(connection: sqlite3.Connection, change: CaseChange) -> None:
    given = {name: getattr(change, name) for name in rows.CHANGEABLE if getattr(change, name) is not None}
    values = {"status": change.status or change.expected} | {name: value or None for name, value in given.items()}
    setting = ", ".join(f'"{name}" = ?' for name in values)
    done = connection.execute(
        f"UPDATE cases SET {setting} WHERE code = ? AND status = ?", (*values.values(), change.code, change.expected)
    )
    if done.rowcount != 1:
        raise Conflict("the case changed meanwhile")
    if change.closed_at:
        connection.execute('DELETE FROM reminders WHERE "case" = ?', (change.code,))


def _amend(connection: sqlite3.Connection, vault: Vault, new: Amended) -> None:
    report = new.row.report
    row = dict(zip(rows.REPORT, rows.report_row(vault, new.row), strict=True))
    changed = ("version", "judged_version", "data", "fingerprint", "key", "sealed")
    setting = ", ".join(f'"{name}" = ?' for name in changed)
    done = connection.execute(
        f"UPDATE reports SET {setting}, public = min(public, ?), contact = coalesce(nullif(contact, ''), ?)"
        " WHERE id = ? AND version = ? AND key IS NOT NULL",
        (*(row[name] for name in changed), row["public"], row["contact"], report.id, report.version - 1),
    )
    if done.rowcount != 1:
        raise Conflict("the report changed meanwhile")
    copies.own(connection, [new.row], time.time())
    first = 'SELECT id FROM reports r WHERE r."case" = cases.code AND r.key IS NOT NULL ORDER BY seq LIMIT 1'
    connection.execute(
        f'UPDATE cases SET what = ?, "where" = ? WHERE code = ? AND ({first}) = ?',
        (new.what, new.where, new.row.case, report.id),
    )


_FAMILY = "SELECT code FROM cases WHERE code = :code OR joined_into = :code"


def _keep_back(connection: sqlite3.Connection, what: Settlement) -> None:
    """What was promised of a report stands in clear; beside, whether it is public."""
    data = "json_set(data, '$.confidentiality.confidential', json('true'))"
    changes = {"public = 0": what.hidden, f"data = {data}": what.confidential}
    for setting, codes in changes.items():
        sql = f'UPDATE reports SET {setting} WHERE "case" IN ({_FAMILY})'
        connection.executemany(sql, [{"code": code} for code in codes])


def _release(connection: sqlite3.Connection, seq: int) -> None:
    done = connection.execute(
        "UPDATE deliveries SET stage = iif(state = 'done', ?, NULL), state = 'received', tries = 0, reason = NULL"
        " WHERE seq = ? AND state IN ('quarantined', 'done') AND key IS NOT NULL",
        (rows.REPLAYED, seq),
    )
    if done.rowcount != 1:
        raise Conflict("there is no such delivery to process again")


def _send_again(connection: sqlite3.Connection, reply: str) -> None:
    """What the channel goes on saying of the attempt before is not about the next one."""
    done = connection.execute(
        "UPDATE replies SET state = 'due', due_at = 0, error = NULL, external_id = NULL, receipt = NULL,"
        " passed_on = nullif(passed_on, '') WHERE id = ?"
        " AND state IN ('due', 'uncertain', 'failed', 'kept')",
        (reply,),
    )
    if done.rowcount != 1:
        raise Conflict("there is no such reply to send again")


def _pass_on(connection: sqlite3.Connection, passed: PassedOn) -> None:
    done = connection.execute(
        "UPDATE replies SET passed_on = ? WHERE id = ? AND passed_on IS NULL AND state IN ('failed', 'kept')",
        (passed.to, passed.reply),
    )
    if done.rowcount != 1:
        raise Conflict("the reply changed meanwhile")


def _apply_status(connection: sqlite3.Connection, vault: Vault, status: Status) -> None:
    """Match the channel's word with its reply; keep it if the reply's own receipt is still to come."""
    reason = status.reason and rows.text(status.reason)
    name = rows.receipt_name(vault, status.channel, status.reply)
    known = connection.execute(
        "SELECT id FROM replies WHERE channel = ? AND (id = ? OR external_id = ?)",
        (status.channel, rows.text(status.reply), name),
    ).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO statuses(channel, reply, state, reason, at) VALUES (?, ?, ?, ?, ?)",
            (status.channel, name, status.state, reason, time.time()),
        )
    else:
        _advance(connection, known[0], status.state, reason)


def _advance(connection: sqlite3.Connection, reply: str, state: str, reason: str | None) -> None:
    before = BEFORE[Delivered(state)]
    marks = ",".join("?" * len(before))
    failed_at = time.time() if state == Delivered.FAILED else None
    connection.execute(
        "UPDATE replies SET state = ?, error = coalesce(?, error), settled_at = coalesce(?, settled_at)"
        f" WHERE id = ? AND state IN ({marks})",
        (state, reason, failed_at, reply, *before),
    )


def settle_reply(connection: sqlite3.Connection, vault: Vault, outcome: ReplyOutcome) -> None:
    """Record an attempt. The channel's word may have come before its receipt: it stands, or is applied now."""
    cost = sum(one.count for one in outcome.spent)
    connection.execute(
        "UPDATE replies SET cost = cost + ?, settled_at = ? WHERE id = ?", (cost, outcome.at, outcome.id)
    )
    spending.add(connection, outcome.spent)
    connection.execute(
        "UPDATE replies SET state = ?, due_at = coalesce(?, due_at), error = ? WHERE id = ?"
        " AND state IN ('sending', 'uncertain')",
        (outcome.state, outcome.due_at, outcome.error and rows.text(outcome.error), outcome.id),
    )
    if outcome.external_id is not None:
        _keep_receipt(connection, vault, outcome.id, outcome.external_id)


def _keep_receipt(connection: sqlite3.Connection, vault: Vault, reply: str, external_id: str) -> None:
    """A reply that was erased while it was sent has no key any more, and keeps none."""
    sql = "SELECT channel, key FROM replies WHERE id = ?"
    channel, key = connection.execute(sql, (reply,)).fetchone() or ("", None)
    if key is None:
        return
    name, sealed = rows.receipt_name(vault, channel, external_id), rows.receipt(vault, reply, key, external_id)
    connection.execute("UPDATE replies SET external_id = ?, receipt = ? WHERE id = ?", (name, sealed, reply))
    sql = "SELECT seq, state, reason FROM statuses WHERE channel = ? AND reply = ? ORDER BY seq"
    for seq, state, reason in connection.execute(sql, (channel, name)).fetchall():
        _advance(connection, reply, state, reason)
        connection.execute("DELETE FROM statuses WHERE seq = ?", (seq,))


def _finish_deliveries(connection: sqlite3.Connection, what: Settlement) -> None:
    if what.done:
        marks = ",".join("?" * len(what.done))
        connection.execute(f"UPDATE deliveries SET state = 'done' WHERE seq IN ({marks})", what.done)
    for bad in what.quarantined:
        connection.execute(
            "UPDATE deliveries SET state = 'quarantined', stage = ?, reason = ?, settled_at = ? WHERE seq = ?",
            (bad.stage, bad.reason, bad.at, bad.seq),
        )
