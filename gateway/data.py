"""The data directory: who may use it (one process) and the key that is made beside the data."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from gateway.durable import write_new

KEY_BYTES = 32
STORE = "kanal.db"


class InUse(Exception):
    """Another process runs on this data directory."""


class DataDirectory:
    """Creates the directory, makes it its owner's alone (0700), and holds its lock until closed. The directory itself
    is locked: a file of its own somebody might remove as left over. Raises `InUse` or OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
        self._lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise InUse(f"another kanal process is using {path}") from error

    @classmethod
    def is_in_use(cls, path: Path) -> bool:
        """Does another process run on it?"""
        try:
            cls(path).close()
        except InUse:
            return True
        return False

    def key(self) -> bytes:
        """The master key, 32 bytes; made at first start with mode 0600.

        Raises ValueError if it is lost or damaged: a new one would open no PIN and know nobody again."""
        path = self.path / "master.key"
        if not path.exists():
            if (self.path / STORE).exists():
                raise ValueError(f"{path} is missing, but there are data that need it: restore it from a backup")
            write_new(path, os.urandom(KEY_BYTES))
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError(f"{path} does not hold {KEY_BYTES} bytes: restore it from a backup")
        return key

    def close(self) -> None:
        os.close(self._lock)

    def __enter__(self) -> "DataDirectory":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
