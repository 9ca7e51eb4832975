"""Copies of files for viewing: one for each content, however many reports it came with.

A file is known by the keyed hash of its digest, its copy is sealed under a key of its own, and reports own it: with the
last one's words that key is destroyed, whoever else's were before. Plain SQL, on whatever connection is given.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from gateway.store import rows
from gateway.store.blobs import Blobs
from gateway.store.contract import ReportRow
from gateway.vault import CannotOpen, Vault
from normalizer.persons.masking import masked
from normalizer.report import Report

_COLUMNS = "name, state, due_at, tries, key, blob, size, scan, signature, image"
_OWNERS = "SELECT report FROM file_owners WHERE file = ?"
_LACKING = (
    f"SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r.id IN ({_OWNERS}) AND r.key IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM json_each(?) WHERE value NOT IN (SELECT t.value FROM json_each(r.data, '$.triage') t))"
    " LIMIT ?"
)


class State(StrEnum):
    """A file is NEW until it was looked at, and then has a copy for viewing (KEPT) or NONE."""

    NEW = "new"
    KEPT = "kept"
    NONE = "none"


class Scan(StrEnum):
    """What a scanner for malware said."""

    CLEAN = "clean"
    INFECTED = "infected"
    REFUSED = "refused"


class FileRow(msgspec.Struct, frozen=True):
    """`due_at` is when something is to be done about it; `blob` names its copy, sealed under `key`; `image` is what a
    photo shows, if that tells it from others (see `gateway.naming.image_name`)."""

    name: str
    state: State
    due_at: float | None
    tries: int
    key: bytes | None
    blob: str | None
    size: int | None
    scan: Scan | None
    signature: str | None
    image: str | None = None


class FileStore(Protocol):
    """What a store promises of files and their copies."""

    def report(self, identity: str) -> ReportRow | None:
        """A report with all its words, unless they were destroyed or damaged."""

    def file(self, name: str) -> FileRow | None: ...

    def due_files(self, now: float, limit: int) -> list[FileRow]:
        """Files about which something is to be done, the one that waits longest first."""

    def file_owners(self, name: str) -> list[str]:
        """The ids of the reports that a file came with."""

    async def change_file(self, file: FileRow, doubts: tuple[str, ...] = ()) -> None:
        """What is known of a file now, and what its reports are doubted for; a copy that it does not name any more is
        removed. Nothing happens if nobody owns it any more. Raises `StoreUnavailable`."""

    async def keep_copy(self, file: FileRow, content: bytes) -> FileRow:
        """The copy of a file, sealed and on disk; it is the caller's to `change_file` to what is returned. Raises
        `StoreUnavailable`."""

    async def copy(self, file: FileRow) -> bytes | None:
        """The copy of a file; None if there is none, or the disk lost or damaged it."""

    async def scan_all_files(self, now: float) -> None:
        """What was kept before there was a scanner is due for it."""


def about(name: str) -> bytes:
    """What a copy is bound to."""
    return rows.about("copy", name)


def own(connection: sqlite3.Connection, new: Iterable[ReportRow], now: float) -> None:
    """The reports own their files from now on; of each that is new a copy is due."""
    owned = [(file, row.report.id) for row in new for file in _names(row.masked or masked(row.report))]
    connection.executemany(
        f"INSERT OR IGNORE INTO files (name, state, due_at) VALUES (?, '{State.NEW}', {now!r})",
        [(file,) for file, _ in owned],
    )
    connection.executemany("INSERT OR IGNORE INTO file_owners (file, report) VALUES (?, ?)", owned)


def _names(report: Report) -> Iterable[str]:
    return (one.digest for one in report.attachments if one.digest)


def get(connection: sqlite3.Connection, name: str) -> FileRow | None:
    found = connection.execute(f"SELECT {_COLUMNS} FROM files WHERE name = ?", (name,)).fetchone()
    return _row(found) if found else None


def due(connection: sqlite3.Connection, now: float, limit: int) -> list[FileRow]:
    sql = f"SELECT {_COLUMNS} FROM files WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?"
    return list(map(_row, connection.execute(sql, (now, limit)).fetchall()))


def owners(connection: sqlite3.Connection, name: str) -> list[str]:
    """The ids of the reports that it came with."""
    return [row[0] for row in connection.execute(_OWNERS, (name,)).fetchall()]


def owned_by(connection: sqlite3.Connection, report: str) -> list[FileRow]:
    sql = f"SELECT {_COLUMNS} FROM files WHERE name IN (SELECT file FROM file_owners WHERE report = ?) ORDER BY name"
    return list(map(_row, connection.execute(sql, (report,)).fetchall()))


def opened(vault: Vault, blobs: Blobs, file: FileRow) -> bytes | None:
    """A file's copy; None if there is none, or the disk lost or damaged it."""
    if file.key is None or file.blob is None:
        return None
    try:
        return vault.key(file.key).open(blobs.get(file.blob), about(file.name))
    except (OSError, CannotOpen):
        return None


def change(connection: sqlite3.Connection, file: FileRow) -> bool:
    """Put it in the place of what is known of the file; False if nobody owns it any more."""
    values = msgspec.structs.astuple(file)
    setting = ", ".join(f"{column} = ?" for column in _COLUMNS.split(", ")[1:])
    return connection.execute(f"UPDATE files SET {setting} WHERE name = ?", (*values[1:], file.name)).rowcount == 1


def scan_all(connection: sqlite3.Connection, now: float) -> None:
    """What was kept before there was a scanner is due for it."""
    connection.execute("UPDATE files SET due_at = ? WHERE scan IS NULL AND due_at IS NULL", (now,))


def disown(connection: sqlite3.Connection, reports: Sequence[str]) -> list[str]:
    """These reports own nothing any more; returns the names of the copies that nobody owns, whose keys are gone."""
    these = msgspec.json.encode(reports).decode()
    among = "IN (SELECT value FROM json_each(?))"
    theirs = [
        row[0]
        for row in connection.execute(
            f"SELECT DISTINCT file FROM file_owners WHERE report {among}", (these,)
        ).fetchall()
    ]
    connection.execute(f"DELETE FROM file_owners WHERE report {among}", (these,))
    nobodys = f"FROM files WHERE name {among} AND NOT EXISTS (SELECT 1 FROM file_owners o WHERE o.file = files.name)"
    names = msgspec.json.encode(theirs).decode()
    copies = [row[0] for row in connection.execute(f"SELECT blob {nobodys} AND blob IS NOT NULL", (names,)).fetchall()]
    connection.execute(f"DELETE {nobodys}", (names,))
    return copies


def doubt(connection: sqlite3.Connection, vault: Vault, name: str, doubts: Sequence[str], limit: int) -> int:
    """Add to the triage of some reports that a file came with and that lack it; returns of how many. One that the disk
    damaged says it in clear alone."""
    found = connection.execute(_LACKING, (name, msgspec.json.encode(doubts).decode(), limit)).fetchall()
    for row in found:
        known, is_whole = rows.readable_report(vault, row)
        in_clear = _doubted(known.masked or masked(known.report), doubts)
        data, sealed = msgspec.json.encode(in_clear).decode(), row[-1]
        if is_whole:
            data, sealed = rows.words(vault.key(row[-2]), _doubted(known.report, doubts), in_clear)
        connection.execute("UPDATE reports SET data = ?, sealed = ? WHERE id = ?", (data, sealed, in_clear.id))
    return len(found)


def _doubted(report: Report, doubts: Sequence[str]) -> Report:
    return msgspec.structs.replace(report, triage=tuple(dict.fromkeys((*report.triage, *doubts))))


def _row(found: rows.Row) -> FileRow:
    name, state, due_at, tries, key, blob, size, scan, signature, image = found
    said = Scan(scan) if scan else None
    return FileRow(name, State(state), due_at, tries, key, blob, size, said, signature, image)
