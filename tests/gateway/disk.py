"""A disk that can be filled."""

from contextlib import suppress
from pathlib import Path


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all the room on a disk but so many bytes; the room is there again once the returned file is gone."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
        file.truncate(file.tell() - leave)
    return filler
