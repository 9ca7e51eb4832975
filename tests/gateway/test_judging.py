"""The index of open reports, while it is loaded."""

import asyncio
import time
from pathlib import Path

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway.judging import Judging
from gateway.store.contract import Settlement
from tests.gateway.store.rows import case, report
from tests.gateway.store.test_sealing import open_store


async def test_what_changes_while_the_index_is_loaded_is_changed_in_it(tmp_path: Path) -> None:
    """Of two open reports, one is closed meanwhile."""
    store = open_store(tmp_path)
    known = {one: Fingerprint(one, "p-budi", time.time(), words=("banjir",)) for one in ("r-1", "r-2")}
    reports = [
        msgspec.structs.replace(report(one, "KNL-1"), fingerprint=msgspec.msgpack.encode(known[one])) for one in known
    ]
    await store.settle(Settlement(cases=[case("KNL-1")], reports=reports))
    judging = Judging(tmp_path)
    runs = asyncio.create_task(judging.run())
    await asyncio.sleep(0)
    assert not judging.loaded
    await judging.change(closed=["r-1"])
    async with asyncio.timeout(120):
        while not judging.loaded:
            await asyncio.sleep(0.02)
    assert judging.size == 1
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)
    await judging.close()
    await store.close()
