"""Files for what is too large for a row, sealed by whoever puts them there: written, fsynced, renamed, directory
fsynced."""

import os
from pathlib import Path

from gateway.durable import sync_directory, write_new

LARGE = 256 * 1024


class Blobs:
    """Blobs below one directory, by their names, which are hex digits."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Store durably. Raises OSError; then nothing is there under the name."""
        path = self._path(name)
        try:
            os.utime(path)  # what no row names yet is young, lest it be taken for what none names any more
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_new(path, content)
        for directory in (path.parent, self._directory):  # a file that a killed process left may have no durable name
            sync_directory(directory)

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def get(self, name: str) -> bytes:
        """Raises OSError."""
        return self._path(name).read_bytes()

    def _path(self, name: str) -> Path:
        return self._directory / name[:2] / name
