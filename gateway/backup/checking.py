"""Is a backup whole? Every file is read, and the database is looked through page by page."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from gateway.backup.copying import Counted, Tell, measure
from gateway.backup.manifest import DATABASE, BackupError, File, Manifest
from gateway.store import snapshot, upgrade

MOST_TOLD = 10


def check(folder: Path, manifest: Manifest, tell: Tell) -> None:
    """Raises `BackupError` with all that is not as the manifest says."""
    counted = Counted(tell, "checking", manifest.size)
    wrong = [fault for name, file in manifest.files.items() if (fault := _fault(folder, name, file, counted))]
    wrong = wrong or list(_faults_of_database(folder / DATABASE, manifest))
    if wrong:
        more = [f"… and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise BackupError("\n  ".join([f"{folder} is damaged:", *wrong[:MOST_TOLD], *more]))


def _fault(folder: Path, name: str, promised: File, counted: Counted) -> str | None:
    try:
        found = measure(folder / name, counted)
    except OSError as error:
        return f"{name}: {error.strerror}"
    if found.size != promised.size:
        return f"{name}: has {found.size} bytes instead of {promised.size}"
    return None if found == promised else f"{name}: its bytes are not those that were written"


def _faults_of_database(file: Path, manifest: Manifest) -> Iterator[str]:
    try:
        with closing(snapshot.open_copy(file)) as connection:
            yield from (f"{DATABASE}: {fault}" for fault in snapshot.faults(connection))
            if tuple(upgrade.applied(connection)) != manifest.migrations or rows(connection) != manifest.rows:
                yield f"{DATABASE}: it does not hold what the manifest says"
    except sqlite3.Error as error:
        yield f"{DATABASE}: {error}"


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = sorted(row[0] for row in tables)
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
