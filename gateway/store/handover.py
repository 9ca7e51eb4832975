"""What the writer thread does with filings within one transaction: plain SQL on the writing connection."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.casestore.contract import Forget
from gateway.store import rows
from gateway.store.contract import CaseChange, FilingDue, HistoryRow, Settlement
from gateway.store.filings import Filing, FilingOutcome, FilingState, Sent, alias
from gateway.store.writer import insert

FILING = ("case", "store", "version", "filed_version", "number", "token", "told", "tries", "since", "forget")
FILING_COLUMNS = ", ".join(f'"{name}"' for name in FILING)
HISTORY = rows.HISTORY
MOST_LOSSES = 3
LOST = f"it was taken {MOST_LOSSES} times, and is not there"
FILED_EVENT, LOST_EVENT = "filed", "lost"
_AMONG = "IN (SELECT value FROM json_each(?))"
#: What the outside must have been given to have something to forget.
_HAD = {
    Forget.REPORTERS: (Sent.WORDS, Sent.IDENTITY),
    Forget.EVERYTHING: (Sent.MASKED, Sent.WORDS, Sent.IDENTITY),
}
_RANK = {sent: rank for rank, sent in enumerate(Sent)}

_told = msgspec.json.Decoder(dict[str, int])


def filing(row: rows.Row) -> Filing:
    values = dict(zip(FILING, row, strict=True))
    return Filing(**values | {"told": _told.decode(values["told"]), "forget": Forget(values["forget"])})


def due(connection: sqlite3.Connection, new: Sequence[FilingDue]) -> None:
    columns = ("case", "store", "state", "since", "due_at")
    found = [(one.case, one.store, FilingState.DUE, one.at, one.at) for one in new]
    insert(connection, "INSERT OR IGNORE INTO filings", columns, found)


def touched(connection: sqlite3.Connection, what: Settlement) -> set[str]:
    """The codes of the cases that a settlement changes, without those it opens: asked before it is written."""
    if connection.execute("SELECT 1 FROM filings LIMIT 1").fetchone() is None:
        return set()
    moved = [move.report for move in what.moved]
    left = connection.execute(f'SELECT "case" FROM reports WHERE id {_AMONG}', (_json(moved),)) if moved else ()
    codes = {
        *(row[0] for row in left),
        *(move.case for move in what.moved),
        *(row.case for row in what.reports),
        *(one.row.case for one in what.amended),
        *(change.code for change in what.changes if not _is_internal(change)),
        *(change.joined_into for change in what.changes if change.joined_into),
        *_parted_from(connection, what),
    }
    return codes - {case.code for case in what.cases}


def _is_internal(change: CaseChange) -> bool:
    """Is it only about who of us sees to it?"""
    return change == CaseChange(code=change.code, expected=change.expected, assignee=change.assignee)


def _parted_from(connection: sqlite3.Connection, what: Settlement) -> list[str]:
    """Where those were joined into that stand for themselves again."""
    parted = [change.code for change in what.changes if change.joined_into == ""]
    sql = f"SELECT joined_into FROM cases WHERE joined_into IS NOT NULL AND code {_AMONG}"
    return [row[0] for row in connection.execute(sql, (_json(parted),))] if parted else []


def touch(connection: sqlite3.Connection, codes: set[str], told_by: str = "") -> None:
    """These cases changed: the outside is to be told, but for the one that told us."""
    if codes:
        connection.execute(
            "UPDATE filings SET version = version + 1, tries = iif(state IN ('filed', 'covered'), 0, tries),"
            " since = iif(state IN ('filed', 'covered'), :now, since),"
            " due_at = iif(state IN ('filed', 'covered'), :now, due_at),"
            " state = iif(state IN ('filed', 'covered'), 'due', state)"
            ' WHERE "case" IN (SELECT value FROM json_each(:codes)) AND store <> :told_by',
            {"now": time.time(), "codes": _json(sorted(codes)), "told_by": told_by},
        )


def claim(connection: sqlite3.Connection, store: str, now: float, limit: int) -> list[Filing]:
    found = connection.execute(
        f"SELECT seq, {FILING_COLUMNS} FROM filings WHERE store = ? AND state = 'due' AND due_at <= ?"
        " ORDER BY due_at, seq LIMIT ?",
        (store, now, limit),
    ).fetchall()
    sql = f"UPDATE filings SET state = 'filing', tries = tries + 1 WHERE seq {_AMONG}"
    connection.execute(sql, (_json([row[0] for row in found]),))
    claimed = [filing(row[1:]) for row in found]
    return [msgspec.structs.replace(one, tries=one.tries + 1) for one in claimed]


def settle(connection: sqlite3.Connection, outcomes: Sequence[FilingOutcome]) -> None:
    for outcome in outcomes:
        if outcome.state in {FilingState.FILED, FilingState.COVERED}:
            _done(connection, outcome)
        else:
            _not_done(connection, outcome)


def _done(connection: sqlite3.Connection, outcome: FilingOutcome) -> None:
    """What a person cancelled meanwhile stays so, but the number is kept."""
    before = _sent(connection, outcome)
    values = {
        "case": outcome.case,
        "store": outcome.store,
        "version": outcome.version,
        "state": outcome.state,
        "at": outcome.at,
        "number": outcome.number and rows.text(outcome.number),
        "told": _json(outcome.told or {}),
        "sent": max(before, outcome.sent, key=lambda sent: _RANK[sent]),
        "confirm_at": outcome.confirm_at,
    }
    connection.execute(
        "UPDATE filings SET filed_version = iif(:number IS NULL, 0, :version), number = coalesce(:number, number),"
        " token = NULL, told = :told, sent = :sent, tries = 0, error = NULL, timed_out = 0,"
        " forget = iif(version > :version, forget, 'nothing'), filed_at = coalesce(filed_at, :at), since = :at,"
        " due_at = :at, confirm_at = coalesce(:confirm_at, confirm_at), state = CASE WHEN state <> 'filing' THEN state"
        " WHEN version > :version THEN 'due' ELSE :state END WHERE \"case\" = :case AND store = :store",
        values,
    )
    if outcome.number:
        _number(connection, outcome, outcome.number)


def _sent(connection: sqlite3.Connection, outcome: FilingOutcome) -> Sent:
    sql = 'SELECT sent FROM filings WHERE "case" = ? AND store = ?'
    row = connection.execute(sql, (outcome.case, outcome.store)).fetchone()
    return Sent(row[0]) if row else Sent.NOTHING


def _number(connection: sqlite3.Connection, outcome: FilingOutcome, number: str) -> None:
    """It is an alias of the case from now on, and news that waited for it are due."""
    name = rows.text(alias(number))
    new = connection.execute(
        'INSERT OR IGNORE INTO numbers(alias, store, "case", number, at) VALUES (?, ?, ?, ?, ?)',
        (name, outcome.store, outcome.case, rows.text(number), outcome.at),
    )
    if new.rowcount == 1:
        _write_history(connection, outcome.case, outcome.at, FILED_EVENT, {"store": outcome.store, "number": number})
    connection.execute(
        "UPDATE news SET state = 'new' WHERE store = ? AND alias = ? AND state = 'unknown'", (outcome.store, name)
    )


def _write_history(connection: sqlite3.Connection, case: str, at: float, event: str, detail: dict[str, str]) -> None:
    line = HistoryRow(case=case, at=at, event=event, actor="kanal", detail=detail)
    insert(connection, "INSERT INTO history", HISTORY, [rows.history(line)])


def _not_done(connection: sqlite3.Connection, outcome: FilingOutcome) -> None:
    connection.execute(
        "UPDATE filings SET state = ?, due_at = coalesce(?, due_at), token = coalesce(?, token), error = ?"
        " WHERE \"case\" = ? AND store = ? AND state = 'filing'",
        (
            outcome.state,
            outcome.due_at,
            outcome.token and rows.text(outcome.token),
            outcome.error and rows.text(outcome.error),
            outcome.case,
            outcome.store,
        ),
    )


def recover(connection: sqlite3.Connection, store: str, now: float) -> int:
    sql = "UPDATE filings SET state = 'due', due_at = ? WHERE store = ? AND state = 'filing'"
    return connection.execute(sql, (now, store)).rowcount


def hasten(connection: sqlite3.Connection, store: str, now: float) -> int:
    values = {"store": store, "now": now}
    connection.execute(
        "UPDATE filings SET due_at = min(since, :now) WHERE store = :store AND state = 'due' AND tries > 0", values
    )
    return connection.execute(
        "UPDATE filings SET state = 'due', timed_out = 0, due_at = min(since, :now), tries = 0"
        " WHERE store = :store AND state = 'aside' AND timed_out = 1",
        values,
    ).rowcount


def give_up(connection: sqlite3.Connection, store: str, before: float, error: str) -> int:
    """One is left: it goes on asking whether the outage is over."""
    sql = (
        "UPDATE filings SET state = 'aside', timed_out = 1, error = :error WHERE store = :store AND state = 'due'"
        " AND since < :before AND seq <> (SELECT max(seq) FROM filings WHERE store = :store AND state = 'due')"
    )
    return connection.execute(sql, {"error": error, "store": store, "before": before}).rowcount


def retry(connection: sqlite3.Connection, store: str | None, case: str | None, now: float) -> list[str]:
    sql = (
        "UPDATE filings SET state = 'due', due_at = :now, since = :now, tries = 0, losses = 0, timed_out = 0,"
        " error = NULL WHERE state IN ('aside', 'cancelled', 'due') AND (:store IS NULL OR store = :store)"
        ' AND (:case IS NULL OR "case" = :case) RETURNING store'
    )
    return [row[0] for row in connection.execute(sql, {"now": now, "store": store, "case": case}).fetchall()]


def cancel(connection: sqlite3.Connection, store: str, case: str) -> bool:
    sql = "UPDATE filings SET state = 'cancelled' WHERE store = ? AND \"case\" = ? AND state IN ('due', 'aside')"
    return connection.execute(sql, (store, case)).rowcount == 1


def confirm(connection: sqlite3.Connection, store: str, known: Sequence[str], lost: Sequence[str], now: float) -> None:
    connection.execute(
        f'UPDATE filings SET confirm_at = NULL, losses = 0 WHERE store = ? AND "case" {_AMONG}', (store, _json(known))
    )
    for case in lost:
        _lost(connection, store, case, now)


def _lost(connection: sqlite3.Connection, store: str, case: str, now: float) -> None:
    """As if it had never been filed."""
    connection.execute(
        "UPDATE filings SET losses = losses + 1, filed_version = 0, told = '{}', confirm_at = NULL, stamp = NULL,"
        " tries = 0, since = :now, due_at = :now, state = iif(state IN ('filed', 'due'),"
        " iif(losses + 1 >= :most, 'aside', 'due'), state), error = iif(losses + 1 >= :most, :why, error)"
        ' WHERE "case" = :case AND store = :store',
        {"now": now, "most": MOST_LOSSES, "why": LOST, "case": case, "store": store},
    )
    _write_history(connection, case, now, LOST_EVENT, {"store": store})


def forget(connection: sqlite3.Connection, cases: Sequence[str], what: Forget) -> None:
    """What was said in these cases is erased here: the outside that has of it, or is being given it just now, is told;
    no other is given any more of it."""
    changed = connection.execute(
        "UPDATE filings SET forget = iif(forget = 'everything', forget, ?)"
        f' WHERE "case" {_AMONG} AND (sent {_AMONG} OR state = \'filing\') RETURNING "case"',
        (what, _json(cases), _json(_HAD[what])),
    ).fetchall()
    touch(connection, {row[0] for row in changed})
    if what is Forget.EVERYTHING:
        sql = f"UPDATE filings SET state = 'cancelled' WHERE \"case\" {_AMONG} AND sent = '' AND state <> 'filing'"
        connection.execute(sql, (_json(cases),))


def passed_on(connection: sqlite3.Connection, cases: Sequence[str], what: Forget) -> tuple[str, ...]:
    """Where it was passed on: names of case stores with the cases' numbers there."""
    sql = (
        f'SELECT store || \' \' || coalesce(number, "case") FROM filings WHERE "case" {_AMONG} AND sent {_AMONG}'
        " ORDER BY seq"
    )
    return tuple(row[0] for row in connection.execute(sql, (_json(cases), _json(_HAD[what]))))


def _json(values: Any) -> str:
    return msgspec.json.encode(values).decode()
