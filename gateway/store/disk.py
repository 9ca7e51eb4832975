"""The disk under the database: whether it takes what is written, and if not, whether it refuses or has failed."""

import errno
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import structlog

from gateway.durable import write_draft
from gateway.store.contract import StoreUnavailable

#: With less than this an outage is not over: the next large message would be the next one.
ROOM = 4 << 20
FULL = {errno.ENOSPC, errno.EDQUOT}
REFUSALS = {*FULL, errno.EROFS}
#: Not the disk failed, but the WAL's index, kanal.db-shm, finds no room on it or in memory.
NO_ROOM = frozenset({"SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_NOMEM"})

log = structlog.get_logger()


class Disk:
    """`fault` says why nothing can be written, in words or by SQLite's name for it. An outage is logged once, and its
    end once."""

    def __init__(self, database: Path) -> None:
        log_file = database.with_name(f"{database.name}-wal")
        self._files = {file: _identity(file) for file in (database, log_file)}
        self._log_file = os.open(log_file, os.O_WRONLY)
        self._folder = database.parent
        self.fault = ""

    def close(self) -> None:
        os.close(self._log_file)

    def check(self) -> None:
        """What is written to files that were removed, moved away or covered by another disk is lost with the process:
        raises `StoreUnavailable`, until they are back."""
        for file, opened in self._files.items():
            try:
                found = _identity(file)
            except OSError as error:
                raise StoreUnavailable(f"{file.name} is gone: {error.strerror}") from error
            if found != opened:
                raise StoreUnavailable(f"{file.name} was replaced")

    def confirm(self) -> None:
        """Raises OSError if the file system has broken down. ext4 may say that it synced while it did: to write
        nothing costs nothing, and asks it once more. A full disk has not broken down: what was synced is on it."""
        try:
            os.pwrite(self._log_file, b"", 0)
        except OSError as error:
            if error.errno not in FULL:
                raise

    def refusal(self) -> str:
        """Why it takes nothing, if it says so. SQLite calls a read-only disk an I/O error, like a broken one."""
        try:
            write_draft(self._folder / "probe", bytes(4096)).unlink()
        except OSError as error:
            return error.strerror or "" if error.errno in REFUSALS else ""
        return ""

    def failed(self, why: str) -> None:
        if not self.fault:
            log.error("nothing can be written: whoever sends is told to try again", reason=why)
        self.fault = why

    def works(self) -> None:
        """Something was written."""
        if self.fault and self._has_room():
            log.info("what comes in is kept again")
            self.fault = ""

    def _has_room(self) -> bool:
        with suppress(OSError):
            return shutil.disk_usage(self._folder).free >= ROOM
        return False


def words(error: sqlite3.Error) -> str:
    """What SQLite complains of; it calls a lack of room for its index an I/O error."""
    return "database or disk is full" if getattr(error, "sqlite_errorname", "") in NO_ROOM else str(error)


def _identity(file: Path) -> tuple[int, int]:
    found = os.stat(file)  # noqa: PTH116 before each commit, and this is much faster
    return found.st_dev, found.st_ino
