"""Pairs of cases that may be one incident, as the judge was unsure of and nobody has decided yet: plain SQL over a
reading connection. What a person decided once is not asked again, however many reports of the two are compared."""

import sqlite3
from collections.abc import Collection
from typing import Any

import msgspec

Row = dict[str, Any]

#: No more are counted.
MOST = 200
#: What a person says of two reports that are of two incidents.
_APART = "'different', 'parted'"


def _kept_apart(one: str, other: str) -> str:
    """Did a person say of reports of these two cases, or of cases that were joined into them, that they are of two
    incidents, and not take it back?"""
    taken_back = (
        "SELECT 1 FROM links u WHERE u.report = d.report AND u.other = d.other AND u.kind = 'undecided'"
        " AND u.seq > d.seq"
    )
    family = "(SELECT f.code FROM cases f WHERE f.code = {0}.code OR f.joined_into = {0}.code)"
    return (
        f"EXISTS (SELECT 1 FROM reports x JOIN links d ON d.report = x.id AND d.kind IN ({_APART}) JOIN reports y"
        f' ON y.id = d.other WHERE x."case" IN {family.format(one)} AND y."case" IN {family.format(other)}'
        f" AND NOT EXISTS ({taken_back}))"
    )


#: The reports `a` and `b` of a link `l`, and the cases `p` and `q` that they are in now.
UNDECIDED = (
    "links l JOIN reports a ON a.id = l.report JOIN reports b ON b.id = l.other"
    ' JOIN cases ca ON ca.code = a."case" JOIN cases cb ON cb.code = b."case"'
    " JOIN cases p ON p.code = coalesce(ca.joined_into, ca.code)"
    " JOIN cases q ON q.code = coalesce(cb.joined_into, cb.code)"
    " WHERE l.kind = 'unsure' AND p.code <> q.code AND p.closed_at IS NULL AND q.closed_at IS NULL"
    f" AND (q.code IS NULL OR NOT {_kept_apart('p', 'q')} AND NOT {_kept_apart('q', 'p')})"  # asked last
)
_COLUMNS = "l.seq, l.report, l.other, l.score, l.reasons, l.at, p.code AS one, q.code AS two"
_VISIBLE = "".join(f" AND coalesce({case}.category, '') NOT IN (SELECT value FROM json_each(:hidden))" for case in "pq")
_TOLD_APART = (
    f"SELECT {_kept_apart('p', 'q')} OR {_kept_apart('q', 'p')} FROM reports a, reports b"
    ' JOIN cases ca ON ca.code = a."case" JOIN cases cb ON cb.code = b."case"'
    " JOIN cases p ON p.code = coalesce(ca.joined_into, ca.code)"
    " JOIN cases q ON q.code = coalesce(cb.joined_into, cb.code) WHERE a.id = ? AND b.id = ?"
)


def told_apart(connection: sqlite3.Connection, report: str, other: str) -> bool:
    """Are their cases to stay apart, whichever of their reports are compared?"""
    found: tuple[int] | None = connection.execute(_TOLD_APART, (report, other)).fetchone()
    return found is not None and bool(found[0])


_IN_ONE_CASE = (
    "links l JOIN reports a ON a.id = l.report JOIN reports b ON b.id = l.other"
    ' JOIN cases ca ON ca.code = a."case" JOIN cases cb ON cb.code = b."case"'
    " WHERE coalesce(ca.joined_into, ca.code) = coalesce(cb.joined_into, cb.code)"
    " AND NOT EXISTS (SELECT 1 FROM links s WHERE s.report = l.report AND s.other = l.other AND s.seq > l.seq"
    " AND (s.kind = 'misfit' OR s.kind = 'same' AND s.actor <> 'kanal'))"
)
_PUT_WITH = (
    f"SELECT l.report, l.other FROM {_IN_ONE_CASE} AND l.actor = 'kanal' AND l.kind IN ('same', 'again', 'retry')"
    ' AND (l.report = :report OR (l.other = :report AND l.report IN (SELECT f.id FROM reports f WHERE f."case" IN'
    " (SELECT k.code FROM cases k WHERE k.code = :root OR k.joined_into = :root)))) ORDER BY l.seq DESC LIMIT 1"
)
_ROOT = 'SELECT coalesce(c.joined_into, c.code) FROM reports r JOIN cases c ON c.code = r."case" WHERE r.id = ?'


def put_with(connection: sqlite3.Connection, report: str) -> tuple[str, str] | None:
    (root,) = connection.execute(_ROOT, (report,)).fetchone() or ("",)
    found: tuple[str, str] | None = connection.execute(_PUT_WITH, {"report": report, "root": root}).fetchone()
    return found


def doubt(connection: sqlite3.Connection, report: str, other: str) -> tuple[float, tuple[str, ...]] | None:
    sql = (
        "SELECT score, reasons FROM links WHERE report = ? AND other = ? AND kind = 'unsure' ORDER BY seq DESC LIMIT 1"
    )
    found = connection.execute(sql, (report, other)).fetchone()
    return (found[0], tuple(msgspec.json.decode(found[1]))) if found else None


def undecided(connection: sqlite3.Connection, hidden: Collection[str], before: float, limit: int) -> list[Row]:
    """The newest first, but for those of the categories `hidden`; only those with a number below `before`."""
    sql = f"SELECT {_COLUMNS} FROM {UNDECIDED}{_VISIBLE} AND l.seq < :before ORDER BY l.seq DESC LIMIT :limit"
    return _rows(connection, sql, {"hidden": _json(hidden), "before": before, "limit": limit})


def pair(connection: sqlite3.Connection, seq: int) -> Row | None:
    """What a link says, and the cases that its reports are in, decided or not."""
    sql = (
        f"SELECT {_COLUMNS}, p.category AS one_category, q.category AS two_category FROM"
        f" {UNDECIDED.partition(' WHERE ')[0]} WHERE l.seq = :seq AND l.kind = 'unsure'"
    )
    return next(iter(_rows(connection, sql, {"seq": seq})), None)


def count(connection: sqlite3.Connection, hidden: Collection[str]) -> int:
    """Up to `MOST`."""
    pairs = f"SELECT DISTINCT min(p.code, q.code), max(p.code, q.code) FROM {UNDECIDED}{_VISIBLE} LIMIT {MOST}"
    (found,) = connection.execute(f"SELECT count(*) FROM ({pairs})", {"hidden": _json(hidden)}).fetchone()
    return int(found)


def _json(values: Collection[str]) -> str:
    return msgspec.json.encode(sorted(values)).decode()


def _rows(connection: sqlite3.Connection, sql: str, values: Row) -> list[Row]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found]
    return [row | {"reasons": msgspec.json.decode(row["reasons"])} for row in rows]
