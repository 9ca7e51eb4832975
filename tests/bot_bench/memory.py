"""Bytes of an open talk on the disk: how much the database grows by talks that wait for an answer."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from gateway.store.contract import Settlement, TalkMode, TalkRow
from gateway.store.sqlite import SqliteStore
from tests.bot_bench.town import town
from tests.bot_bench.turns import ANSWERS, REPORT
from tests.normalizer_bench.rows import Goal, Row

TITLE = "what open talks take on the disk"
BATCH = 1_000


def measure(folder: Path, talks: int = 100_000) -> Iterator[Row]:
    grown = asyncio.run(_grown(folder / "memory", talks))
    yield Row(measure="an open talk", count=talks, value=grown / talks, unit="bytes", goal=Goal(2_048, below=True))


async def _grown(folder: Path, talks: int) -> int:
    async with town(folder) as place:
        await place.say(REPORT, 1)
        _, (settlement,) = await place.say(ANSWERS[0], 1)
        (open_talk,) = settlement.talks
        assert open_talk.mode is TalkMode.OPEN
        before = _size(folder)
        await _fill(place.store, open_talk, talks)
        return _size(folder) - before


async def _fill(store: SqliteStore, talk: TalkRow, count: int) -> None:
    for first in range(0, count, BATCH):
        numbers = range(first, min(count, first + BATCH))
        rows = [replace(talk, id=f"t-{number:032x}", contact=f"c-{number:032x}", version=1) for number in numbers]
        await store.settle(Settlement(talks=rows))


def _size(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "data" / "kanal.db")) as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        pages: int = database.execute("PRAGMA page_count").fetchone()[0]
        return pages * int(database.execute("PRAGMA page_size").fetchone()[0])
