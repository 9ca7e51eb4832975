"""The page of a case: one timeline over all channels, how it stands, and who may see it."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from tests.gateway.console.support import MOST_WEIGHT, Visitor, account, weight
from tests.gateway.support import FLOOD, RINA, SAME_FLOOD, Running, of, running, settings_in, sms

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)> hubungi 0812-3456-7890"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path_factory.mktemp("case"))) as found:
        await found.judging()
        await found.send(sms("1", FLOOD), sms("2", SAME_FLOOD, RINA), sms("3", f"Jalan berlubang {ATTACK}", RINA))
        yield found


@pytest.fixture
def codes(gateway: Running) -> list[str]:
    return of(gateway.all("cases"), "code")


def operator(gateway: Running) -> Visitor:
    return Visitor(gateway.app, account())


async def test_one_timeline_has_the_reports_and_our_answers(gateway: Running, codes: list[str]) -> None:
    seen = await operator(gateway).get(f"/petugas/kasus/{codes[0]}")
    assert seen.status == 200
    assert "mobil tidak bisa lewat" in seen.text
    assert "2 orang, 2 laporan" in seen.text
    assert "Jawaban kita" in seen.text
    assert "Mulai koordinasi" in seen.text


async def test_an_english_speaking_officer_reads_why_in_english(gateway: Running, codes: list[str]) -> None:
    reader = Visitor(gateway.app, account(language="en"))
    seen = await reader.get(f"/petugas/kasus/{codes[0]}")
    assert "2 people, 2 reports" in seen.text
    assert "passed on to" in seen.text
    assert "same words: " in seen.text
    assert re.findall(r"\b(?:karena|disebut|sama|menit|detik)\b", seen.text) == []


async def test_only_what_is_not_as_usual_is_said_of_who_may_know(gateway: Running, codes: list[str]) -> None:
    """Reporters are confidential unless they say otherwise, so that is no news."""
    seen = await operator(gateway).get(f"/petugas/kasus/{codes[0]}")
    assert ("Rahasia" in seen.text, "boleh diketahui" in seen.text) == (False, False)


@pytest.mark.threat("P0-20", "P0-33")
async def test_what_citizens_wrote_is_escaped_and_masked(gateway: Running, codes: list[str]) -> None:
    seen = await operator(gateway).get(f"/petugas/kasus/{codes[-1]}")
    assert "Jalan berlubang" in seen.text
    assert "<script>alert" not in seen.html
    assert "<img src=x" not in seen.html
    assert "0812" not in seen.html
    assert RINA.removeprefix("+62") not in seen.text


async def test_a_case_that_is_not_there_or_not_theirs_is_missing(gateway: Running, codes: list[str]) -> None:
    unit = Visitor(gateway.app, account(Role.UNIT, unit="sudin-sda-31.74"))
    seen = await unit.get(f"/petugas/kasus/{codes[0]}")
    other = await unit.get("/petugas/kasus/KNL-0000-0000")
    assert (seen.status, seen.body) == (other.status, other.body)
    assert seen.status == 404


async def test_lists_and_cases_are_light(gateway: Running, codes: list[str]) -> None:
    assert await weight(operator(gateway), "/petugas") < MOST_WEIGHT
    assert await weight(operator(gateway), f"/petugas/kasus/{codes[0]}") < MOST_WEIGHT
