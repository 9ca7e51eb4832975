"""Who made some reports and none else, and what they were told: for what is to be forgotten."""

import sqlite3
from collections.abc import Sequence

import msgspec

_AMONG = "IN (SELECT value FROM json_each(?1))"
_STRANGERS = (
    f"SELECT DISTINCT r.contact FROM reports r WHERE r.id {_AMONG} AND r.contact <> '' AND NOT EXISTS"
    f" (SELECT 1 FROM reports o WHERE o.contact = r.contact AND o.key IS NOT NULL AND NOT o.id {_AMONG})"
)
#: A case is told of under the code of the one that it was joined into, or of the one that its report was parted from.
_TOLD_IN = (
    f"told_in(contact, code) AS (SELECT contact, \"case\" FROM reports WHERE id {_AMONG} AND contact <> '' UNION"
    " SELECT t.contact, coalesce(json_extract(h.detail, '$.into'), json_extract(h.detail, '$.parted_from'))"
    " FROM told_in t JOIN history h ON h.\"case\" = t.code WHERE h.event IN ('joined', 'opened'))"
)
_REPORTS_ELSE = (
    'SELECT 1 FROM reports o WHERE o.contact = y.contact AND o."case" = y."case" AND o.key IS NOT NULL'
    f" AND NOT o.id {_AMONG}"
)


def strangers(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """Who made these reports and no other that is kept."""
    return [row[0] for row in connection.execute(_STRANGERS, (_json(reports),))]


def replies(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """What was said to who made these reports about them, and all that was said to those who are strangers without
    them. What tells of another report of theirs that is kept is not among it."""
    sql = (
        f'WITH RECURSIVE {_TOLD_IN} SELECT y.id FROM told_in t JOIN replies y ON y."case" = t.code'
        f" AND y.contact = t.contact WHERE y.key IS NOT NULL AND NOT EXISTS ({_REPORTS_ELSE})"
        f" UNION SELECT id FROM replies WHERE key IS NOT NULL AND contact IN ({_STRANGERS})"
    )
    return [row[0] for row in connection.execute(sql, (_json(reports),))]


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
