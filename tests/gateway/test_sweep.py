"""What is judged again joins what it proves to be of, unless somebody said that it is of another incident."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from dedupe.fingerprint import Fingerprint
from gateway.judging import Judging
from gateway.store.contract import Link, Settlement
from gateway.sweep import Sweep
from tests.gateway.store.rows import case, report
from tests.gateway.store.test_sealing import open_store

WORDS, STREET = ("gelap", "lampu", "mati"), ("jl melati",)


def parted(report: str, other: str) -> Link:
    return Link(report=report, kind="parted", other=other, score=0.0, reasons=(), actor="lurah", at=1.0)


@pytest.mark.parametrize(
    ("links", "joins"),
    [
        pytest.param([], True, id="nobody said anything"),
        pytest.param([parted("r-2", "r-1")], False, id="the one that is judged was parted"),
        pytest.param([parted("r-1", "r-2")], False, id="the other was parted from it"),
    ],
)
async def test_what_was_parted_is_not_joined_again_from_either_side(
    tmp_path: Path, links: list[Link], joins: bool
) -> None:
    store, now = open_store(tmp_path), time.time()
    known = {
        one: Fingerprint(one, "p-budi", now - 60 + number, words=WORDS, streets=STREET)
        for number, one in enumerate(("r-1", "r-2"))
    }
    reports = [
        msgspec.structs.replace(
            report(one, f"KNL-{one[-1]}", judged_version=int(one == "r-1")), fingerprint=msgspec.msgpack.encode(found)
        )
        for one, found in known.items()
    ]
    await store.settle(Settlement(cases=[case("KNL-1"), case("KNL-2", opened_at=now)], reports=reports, links=links))
    joined: list[tuple[str, str]] = []

    async def join(code: str, into: str, tell: bool) -> None:
        joined.append((code, into))

    judging = Judging(tmp_path)
    runs = [asyncio.create_task(one.run()) for one in (judging, Sweep(store, judging, join))]
    async with asyncio.timeout(120):
        while store.unjudged(9):
            await asyncio.sleep(0.02)
    for one in runs:
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
    await judging.close()
    await store.close()
    assert joined == ([("KNL-2", "KNL-1")] if joins else [])
