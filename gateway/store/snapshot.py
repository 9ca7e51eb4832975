"""A copy of the database at one moment, by SQLite's backup API (sqlite.org/backup.html), which asks for no pause of
those who write."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGES_AT_ONCE = 1024

#: Called with the pages that are left and those there are in all.
Progress = Callable[[int, int], None]


def copy(source: sqlite3.Connection, target: Path, progress: Progress | None = None) -> None:
    """Write a new file, with mode 0600, fsynced; its name is not, yet. The connection's transaction, if it has one
    open, says which moment it is, however long it takes: without one every foreign write would begin it anew. Raises
    OSError or sqlite3.Error; then there is no file."""
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _fill(source, target, progress)
        os.fsync(descriptor)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _fill(source: sqlite3.Connection, target: Path, progress: Progress | None) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copied:
        copied.execute("PRAGMA journal_mode = OFF")  # a copy that fails is thrown away
        copied.execute("PRAGMA synchronous = OFF")
        source.backup(copied, pages=PAGES_AT_ONCE, progress=progress and (lambda _, left, all_: progress(left, all_)))


def open_copy(path: Path) -> sqlite3.Connection:
    """A copy that nobody changes, to be read: nothing is written beside it. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def faults(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong when it looks at every page and index; nothing, if all is well."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if found == ["ok"] else found
