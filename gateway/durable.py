"""Files that are there, whole, after a power cut: content fsynced before the name, the name's directory after it."""

import os
import secrets
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Put a file with mode 0600 in place, in one step; an older one of that name is replaced. Raises OSError."""
    draft = write_draft(path, content)
    try:
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def write_draft(path: Path, content: bytes) -> Path:
    """Write a file beside `path`, fsynced, for the caller to give its name; nothing is left if that fails."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def for_its_owner(path: str, flags: int) -> int:
    """An opener that makes a file that its owner alone may read."""
    return os.open(path, flags, 0o600)


def sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
