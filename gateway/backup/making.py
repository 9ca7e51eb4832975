"""Makes a backup: first a snapshot of the database, then the files that its rows name, all under a name that nobody
takes for a backup until it is whole, checked and on disk."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from gateway import master
from gateway.backup import checking, copying, manifest
from gateway.backup.copying import Counted, Tell
from gateway.backup.keeping import draft_of, name_of
from gateway.backup.manifest import DATABASE, BackupError, File, Manifest
from gateway.durable import sync_directory
from gateway.store import named, snapshot, upgrade
from gateway.store.connecting import open_reader

#: What else of the data folder belongs to it; the latter only if asked for.
OVERLAYS = (
    "texts",
    "categories.toml",
    "categories.learnt.json",
    "units.toml",
    "clock.toml",
    "triage.toml",
    "bot.toml",
    "import.toml",
    "pages",
    "areas",
)
KEYS = (master.FILE, "secrets")


class Made(msgspec.Struct, frozen=True):
    """A backup that is there. `lost` are the bodies that should have been in the data folder but were not."""

    folder: Path
    manifest: Manifest
    digest: str
    lost: tuple[str, ...]


def source_of(data: Path) -> str:
    return f"{socket.gethostname()}:{data.resolve()}"


def make(data: Path, into: Path, with_keys: bool, tell: Tell) -> Made:
    """Back up a data folder, used or not, into a new folder below `into`. Raises `BackupError`, OSError,
    `StoreUnavailable` or sqlite3.Error; then nothing that looks like a backup is left."""
    made_at = datetime.now(UTC)
    final = into / name_of(made_at)
    draft = draft_of(final)
    if final.exists() or draft.exists():
        raise BackupError(f"{final} is there already, or just being made: wait a second")
    draft.mkdir(mode=0o700)
    try:
        told, lost = _fill(draft, data, made_at, with_keys, tell)
        digest = manifest.write(draft, told)
        copying.sync_folders(draft)
        checking.check(draft, told, tell)
        draft.rename(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync_directory(into)
    return Made(final, told, digest, lost)


def _fill(draft: Path, data: Path, made_at: datetime, with_keys: bool, tell: Tell) -> tuple[Manifest, tuple[str, ...]]:
    with closing(open_reader((data / DATABASE).resolve())) as connection:
        connection.execute("BEGIN")  # the moment of this backup, however long the copy takes
        upgrade.refuse_newer(connection)
        blobs = named.blobs(connection)
        _refuse_without_room(connection, data, draft, blobs)
        _copy_database(connection, draft / DATABASE, tell)
    files = [f"blobs/{name[:2]}/{name}" for name in blobs]
    copied, missing = _copy_files(
        draft, data, [*files, *_others(data, OVERLAYS + KEYS if with_keys else OVERLAYS)], tell
    )
    return _manifest(draft, data, made_at, copied, missing, tell), _lost(data, missing)


def _copy_database(connection: sqlite3.Connection, target: Path, tell: Tell) -> None:
    try:
        snapshot.copy(connection, target, lambda left, pages: tell("database", pages - left, pages))
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied: {error}") from error


def _refuse_without_room(connection: sqlite3.Connection, data: Path, draft: Path, blobs: Iterable[str]) -> None:
    (pages,), (size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    needed = pages * size + sum(_size(data / "blobs" / name[:2] / name) for name in blobs)
    free = shutil.disk_usage(draft).free
    if free < needed:
        raise BackupError(f"{draft.parent} has room for {free / 1e6:,.0f} MB; the backup takes {needed / 1e6:,.0f}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _others(data: Path, names: Iterable[str]) -> list[str]:
    """The files of those names, and below the folders of those names, that a backup takes."""
    found = [path for name in names for path in [data / name, *(data / name).rglob("*")] if path.is_file()]
    inside = (str(path.relative_to(data)) for path in sorted(found))
    return [name for name in inside if manifest.is_ours(name)]


def _copy_files(draft: Path, data: Path, files: list[str], tell: Tell) -> tuple[dict[str, File], tuple[str, ...]]:
    """Which were copied, and which were not there."""
    counted = Counted(tell, "files", sum(_size(data / name) for name in files))
    copied: dict[str, File] = {}
    for name in files:
        copying.make_parents(draft, name)
        try:
            copied[name] = copying.copy(data / name, draft / name, counted)
        except FileNotFoundError:
            (draft / name).unlink(missing_ok=True)
    return copied, tuple(name for name in files if name not in copied)


def _manifest(
    draft: Path, data: Path, made_at: datetime, copied: dict[str, File], missing: tuple[str, ...], tell: Tell
) -> Manifest:
    counted = Counted(tell, "hashing", (draft / DATABASE).stat().st_size)
    with closing(snapshot.open_copy(draft / DATABASE)) as connection:
        return Manifest(
            made_by=f"kanal {version('kanal')}",
            made_at=made_at,
            source=source_of(data),
            migrations=tuple(upgrade.applied(connection)),
            rows=checking.rows(connection),
            files={DATABASE: copying.measure(draft / DATABASE, counted), **copied},
            missing=missing,
        )


def _lost(data: Path, missing: tuple[str, ...]) -> tuple[str, ...]:
    """A body that went missing while it was copied was purged, unless a row names it still."""
    if not missing:
        return ()
    with closing(open_reader((data / DATABASE).resolve())) as connection:
        still = set(named.blobs(connection))
    return tuple(name for name in missing if os.path.basename(name) in still)  # noqa: PTH119 a name, no path
