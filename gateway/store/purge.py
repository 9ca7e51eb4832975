"""Forgets what has been kept for long enough: what came in, byte for byte, and then who reported and in which words.

What has to be forgotten is found by a reader, looked at again by the writer, for it may have changed meanwhile, and
destroyed in small transactions, so that what comes in is not held up.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.store import copies, destroy, named, notes, told

DAY = 86_400.0
AT_ONCE = 200
#: A file whose row is not committed yet is younger than this.
ORPHAN_SECONDS = DAY
#: A talk that ended and was about no case is kept for so long, or as long as people are, if that is shorter.
TALK_DAYS = 30


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
    talks: list[str] = []
    answers: list[str] = []

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def overdue(
    connection: sqlite3.Connection,
    channel: str,
    kept: Retention,
    now: float,
    limit: int = AT_ONCE,
    among: Overdue | None = None,
) -> Overdue:
    """At most `limit` deliveries, reports, talks and answers of a channel whose time is over (of those `among` which to
    look), with what belongs to them. A report's deliveries go with it, however long the bytes of others are kept."""
    found = Overdue()
    seqs, ids, talks = (among.deliveries, among.reports, among.talks) if among else (None, None, None)
    answers = among.answers if among else None
    if kept.raw_days:
        found.deliveries = _old_deliveries(connection, channel, "done", now - kept.raw_days * DAY, limit, seqs)
    if kept.person_days:
        since = now - kept.person_days * DAY
        found.deliveries += _old_deliveries(connection, channel, "quarantined", since, limit, seqs)
        found.reports = _old_reports(connection, channel, since, limit, ids)
        found.talks = _old_talks(connection, channel, since, now - TALK_DAYS * DAY, limit, talks)
        found.talks += set(told.talks(connection, found.reports)).difference(found.talks)
        found.replies = told.replies(connection, found.reports, found.talks)
        found.contacts = told.strangers(connection, found.reports, found.talks)
        found.answers = _old_answers(connection, channel, since, limit, answers)
        theirs = {*_theirs_alone(connection, found.reports), *_unfiled(connection, found.contacts)}
        found.deliveries += theirs.difference(found.deliveries)
    return found


def forget(connection: sqlite3.Connection, found: Overdue) -> list[str]:
    """Within the writer's transaction; returns the names of files that are not needed any more."""
    files = destroy.deliveries(connection, found.deliveries, "kept for long enough")
    files += copies.disown(connection, found.reports)
    destroy.replies(connection, found.replies)
    notes.destroy(connection, notes.forgotten(connection, found.reports))
    destroy.reports(connection, found.reports)
    destroy.talks(connection, found.talks)
    destroy.answers(connection, found.answers)
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


def _old_talks(
    connection: sqlite3.Connection,
    channel: str,
    before: float,
    ended_before: float,
    limit: int,
    among: Sequence[str] | None,
) -> list[str]:
    """Those in which nothing was said for long: about an open case it may still go on."""
    is_quiet = f"t.channel = ? AND t.heard_at < ? AND t.since < ?{_within('t.id', among)}"
    sql = (
        f'SELECT t.id FROM talks t LEFT JOIN cases c ON c.code = t."case" WHERE {is_quiet}'
        " AND (c.code IS NULL OR c.closed_at IS NOT NULL)"
        f" UNION SELECT t.id FROM talks t WHERE {is_quiet} AND t.mode = 'ended' AND t.\"case\" IS NULL LIMIT ?"
    )
    ended = max(before, ended_before)
    ids = among or ()
    values = (channel, before, before, *ids, channel, ended, ended, *ids, limit)
    return [row[0] for row in connection.execute(sql, values)]


def _old_answers(
    connection: sqlite3.Connection, channel: str, before: float, limit: int, among: Sequence[str] | None
) -> list[str]:
    sql = f"SELECT id FROM answers WHERE channel = ? AND at < ?{_within('id', among)} ORDER BY at LIMIT ?"
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


def _unfiled(connection: sqlite3.Connection, contacts: Sequence[str]) -> list[int]:
    """The deliveries of what these people alone said and no report was made of."""
    those = "IN (SELECT value FROM json_each(?1))"
    sql = (
        f"SELECT DISTINCT d.seq FROM messages m JOIN deliveries d ON d.seq = m.seq WHERE m.contact {those}"
        " AND m.report IS NULL AND d.state = 'done' AND d.key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages o"
        f" LEFT JOIN reports k ON k.id = o.report WHERE o.seq = d.seq AND (k.key IS NOT NULL OR NOT o.contact {those}))"
    )
    return [row[0] for row in connection.execute(sql, (msgspec.json.encode(contacts).decode(),))]
