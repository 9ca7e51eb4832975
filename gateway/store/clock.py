"""What the store does by the clock, and where that was wrong: plain SQL on the writing connection.

A time that lies in the future when it is read was written while the clock was ahead. What counts from such a time
would wait until the clock is there again; it is brought back to now, and what was to last keeps its duration.
"""

import sqlite3

from gateway.store import fetches

DAY = 86_400.0
#: Longer between two looks, and the gateway stood still or the clock leapt.
UNSEEN_SECONDS = 2 * DAY
#: No filing that failed waits for longer.
LONGEST_SECONDS = 2 * 3600.0
GRACE_SECONDS = 7 * DAY


def date_timers(connection: sqlite3.Connection, now: float) -> None:
    """Note when new timers were set: their duration is to be known."""
    connection.execute("UPDATE timers SET set_at = ? WHERE set_at IS NULL", (now,))


def clock_was_set(connection: sqlite3.Connection, seconds: float, now: float) -> None:
    """The clock was set by so many seconds, and it is `now` now. What it went back by is not taken off: rows that were
    written since then are right already, and all others lie in the future."""
    values = {"seconds": max(0.0, seconds), "now": now}
    connection.execute("UPDATE timers SET set_at = set_at + :seconds, due_at = due_at + :seconds", values)
    connection.execute("UPDATE timers SET due_at = :now + due_at - set_at, set_at = :now WHERE set_at > :now", values)
    connection.execute(
        "UPDATE notices SET due_at = :now WHERE state = 'due' AND due_at > :now"
        " AND max(created_at, coalesce(settled_at, 0)) > :now",
        values,
    )
    connection.execute("UPDATE statuses SET at = at + :seconds", values)
    connection.execute("UPDATE statuses SET at = :now WHERE at > :now", values)
    connection.execute(
        "UPDATE replies SET due_at = :now + due_at - max(created_at, coalesce(settled_at, 0)),"
        " created_at = min(created_at, :now), settled_at = min(settled_at, :now) WHERE state = 'due' AND due_at > :now"
        " AND max(created_at, coalesce(settled_at, 0)) > :now",
        values,
    )
    connection.execute(
        "UPDATE talks SET since = min(since, :now), heard_at = min(heard_at, :now) WHERE max(since, heard_at) > :now",
        values,
    )
    connection.execute(
        "UPDATE filings SET since = min(since, :now), due_at = iif(due_at > :now + :longest, :now, due_at)"
        " WHERE state = 'due'",
        values | {"longest": LONGEST_SECONDS},
    )
    fetches.clock_was_set(connection, now)


def hasten_replies(connection: sqlite3.Connection, channel: str, now: float) -> None:
    """What failed and waits for its next try is due now, before all that came later."""
    connection.execute(
        "UPDATE replies SET due_at = min(created_at, :now)"
        " WHERE channel = :channel AND state = 'due' AND due_at > created_at AND tries > 0",
        {"channel": channel, "now": now},
    )


def forget_statuses(connection: sqlite3.Connection, before: float) -> None:
    """The channel's words on replies that nobody ever knew, and on messages that were taken back."""
    connection.execute("DELETE FROM statuses WHERE at < ?", (before,))
    connection.execute("DELETE FROM taken_back WHERE at < ?", (before,))


def is_steady(connection: sqlite3.Connection, now: float) -> bool:
    """Has the clock gone on as clocks do, and for a week since it last did not? Asked each day before what is old is
    destroyed, for a clock that leaps a year ahead makes everything old."""
    seen_at, steady_at = connection.execute("SELECT seen_at, steady_at FROM clock").fetchone() or (now, now)
    if not 0 <= now - seen_at <= UNSEEN_SECONDS:
        steady_at = now + GRACE_SECONDS
    connection.execute("INSERT OR REPLACE INTO clock(id, seen_at, steady_at) VALUES (1, ?, ?)", (now, steady_at))
    return bool(now >= steady_at)
