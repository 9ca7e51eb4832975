"""What makes the writing connection durable, and how it can be asked for that."""

import sqlite3

from gateway.store.contract import StoreUnavailable

#: The oldest SQLite that has all we use (ALTER TABLE … DROP COLUMN).
OLDEST = (3, 35, 0)
#: From here on it does not matter how many connections write and checkpoint (the WAL-reset bug, sqlite.org/wal.html).
WAL_RESET_MENDED = (3, 51, 3)
ASKED = ("journal_mode", "synchronous", "wal_autocheckpoint")
FULL = 2


def of(connection: sqlite3.Connection) -> dict[str, str | int]:
    """The pragmas of a connection, by name."""
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ASKED}


def assure(connection: sqlite3.Connection) -> None:
    """Raises `StoreUnavailable` where an acknowledgement would not mean that something is on disk."""
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old: {needed} or newer is needed")
    if faults := wrong(of(connection)):
        raise StoreUnavailable("; ".join(faults))


def wrong(pragmas: dict[str, str | int]) -> list[str]:
    """What of a writing connection's pragmas is not as it must be."""
    said = []
    if pragmas["journal_mode"] != "wal":
        said.append("its file system cannot share memory, which SQLite's WAL needs: put the data on a local disk")
    if pragmas["synchronous"] != FULL:
        said.append("synchronous is not FULL: what is acknowledged might not survive a power cut")
    return said
