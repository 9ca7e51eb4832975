"""Cases that may be no reports, as the triage took them, and nobody has looked at yet: plain SQL over a reading
connection."""

import sqlite3
from collections.abc import Collection
from typing import Any

import msgspec

Row = dict[str, Any]

#: Above the number of any case.
NEWEST = 1 << 62
WAITS = "marked IS NOT NULL AND sorted IS NULL AND closed_at IS NULL AND joined_into IS NULL"
_VISIBLE = "coalesce(category, '') NOT IN (SELECT value FROM json_each(:hidden))"
_FIRST = 'FROM reports r WHERE r."case" = c.code AND json_valid(r.data) ORDER BY r.seq LIMIT 1'
_FROM = f"FROM cases INDEXED BY cases_marked WHERE {WAITS} AND {_VISIBLE}"


def rows(connection: sqlite3.Connection, hidden: Collection[str], mark: str, before: int, limit: int) -> list[Row]:
    """The newest first, of one mark or ("") of all, but for those of the categories `hidden`; only those with a number
    below `before`. `kinds` are what the first report may be, best first, as `normalizer.report.Candidate`."""
    page = f"SELECT seq {_FROM} AND (:mark = '' OR marked = :mark) AND seq < :before ORDER BY seq DESC LIMIT :limit"
    sql = (
        'SELECT c.seq, c.code, c.marked, c.aside, c.what, c."where", c.opened_at, c.channels, c.reports, c.urgency,'
        f" c.category, c.status, (SELECT r.data ->> '$.kinds' {_FIRST}) AS kinds FROM cases c WHERE c.seq IN ({page})"
        " ORDER BY c.seq DESC"
    )
    found = connection.execute(sql, {"hidden": _json(hidden), "mark": mark, "before": before, "limit": limit})
    names = [column[0] for column in found.description]
    listed = [dict(zip(names, row, strict=True)) for row in found]
    return [row | {"kinds": msgspec.json.decode(row["kinds"] or "[]")} for row in listed]


def counts(connection: sqlite3.Connection, hidden: Collection[str]) -> dict[str, int]:
    """How many there are by mark."""
    sql = f"SELECT marked, count(*) {_FROM} GROUP BY marked"
    return dict(connection.execute(sql, {"hidden": _json(hidden)}).fetchall())


def visible(connection: sqlite3.Connection, hidden: Collection[str], codes: Collection[str]) -> list[str]:
    """Which of these cases were marked and are of no category that is `hidden`."""
    among = "code IN (SELECT value FROM json_each(:codes)) AND marked IS NOT NULL"
    sql = f"SELECT code FROM cases WHERE {among} AND {_VISIBLE}"
    return [row[0] for row in connection.execute(sql, {"hidden": _json(hidden), "codes": _json(codes)})]


def _json(values: Collection[str]) -> str:
    return msgspec.json.encode(sorted(values)).decode()
