"""Puts a backup into a new data folder: checked before, hashed again on the way, the database last."""

import os
import shutil
from contextlib import closing
from pathlib import Path

from gateway.backup import checking, copying, manifest
from gateway.backup.copying import Counted, Tell
from gateway.backup.manifest import DATABASE, BackupError, Manifest
from gateway.data import RESTORING, DataDirectory
from gateway.durable import sync_directory, write_new
from gateway.master import FILE as KEY
from gateway.store import keyring, snapshot, upgrade
from gateway.store.contract import StoreUnavailable

#: What a folder may hold and still be called empty: a disk's own folder.
IGNORED = {"lost+found"}


def restore(backup: Path, folder: Path, tell: Tell, key: bytes | None = None) -> Manifest:
    """Put a backup into an empty or new folder; with `key`, that becomes its master key. Returns what was put there.
    Raises `BackupError`, `InUse` or OSError; then the folder is as empty as it was."""
    told, _ = manifest.read(backup)
    _refuse_unless_empty(folder)
    checking.check(backup, told, tell)
    _refuse_what_cannot_be_used(backup, told, key)
    with DataDirectory(folder, restoring=True):
        _refuse_unless_empty(folder)
        (folder / RESTORING).touch(mode=0o600)
        sync_directory(folder)
        try:
            _clear(folder)
            _put(backup, folder, told, tell, key)
            _hand_over(folder)
        except BaseException:
            _clear(folder)
            (folder / RESTORING).unlink()
            raise
        (folder / RESTORING).unlink()
        sync_directory(folder)
    return told


def _refuse_unless_empty(folder: Path) -> None:
    if not folder.exists() or (folder / RESTORING).exists():
        return
    if not folder.is_dir():
        raise BackupError(f"{folder} is no folder")
    if found := sorted({path.name for path in folder.iterdir()} - IGNORED):
        raise BackupError(
            f"{folder} is not empty ({', '.join(found[:3])} …): nothing is ever restored over what is there; name a"
            " new folder, or move this one aside"
        )


def _refuse_what_cannot_be_used(backup: Path, told: Manifest, key: bytes | None) -> None:
    """Of a newer program, or sealed under another master key."""
    with closing(snapshot.open_copy(backup / DATABASE)) as connection:
        try:
            upgrade.refuse_newer(connection)
            if key is not None and "keyring" in told.rows:
                keyring.opened(connection, key)
        except StoreUnavailable as error:
            raise BackupError(f"{backup} was made by {told.made_by}: {error}") from None


def _put(backup: Path, folder: Path, told: Manifest, tell: Tell, key: bytes | None) -> None:
    counted = Counted(tell, "restoring", told.size)
    if key is not None:
        write_new(folder / KEY, key)
    for name in sorted(told.files, key=lambda name: name == DATABASE):  # the database last
        if key is not None and name == KEY:
            continue
        copying.make_parents(folder, name)
        if copying.copy(backup / name, folder / name, counted) != told.files[name]:
            raise BackupError(f"{backup / name} changed while it was read: is its disk failing?")
    copying.sync_folders(folder)


def _hand_over(folder: Path) -> None:
    """What root restores into a folder of the gateway's user is that user's."""
    owner = folder.stat()
    if owner.st_uid != os.geteuid():
        for path in folder.rglob("*"):
            os.chown(path, owner.st_uid, owner.st_gid)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name in IGNORED | {RESTORING}:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
