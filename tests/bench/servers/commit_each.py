"""aiohttp that commits every request by itself: `python -m tests.bench.servers.commit_each PORT DIRECTORY`."""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time

from aiohttp import web


class Journal:
    """One row and one fsync a request, on a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE journal (id INTEGER PRIMARY KEY, at REAL, target TEXT, body BLOB)")

    async def answer(self, request: web.Request) -> web.Response:
        row = (time(), request.path_qs, await request.read())
        await asyncio.get_running_loop().run_in_executor(self._thread, self._insert, row)
        return web.Response()

    def _insert(self, row: tuple[float, str, bytes]) -> None:
        self._database.execute("INSERT INTO journal (at, target, body) VALUES (?, ?, ?)", row)


def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", Journal(Path(sys.argv[2]) / "journal.db").answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
