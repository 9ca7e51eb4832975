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


_CASES = (
    "links l JOIN reports a ON a.id = l.report JOIN reports b ON b.id = l.other"
    ' JOIN cases ca ON ca.code = a."case" JOIN cases cb ON cb.code = b."case"'
    " JOIN cases p ON p.code = coalesce(ca.joined_into, ca.code)"
    " JOIN cases q ON q.code = coalesce(cb.joined_into, cb.code)"
)
#: Reports in one case that a person has not looked at since the machine asked for it.
MISFITS = (
    f"{_CASES.replace('links l', 'links l INDEXED BY links_misfit', 1)}"
    " WHERE l.kind = 'misfit' AND p.code = q.code AND p.closed_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM links s WHERE s.report = l.report AND s.other = l.other AND s.kind IN"
    " ('same', 'misfit') AND s.seq > l.seq)"
)
#: The reports `a` and `b` of a link `l`, and the cases `p` and `q` that they are in now.
UNDECIDED = (
    f"{_CASES} WHERE l.kind = 'unsure' AND p.code <> q.code AND p.closed_at IS NULL AND q.closed_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM links n WHERE n.kind = 'unsure' AND n.report = l.report AND n.other = l.other"
    " AND n.seq > l.seq)"
    f" AND (q.code IS NULL OR NOT {_kept_apart('p', 'q')} AND NOT {_kept_apart('q', 'p')})"  # asked last
)
_COLUMNS = "l.seq, l.report, l.other, l.kind, l.score, l.reasons, l.at, p.code AS one, q.code AS two"
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
    f"{_CASES} WHERE p.code = q.code"
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


def undecided(
    connection: sqlite3.Connection, hidden: Collection[str], before: float, limit: int, report: str = ""
) -> list[Row]:
    """The newest first, of one report the best first, but for those of the categories `hidden`; only those with a
    number below `before`, and of this `report` if there is one."""
    of_one = " AND l.report = :report" if report else ""
    sql = f"SELECT {_COLUMNS} FROM {UNDECIDED}{_VISIBLE}{of_one} AND l.seq < :before ORDER BY l.seq DESC LIMIT :limit"
    return _rows(connection, sql, {"hidden": _json(hidden), "before": before, "limit": limit, "report": report})


def misfits(connection: sqlite3.Connection, hidden: Collection[str], before: float, limit: int) -> list[Row]:
    """Likewise pairs that are in one case and may be of two, as what was added to one of them says."""
    sql = f"SELECT {_COLUMNS} FROM {MISFITS}{_VISIBLE} AND l.seq < :before ORDER BY l.seq DESC LIMIT :limit"
    return _rows(connection, sql, {"hidden": _json(hidden), "before": before, "limit": limit})


def pair(connection: sqlite3.Connection, seq: int) -> Row | None:
    """What a link says, and the cases that its reports are in, decided or not."""
    sql = (
        f"SELECT {_COLUMNS}, p.category AS one_category, q.category AS two_category FROM"
        f" {_CASES} WHERE l.seq = :seq AND l.kind IN ('unsure', 'misfit')"
    )
    return next(iter(_rows(connection, sql, {"seq": seq})), None)


def count(connection: sqlite3.Connection, hidden: Collection[str]) -> int:
    """Up to `MOST`."""
    pairs = f"SELECT DISTINCT min(p.code, q.code), max(p.code, q.code) FROM {UNDECIDED}{_VISIBLE} LIMIT {MOST}"
    (found,) = connection.execute(f"SELECT count(*) FROM ({pairs})", {"hidden": _json(hidden)}).fetchone()
    (asked,) = connection.execute(f"SELECT count(*) FROM {MISFITS}{_VISIBLE}", {"hidden": _json(hidden)}).fetchone()
    return int(found) + int(asked)


_AFTER_CLOSING = (
    "SELECT DISTINCT {0}.code, {0}.opened_at, {0}.closed_at, {0}.unit, {0}.category FROM "
    f"{_CASES} WHERE l.kind = 'after-closing' AND p.closed_at IS NULL AND q.closed_at IS NOT NULL AND "
)
_OF = (
    'IN (SELECT r.id FROM reports r WHERE r."case" IN'
    " (SELECT c.code FROM cases c WHERE c.code = :code OR c.joined_into = :code))"
)


def closed_before(connection: sqlite3.Connection, code: str) -> list[Row]:
    """The cases that were closed before something like it was reported with this one, the one closed last first."""
    sql = f"{_AFTER_CLOSING.format('q')} l.report {_OF} ORDER BY 3 DESC"
    return _rows(connection, sql, {"code": code})


def opened_after(connection: sqlite3.Connection, code: str) -> list[Row]:
    """The open cases of what was reported like this one after it was closed, the newest first."""
    sql = f"{_AFTER_CLOSING.format('p')} l.other {_OF} ORDER BY 2 DESC"
    return _rows(connection, sql, {"code": code})


def _json(values: Collection[str]) -> str:
    return msgspec.json.encode(sorted(values)).decode()


def _rows(connection: sqlite3.Connection, sql: str, values: Row) -> list[Row]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found]
    return [row | {"reasons": msgspec.json.decode(row["reasons"])} if "reasons" in row else row for row in rows]
