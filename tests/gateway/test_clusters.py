"""Whatever happens to reports, in whatever order: none is lost, and those of one incident end in one case.

What holds: once the sweep has looked at all, any order of the same reports, and any loss of the judge between them,
ends in the same cases, as long as no person and no contradiction of places is between them.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.app import rules_of
from gateway.filing import Rules
from tests.gateway.incidents import KEY, Incidents, incidents
from tests.gateway.support import settings_in

T = TypeVar("T")

#: What is said of each incident, by another person each.
SAID = {
    "flood": (
        "Banjir setinggi lutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat",
        "Jl Kemang Raya banjir selutut sejak pagi, mobil tidak bisa lewat",
        "Banjir setinggi lutut di Jl. Kemang Raya, mobil tidak bisa lewat",
    ),
    "lamp": (
        "Lampu jalan padam di Jl. Fatmawati No. 12",
        "Lampu jalan padam di Jl Fatmawati No 12 gelap",
    ),
    "tree": ("Pohon tumbang menutup trotoar di Jl. Cipete",),
}
REPORTS = [(incident, text) for incident, texts in SAID.items() for text in texts]
QUICKLY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@cache
def shared_rules() -> Rules:
    """They take longest to make, and are the same for all."""
    return rules_of(settings_in(Path(tempfile.mkdtemp())), KEY)


async def together(
    city: Incidents, reports: Sequence[tuple[str, str]], dies: Sequence[int] = ()
) -> set[frozenset[str]]:
    """Which incidents end up in one case, a letter for each report. The judge `dies` after so many answers, at each
    report anew; 0: it does not."""
    names: dict[str, str] = {}
    for number, (incident, text) in enumerate(reports):
        if not city.judging.loaded:
            await city.judging.load()
        city.judge.dies_after = dies[number] if number < len(dies) else -1
        row = await city.report(text, f"+62811100{REPORTS.index((incident, text)):05}")
        names[row.report.id] = f"{incident} {SAID[incident].index(text)}"
    while city.store.unjudged(1):
        if not city.judging.loaded:
            await city.judging.load()
        await city.swept()
    assert len(city.views("SELECT 1 FROM reports")) == len(reports)
    return {frozenset(names[one] for one in case) for case in city.partition()}


EXPECTED = {frozenset(f"{incident} {number}" for number in range(len(texts))) for incident, texts in SAID.items()}


def run(work: Callable[[Incidents], Awaitable[T]]) -> T:
    async def within(folder: str) -> T:
        async with incidents(Path(folder), shared_rules()) as city:
            return await work(city)

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(within(folder))


@given(st.permutations(REPORTS))
@settings(max_examples=8, **QUICKLY)  # type: ignore[arg-type]
def test_any_order_ends_in_the_same_cases(order: list[tuple[str, str]]) -> None:
    assert run(lambda city: together(city, order)) == EXPECTED


@given(st.permutations(REPORTS), st.lists(st.integers(0, 3), min_size=len(REPORTS), max_size=len(REPORTS)))
@settings(max_examples=8, **QUICKLY)  # type: ignore[arg-type]
def test_a_judge_that_dies_at_any_moment_costs_no_report_and_no_join(
    order: list[tuple[str, str]], dies: list[int]
) -> None:
    assert run(lambda city: together(city, order, dies)) == EXPECTED
