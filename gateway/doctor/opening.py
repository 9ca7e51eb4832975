"""The database, opened to be looked at."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.store.connecting import FILE, open_reader


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """Read-only. Raises `StoreUnavailable`."""
    connection = open_reader((folder / FILE).resolve())
    try:
        yield connection
    finally:
        connection.close()
