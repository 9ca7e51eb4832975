"""Between a program and a store of another version: forward with a copy first, never back."""

import sqlite3
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import structlog

from gateway.durable import sync_directory
from gateway.store import schema, snapshot
from gateway.store.contract import StoreUnavailable
from gateway.store.schema import NOTHING_IN_CLEAR

COPY = ".before-"

log = structlog.get_logger()


def applied(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that a store has been through, in order."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return []
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid"
    return [row[0] for row in connection.execute(sql, (schema.SET,))]


def pending(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that it has still to go through."""
    gone_through = set(applied(connection))
    return [one.__name__ for one in schema.MIGRATIONS if one.__name__ not in gone_through]


def apply(connection: sqlite3.Connection, stop_before: str | None = None) -> None:
    """Bring a store up to date, or as far as to the migration `stop_before`."""
    if not pending(connection):
        return
    from sqlite_utils import Database, Migrations  # noqa: PLC0415  (slow to load, and needed once per version)

    migrations = Migrations(schema.SET)
    for one in schema.MIGRATIONS:
        migrations()(one)
    migrations.apply(Database(connection, execute_plugins=False), stop_before=stop_before)


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raises `StoreUnavailable` if a program that knows more than this one has changed the store."""
    known = {one.__name__ for one in schema.MIGRATIONS}
    if unknown := [name for name in applied(connection) if name not in known]:
        raise StoreUnavailable(
            f"the data were written by a newer Kanal (kanal {version('kanal')} does not know {', '.join(unknown)}):"
            " install that version, or restore a backup that this one made"
        )


def refuse_other(connection: sqlite3.Connection) -> None:
    """For those who only look: raises `StoreUnavailable` unless the store is of this program's version."""
    refuse_newer(connection)
    if not applied(connection):
        raise StoreUnavailable("kanal.db holds nothing of Kanal's: restore a backup, or start the gateway once")
    if pending(connection):
        raise StoreUnavailable(
            "the data are still of an older Kanal: start the gateway once with this version, which copies them and"
            " brings them up to date"
        )


def is_sealed(applied_: Iterable[str]) -> bool:
    """Is a store that went through these migrations sealed?"""
    return NOTHING_IN_CLEAR in applied_


def copy_before(connection: sqlite3.Connection, path: Path) -> None:
    """If migrations are due to a store that is in use, put a copy of the database beside it before the first of them,
    as in kanal.db.before-m004_name. Raises `StoreUnavailable`; then nothing has changed."""
    due = pending(connection)
    if not due or not applied(connection):
        return
    copy = path.with_name(f"{path.name}{COPY}{due[0]}")
    log.info("the data are of an older version: copying them before they are brought up to date", where=copy.name)
    try:
        _put_copy(connection, copy)
    except (OSError, sqlite3.Error) as error:
        size = path.stat().st_size
        raise StoreUnavailable(
            f"the data must be copied before they are brought up to date, which takes {size / 1e6:,.0f} MB beside"
            f" {path.name}: {getattr(error, 'strerror', None) or error}"
        ) from error
    said = "copied; remove the copy once all is well with this version"
    if NOTHING_IN_CLEAR in due:
        said += ": names, numbers and words stand in clear in it"
    log.warning(said, where=copy.name, size=copy.stat().st_size)


def _put_copy(connection: sqlite3.Connection, copy: Path) -> None:
    """One that a start made which then was cut short is replaced: the store may have been used since."""
    draft = copy.with_name(f".{copy.name}")
    draft.unlink(missing_ok=True)
    snapshot.copy(connection, draft)
    draft.rename(copy)
    sync_directory(copy.parent)


def copies(folder: Path) -> list[Path]:
    """The copies that former upgrades have left in a data folder."""
    return sorted(folder.glob(f"*.db{COPY}*"))
