"""What follows from a verdict: cases that a person is asked about, are joined later or not, or were closed before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway import amending
from gateway.amending import Addition
from gateway.bot.state import Place as Answered
from gateway.cases import Status
from gateway.store.contract import ReportRow, Settlement
from tests.gateway.incidents import OFFICER, Incidents, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD

SITI, TONO = "+6281110000003", "+6281110000004"
LAMPS = [f"Lampu jalan padam di Jl. Melati dekat {where}" for where in ("pasar", "masjid", "sekolah", "halte")]


@pytest_asyncio.fixture
async def city(tmp_path: Path) -> AsyncIterator[Incidents]:
    async with incidents(tmp_path) as found:
        yield found


def links(city: Incidents, report: str) -> list[tuple[str, str]]:
    return city.views("SELECT kind, other FROM links WHERE report = ? ORDER BY seq", report)


async def amend(city: Incidents, row: ReportRow, addition: Addition) -> None:
    """As an answer does, an hour later."""
    case = city.case(row.report.id)
    settlement = Settlement()
    reporters = city.store.reporters(case.code)
    amending.add(city.rules, case, reporters, row.report.id, addition, case.opened_at + 3600, settlement)
    await city.store.settle(settlement)
    await city.reindexed(row.report.id)


async def test_what_is_like_a_case_closed_lately_says_so(city: Incidents) -> None:
    flood = await city.report(FLOOD, BUDI)
    await city.move(flood.case, Status.DITOLAK)
    again, lamp = await city.report(SAME_FLOOD, RINA), await city.report(LAMP, RINA)
    assert again.case != flood.case
    assert links(city, again.report.id) == [("after-closing", flood.report.id)]
    assert links(city, lamp.report.id) == []
    assert city.store.case_of(again.report.id) == city.case(again.report.id)


@pytest.mark.parametrize("restarts", [False, True])
async def test_it_is_found_after_a_restart_and_not_once_it_is_open_again(tmp_path: Path, restarts: bool) -> None:
    async with incidents(tmp_path) as city:
        flood = await city.report(FLOOD, BUDI)
        await city.move(flood.case, Status.DITOLAK)
        if not restarts:
            await city.move(flood.case, Status.MENUNGGU)
            again = await city.report(SAME_FLOOD, RINA)
            assert (again.case, links(city, again.report.id)) == (flood.case, [("same", flood.report.id)])
    if restarts:
        async with incidents(tmp_path) as city:
            again = await city.report(SAME_FLOOD, RINA, id="later")
            assert links(city, again.report.id) == [("after-closing", flood.report.id)]


async def test_who_names_a_case_closed_lately_is_linked_with_it(city: Incidents) -> None:
    flood = await city.report(FLOOD, BUDI)
    await city.move(flood.case, Status.DITOLAK)
    again = await city.report(f"{flood.case} belum beres", BUDI)
    assert links(city, again.report.id) == [("after-closing", flood.report.id)]


async def test_without_days_nothing_closed_is_compared_with(tmp_path: Path) -> None:
    async with incidents(tmp_path, duplicates={"closed_days": 0}) as city:
        flood = await city.report(FLOOD, BUDI)
        await city.move(flood.case, Status.DITOLAK)
        again = await city.report(SAME_FLOOD, RINA)
        assert links(city, again.report.id) == []


def counts(city: Incidents, report: str) -> tuple[int, int]:
    """Of its case: reports, and how often who reported came back to it."""
    (found,) = city.views("SELECT reports, reminders FROM cases WHERE code = ?", city.case(report).code)
    return found[0], found[1]


async def test_what_a_client_sends_again_is_no_report_more_and_who_comes_back_is_a_reminder(city: Incidents) -> None:
    flood = await city.report(FLOOD, BUDI)
    again = await city.report(FLOOD, BUDI)
    assert (again.case, counts(city, flood.report.id)) == (flood.case, (1, 0))
    assert links(city, again.report.id) == [("retry", flood.report.id)]
    await city.report(f"{flood.case} belum ditangani", BUDI)
    assert counts(city, flood.report.id) == (2, 1)
    await city.report(SAME_FLOOD, RINA)
    assert counts(city, flood.report.id) == (3, 1)
    new = await city.operations.part(flood.case, OFFICER, again.report.id)
    assert counts(city, flood.report.id) == (3, 1)
    assert city.views("SELECT reports, reminders FROM cases WHERE code = ?", new["code"]) == [(1, 0)]


async def test_what_the_sweep_finds_to_be_a_reminder_counts(city: Incidents) -> None:
    flood = await city.report(FLOOD, BUDI)
    await city.judging.change(gone=[flood.report.id])
    again = await city.report(SAME_FLOOD, BUDI)
    assert again.case != flood.case
    await city.reindexed(flood.report.id)
    await city.store.settle(Settlement(unjudged=[again.report.id]))
    await city.swept()
    assert counts(city, flood.report.id) == (2, 1)


async def test_what_proves_to_be_of_two_cases_makes_them_one(city: Incidents) -> None:
    """In any order: who came between them might have come first."""
    flood = await city.report(FLOOD, BUDI)
    await city.judging.change(gone=[flood.report.id])
    other = await city.report(SAME_FLOOD, RINA)
    assert other.case != flood.case
    await city.reindexed(flood.report.id)
    await city.report(f"{FLOOD} juga", SITI)
    await city.swept()
    assert len(city.partition()) == 1


LAMP_IN = "Lampu jalan padam di Jl. Melati Raya{} sejak semalam, gelap sekali"


@pytest.mark.parametrize("people", [1, 2], ids=["one person reported each", "several people reported each"])
async def test_what_is_like_two_cases_that_contradict_each_other_joins_neither(city: Incidents, people: int) -> None:
    """A person is asked of both."""
    senders = iter((BUDI, RINA, SITI, TONO))
    rows = [await city.report(LAMP_IN.format(rt), next(senders)) for rt in (" RT 3", " RT 5") for _ in range(people)]
    assert len(city.partition()) == 2
    between = await city.report(LAMP_IN.format(""), "+6281110000005")
    await city.swept()
    assert len(city.partition()) == 3
    asked = {city.case(other or "").code for kind, other in links(city, between.report.id) if kind == "unsure"}
    assert asked == {city.case(row.report.id).code for row in rows}


async def test_an_amended_report_is_compared_as_it_is_now(city: Incidents) -> None:
    """It said nothing of where, and does an hour later."""
    await city.report(LAMP, BUDI)
    vague = await city.report("Lampu jalan padam", RINA)
    assert len(city.partition()) == 2
    await amend(city, vague, Addition(place=Answered(words="Jl. Fatmawati No. 12")))
    await city.swept()
    assert len(city.partition()) == 1


async def test_what_contradicts_its_case_by_what_was_added_is_looked_at_and_not_parted(city: Incidents) -> None:
    lamp = await city.report(LAMP, BUDI)
    again = await city.report("Lampu jalan padam di Jl Fatmawati No 12", RINA)
    assert again.case == lamp.case
    await amend(city, again, Addition(text="Lampu jalan padam di Jl. Panglima Polim No. 3", is_instead=True))
    await city.swept()
    assert links(city, again.report.id)[-1] == ("misfit", lamp.report.id)
    assert len(city.partition()) == 1
    await amend(city, again, Addition(text="masih gelap"))
    await city.swept()
    assert [kind for kind, _ in links(city, again.report.id)] == ["same", "misfit"]


async def test_what_was_parted_is_never_joined_again_through_a_third(city: Incidents) -> None:
    flood = await city.report(FLOOD, BUDI)
    other = await city.report(SAME_FLOOD, RINA)
    done = await city.operations.part(flood.case, OFFICER, other.report.id)
    await city.report(f"{FLOOD} juga", SITI)
    await city.report(f"{SAME_FLOOD} juga", TONO)
    await city.swept()
    assert city.case(flood.report.id).code != city.case(other.report.id).code
    assert city.case(other.report.id).code == done["code"]
