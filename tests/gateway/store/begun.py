"""New stores as copies of one: to go through all migrations takes as long as a test, a thousand times over."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.store.connecting import FILE
from gateway.store.preparing import open_writer
from tests.gateway.store.rows import MASTER


def begun(folder: Path) -> Path:
    """This folder, with a store in it that opens with `MASTER`: a new one if there was none."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FILE).exists():
        (folder / FILE).write_bytes(_new())
    return folder


@cache
def _new() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        open_writer(file, MASTER).close()
        return file.read_bytes()
