"""`<data>/backup.json`: when the last good backup of a data folder was made."""

import os
from pathlib import Path

import msgspec

from gateway.durable import write_new

FILE = "backup.json"


class LastBackup(msgspec.Struct, frozen=True):
    """`at` in seconds since the epoch; `manifest` is the manifest's SHA-256; `size` in bytes."""

    at: float
    folder: str
    manifest: str
    size: int


_decode = msgspec.json.Decoder(LastBackup).decode


def write(data: Path, last: LastBackup) -> None:
    """Raises OSError."""
    write_new(data / FILE, msgspec.json.encode(last) + b"\n")
    owner = data.stat()
    if owner.st_uid != os.geteuid():  # by root: the gateway's own user must be able to read it
        os.chown(data / FILE, owner.st_uid, owner.st_gid)


def read(data: Path) -> LastBackup | None:
    """None if there was none, or it can no longer be told."""
    try:
        return _decode((data / FILE).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
