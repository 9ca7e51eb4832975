"""Deliveries that could not be processed: plain SQL over a reading connection."""

import sqlite3
from typing import Any

Row = dict[str, Any]

#: Above the number of any delivery.
NEWEST = 1 << 62
_FROM = "FROM deliveries INDEXED BY deliveries_quarantined WHERE state = 'quarantined'"
_OF = "(:channel = '' OR channel = :channel)"


def rows(connection: sqlite3.Connection, channel: str, before: int, limit: int) -> list[Row]:
    """The newest first, of a channel or ("") of all; only those with a number below `before`."""
    sql = (
        "SELECT seq, channel, received_at, size, tries, stage, reason, settled_at"
        f" {_FROM} AND {_OF} AND seq < :before ORDER BY seq DESC LIMIT :limit"
    )
    return _rows(connection, sql, {"channel": channel, "before": before, "limit": limit})


def reasons(connection: sqlite3.Connection, channel: str) -> list[Row]:
    """How many failed alike, the most first."""
    sql = f"SELECT channel, stage, reason, count(*) AS count {_FROM} AND {_OF} GROUP BY 1, 2, 3 ORDER BY count DESC"
    return _rows(connection, sql, {"channel": channel})


def alike(connection: sqlite3.Connection, channel: str, stage: str, reason: str) -> list[int]:
    """The numbers of those of a channel that failed so, in order of arrival."""
    sql = f"SELECT seq {_FROM} AND channel = ? AND coalesce(stage, '') = ? AND coalesce(reason, '') = ? ORDER BY seq"
    return [row[0] for row in connection.execute(sql, (channel, stage, reason))]


def _rows(connection: sqlite3.Connection, sql: str, values: Row) -> list[Row]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]
