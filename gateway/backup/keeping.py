"""The backups in a folder: their names, and which of them are kept."""

import re
import shutil
import time
from datetime import datetime
from pathlib import Path

from gateway.backup import manifest
from gateway.backup.manifest import BackupError
from gateway.durable import sync_directory

_NAME = re.compile(r"kanal-\d{8}T\d{6}Z")
DRAFTS = ".kanal-*.partial"
DAY = 86_400


def name_of(made_at: datetime) -> str:
    return f"kanal-{made_at:%Y%m%dT%H%M%SZ}"


def draft_of(folder: Path) -> Path:
    """What a backup is called until it is whole, and again while it is removed."""
    return folder.with_name(f".{folder.name}.partial")


def whole(folder: Path, source: str) -> list[Path]:
    """The backups of one data folder that say they are whole, oldest first."""
    return [path for path in sorted(folder.iterdir()) if _NAME.fullmatch(path.name) and _is_of(path, source)]


def _is_of(backup: Path, source: str) -> bool:
    try:
        return manifest.read(backup)[0].source == source
    except BackupError:
        return False


def keep_newest(folder: Path, source: str, count: int, made: Path) -> list[Path]:
    """Remove all but `count` backups of a data folder, and never the one just made, whatever the clock said. Returns
    what was removed. Raises OSError."""
    older = [path for path in whole(folder, source) if path != made]
    surplus = older[: max(0, len(older) - (count - 1))]
    for path in surplus:
        draft = draft_of(path)
        path.rename(draft)
        shutil.rmtree(draft)
    sync_directory(folder)
    return surplus


def remove_drafts(folder: Path) -> None:
    """What a backup that was killed has left, once it cannot be one that is under way. Raises OSError."""
    for draft in folder.glob(DRAFTS):
        if time.time() - draft.stat().st_mtime > DAY:
            shutil.rmtree(draft)
