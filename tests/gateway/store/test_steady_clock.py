"""Whether the clock may be trusted with what cannot be undone."""

from pathlib import Path

import pytest

from gateway.store.clock import DAY
from tests.gateway.store.rows import NOW
from tests.gateway.store.test_sealing import open_store


@pytest.mark.threat("P0-12")
@pytest.mark.parametrize(
    ("looks", "steady"),
    [
        pytest.param([0], [True], id="a new store"),
        pytest.param([0, 1, 2, 3], [True] * 4, id="each day"),
        pytest.param([0, 0.001, 0.002], [True] * 3, id="restarts"),
        pytest.param([0, *range(365, 373)], [True, *[False] * 7, True], id="a year on, and so it stays"),
        pytest.param([0, 365, *range(1, 9)], [True, *[False] * 8, True], id="a year on and back"),
        pytest.param([0, -365, -364], [True, False, False], id="a year back"),
        pytest.param([0, 3, 4], [True, False, False], id="the gateway stood still"),
    ],
)
async def test_only_a_clock_that_goes_on_as_clocks_do(tmp_path: Path, looks: list[float], steady: list[bool]) -> None:
    found = []
    for days in looks:
        store = open_store(tmp_path)
        found.append(await store.clock_is_steady(NOW + days * DAY))
        await store.close()
    assert found == steady
