"""Where, by words: streets, numbers and areas that officers are offered with reasons."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.message import Place
from normalizer.places.place import find_place
from normalizer.report import ReportPlace

STREETS = {
    "with title": ("macet di Jl. Letjen S. Parman arah grogol", ("jl letjen s parman",)),
    "initials": ("di jl. r. s. fatmawati depan jl. kebon anggrek", ("jl r s fatmawati", "jl kebon anggrek")),
    "three spellings": ("jln kemang raya, JALAN Kemang Raya, jl.kemang raya", ("jl kemang raya",)),
    "ends at the complaint": ("jl mawar banyak sampah liar", ("jl mawar",)),
    "ends at a sentence": ("Jl. Mawar. Mohon dicek", ("jl mawar",)),
    "ends after raya": ("jln dermaga raya duren sawit", ("jl dermaga raya",)),
    "begins with raya": ("jl raya pasar minggu macet", ("jl raya pasar minggu",)),
    "an area's name follows": ("jl. sawo mangga gondangdia", ("jl sawo mangga",)),
    "an area's name within": ("Jl Kebon Kacang XII", ("jl kebon kacang 12",)),
    "roman and arabic alike": ("Jl. Manggis I dan jl manggis 1", ("jl manggis 1",)),
    "number with a letter": ("jl melati 3b rusak", ("jl melati 3b",)),
    "ends at a word written short": ("jl mawar rsk parahh", ("jl mawar",)),
    "a road that is long": ("parkir di jl sangattt ganggu wrg, jl sll disapu", ()),
    "a doctor's": ("jl dr sutomo", ("jl dr sutomo",)),
    "from, not a doctor": ("menjuntai ke jalan dr subuh", ()),
    "glued to a preposition": ("banjir dijalan merdeka", ("jl merdeka",)),
    "lane": ("gg. haji ali 3", ("gg haji ali 3",)),
    "numbered lane": ("gang 5 rt 2", ("gg 5",)),
    "a road, not a name": ("jalan rusak, jalan raya, jalan umum, pejalan kaki, jalanan, jalan di depan", ()),
}


@pytest.mark.parametrize(("text", "streets"), STREETS.values(), ids=STREETS)
def test_streets(text: str, streets: tuple[str, ...]) -> None:
    place = find_place(text)
    assert (place.streets if place else ()) == streets


NUMBERS = {
    "rt and rw": ("RT.013 RW.001", ("rt 13", "rw 1")),
    "with slash": ("rt 04/05", ("rt 4", "rw 5")),
    "both words first": ("RT/RW 03/05", ("rt 3", "rw 5")),
    "rt 15/rw 03": ("RT 15/RW 03", ("rt 15", "rw 3")),
    "glued": ("rt03 rw05", ("rt 3", "rw 5")),
    "rw alone": ("warga rw 7", ("rw 7",)),
    "house": ("jl mawar No.12a", ("no 12a",)),
    "range of houses": ("Jl Diponegoro No. 84-86 Jakarta", ("no 84",)),
    "block": ("blok C5, Blok c 2 dan blok M", ("blok c5", "blok c2", "blok m")),
    "milestone": ("jl raya bogor km 24", ("km 24",)),
    "a length is none": ("banjir 5 km dan 35 cm", ()),
    "a year is none": ("rt 2023 laporan", ()),
    "a retweet is none": ("RT @warga: banjir", ()),
    "a phone is none": ("no 08123456789", ()),
}


@pytest.mark.parametrize(("text", "numbers"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(text: str, numbers: tuple[str, ...]) -> None:
    place = find_place(text)
    assert (place.numbers if place else ()) == numbers


AREAS = {
    "with its marker": ("kel. Bangka banjir", [("31.74.03.1002", "kelurahan", 0.93)]),
    "bare": ("banjir di slipi", [("31.73.07.1002", "kelurahan", 0.57)]),
    "written apart": ("banjir kali baru", [("31.72.04.1004", "kelurahan", 0.57)]),
    "shortened": ("banjir kp. melayu", [("31.75.03.1001", "kelurahan", 0.57)]),
    "kecamatan and kelurahan": ("di menteng", [("31.71.06", "kecamatan", 0.75), ("31.71.06.1001", "kelurahan", 0.2)]),
    "marker decides": ("kec. Menteng", [("31.71.06", "kecamatan", 0.93)]),
    "city's short name": ("jaksel macet", [("31.74", "kota", 0.9)]),
    "only in a street": ("jl bangka raya", [("31.74.03.1002", "kelurahan", 0.28)]),
    "only a beginning": ("di cipete", [("31.74.06.1005", "kelurahan", 0.28), ("31.74.07.1010", "kelurahan", 0.28)]),
    "city agrees": ("slipi, jakbar", [("31.73", "kota", 0.9), ("31.73.07.1002", "kelurahan", 0.78)]),
    "city disagrees": ("slipi, jaksel", [("31.74", "kota", 0.9), ("31.73.07.1002", "kelurahan", 0.28)]),
    "word of every day": ("di tengah jalan baru dekat gunung", []),
    "and with its marker": ("kelurahan tengah", [("31.75.04.1002", "kelurahan", 0.93)]),
    "part of a word": ("kelapanya slipiku", []),
    "nowhere": ("lampu mati", []),
}


@pytest.mark.parametrize(("text", "areas"), AREAS.values(), ids=AREAS)
def test_areas(text: str, areas: list[tuple[str, str, float]]) -> None:
    place = find_place(text)
    assert [(area.code, area.kind, area.score) for area in (place.areas if place else ())] == areas


def test_reasons_are_in_the_officers_words() -> None:
    place = find_place("Kel Lubang Buaya, Kec Cipayung, depan jl Menteng Raya")
    assert place
    reasons = {area.name: area.reasons for area in place.areas}
    assert reasons["Lubang Buaya"] == ("'Kel Lubang Buaya' disebut", "kecamatan Cipayung juga disebut")
    assert reasons["Menteng"] == ("'Menteng' hanya bagian nama jalan 'jl menteng raya'",)


def test_the_words_are_the_stretch_that_names_the_place() -> None:
    place = find_place("Sampah di gg. Haji Ali 3 RT 04/05, Kp Melayu. Kata warga jl Mawar juga")
    assert place and place.words == "gg. Haji Ali 3 RT 04/05, Kp Melayu"


def test_another_city_knows_other_names() -> None:
    place = find_place("banjir di desa Kutoharjo, kec. Pati, dekat Slipi", province="33.18")
    assert place and [(area.code, area.kind) for area in place.areas] == [
        ("33.18.10.2022", "desa"),
        ("33.18.10", "kecamatan"),
    ]


PINS = {
    "on Earth": (Place(-6.2, 106.8, 15.0), ReportPlace(latitude=-6.2, longitude=106.8, accuracy_m=15.0)),
    "accuracy unknown": (Place(-6.2, 106.8, -1.0), ReportPlace(latitude=-6.2, longitude=106.8)),
    "half": (Place(latitude=-6.2), None),
    "off Earth": (Place(-96.2, 106.8), None),
    "not a number": (Place(math.nan, 106.8), None),
    "zero": (Place(0.0, 0.0), None),
    "none": (None, None),
}


@pytest.mark.parametrize(("given_place", "expected"), PINS.values(), ids=PINS)
def test_pins(given_place: Place | None, expected: ReportPlace | None) -> None:
    assert find_place("lampu mati", given_place) == expected


def test_the_channel_s_words_come_first() -> None:
    place = find_place("lampu mati di jl melati", Place(words="Kel. Slipi"))
    assert place and (place.words, place.streets) == ("Kel. Slipi", ("jl melati",))
    assert [area.name for area in place.areas] == ["Slipi"]


PIECES = st.sampled_from(["jl.", "jalan", "gg", "rt", "rw", "03/05", "no", "12", "kel.", "kec", "menteng", "slipi"]) | (
    st.sampled_from(["jakarta", "selatan", "raya", "iii", "İ", "\n", "-", ".", "koja", "blok"])
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES).map(" ".join)))
def test_any_text_gives_bounded_suggestions(text: str) -> None:
    place = find_place(text)
    assert place is None or (len(place.areas) <= 5 and all(0 < area.score < 1 for area in place.areas))
