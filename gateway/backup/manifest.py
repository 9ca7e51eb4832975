"""What a backup says of itself: every file with its size and SHA-256. `manifest.sha256` says whether that is whole, in
the form of sha256sum."""

import hashlib
import re
from datetime import datetime
from pathlib import Path

import msgspec

from gateway.durable import write_new

FILE = "manifest.json"
DIGEST_FILE = "manifest.sha256"
DATABASE = "kanal.db"
FORMAT = 1

#: What a backup may hold; nothing else is ever copied out of one.
_NAME = re.compile(
    r"kanal\.db|master\.key|(categories|clock|units)\.toml|(areas|blobs|texts|secrets)(/[A-Za-z0-9][A-Za-z0-9._-]*)+"
)


class BackupError(Exception):
    """It cannot be done so; the message says what to do."""


class File(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`migrations` are those that the database went through; `rows` counts those of each table; `source` is the data
    folder, as "host:path"; `missing` names the bodies that rows name but the data folder no longer had."""

    format: int = FORMAT
    made_by: str
    made_at: datetime
    source: str
    migrations: tuple[str, ...]
    rows: dict[str, int]
    files: dict[str, File]
    missing: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files.values())


_decode = msgspec.json.Decoder(Manifest).decode


def write(folder: Path, manifest: Manifest) -> str:
    """Put it into a backup's folder, durably; returns its SHA-256. Raises OSError."""
    content = msgspec.json.format(msgspec.json.encode(manifest))
    digest = hashlib.sha256(content).hexdigest()
    write_new(folder / FILE, content)
    write_new(folder / DIGEST_FILE, f"{digest}  {FILE}\n".encode())
    return digest


def read(folder: Path) -> tuple[Manifest, str]:
    """The manifest of a backup and its SHA-256. Raises `BackupError` if it is not there, or not as it was written."""
    try:
        content, promised = (folder / FILE).read_bytes(), (folder / DIGEST_FILE).read_bytes()
    except OSError as error:
        raise BackupError(f"{folder} is no whole backup: {error.filename}: {error.strerror}") from None
    digest = hashlib.sha256(content).hexdigest()
    if promised != f"{digest}  {FILE}\n".encode():
        raise _damaged(folder, "it is not as it was written")
    try:
        manifest = _decode(content)
    except msgspec.DecodeError as error:
        raise _damaged(folder, f"{error}: was it made by a newer Kanal?") from None
    if manifest.format != FORMAT:
        raise BackupError(f"{folder} was made by {manifest.made_by}, in a form that this version does not know")
    if DATABASE not in manifest.files or (strange := [name for name in manifest.files if not is_ours(name)]):
        raise _damaged(folder, f"it names {strange[0]!r}" if DATABASE in manifest.files else "it names no database")
    return manifest, digest


def is_ours(name: str) -> bool:
    """May a file of this name, relative to the data folder, be in a backup?"""
    return _NAME.fullmatch(name) is not None


def _damaged(folder: Path, why: str) -> BackupError:
    return BackupError(f"{folder} is damaged: {FILE}: {why}")
