"""Figures of cases by unit: how many are open and late, and how long it took to begin and to close them."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from gateway import categories, units
from gateway.case_metrics import CaseMetrics, label
from gateway.store.contract import CaseChange, CaseRow, Settlement
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import MASTER

HOUR, DAY = 3600.0, 86_400.0
ROUTING = units.load(None, categories.load(), "31")
BANGKA, KEMANG = "kelurahan-31.74.03.1002", "kelurahan-31.74.03.1005"
LABELS = {
    "a unit": ("dinas-sda", "dinas-sda"),
    "an office in an area": (BANGKA, "kelurahan"),
    "an outside system's own": ("Dinas X", "other"),
    "an office of none of ours": ("puskesmas-31.74", "other"),
    "nobody": ("", "none"),
}


@pytest.mark.parametrize(("unit", "expected"), LABELS.values(), ids=LABELS)
def test_what_a_unit_is_counted_as(unit: str, expected: str) -> None:
    assert label(unit, ROUTING) == expected


class Figures:
    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self._registry = CollectorRegistry()
        self._metrics = CaseMetrics(self._registry, store, lambda: ROUTING)

    async def count(self) -> None:
        await self._metrics.count()

    def of(self, name: str, **labels: str) -> float | None:
        return self._registry.get_sample_value(name, labels)


@pytest.fixture
async def figures(tmp_path: Path) -> AsyncIterator[Figures]:
    store = SqliteStore(tmp_path, MASTER, lambda death: None)
    yield Figures(store)
    await store.close()


def case(code: str, days: float, unit: str | None = BANGKA, **changes: Any) -> CaseRow:
    opened = time.time() - days * DAY
    times = {"coordinate_by": opened + 6 * HOUR, "act_by": opened + DAY, "last_by": opened + 30 * DAY}
    values: dict[str, Any] = {"status": "menunggu", "due_at": opened + 7 * DAY, "what": "", "where": "", **times}
    return CaseRow(code=code, opened_at=opened, unit=unit, **values | changes)


async def test_open_and_late_cases_by_unit_and_step(figures: Figures) -> None:
    now = time.time()
    rows = [
        case("KNL-1", 0.1),
        case("KNL-2", 2, KEMANG),
        case("KNL-3", 9, "dinas-sda", coordinated_at=now, acted_at=now),
        case("KNL-4", 40, None, coordinated_at=now),
        case("KNL-5", 40, closed_at=now),
        case("KNL-6", 40, joined_into="KNL-1"),
    ]
    await figures.store.settle(Settlement(cases=rows))
    await figures.count()
    opened = [figures.of("kanal_open_cases", unit=unit) for unit in ("kelurahan", "dinas-sda", "none", "inspektorat")]
    assert opened == [2, 1, 1, 0]
    late = {
        unit: [figures.of("kanal_late_cases", unit=unit, step=step) for step in ("coordinate", "act", "done", "last")]
        for unit in ("kelurahan", "dinas-sda", "none")
    }
    assert late == {"kelurahan": [1, 1, 0, 0], "dinas-sda": [0, 0, 1, 0], "none": [0, 1, 1, 1]}


async def test_what_was_begun_and_closed_since_the_start_is_counted_once(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.time()
    await figures.store.settle(Settlement(cases=[case("KNL-1", 2), case("KNL-2", 2, acted_at=begun - DAY)]))
    change = CaseChange(code="KNL-1", expected="menunggu", acted_at=begun + 1, closed_at=begun + 2)
    await figures.store.settle(Settlement(changes=[change]))
    monkeypatch.setattr("time.time", lambda: begun + 60)
    for _ in range(3):
        await figures.count()
    for name in ("action", "closing"):
        assert figures.of(f"kanal_case_{name}_seconds_count", unit="kelurahan") == 1
        assert round((figures.of(f"kanal_case_{name}_seconds_sum", unit="kelurahan") or 0) / DAY, 2) == 2
