"""Where the machine put the reports of open cases: plain SQL over a reading connection."""

import sqlite3
from collections.abc import Iterator

import msgspec

_REPORTS = 'reports r JOIN cases c ON c.code = r."case"'
_OPEN = "c.closed_at IS NULL AND r.received_at >= :since"
_LAST = "SELECT max(seq) FROM links WHERE report = r.id AND actor = 'kanal'"
_STANDING = (
    "SELECT r.id, coalesce(c.joined_into, c.code), r.fingerprint, l.kind, coalesce(d.joined_into, d.code)"
    f" FROM {_REPORTS} LEFT JOIN links l ON l.seq = ({_LAST}) LEFT JOIN reports o ON o.id = l.other"
    f' LEFT JOIN cases d ON d.code = o."case" WHERE {_OPEN} ORDER BY r.seq'
)


class Standing(msgspec.Struct, frozen=True):
    """A report of an open case, where it is now: `kind` is what the machine said of it last, of a report that is in the
    case `other` now; None if it said nothing."""

    report: str
    case: str
    fingerprint: bytes
    kind: str | None
    other: str | None


def count(connection: sqlite3.Connection, since: float) -> int:
    (found,) = connection.execute(f"SELECT count(*) FROM {_REPORTS} WHERE {_OPEN}", {"since": since}).fetchone()
    return int(found)


def standings(connection: sqlite3.Connection) -> Iterator[Standing]:
    """All there are, in the order in which they came in."""
    return (Standing(*row) for row in connection.execute(_STANDING, {"since": 0.0}))


def some(connection: sqlite3.Connection, since: float, after: int, limit: int) -> list[tuple[int, str]]:
    """At most so many, with their numbers, of those with a number above `after`."""
    sql = f"SELECT r.seq, r.id FROM {_REPORTS} WHERE {_OPEN} AND r.seq > :after ORDER BY r.seq LIMIT :limit"
    return connection.execute(sql, {"since": since, "after": after, "limit": limit}).fetchall()
