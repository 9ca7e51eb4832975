"""Bodies too large for a row, as files named by their SHA-256: written, fsynced, renamed, directory fsynced."""

import hashlib
from pathlib import Path

from gateway.durable import sync_directory, write_new

LARGE = 256 * 1024


class Blobs:
    """Blobs below one directory. Writing the same bytes twice is harmless."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Store durably and return the digest. Raises OSError; then nothing is there under the final name."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_new(path, content)
        for directory in (path.parent, self._directory):  # a file that a killed process left may have no durable name
            sync_directory(directory)
        return digest

    def get(self, digest: str) -> bytes:
        return self._path(digest).read_bytes()

    def _path(self, digest: str) -> Path:
        return self._directory / digest[:2] / digest
