"""Places where the same is reported more often than usual right now: plain SQL over a reading connection; only counts.

A burst are at least `LEAST` reports of open cases of one category in one area within `WINDOW` seconds, more than what
is usual there for that long by `DEVIATIONS` times the square root of it (as of a Poisson count). What is usual is the
mean of the `DAYS` before.
"""

import sqlite3
from collections.abc import Collection
from math import sqrt
from typing import Any

import msgspec

Row = dict[str, Any]

HOUR = 3600.0
WINDOW = 2 * HOUR
LEAST = 5
DEVIATIONS = 3.0
DAYS = 28
#: The largest are shown.
MOST = 12

_LATELY = (
    'SELECT r."case", count(*) AS reports, min(r.received_at) AS since FROM reports r INDEXED BY reports_received'
    ' WHERE r.received_at >= :since GROUP BY r."case"'
)
_NOW = (
    "SELECT c.area, c.category, sum(n.reports) AS reports, count(DISTINCT c.seq) AS cases, min(n.since) AS since"
    f' FROM ({_LATELY}) n JOIN cases f ON f.code = n."case" JOIN cases c'
    " ON c.seq = iif(f.joined_into IS NULL, f.seq, (SELECT j.seq FROM cases j WHERE j.code = f.joined_into))"
    " WHERE c.closed_at IS NULL AND c.area IS NOT NULL AND c.aside = 0 AND (:own IS NULL OR c.unit = :own)"
    " AND coalesce(c.category, '') NOT IN (SELECT value FROM json_each(:hidden))"
    " GROUP BY c.area, c.category HAVING sum(n.reports) >= :least ORDER BY 3 DESC, 1, 2"
)
_BEFORE = (
    "SELECT coalesce(sum(reports), 0) FROM cases INDEXED BY cases_placed WHERE area = :area AND category IS :category"
    " AND opened_at >= :from AND opened_at < :since AND joined_into IS NULL"
)


def bursts(
    connection: sqlite3.Connection, now: float, own: str | None = None, hidden: Collection[str] = ()
) -> list[Row]:
    """The largest first, each with its `area` and `category` (None: none is certain), the `reports` and `cases` in the
    window, how many are `usual` in as long, and when the first came in (`since`). Those of the unit `own` alone if
    there is one, never of the categories `hidden`."""
    since = now - WINDOW
    values = {"since": since, "own": own, "hidden": msgspec.json.encode(sorted(hidden)).decode(), "least": LEAST}
    names = ("area", "category", "reports", "cases", "since")
    rows = [dict(zip(names, row, strict=True)) for row in connection.execute(_NOW, values)]
    found = (row | {"usual": _usual(connection, row, since)} for row in rows)
    return [row for row in found if row["reports"] > row["usual"] + DEVIATIONS * sqrt(row["usual"])][:MOST]


def _usual(connection: sqlite3.Connection, row: Row, since: float) -> float:
    days = DAYS * 24 * HOUR
    values = {"area": row["area"], "category": row["category"], "from": since - days, "since": since}
    (before,) = connection.execute(_BEFORE, values).fetchone()
    return round(float(before) * WINDOW / days, 2)
