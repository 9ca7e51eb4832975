"""The pages that list something, each as somebody sees it who may see all: read, rendered and answered."""

import asyncio
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from gateway import settings
from gateway.accounts.account import Role
from gateway.app import App
from gateway.cases import CLOSED, Status
from gateway.data import DataDirectory
from gateway.store.bursts import WINDOW
from gateway.store.connecting import FILE
from tests.bench.end_to_end import copied, filled
from tests.bench.figures import Figure, Goal
from tests.bench.load import percentile
from tests.bench.plan import Bench
from tests.gateway.console.support import Visitor, account

TITLE = "Pages of lists (the median and the slowest)"
GOAL = Goal(100, highest=True, unit=" ms")
TIMES = 9
SEED = 11
DAY = 86_400.0
UNSURE = 2_000
UNITS = tuple(f"unit-{number}" for number in range(90))
#: As many as a large city has; what came in lately is of the first of them.
AREAS = tuple(f"31.71.{number // 10:02}.{1001 + number % 10}" for number in range(260))
FLOODED = AREAS[:20]
CATEGORIES = ("banjir", "jalan-rusak", "lampu-jalan", "sampah", None)
PAGES = {
    "inbox": "/petugas",
    "inbox, due first": "/petugas?tenggat=1",
    "inbox, late": "/petugas?telat=1&tenggat=1",
    "inbox, urgent": "/petugas?darurat=1",
    "inbox, a unit and a status": "/petugas?unit=unit-7&status=proses",
    "inbox, an area without any": "/petugas?wilayah=99",
    "inbox, a frequent word": "/petugas?q=jalan",
    "inbox, two words": "/petugas?q=banjir+kemang",
    "inbox, far down": "/petugas?setelah=500",
    "bursts": "/petugas/lonjakan",
    "unsure pairs": "/petugas/ragu",
    "to be sorted": "/petugas/pilah",
    "quarantine": "/petugas/karantina",
    "channels": "/petugas/kanal",
}


def steps(bench: Bench) -> int:
    return 1 + len(PAGES)


def measure(bench: Bench) -> list[Figure]:
    size = max(bench.plan.open_reports)
    bench.tick(f"pages: {size:,} cases are filed")
    filled(bench, size)
    with copied(bench, size) as directory:
        _vary(directory / "data" / FILE)
        return asyncio.run(_figures(bench, directory / "kanal.toml", size))


async def _figures(bench: Bench, file: Path, size: int) -> list[Figure]:
    loaded = settings.load(file)
    with DataDirectory(loaded.gateway.data) as directory:
        app = App(loaded, directory, process=False)
        await app.start()
        try:
            visitor = Visitor(app, account(Role.ADMINISTRATOR))
            return [await _figure(bench, visitor, size, name, path) for name, path in PAGES.items()]
        finally:
            await app.stop()


async def _figure(bench: Bench, visitor: Visitor, size: int, name: str, path: str) -> Figure:
    bench.tick(f"pages: {name}")
    times = sorted([await _once(visitor, path) for _ in range(TIMES)])
    p50 = percentile(times, 50)
    return Figure(
        section="pages",
        case=f"{size:,} cases",
        server=name,
        p50_ms=p50,
        p99_ms=max(times),
        goal=str(GOAL),
        met=GOAL.met(p50),
    )


async def _once(visitor: Visitor, path: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    seen = await visitor.get(path)
    if seen.status != 200:
        raise RuntimeError(f"{path} answered {seen.status}")
    return 1000 * (time.perf_counter() - began)


def _vary(database: Path) -> None:
    """Cases as months leave them: of many units and areas, in every status, some urgent, some marked, some alike."""
    chance, now = random.Random(SEED), time.time()
    with closing(sqlite3.connect(database)) as connection, connection:
        codes = [row[0] for row in connection.execute("SELECT code FROM cases")]
        connection.executemany(
            "UPDATE cases SET status = ?, unit = ?, opened_at = ?, due_at = ?, closed_at = ?, urgency = ?, marked = ?,"
            " area = ?, category = ? WHERE code = ?",
            [(*_case(chance, now), code) for code in codes],
        )
        _flood(connection, chance, now)
        reports = [row[0] for row in connection.execute("SELECT id FROM reports")]
        connection.executemany(
            "INSERT INTO links(report, kind, other, score, reasons, actor, at)"
            " VALUES (?, 'unsure', ?, 0.5, '[]', '', ?)",
            [(*chance.sample(reports, 2), now) for _ in range(UNSURE)],
        )


def _case(chance: random.Random, now: float) -> tuple[object, ...]:
    opened = now - 20 * DAY * chance.random()
    status = chance.choice(list(Status))
    closed = opened + DAY if status in CLOSED else None
    marked = chance.choices((None, "question", "chatter"), (90, 5, 5))[0]
    urgency = chance.choices((0, 1, 2), (95, 4, 1))[0]
    place = chance.choice(AREAS), chance.choice(CATEGORIES)
    return status, chance.choice(UNITS), opened, opened + 7 * DAY, closed, urgency, marked, *place


def _flood(connection: sqlite3.Connection, chance: random.Random, now: float) -> None:
    """What came in within the window of bursts is open, and of a few areas."""
    lately = connection.execute(
        'SELECT DISTINCT "case" FROM reports WHERE received_at >= ?', (now - WINDOW,)
    ).fetchall()
    connection.executemany(
        "UPDATE cases SET area = ?, category = ?, status = 'menunggu', closed_at = NULL WHERE code = ?",
        [(chance.choice(FLOODED), CATEGORIES[0], code) for (code,) in lately],
    )
