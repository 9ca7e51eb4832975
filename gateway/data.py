"""The data directory: one process at a time may use it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

#: A file that is there while a backup is put into the folder.
RESTORING = "restoring"


class InUse(Exception):
    """Another process runs on this data directory, or has left it half restored."""


class DataDirectory:
    """Creates the directory, makes it its owner's alone (0700), and holds its lock until closed. The directory itself
    is locked: a file of its own somebody might remove as left over. Raises `InUse` or OSError."""

    def __init__(self, path: Path, restoring: bool = False) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
        self._lock = _locked(path)
        if (path / RESTORING).exists() and not restoring:
            self.close()
            raise InUse(f"a restore into {path} did not finish: repeat it (`kanal restore BACKUP --data {path}`)")

    @staticmethod
    def is_in_use(path: Path) -> bool:
        """Does another process run on it? Changes nothing. Raises OSError if it is not there."""
        try:
            os.close(_locked(path))
        except InUse:
            return True
        return False

    def close(self) -> None:
        os.close(self._lock)

    def __enter__(self) -> "DataDirectory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _locked(path: Path) -> int:
    """A descriptor that holds the lock."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InUse(f"another kanal process is using {path}") from error
    return descriptor
