"""Opens a store with a program that has one more migration than this one, and may die within it.

python -m tests.gateway.store.migrating FOLDER dies|lives
"""

import os
import sys
from pathlib import Path

from sqlite_utils import Database

from gateway.store import schema
from gateway.store.connecting import FILE
from gateway.store.preparing import open_writer
from tests.gateway.store.rows import MASTER

NEXT = "m999_next"


def main(folder: str, fate: str) -> None:
    def m999_next(db: Database) -> None:
        db.execute("CREATE TABLE half (a)")
        db.execute("DELETE FROM cursors")
        if fate == "dies":
            os._exit(9)

    schema.MIGRATIONS = (*schema.MIGRATIONS, m999_next)
    open_writer(Path(folder) / FILE, MASTER).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
