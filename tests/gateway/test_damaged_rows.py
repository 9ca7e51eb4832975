"""A running gateway whose disk damaged a row files, judges, moves and answers all others."""

import os
from pathlib import Path

import pytest

from gateway import timers
from gateway.cli.export import export
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.test_damage import LOST, damage
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    keep,
    of,
    piece,
    running,
    settings_in,
    sms,
    until,
    with_store,
)


async def test_pieces_whose_timer_is_damaged_are_filed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = settings_in(tmp_path)
    async with running(loaded) as gateway:
        await gateway.send(piece("a", "Banjir di Jl. Kemang ", 1, 2))
        due_at = gateway.app.store.next_timer()
    assert due_at is not None
    damage(loaded.gateway.data, f"UPDATE timers SET sealed = {LOST}")

    async def time_passes(store: SqliteStore) -> None:
        assert await store.fire_timers(due_at) == set()

    await with_store(loaded, time_passes)
    monkeypatch.setattr(timers, "STALE_SECONDS", 0.0)
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(1), "the pieces to be filed")
        assert of(gateway.all("reports"), "text") == ["Banjir di Jl. Kemang [...]"]


async def test_reports_are_judged_and_joined_beside_one_that_is_damaged(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    await keep(loaded, [sms("m1", FLOOD), sms("m2", LAMP, RINA), sms("m3", FLOOD, BUDI)])
    async with running(loaded) as gateway:
        await gateway.settled()
    damage(
        loaded.gateway.data,
        "UPDATE reports SET judged_version = 0",
        f"UPDATE reports SET sealed = {LOST} WHERE seq = 1",
        "UPDATE reports SET fingerprint = x'c1' WHERE seq = 2",
    )
    async with running(loaded) as gateway:
        await gateway.judging()
        await until(lambda: not gateway.app.store.unjudged(1), "the sweep")
        for case in gateway.all("cases"):
            await gateway.app._lineup.operations.move(case["code"], "proses", "camat")
        assert set(of(gateway.all("cases"), "status")) == {"proses"}


async def test_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        folder = gateway.folder
    before = os.umask(0o022)
    try:
        export(file=tmp_path / "laporan.csv", data=folder)
    finally:
        os.umask(before)
    assert (tmp_path / "laporan.csv").stat().st_mode & 0o777 == 0o600
