"""What a pin makes of a place: an area, suggestions, or the word that it lies outside."""

from datetime import UTC, datetime

import msgspec
import pytest

from normalizer.book import Book
from normalizer.message import Message, Place
from normalizer.normalize import normalize
from normalizer.places.atlas import Atlas
from normalizer.places.pins import Assigned, assign, placed
from normalizer.report import Outcome, Report, ReportPlace
from tests.normalizer.small_city import ATLAS, EAST, VILLAGE_A, VILLAGE_B

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
PLACEHOLDER = msgspec.structs.replace(ATLAS, placeholders=((5_000, 5_000),))


def at(latitude: float, longitude: float, accuracy: float | None = None, atlas: Atlas = ATLAS) -> ReportPlace:
    place = placed(ReportPlace(latitude=latitude, longitude=longitude, accuracy_m=accuracy), atlas)
    assert place
    return place


def told(latitude: float, longitude: float, atlas: Atlas = ATLAS) -> Report:
    message = Message(id="1", channel="sms", sender=None, text="", place=Place(latitude, longitude))
    return normalize(message, NOW, Book("31", atlas=atlas))


def test_within_an_area_it_is_assigned_with_the_reason() -> None:
    place = at(0.005, 0.005)
    assert place.area and (place.area.code, place.area.name, place.area.kind) == (VILLAGE_A, "Melati", "kelurahan")
    assert place.area.reasons == ("titik lokasi di dalam kelurahan Melati",)
    assert (place.outcome, place.areas) == (Outcome.ASSIGNED, ())


def test_near_a_border_the_area_around_is_assigned_and_the_small_ones_are_suggested() -> None:
    place = at(0.005, 0.009, 300)
    assert place.area and place.area.reasons == ("titik lokasi (±300 m) di dalam kecamatan Selatan",)
    assert [(area.code, area.score) for area in place.areas] == [(VILLAGE_A, 0.8), (VILLAGE_B, 0.4)]
    assert place.areas[1].reasons == ("titik lokasi (±300 m) mencapai kelurahan Mawar",)


def test_at_the_edge_of_the_city_it_only_suggests() -> None:
    place = at(0.0005, 0.005, 300)
    assert (place.area, place.outcome, place.areas[0].code) == (None, Outcome.SUGGESTED, VILLAGE_A)


OUTSIDE = {
    "in a city beside it": (0.005, 0.035, "titik lokasi di kota Kota Sebelah, 1,7 km di luar batas wilayah"),
    "nowhere known": (0.005, -0.01, "titik lokasi 1,1 km di luar batas wilayah"),
}


@pytest.mark.parametrize(("latitude", "longitude", "reason"), OUTSIDE.values(), ids=OUTSIDE)
def test_outside_it_says_how_far(latitude: float, longitude: float, reason: str) -> None:
    place = at(latitude, longitude)
    assert (place.outcome, place.area, place.reasons) == (Outcome.OUTSIDE, None, (reason,))
    assert EAST not in [area.code for area in place.areas]


def test_without_borders_a_pin_stays_a_pin() -> None:
    place = ReportPlace(latitude=0.005, longitude=0.005)
    assert placed(place, Atlas("99.01")) == place
    assert placed(None, ATLAS) is None


def test_what_a_photo_hints_at_assigns_nothing() -> None:
    place = ReportPlace(words="di sini", hint=(0.005, 0.005))
    assert placed(place, ATLAS) == place


ODD = {
    "what apps send by themselves": (0.00501, 0.00499),
    "nowhere": (0.0, 0.0),
    "not on Earth": (106.8, -6.2),
}


@pytest.mark.parametrize(("latitude", "longitude"), ODD.values(), ids=ODD)
def test_a_pin_that_lies_is_doubted_and_the_report_kept(latitude: float, longitude: float) -> None:
    report = told(latitude, longitude, PLACEHOLDER)
    assert "odd-pin" in report.triage
    assert report.place is None or (report.place.latitude, report.place.area) == (None, None)


def test_words_that_name_another_area_are_a_doubt() -> None:
    here = Message(id="1", channel="sms", sender=None, text="Banjir di kel. Slipi", place=Place(0.005, 0.005))
    report = normalize(here, NOW, Book("31", atlas=ATLAS))
    assert "pin-differs" in report.triage
    assert report.place and report.place.area and report.place.area.code == VILLAGE_A


def test_a_desk_or_the_citizen_assigns() -> None:
    chosen = Assigned(VILLAGE_A, "Melati", "kelurahan", "dipilih pelapor")
    place = assign(None, chosen)
    assert place.area and place.area.reasons == ("dipilih pelapor",)
    assert place.outcome is Outcome.ASSIGNED
