"""Opening the database to write: by one connection only, once its schema is up to date and all of it is sealed."""

import sqlite3
from pathlib import Path

from gateway.store import keyring, pragmas, sealing, upgrade
from gateway.store.contract import StoreUnavailable
from gateway.store.disk import words
from gateway.store.schema import NOTHING_IN_CLEAR

CHECKPOINT_PAGES = 16000


def open_writer(path: Path, master: bytes) -> sqlite3.Connection:
    """The one writing connection, its schema up to date and all of it sealed. Raises `StoreUnavailable`."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot open {path.name}: {error}") from error
    try:
        _prepare(connection, path, master)
    except sqlite3.Error as error:
        connection.close()
        raise StoreUnavailable(f"cannot open {path.name}: {words(error)}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, master: bytes) -> None:
    upgrade.refuse_newer(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA secure_delete = ON")
    pragmas.assure(connection)
    if upgrade.applied(connection):
        _bring_up(connection, path, master)
    else:
        _make(connection, master)
    if sealing.is_to_be_finished(connection):
        sealing.finish(connection, path.parent / "blobs")


def _make(connection: sqlite3.Connection, master: bytes) -> None:
    """A new store, in one transaction: nothing was ever in clear in it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        upgrade.apply(connection)
        keyring.make(connection, master)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()  # SQLite may have done it itself, as where the disk is full
        raise


def _bring_up(connection: sqlite3.Connection, path: Path, master: bytes) -> None:
    upgrade.copy_before(connection, path)
    if NOTHING_IN_CLEAR in upgrade.pending(connection):
        upgrade.apply(connection, stop_before=NOTHING_IN_CLEAR)
        _seal(connection, path, master)
    upgrade.apply(connection)


def _seal(connection: sqlite3.Connection, path: Path, master: bytes) -> None:
    """A store that is new, or of an older Kanal, is given its keys; what that kept in clear is sealed."""
    is_old = sealing.is_needed(connection)
    if not keyring.is_made(connection):
        connection.execute("BEGIN IMMEDIATE")
        keyring.make(connection, master, lookup=master if is_old else None)
        connection.execute("COMMIT")
    if is_old:
        sealing.seal_all(connection, keyring.opened(connection, master), path.parent / "blobs")
