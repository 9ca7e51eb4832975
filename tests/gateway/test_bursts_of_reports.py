"""Where the same is reported far more often than usual: counted, told in the inbox, and listed by a command."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html import unescape
from itertools import count
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.store import bursts
from gateway.store.bursts import HOUR, LEAST, WINDOW, Row
from gateway.store.connecting import open_reader
from gateway.store.contract import Settlement
from gateway.store.sqlite import SqliteStore
from tests.gateway.console.support import Visitor, account
from tests.gateway.store.rows import MASTER, NOW, case, report
from tests.gateway.store.test_sealing import open_store
from tests.gateway.support import running, settings_in

MELAYU, PARANG = "31.75.03.1001", "31.74.03.1004"
FLOOD, LAMP = "banjir", "lampu-jalan"
DAY = 24 * HOUR
NUMBERS = count(1)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    found = open_store(tmp_path)
    yield found
    await found.close()


async def reported(
    store: SqliteStore,
    number: int,
    area: str = MELAYU,
    category: str | None = FLOOD,
    ago: float = HOUR,
    **case_: object,
) -> None:
    """So many cases with a report each."""
    settlement = Settlement()
    for _ in range(number):
        code = f"KNL-{next(NUMBERS)}"
        opened_at = NOW - ago
        settlement.cases.append(case(code, area=area, category=category, opened_at=opened_at, **case_))
        settlement.reports.append(report(f"r-{code}", code, received_at=datetime.fromtimestamp(opened_at, UTC)))
    await store.settle(settlement)


def found(folder: Path, **values: object) -> list[Row]:
    reader = open_reader(folder / "kanal.db")
    try:
        return bursts.bursts(reader, NOW, **values)  # type: ignore[arg-type]
    finally:
        reader.close()


def places(rows: list[Row]) -> list[tuple[str, str | None, int]]:
    return [(row["area"], row["category"], row["reports"]) for row in rows]


async def test_what_is_reported_more_than_usual_is_counted_by_category_and_area(
    store: SqliteStore, tmp_path: Path
) -> None:
    await reported(store, 7)
    await reported(store, LEAST, category=LAMP)
    await reported(store, LEAST - 1, area=PARANG)
    await reported(store, 9, area=PARANG, category=LAMP, ago=WINDOW + 60)
    rows = found(tmp_path)
    assert places(rows) == [(MELAYU, FLOOD, 7), (MELAYU, LAMP, LEAST)]
    assert set(rows[0]) == {"area", "category", "reports", "cases", "since", "usual"}
    assert (rows[0]["since"], rows[0]["usual"]) == (NOW - HOUR, 0)


@pytest.mark.parametrize(("a_window", "is_one"), [(1, True), (4, False)])
async def test_what_is_usual_there_is_no_burst(store: SqliteStore, tmp_path: Path, a_window: int, is_one: bool) -> None:
    for day in range(1, bursts.DAYS + 1):
        await reported(store, 12 * a_window, ago=day * DAY)
    await reported(store, 7)
    assert bool(found(tmp_path)) is is_one


async def test_what_is_closed_hidden_or_of_another_unit_is_not_counted(store: SqliteStore, tmp_path: Path) -> None:
    await reported(store, 6, unit="sda")
    assert places(found(tmp_path, own="sda")) == [(MELAYU, FLOOD, 6)]
    assert found(tmp_path, own="lain") == []
    assert found(tmp_path, hidden={FLOOD}) == []
    await reported(store, 6, area=PARANG, closed_at=NOW)
    assert places(found(tmp_path)) == [(MELAYU, FLOOD, 6)]


async def test_the_inbox_tells_of_it_and_leads_to_the_cases(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path), process=False) as gateway:
        await reported(gateway.app.store, 6, ago=NOW - time.time() + 60)
        at = Visitor(gateway.app, account())
        assert 'hx-get="/petugas/lonjakan"' in (await at.get("/petugas")).html
        seen = await at.get("/petugas/lonjakan")
        assert "Kampung Melayu: 6 laporan banjir atau genangan dalam 2 jam (biasanya 0)" in seen.text
        link = re.search(r'href="(/petugas\?[^"]*wilayah=31\.75\.03\.\d+[^"]*)"', seen.html)
        assert link
        listed = await at.get(unescape(link[1]))
        assert listed.html.count('data-row href="/petugas/kasus/') == 6
        part = await at.get("/petugas/lonjakan", **{"HX-Request": "true"})
        assert ("6 laporan" in part.text, "<html" in part.html) == (True, False)


def test_the_command_prints_counts_alone(tmp_path: Path) -> None:
    async def now() -> None:
        store = open_store(tmp_path)
        await reported(store, 6, ago=NOW - time.time() + 60)
        await store.close()

    asyncio.run(now())
    (tmp_path / "master.key").write_bytes(MASTER)
    done = CliRunner().invoke(app, ["cases", "bursts", "--json", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    row = msgspec.json.decode(done.stdout)
    assert (row["area"], row["category"], row["reports"]) == (MELAYU, FLOOD, 6)
