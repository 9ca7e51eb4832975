"""Forgets what has been kept for long enough: what came in, byte for byte, and then who reported and in which words.

What has to be forgotten is found by a reader, looked at again by the writer, for it may have changed meanwhile, and
destroyed in small transactions, so that what comes in is not held up.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.store import copies, destroy, named, told

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


def overdue(
    connection: sqlite3.Connection,
    channel: str,
    kept: Retention,
    now: float,
    limit: int = AT_ONCE,
    among: Overdue | None = None,
) -> Overdue:
    """At most `limit` deliveries and reports of a channel whose time is over (of those `among` which to look), with
    what belongs to them. A report's deliveries go with it, however long the bytes of others are kept."""
    found = Overdue()
    seqs, ids = (among.deliveries, among.reports) if among else (None, None)
    if kept.raw_days:
        found.deliveries = _old_deliveries(connection, channel, "done", now - kept.raw_days * DAY, limit, seqs)
    if kept.person_days:
        since = now - kept.person_days * DAY
        found.deliveries += _old_deliveries(connection, channel, "quarantined", since, limit, seqs)
        found.reports = _old_reports(connection, channel, since, limit, ids)
        found.deliveries += set(_theirs_alone(connection, found.reports)).difference(found.deliveries)
        found.replies = told.replies(connection, found.reports)
        found.contacts = told.strangers(connection, found.reports)
    return found


def forget(connection: sqlite3.Connection, found: Overdue) -> list[str]:
    """Within the writer's transaction; returns the names of files that are not needed any more."""
    files = destroy.deliveries(connection, found.deliveries, "kept for long enough")
    files += copies.disown(connection, found.reports)
    destroy.replies(connection, found.replies)
    destroy.reports(connection, found.reports)
    destroy.contacts(connection, found.contacts)
    return files


def orphans(connection: sqlite3.Connection, blobs: Path, now: float) -> Iterator[Path]:
    """Files that no row names: what a process that was killed, or a purge that was, left behind."""
    old = [path for path in blobs.glob("*/*") if path.stat().st_mtime < now - ORPHAN_SECONDS]
    names = set(named.blobs(connection))
    yield from (path for path in old if path.name not in names)


def _old_deliveries(
    connection: sqlite3.Connection, channel: str, state: str, before: float, limit: int, among: Sequence[int] | None
) -> list[int]:
    sql = (
        "SELECT seq FROM deliveries WHERE channel = ? AND state = ? AND received_at < ? AND key IS NOT NULL"
        f"{_within('seq', among)} ORDER BY seq LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (channel, state, before, *(among or ()), limit))]


def _old_reports(
    connection: sqlite3.Connection, channel: str, before: float, limit: int, among: Sequence[str] | None
) -> list[str]:
    sql = (
        'SELECT r.id FROM reports r JOIN cases c ON c.code = r."case" WHERE r.channel = ? AND r.key IS NOT NULL'
        f" AND c.closed_at < ?{_within('r.id', among)} ORDER BY r.seq LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (channel, before, *(among or ()), limit))]


def _within(column: str, among: Sequence[object] | None) -> str:
    return "" if among is None else f" AND {column} IN ({','.join('?' * len(among))})"


def _theirs_alone(connection: sqlite3.Connection, reports: Sequence[str]) -> list[int]:
    """The deliveries that these reports came in by, unless they hold a report that is kept, or somebody else's
    message."""
    ids = msgspec.json.encode(reports).decode()
    those = "IN (SELECT value FROM json_each(?1))"
    sql = (
        "SELECT DISTINCT d.seq FROM reports r JOIN messages m ON m.report = r.id JOIN deliveries d ON d.seq = m.seq"
        f" WHERE r.id {those} AND d.state = 'done' AND d.key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages o"
        f" LEFT JOIN reports k ON k.id = o.report WHERE o.seq = d.seq AND coalesce(o.report, '') NOT {those}"
        " AND (k.key IS NOT NULL OR o.contact <> r.contact))"
    )
    return [row[0] for row in connection.execute(sql, (ids,))]
