"""What dialogues wish for is granted by the store: what a citizen may know, and what becomes of cases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway import disputing, moving
from gateway.bot.state import Memory, State, Talk
from gateway.bot.steps import (
    Adopt,
    Case,
    Dispute,
    FindCase,
    HandOver,
    Join,
    Keep,
    Language,
    MayTry,
    MyCases,
    News,
    Part,
    Rate,
    Remember,
    Wish,
)
from gateway.citizen_cases import Citizen
from gateway.erasure import Erasing
from gateway.granting import Granting
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.moving import Wanted
from gateway.naming import talk_id
from gateway.store.contract import CaseRow, ReportRow, Settlement, TalkMode, TalkRow
from gateway.telling import Telling
from tests.gateway.bot.filings import AT, Filings, filings
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA

LATER = AT + 3600


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Filings]:
    async with filings(tmp_path) as city:
        yield city


class Talks:
    """The wishes of one citizen; what they lead to is settled at once."""

    def __init__(self, city: Filings, sender: str = BUDI, report: str = "", **values: Any) -> None:
        self.city = city
        self.telling = Telling(city.rules, {}, city.store)
        self.attempts = Attempts()
        made: dict[str, Any] = {"contact": city.contact(sender), "channel": "sms", "report": report} | values
        self.citizen = Citizen(**made)

    async def wish(self, wish: Wish) -> Any:
        self.settlement = Settlement()
        self.granting = Granting(
            self.city.store, self.city.rules, self.telling, self.attempts, self.citizen, LATER, self.settlement
        )
        found = msgspec.convert(self.granting.grant(wish), wish.gives)
        await self.city.store.settle(self.settlement)
        return found


async def move(city: Filings, case: CaseRow, status: str, **values: Any) -> None:
    settlement = moving.settlement(
        case,
        city.store.joined_into(case.code),
        [],
        Wanted(status=status, outside=True, **values),
        actor="camat",
        now=LATER,
        rules=city.rules,
        telling=Telling(city.rules, {}, city.store),
    )
    await city.store.settle(settlement)


def pin_of(city: Filings, row: ReportRow) -> str:
    """As it was told."""
    (reply,) = [one for one in city.told if one.report == row.report.id]
    return next(word.strip(".") for word in reply.text.split() if word.strip(".").isdigit() and len(word) >= 6)


@pytest.mark.threat("P0-21")
async def test_a_code_tells_a_stranger_the_status_and_no_more(city: Filings) -> None:
    row = await city.file(FLOOD)
    assert await Talks(city, RINA).wish(FindCase("x", code=row.case.lower())) == Case(
        code=row.case, status="status_received", is_open=True, word="diterima"
    )


async def test_the_reporter_is_told_what_happened_and_how_many_days_are_left(city: Filings) -> None:
    row = await city.file(FLOOD)
    await move(city, city.case(row.case), "proses", unit="dinas-sda", note="pompa dikirim")
    case = await Talks(city).wish(FindCase("x", code=f"kode {row.case}"))
    assert (case.own, case.report, case.status, case.people) == (True, row.report.id, "status_working", 1)
    assert (case.days, case.unit) == (7, "Dinas Sumber Daya Air")
    assert case.history == ("02/03/2026 diterima", "02/03/2026 dikerjakan, Dinas Sumber Daya Air")


async def test_the_pin_opens_as_much_elsewhere(city: Filings) -> None:
    row = await city.file(FLOOD)
    case = await Talks(city, RINA).wish(FindCase("x", code=row.case, pin=pin_of(city, row)))
    assert (case.own, case.report) == (True, row.report.id)


@pytest.mark.threat("P0-21")
async def test_what_is_wrong_and_what_is_unknown_are_one_and_guesses_are_limited(city: Filings) -> None:
    row = await city.file(FLOOD)
    pin, talks = pin_of(city, row), Talks(city, RINA)
    wrong = next(one for one in ("000000", "111111") if one != pin)
    assert await talks.wish(MayTry("x", code=row.case)) is True
    assert [await talks.wish(FindCase("x", code=row.case, pin=wrong)) for _ in range(5)] == [None] * 5
    assert await talks.wish(MayTry("x", code=row.case)) is False
    assert await talks.wish(FindCase("x", code="KNL-0000-0000", pin=wrong)) is None
    assert await talks.wish(FindCase("x", code=row.case, pin=pin)) is None
    assert await talks.wish(Adopt("x", code=row.case, pin=pin)) is False


@pytest.mark.threat("P0-21")
async def test_where_everybody_reads_along_nobody_is_known_by_address_or_pin(city: Filings) -> None:
    row = await city.file(FLOOD)
    talks = Talks(city, public=True)
    assert not (await talks.wish(FindCase("x", code=row.case))).own
    assert await talks.wish(FindCase("x", code=row.case, pin=pin_of(city, row))) is None
    assert await talks.wish(MyCases("x")) == ()


async def test_my_cases_are_those_of_my_address_open_ones_first(city: Filings) -> None:
    flood, lamp = await city.file(FLOOD), await city.file(LAMP)
    await city.file("Sampah menumpuk", RINA)
    again = await city.file("Airnya naik", into=city.case(flood.case))
    await move(city, city.case(lamp.case), "selesai")
    found = await Talks(city).wish(MyCases("x"))
    assert [(one.code, one.is_open, one.what) for one in found] == [
        (flood.case, True, "Airnya naik"),
        (lamp.case, False, "Lampu jalan padam di Jl. Fatmawati No. …"),
    ]
    assert found[0].report == again.report.id


async def test_who_disputes_a_closing_opens_the_case_and_the_others_are_told_without_his_words(city: Filings) -> None:
    row = await city.file(FLOOD)
    other = await city.file("Banjir", RINA, into=city.case(row.case))
    await move(city, city.case(row.case), "selesai")
    talks = Talks(city)
    assert await talks.wish(Dispute("x", code=row.case, reason="Masih banjir, telepon 081234567890"))
    case = city.case(row.case)
    assert (case.status, case.closed_at) == ("menunggu", None)
    assert [(one.report, one.text) for one in talks.settlement.replies] == [
        (other.report.id, f"Laporan {row.case}: diterima. Instansi: Biro Pemerintahan.")
    ]
    (last,) = city.store.history(row.case)[-1:]
    assert (last.event, last.actor) == ("moved", "pelapor")
    assert last.detail == {
        "from": "selesai",
        "to": "menunggu",
        "report": row.report.id,
        "disputed": "Masih banjir, telepon [telepon]",
    }


async def test_what_is_not_closed_or_not_theirs_is_not_disputed_nor_for_ever(city: Filings) -> None:
    row = await city.file(FLOOD)
    wish = Dispute("x", code=row.case, reason="belum")
    assert not await Talks(city).wish(wish)
    for _ in range(disputing.MOST):
        await move(city, city.case(row.case), "selesai")
        assert not await Talks(city, RINA).wish(wish)
        assert await Talks(city).wish(wish)
    await move(city, city.case(row.case), "selesai")
    assert not await Talks(city).wish(wish)


async def test_a_case_that_is_said_to_be_done_goes_on_if_the_citizen_says_it_is_not(city: Filings) -> None:
    row = await city.file(FLOOD)
    await move(city, city.case(row.case), "selesai-diusulkan")
    assert await Talks(city).wish(Dispute("x", code=row.case, reason="belum"))
    assert city.case(row.case).status == "proses"


async def test_each_reporter_rates_once(city: Filings) -> None:
    row = await city.file(FLOOD)
    await city.file("Banjir", RINA, into=city.case(row.case))
    talks = Talks(city)
    wish = Rate("x", code=row.case, score=4, why="cepat, kata Pak Budi 081234567890")
    assert await talks.wish(wish)
    assert not await talks.wish(wish)
    assert await Talks(city, RINA).wish(Rate("x", code=row.case, score=1))
    assert not await Talks(city, "+6281110000009").wish(wish)
    rated = [one for one in city.store.history(row.case) if one.event == "rated"]
    assert [(one.detail["score"], one.actor) for one in rated] == [("4", "pelapor"), ("1", "pelapor")]
    assert "081234567890" not in str(rated[0].detail)


async def test_a_report_of_another_incident_gets_a_case_code_and_pin_of_its_own(city: Filings) -> None:
    first = await city.file(FLOOD)
    row = await city.file("Banjir", RINA, into=city.case(first.case))
    talks = Talks(city, RINA, report=row.report.id)
    code = await talks.wish(Part("x"))
    assert code == city.report(row.report.id).case != first.case
    (told,) = talks.settlement.replies
    assert f"Kode baru {code}, PIN " in told.text
    assert city.store.was_parted(row.report.id) and not city.store.was_parted(first.report.id)
    assert await talks.wish(Part("x")) == ""


async def test_one_case_joins_another_by_its_only_reporters_word(city: Filings) -> None:
    first, row = await city.file(FLOOD), await city.file("Banjir", RINA)
    talks = Talks(city, RINA, report=row.report.id)
    assert await talks.wish(Join("x", code=first.case))
    assert (city.case(row.case).joined_into, talks.settlement.replies) == (first.case, [])
    assert await talks.wish(Part("x")) == row.case
    assert city.case(row.case).joined_into is None


async def test_what_is_closed_accuses_or_has_others_in_it_is_not_joined(city: Filings) -> None:
    closed, flood = await city.file(LAMP), await city.file(FLOOD)
    await move(city, city.case(closed.case), "selesai")
    accusing = await city.file("Pungutan liar di kantor kelurahan", fields={"category": "pungutan-liar"})
    shared = await city.file("Jalan rusak")
    await city.file("Sama", RINA, into=city.case(shared.case))
    refused = [(flood, closed), (accusing, flood), (shared, flood), (flood, flood)]
    for own, into in refused:
        assert not await Talks(city, report=own.report.id).wish(Join("x", code=into.case))


async def test_a_further_address_is_kept_with_the_report(city: Filings) -> None:
    row = await city.file(FLOOD)
    await Talks(city, report=row.report.id).wish(Remember("x", kind="email", value="budi@example.org"))
    addresses = [(one.kind, one.value) for one in city.store.addresses_of(row.report.id)]
    assert addresses == [("phone", BUDI), ("email", "budi@example.org")]


def asked_there(city: Filings, report: str, dialogue: str) -> TalkRow:
    """What is being asked where a report was made."""
    there = city.contact(BUDI).id
    state = State(dialogue=dialogue, version="1", talk=Talk(report=report), asked="where")
    return TalkRow(
        id=talk_id(city.rules.key, "sms", there, ""),
        channel="sms",
        contact=there,
        mode=TalkMode.OPEN,
        since=AT,
        heard_at=AT,
        memory=msgspec.msgpack.encode(Memory(state=state)),
        dialogue=dialogue,
        report=report,
    )


async def test_who_brings_code_and_pin_goes_on_here_with_the_talk(city: Filings) -> None:
    row = await city.file(FLOOD)
    talk = asked_there(city, row.report.id, "report")
    await city.store.settle(Settlement(talks=[talk]))
    talks = Talks(city, RINA, channel="mail")
    assert await talks.wish(Adopt("x", code=row.case, pin=pin_of(city, row)))
    assert talks.granting.adopted and talks.granting.adopted.asked == "where"
    ended = city.store.talk(talk.id)
    assert ended and (ended.mode, ended.dialogue) == (TalkMode.ENDED, None)
    assert [one.id for one in city.store.addresses_of(row.report.id)] == [city.contact(BUDI).id, city.contact(RINA).id]
    assert (await talks.wish(FindCase("x", code=row.case))).own


@pytest.mark.parametrize(("dialogue", "other"), [("status", False), ("report", True)])
async def test_what_is_talked_of_beside_the_report_stays_where_it_is(city: Filings, dialogue: str, other: bool) -> None:
    """It may tell of whatever else its reporter reported."""
    row = await city.file(FLOOD)
    talk = asked_there(city, "r-other" if other else row.report.id, dialogue)
    await city.store.settle(Settlement(talks=[talk]))
    talks = Talks(city, RINA, channel="mail")
    assert await talks.wish(Adopt("x", code=row.case, pin=pin_of(city, row)))
    assert talks.granting.adopted is None
    kept = city.store.talk(talk.id)
    assert kept and (kept.mode, kept.dialogue) == (TalkMode.OPEN, dialogue)


async def test_news_are_stopped_and_wanted_again(city: Filings) -> None:
    await city.file(FLOOD)
    talks, contact = Talks(city), city.contact().id
    await talks.wish(News("x", wanted=False))
    assert city.store.has_stopped([contact]) == {contact}
    await talks.wish(News("x"))
    assert city.store.has_stopped([contact]) == set()


async def test_what_its_caller_sees_to(city: Filings) -> None:
    talks = Talks(city)
    await talks.wish(Language("x", code="en"))
    assert talks.granting.language == "en"
    await talks.wish(HandOver("x", why="asked"))
    assert talks.settlement == Settlement()


async def test_answers_are_kept_by_dialogue_and_citizen(city: Filings) -> None:
    talks = Talks(city, dialogue="survei")
    await talks.wish(Keep("keep", answers={"waktu": 4, "saran": None}))
    (kept,) = city.store.answers("survei", LATER)
    assert (kept.contact, kept.channel, kept.at) == (talks.citizen.contact.id, "sms", LATER)
    assert kept.answers == {"waktu": 4, "saran": None}


async def test_what_citizens_said_of_a_case_is_erased_with_it(city: Filings) -> None:
    row = await city.file(FLOOD)
    await move(city, city.case(row.case), "selesai")
    await Talks(city).wish(Rate("x", code=row.case, score=1, why="airnya masih ada"))
    await Talks(city).wish(Dispute("x", code=row.case, reason="airnya masih ada"))
    erasing = Erasing(city.store, Judging(city.folder), lambda: city.rules.code_prefix)
    await erasing.erase(row.case, "camat", "diminta")
    assert [one.event for one in city.store.history(row.case)] == ["opened", "moved", "rated", "moved"]
    assert "airnya" not in "".join(str(one.detail) for one in city.store.history(row.case))
