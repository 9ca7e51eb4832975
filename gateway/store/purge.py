"""Forgets what has been kept for long enough: what came in, byte for byte, and then who reported and in which words.

What has to be forgotten is found and destroyed in small transactions, so that what comes in is not held up.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.store import destroy

DAY = 86_400.0
AT_ONCE = 200
#: A file whose row is not committed yet is younger than this.
ORPHAN_SECONDS = DAY


class Retention(msgspec.Struct, frozen=True):
    """Days that a channel's raw deliveries, and after their case was closed its people, are kept; 0 for ever."""

    raw_days: int
    person_days: int


class Overdue(msgspec.Struct):
    """What has been kept for long enough. `contacts` are counted as those who would be nobody's reporter any more."""

    deliveries: list[int] = []
    reports: list[str] = []
    replies: list[str] = []
    contacts: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.deliveries or self.reports or self.replies or self.contacts)


def overdue(connection: sqlite3.Connection, channel: str, kept: Retention, now: float, limit: int = AT_ONCE) -> Overdue:
    """At most `limit` deliveries and reports of a channel whose time is over, with what belongs to them."""
    found = Overdue()
    if kept.raw_days:
        found.deliveries = _old_deliveries(connection, channel, "done", now - kept.raw_days * DAY, limit)
    if kept.person_days:
        since = now - kept.person_days * DAY
        found.deliveries += _old_deliveries(connection, channel, "quarantined", since, limit)
        found.reports = _old_reports(connection, channel, since, limit)
        found.replies = _replies(connection, found.reports)
        found.contacts = _strangers(connection, found.reports)
    return found


def forget(connection: sqlite3.Connection, found: Overdue) -> list[str]:
    """Within the writer's transaction; returns the names of files that are not needed any more."""
    files = destroy.deliveries(connection, found.deliveries, "kept for long enough")
    destroy.replies(connection, found.replies)
    destroy.reports(connection, found.reports)
    destroy.contacts(connection, found.contacts)
    return files


def orphans(connection: sqlite3.Connection, blobs: Path, now: float) -> Iterator[Path]:
    """Files that no row names: what a process that was killed, or a purge that was, left behind."""
    old = [path for path in blobs.glob("*/*") if path.stat().st_mtime < now - ORPHAN_SECONDS]
    named = connection.execute(
        "SELECT blob FROM deliveries WHERE blob IS NOT NULL UNION ALL"
        " SELECT json_extract(detail, '$.proof') FROM history WHERE event = 'moved'"
    )
    names = {row[0] for row in named}
    yield from (path for path in old if path.name not in names)


def _old_deliveries(connection: sqlite3.Connection, channel: str, state: str, before: float, limit: int) -> list[int]:
    sql = (
        "SELECT seq FROM deliveries WHERE channel = ? AND state = ? AND received_at < ? AND key IS NOT NULL"
        " ORDER BY seq LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (channel, state, before, limit))]


def _old_reports(connection: sqlite3.Connection, channel: str, before: float, limit: int) -> list[str]:
    sql = (
        'SELECT r.id FROM reports r JOIN cases c ON c.code = r."case" WHERE r.channel = ? AND r.key IS NOT NULL'
        " AND c.closed_at < ? ORDER BY r.seq LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (channel, before, limit))]


def _replies(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    sql = (
        'SELECT y.id FROM reports r JOIN replies y ON y."case" = r."case" AND y.contact = r.contact'
        f" WHERE r.id IN ({_marks(reports)}) AND y.key IS NOT NULL"
    )
    return [row[0] for row in connection.execute(sql, reports)]


def _strangers(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """Who made these reports and, once they are forgotten, none that is kept."""
    mine = f"SELECT contact FROM reports WHERE id IN ({_marks(reports)})"
    others = f"SELECT contact FROM reports WHERE key IS NOT NULL AND id NOT IN ({_marks(reports)})"
    sql = f"SELECT id FROM contacts WHERE id IN ({mine}) AND id NOT IN ({others})"
    return [row[0] for row in connection.execute(sql, (*reports, *reports))]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
