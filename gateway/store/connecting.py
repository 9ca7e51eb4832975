"""Opening the database to read it: a child that only reads loads no more than this."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gateway.store.contract import StoreUnavailable

FILE = "kanal.db"


def open_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection; it never checkpoints. Raises `StoreUnavailable`."""
    _refuse_without_log(path)
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
        connection.execute("PRAGMA query_only = 1")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot read {path.name}: {error}") from error
    return connection


def _refuse_without_log(path: Path) -> None:
    """Even a reader makes a WAL where none is: beside the index of one that was moved away it would be a false one."""
    log_file = path.with_name(f"{path.name}-wal")
    if path.with_name(f"{path.name}-shm").exists() and not log_file.exists():
        raise StoreUnavailable(f"cannot read {path.name}: {log_file.name} is gone")


def open_fingerprints(folder: Path) -> Iterator[bytes]:
    """What the duplicate index is built from: the fingerprints of all reports of open cases, oldest first."""
    connection = open_reader((folder / FILE).resolve())
    try:
        yield from (
            row[0]
            for row in connection.execute(
                'SELECT r.fingerprint FROM reports r JOIN cases c ON c.code = r."case"'
                " WHERE c.closed_at IS NULL ORDER BY r.seq"
            )
        )
    finally:
        connection.close()


def closed_fingerprints(folder: Path, since: float) -> Iterator[tuple[bytes, float]]:
    """Those of the cases that were closed since then (seconds since the epoch), and when that was, oldest first."""
    connection = open_reader((folder / FILE).resolve())
    try:
        yield from connection.execute(
            'SELECT r.fingerprint, c.closed_at FROM cases c JOIN reports r ON r."case" = c.code'
            " WHERE c.closed_at > ? ORDER BY c.closed_at",
            (since,),
        )
    finally:
        connection.close()
