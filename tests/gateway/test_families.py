"""Cases that were joined and parted: what was is restored, what people said is remembered, and can be learnt from."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.store.connecting import open_reader
from gateway.store.labelled import labelled_pairs
from tests.gateway.incidents import OFFICER, Incidents, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD

SITI = "+6281110000003"
TREE = "Pohon tumbang menutup trotoar di Jl. Cipete"


@pytest_asyncio.fixture
async def city(tmp_path: Path) -> AsyncIterator[Incidents]:
    async with incidents(tmp_path) as found:
        yield found


async def four(city: Incidents) -> tuple[str, str, str]:
    """The codes of a flood that two reported, a lamp and a tree."""
    rows = [
        await city.report(FLOOD, BUDI),
        await city.report(LAMP, RINA),
        await city.report(TREE, SITI),
        await city.report(SAME_FLOOD, RINA),
    ]
    flood, lamp, tree, again = (row.case for row in rows)
    assert again == flood
    return flood, lamp, tree


def first(city: Incidents, code: str) -> str:
    found = city.store.first_report(code)
    assert found
    return found


def said(city: Incidents) -> list[tuple[str, str, bool]]:
    """What may be learnt from, by the codes of the cases that the reports were filed in."""
    reader = open_reader(city.folder / "data" / "kanal.db")
    cases = dict(reader.execute('SELECT id, "case" FROM reports').fetchall())
    pairs = [(cases[one.one.report], cases[one.other.report], one.same) for one in labelled_pairs(reader)]
    reader.close()
    return pairs


async def test_what_was_joined_into_a_case_before_parts_with_it(city: Incidents) -> None:
    flood, lamp, tree = await four(city)
    before = city.partition()
    await city.operations.join(tree, lamp, OFFICER)
    two = city.partition()
    await city.operations.join(lamp, flood, OFFICER)
    assert len(city.partition()) == 1
    await city.operations.part(lamp, OFFICER)
    assert city.partition() == two
    counts = "SELECT code, reports FROM cases WHERE joined_into IS NULL"
    assert dict(city.views(counts)) == {flood: 2, lamp: 2}
    await city.operations.part(tree, OFFICER)
    assert city.partition() == before
    assert dict(city.views(counts)) == {flood: 2, lamp: 1, tree: 1}


@pytest.mark.parametrize(
    "pairs",
    [
        pytest.param(lambda flood, lamp, tree: (lamp, flood), id="those that were parted"),
        pytest.param(lambda flood, lamp, tree: (tree, flood), id="one that was joined into the one of them"),
    ],
)
async def test_cases_that_were_parted_stay_apart_whichever_of_their_reports_are_compared(
    city: Incidents, pairs: Callable[[str, str, str], tuple[str, str]]
) -> None:
    codes = flood, lamp, tree = await four(city)
    await city.operations.join(lamp, flood, OFFICER)
    await city.operations.part(lamp, OFFICER)
    await city.operations.join(tree, lamp, OFFICER)
    one, other = (first(city, code) for code in pairs(*codes))
    assert city.store.told_apart(one, other)
    assert city.store.told_apart(other, one)
    await city.operations.part(tree, OFFICER)
    assert not city.store.told_apart(first(city, tree), first(city, flood))


async def test_the_last_word_of_officers_on_a_pair_is_learnt_from(city: Incidents) -> None:
    flood, lamp, tree = await four(city)
    assert said(city) == []
    await city.operations.join(lamp, flood, OFFICER)
    assert said(city) == [(lamp, flood, True)]
    await city.operations.part(lamp, OFFICER)
    assert said(city) == [(lamp, flood, False)]
    await city.operations.join(tree, flood, OFFICER)
    assert said(city) == [(lamp, flood, False), (tree, flood, True)]


async def test_who_reported_is_told_once_however_often_the_cases_are_joined_and_parted(city: Incidents) -> None:
    flood, lamp, tree = await four(city)
    joins = [await city.operations.join(lamp, flood, OFFICER)]
    assert (await city.operations.part(lamp, OFFICER)).get("told", 0) == 0
    joins.append(await city.operations.join(lamp, flood, OFFICER))
    await city.operations.part(lamp, OFFICER)
    joins.append(await city.operations.join(lamp, tree, OFFICER))
    assert [one["told"] for one in joins] == [1, 0, 1]
    assert city.views("SELECT about, count(*) FROM replies WHERE about <> 'received' GROUP BY 1") == [
        ("cases_joined", 2)
    ]


async def test_a_report_that_is_parted_from_a_joined_case_counts_no_more_in_the_other(city: Incidents) -> None:
    flood, lamp, _ = await four(city)
    await city.operations.join(flood, lamp, OFFICER)
    done = await city.operations.part(flood, OFFICER, first(city, flood))
    counts = "SELECT code, reports FROM cases WHERE joined_into IS NULL AND code IN (?, ?)"
    assert dict(city.views(counts, lamp, done["code"])) == {lamp: 2, done["code"]: 1}


async def test_the_report_that_opened_a_case_is_parted_from_the_others(city: Incidents) -> None:
    flood, *_ = await four(city)
    done = await city.operations.part(flood, OFFICER, first(city, flood))
    assert said(city) == [(done["code"], flood, False)]
