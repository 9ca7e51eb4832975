"""Copies of files that are on disk, hashed on the way."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from gateway.backup.manifest import File
from gateway.durable import sync_directory

CHUNK = 1 << 20

#: Called with what is being done, how many bytes of it are done, and how many there are in all.
Tell = Callable[[str, int, int], None]


class Counted:
    """Tells how far one piece of work is."""

    def __init__(self, tell: Tell, what: str, total: int) -> None:
        self._tell, self._what, self._total, self._done = tell, what, total, 0

    def add(self, size: int) -> None:
        self._done += size
        self._tell(self._what, self._done, self._total)


def copy(source: Path, target: Path, counted: Counted) -> File:
    """Copy into a new file with mode 0600, fsynced, whose folder is there already. Raises OSError."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, os.fdopen(descriptor, "wb") as written:
        file = _hashed(read, counted, written)
        written.flush()
        os.fsync(written.fileno())
    return file


def measure(path: Path, counted: Counted) -> File:
    """What a file is like on the disk rather than in memory. Raises OSError."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return _hashed(file, counted)


def _hashed(read: BinaryIO, counted: Counted, written: BinaryIO | None = None) -> File:
    digest, size = hashlib.sha256(), 0
    while chunk := read.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        counted.add(len(chunk))
        if written:
            written.write(chunk)
    return File(size, digest.hexdigest())


def make_parents(folder: Path, name: str) -> None:
    """The folders, with mode 0700, that a file of this name lies in."""
    for parent in reversed(Path(name).parents[:-1]):
        (folder / parent).mkdir(mode=0o700, exist_ok=True)


def sync_folders(folder: Path) -> None:
    """Make the names of all files below a folder durable."""
    for below in [*_folders(folder), folder]:
        sync_directory(below)


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_dir())
