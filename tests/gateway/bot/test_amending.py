"""What a citizen adds to a report that is filed changes it, and the case that it opened."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters import Attachment, Message
from adapters import Place as Given
from dedupe.fingerprint import Fingerprint
from gateway import amending
from gateway.amending import Addition
from gateway.bot.engine import Amends
from gateway.bot.state import Place
from gateway.moving import Wanted, change
from gateway.store.contract import CaseRow, Conflict, HistoryRow, ReportRow, Settlement
from gateway.store.views import Views
from normalizer.report import Outcome
from tests.gateway.bot.filings import AT, Filings, filings
from tests.gateway.support import BUDI, RINA

LATER = AT + 60
SOUTH, WEST = "31.74.03.1002", "31.73.05.1001"
LAMP = "Lampu mati sudah seminggu"
PHOTO = Attachment(name="foto.jpg", media_type="image/jpeg", size=9, digest="ab" * 32)


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Filings]:
    async with filings(tmp_path) as city:
        yield city


async def amend(city: Filings, row: ReportRow, at: float = LATER, **addition: Any) -> tuple[ReportRow, CaseRow]:
    settlement = Settlement()
    reporters = city.store.reporters(row.case)
    identity = row.report.id
    amending.add(city.rules, city.case(row.case), reporters, identity, Addition(**addition), at, settlement)
    await city.store.settle(settlement)
    return city.report(identity), city.case(row.case)


def history(city: Filings, code: str) -> list[dict[str, Any]]:
    with Views(city.folder) as views:
        return views.history(code)


async def test_words_are_appended_and_what_they_tell_of_persons_is_masked(city: Filings) -> None:
    row, case = await amend(city, await city.file(LAMP), text="Hubungi Pak RT 081234567890")
    assert row.report.text == f"{LAMP}\nHubungi Pak RT 081234567890"
    assert row.masked and "081234567890" not in row.masked.text + case.what
    assert (row.report.version, row.report.judged_version) == (2, 1)
    assert "hubungi" in msgspec.msgpack.decode(row.fingerprint, type=Fingerprint).words
    assert history(city, case.code)[-1] == {
        "at": "2026-03-02T10:01:00+00:00",
        "event": "amended",
        "actor": "pelapor",
        "detail": {"report": row.report.id, "version": "2", "fields": "text"},
    }


async def test_an_area_that_was_chosen_is_assigned_and_hands_the_case_to_its_unit(city: Filings) -> None:
    first = await city.file("Lampu jalan mati sudah seminggu")
    place = Place(words="dekat pasar", area=SOUTH, area_name="Bangka")
    row, case = await amend(city, first, place=place)
    assert row.report.place and row.report.place.area
    assert (row.report.place.area.code, row.report.place.outcome) == (SOUTH, Outcome.ASSIGNED)
    assert row.report.place.area.reasons == ("dipilih pelapor",)
    assert (case.area, case.unit, case.where) == (SOUTH, f"kelurahan-{SOUTH}", "dekat pasar, Bangka")
    told = history(city, case.code)[-1]["detail"]
    assert (told["area"], told["unit"], told["fields"]) == (SOUTH, f"kelurahan-{SOUTH}", "place")
    assert "pasar" not in str(told)


async def test_what_was_chosen_once_outlives_what_is_added_later(city: Filings) -> None:
    first = await city.file("Mati lagi")
    await amend(city, first, place=Place(words="dekat pasar", area=SOUTH, area_name="Bangka"))
    await amend(city, first, category="banjir")
    row, case = await amend(city, first, text="Tolong segera", attachments=(PHOTO,))
    row, case = await amend(city, first, attachments=(PHOTO,))
    assert row.report.place and row.report.place.area and row.report.place.area.code == SOUTH
    assert row.report.place.words == "dekat pasar"
    assert (row.report.categories[0].code, row.report.categories[0].reasons) == ("banjir", ("dipilih pelapor",))
    assert (case.category, case.area, row.report.version) == ("banjir", SOUTH, 5)
    assert [one.digest for one in row.report.attachments] == [PHOTO.digest]
    assert row.masked and row.masked.attachments[0].digest != PHOTO.digest
    assert msgspec.msgpack.decode(row.fingerprint, type=Fingerprint).category == "banjir"


async def test_a_pin_takes_the_place_of_the_one_before_and_keeps_the_words(city: Filings) -> None:
    first = await city.file(LAMP, place=Given(-6.1, 106.8))
    row, _ = await amend(city, first, place=Place(latitude=-6.2, longitude=106.9, accuracy_m=8.0))
    row, _ = await amend(city, row, place=Place(words="depan sekolah"))
    place = row.report.place
    assert place and (place.latitude, place.longitude, place.words) == (-6.2, 106.9, "depan sekolah")


async def test_a_chosen_category_sets_the_clock_and_the_unit(city: Filings) -> None:
    first = await city.file("Mohon ditindak")
    before = city.case(first.case)
    _, case = await amend(city, first, category="pohon-tumbang")
    by = city.rules.clock.deadlines(case.opened_at, "pohon-tumbang")
    assert (before.category, case.category, case.due_at) == (None, "pohon-tumbang", by.done)
    assert case.unit == city.rules.routing.route("pohon-tumbang", None).unit.code


async def test_what_an_officer_said_stays(city: Filings) -> None:
    first = await city.file("Mohon ditindak")
    case = city.case(first.case)
    begun = change(case, Wanted(status="proses", unit="dinas-sda"), AT, city.rules.clock)
    moved = HistoryRow(case=case.code, at=AT, event="moved", actor="camat", detail={})
    await city.store.settle(Settlement(changes=[msgspec.structs.replace(begun, area=WEST)], history=[moved]))
    _, after = await amend(city, first, category="pohon-tumbang", place=Place(area=SOUTH, area_name="Bangka"))
    assert (after.unit, after.area, after.category) == ("dinas-sda", WEST, "pohon-tumbang")


async def test_only_who_opened_a_case_moves_it(city: Filings) -> None:
    first = await city.file("Mohon ditindak")
    second = await city.file("Sama", RINA, into=city.case(first.case))
    row, case = await amend(city, second, category="pohon-tumbang", text="Di depan rumah")
    assert row.report.categories[0].code == "pohon-tumbang"
    assert (case.category, case.what) == (None, "Mohon ditindak")


async def test_what_turns_out_to_accuse_an_official_is_kept_from_his_office(city: Filings) -> None:
    first = await city.file("Lampu jalan mati", public=True, confidential=False)
    await amend(city, first, place=Place(area=SOUTH, area_name="Bangka"))
    row, case = await amend(city, first, category="pungutan-liar", text="Petugas kelurahan minta uang")
    assert row.report.confidentiality.private and row.report.confidentiality.confidential
    assert case.unit == city.rules.routing.accusations
    row, case = await amend(city, first, category="lampu-jalan")
    assert (case.category, case.unit) == ("pungutan-liar", city.rules.routing.accusations)
    assert row.report.confidentiality.private and row.report.confidentiality.confidential


async def test_a_report_and_what_is_added_to_it_are_settled_at_once(city: Filings) -> None:
    settlement = Settlement()
    row = city.add(settlement, city.message("Lampu jalan mati"))
    reporters = [(row, city.contact())]
    (case,) = settlement.cases
    for addition in (Addition(text="Sudah lama"), Addition(place=Place(area=SOUTH, area_name="Bangka"))):
        row = amending.add(city.rules, case, reporters, row.report.id, addition, LATER, settlement)
        reporters, (case,) = [(row, city.contact())], settlement.cases
    await city.store.settle(settlement)
    case = city.case(row.case)
    assert (case.area, case.what, case.where) == (SOUTH, "Lampu jalan mati Sudah lama", "Bangka")
    assert city.report(row.report.id).report.version == 3


async def test_who_comes_second_reads_again(city: Filings) -> None:
    first = await city.file(LAMP)
    late = Settlement()
    reporters, case = city.store.reporters(first.case), city.case(first.case)
    amending.add(city.rules, case, reporters, first.report.id, Addition(text="b"), LATER, late)
    await amend(city, first, text="a")
    with pytest.raises(Conflict):
        await city.store.settle(late)


ANSWERS: dict[str, tuple[list[Amends], Message, Addition]] = {
    "an area": (
        [Amends("place", "where", Place(words="Bangka", area=SOUTH))],
        Message(id="1", channel="sms", sender=None, text="2"),
        Addition(place=Place(words="Bangka", area=SOUTH)),
    ),
    "a photo with words": (
        [Amends("photo", "photo", True)],
        Message(id="1", channel="sms", sender=None, text="ini fotonya", attachments=(PHOTO,)),
        Addition(text="ini fotonya", attachments=(PHOTO,)),
    ),
    "a photo in place of a word": (
        [Amends("category", "what", "banjir")],
        Message(id="1", channel="sms", sender=None, text="banjir", attachments=(PHOTO,)),
        Addition(category="banjir", attachments=(PHOTO,)),
    ),
    "a pin with a text": (
        [Amends("text", "more", "di sini")],
        Message(id="1", channel="sms", sender=None, text="di sini", place=Given(-6.2, 106.8, 5.0)),
        Addition(text="di sini", place=Place(latitude=-6.2, longitude=106.8, accuracy_m=5.0)),
    ),
    "nothing": ([], Message(id="1", channel="sms", sender=None, text="lewati"), Addition()),
}


@pytest.mark.parametrize(("amends", "message", "addition"), ANSWERS.values(), ids=ANSWERS)
def test_what_an_answer_adds(amends: list[Amends], message: Message, addition: Addition) -> None:
    assert amending.answered(amends, message) == addition


async def test_nothing_to_add_makes_no_version(city: Filings) -> None:
    row, _ = await amend(city, await city.file(LAMP, BUDI))
    assert row.report.version == 1
