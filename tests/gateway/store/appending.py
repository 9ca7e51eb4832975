"""Appends deliveries to a store, all at once or one after the other; what happens in between is traced from outside.

python -m tests.gateway.store.appending FOLDER COUNT together|singly [SIZE]
"""

import asyncio
import os
import sys
from pathlib import Path

from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import MASTER, delivery

BEGIN, ACKNOWLEDGED = b"begin\n", b"acknowledged\n"


async def main(folder: str, count: str, how: str, size: str = "10") -> None:
    store = SqliteStore(Path(folder), MASTER, print)
    body = bytes(int(size))
    os.write(2, BEGIN)
    appends = [store.append([delivery(f"m{number}", body)]) for number in range(int(count))]
    if how == "together":
        await asyncio.gather(*appends)
    else:
        for append in appends:
            await append
    os.write(2, ACKNOWLEDGED)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
