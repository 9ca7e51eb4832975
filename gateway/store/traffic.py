"""What comes in and goes out by each channel: counted by indexes alone, however much is kept. Plain SQL over a reading
connection."""

import sqlite3
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]

STANDING = "state IN ('due', 'kept', 'failed', 'uncertain')"
#: What came from outside: a timer or a fetched file does not tell that somebody was heard.
_HEARD = "deliveries INDEXED BY deliveries_heard WHERE channel = :channel AND own = 0"
_IN = {
    "last_heard": f"SELECT received_at FROM {_HEARD} ORDER BY received_at DESC LIMIT 1",
    "came_in": f"SELECT count(*) FROM {_HEARD} AND received_at >= :since",
    "waiting": (
        "SELECT count(*) FROM deliveries INDEXED BY deliveries_waiting WHERE channel = :channel AND state = 'received'"
    ),
    "quarantined": (
        "SELECT count(*) FROM deliveries INDEXED BY deliveries_quarantined WHERE channel = :channel"
        " AND state = 'quarantined'"
    ),
    "last_sent": (
        "SELECT settled_at FROM replies INDEXED BY replies_settled WHERE channel = :channel AND settled_at IS NOT NULL"
        " AND state IN ('sent', 'delivered', 'read') ORDER BY settled_at DESC LIMIT 1"
    ),
    "oldest": (
        "SELECT min(at) FROM (SELECT * FROM (SELECT received_at AS at FROM deliveries INDEXED BY deliveries_waiting"
        " WHERE channel = :channel AND state = 'received' ORDER BY seq LIMIT 1) UNION ALL SELECT * FROM ("
        "SELECT created_at FROM replies INDEXED BY replies_standing WHERE channel = :channel AND state = 'due'"
        f" AND {STANDING} ORDER BY rowid LIMIT 1))"
    ),
    "went_out": (
        "SELECT count(*) FROM replies INDEXED BY replies_settled WHERE channel = :channel AND settled_at >= :since"
        " AND state IN ('sent', 'delivered', 'read')"
    ),
}
_STANDING = (
    f"SELECT state, count(*) FROM replies INDEXED BY replies_standing WHERE channel = ? AND {STANDING} GROUP BY state"
)


def traffic(connection: sqlite3.Connection, since: float) -> Iterator[Row]:
    """For each channel that ever had any: when it was last heard and when it took an answer for the last time (seconds;
    None if never), what came in and went out since then, what is due, kept, has failed, is uncertain or waits to be
    processed, and since when the oldest waits."""
    for channel in sorted(_channels(connection)):
        standing = dict(connection.execute(_STANDING, (channel,)).fetchall())
        found = {name: _one(connection, sql, channel, since) for name, sql in _IN.items()}
        yield {
            "channel": channel,
            **found,
            **{state: standing.get(state, 0) for state in ("due", "kept", "failed", "uncertain")},
        }


def _one(connection: sqlite3.Connection, sql: str, channel: str, since: float) -> Any:
    row = connection.execute(sql, {"channel": channel, "since": since}).fetchone()
    return row[0] if row else None


def _channels(connection: sqlite3.Connection) -> set[str]:
    """Each is looked for after the one before, so that no row is read."""
    found: set[str] = set()
    for table, condition in (("deliveries", "1"), ("replies", "settled_at IS NOT NULL"), ("replies", STANDING)):
        more = f"SELECT min(channel) FROM {table} WHERE {condition} AND channel"
        names = f"{more} > '' UNION ALL SELECT ({more} > c.name) FROM c WHERE c.name IS NOT NULL"
        rows = connection.execute(f"WITH RECURSIVE c(name) AS ({names}) SELECT name FROM c WHERE name IS NOT NULL")
        found |= {row[0] for row in rows}
    return found
