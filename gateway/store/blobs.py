"""Bodies too large for a row, as files named by their SHA-256: written, fsynced, renamed, directory fsynced."""

import hashlib
import os
from pathlib import Path

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
            self._write(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        return self._path(digest).read_bytes()

    def _path(self, digest: str) -> Path:
        return self._directory / digest[:2] / digest

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)
        _sync_directory(self._directory)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
