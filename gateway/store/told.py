"""Who may be reached about some reports or in some talks and nowhere else, and what they were told: for what is to be
forgotten."""

import sqlite3
from collections.abc import Sequence

import msgspec

_AMONG = "IN (SELECT value FROM json_each(?1))"
_TALKS = "IN (SELECT value FROM json_each(?2))"
_STRANGERS = (
    f"SELECT n.contact FROM (SELECT contact FROM reports WHERE id {_AMONG} AND contact <> '' UNION"
    f" SELECT contact FROM also WHERE report {_AMONG} UNION SELECT contact FROM talks WHERE id {_TALKS}) n"
    " WHERE NOT EXISTS (SELECT 1 FROM people o JOIN reports k ON k.id = o.report WHERE o.contact = n.contact"
    f" AND k.key IS NOT NULL AND NOT k.id {_AMONG})"
    f" AND NOT EXISTS (SELECT 1 FROM talks t WHERE t.contact = n.contact AND NOT t.id {_TALKS})"
)
#: A case is told of under the code of the one that it was joined into, or of the one that its report was parted from.
_TOLD_IN = (
    'told_in(contact, code) AS (SELECT p.contact, r."case" FROM people p JOIN reports r ON r.id = p.report'
    f" WHERE r.id {_AMONG} UNION"
    " SELECT t.contact, coalesce(json_extract(h.detail, '$.into'), json_extract(h.detail, '$.parted_from'))"
    " FROM told_in t JOIN history h ON h.\"case\" = t.code WHERE h.event IN ('joined', 'opened'))"
)
_REPORTS_ELSE = (
    'SELECT 1 FROM people p JOIN reports o ON o.id = p.report WHERE p.contact = y.contact AND o."case" = y."case"'
    f" AND o.key IS NOT NULL AND NOT o.id {_AMONG}"
)


def talks(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """The talks about these reports."""
    return [row[0] for row in connection.execute(f"SELECT id FROM talks WHERE report {_AMONG}", (_json(reports),))]


def strangers(connection: sqlite3.Connection, reports: Sequence[str], talks: Sequence[str]) -> list[str]:
    """Who made these reports, was named in them as further addresses, or was talked with, and is in no other report
    or talk that is kept."""
    return [row[0] for row in connection.execute(_STRANGERS, (_json(reports), _json(talks)))]


def replies(connection: sqlite3.Connection, reports: Sequence[str], talks: Sequence[str]) -> list[str]:
    """What was said to who made these reports about them, what was said in these talks about no case, and all that was
    said to those who are strangers without them. What tells of another report of theirs that is kept is not among it.
    """
    sql = (
        f'WITH RECURSIVE {_TOLD_IN} SELECT y.id FROM told_in t JOIN replies y ON y."case" = t.code'
        f" AND y.contact = t.contact WHERE y.key IS NOT NULL AND NOT EXISTS ({_REPORTS_ELSE})"
        " UNION SELECT y.id FROM talks t JOIN replies y ON y.contact = t.contact AND y.talk = t.id"
        f' WHERE t.id {_TALKS} AND y.key IS NOT NULL AND y."case" IS NULL'
        f" UNION SELECT id FROM replies WHERE key IS NOT NULL AND contact IN ({_STRANGERS})"
    )
    return [row[0] for row in connection.execute(sql, (_json(reports), _json(talks)))]


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
