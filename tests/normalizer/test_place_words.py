"""Areas by citizens' words in two regions: the many ways to write a name, what agrees, and what lies outside."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.message import Place
from normalizer.places.atlas import Atlas, Landmark, Named, Street
from normalizer.places.gazetteer import gazetteer
from normalizer.places.mentions import mentions
from normalizer.places.place import find_place
from normalizer.places.typed import words_of
from normalizer.report import Outcome, ReportPlace

JAKARTA, PATI = "31", "33.18"
#: Streets and landmarks of our own, in areas that there are.
ATLAS = Atlas(
    region=JAKARTA,
    streets=(
        Street("Jalan Haji Contoh Raya", ("31.74.03.1002",)),
        Street("Contoh III", ("31.73.07.1002",)),
        Street("Panjang", ("31.74.03.1002", "31.73.07.1002")),
        Street("Sepanjang Kota", tuple(f"31.73.01.{number}" for number in range(1001, 1008))),
    ),
    landmarks=(Landmark("Menara Contoh", "menara", None, "31.73.07.1002"), Landmark("Tugu Contoh")),
    aliases=(Named("Bangke", "31.74.03.1002"), Named("Nowhere", "99.99")),
    neighbours=(Named("Jatiasih", "32.75.09"), Named("Slipi", "32.75.09.1009")),
)


def read(text: str, region: str = JAKARTA, atlas: Atlas = ATLAS) -> ReportPlace:
    return find_place(text, province=region, atlas=atlas) or ReportPlace()


def first(text: str, region: str = JAKARTA) -> str | None:
    areas = read(text, region).areas
    return areas[0].code if areas else None


SPELLINGS = {
    "short words": ("ps minggu becek", JAKARTA, "31.74.04"),
    "short words with dots": ("banjir di tj. priok", JAKARTA, "31.72.02"),
    "in one word": ("banjir #kebonjeruk", JAKARTA, "31.73.05"),
    "in two words": ("rawa mangun banjir", JAKARTA, "31.75.02.1005"),
    "one letter left out": ("macet kebayorn lama", JAKARTA, "31.74.05"),
    "two letters swapped": ("macet kebayroan lama", JAKARTA, "31.74.05"),
    "stretched": ("kelurahan cipete utaraaaa", JAKARTA, "31.74.07.1010"),
    "digits for letters": ("kelurahan r4mbut4n", JAKARTA, "31.75.09.1005"),
    "hasty after its marker": ("kel klp dua", JAKARTA, "31.73.05.1004"),
    "some letters after its marker": ("klrhn knngn barat", JAKARTA, "31.74.03.1005"),
    "the longer name": ("kel. menteng ats", JAKARTA, "31.74.02.1005"),
    "a slip in a short word": ("kel. kalik anyar", JAKARTA, "31.73.04.1002"),
    "its head's office": ("lurah cilincing tolong", JAKARTA, "31.72.04.1001"),
    "another known spelling": ("kel bangke", JAKARTA, "31.74.03.1002"),
    "a postal code": ("depan ruko, kode pos 12730", JAKARTA, "31.74.03.1002"),
    "a village": ("desa kutoharjo jalan rusak", PATI, "33.18.10.2022"),
    "a village, shortened": ("ds. kutoharjo kec pati", PATI, "33.18.10.2022"),
    "the region itself": ("kab. pati lampu mati", PATI, "33.18"),
}


@pytest.mark.parametrize(("text", "region", "code"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_name_is_known_however_it_is_written(text: str, region: str, code: str) -> None:
    assert first(text, region) == code


NOTHING = {
    "a marker alone": "kelurahan. tolong dicek",
    "a marker and a verb": "kecamatan bisa jadi ktp",
    "a price": "bayar rp 12730",
    "a number": "no 12730",
    "a longer number": "kode 1273012730",
    "short words one letter off": "slipa banka",
    "an alias of nowhere": "nowhere",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_area_is_read_into_other_words(text: str) -> None:
    assert read(text).areas == ()


def test_one_name_in_two_kecamatan_is_offered_twice_until_the_kecamatan_is_named() -> None:
    alone, told = read("desa sidomulyo", PATI).areas, read("desa sidomulyo kec jakenan", PATI).areas
    assert [(area.code, area.score) for area in alone] == [("33.18.09.2020", 0.47), ("33.18.17.2005", 0.47)]
    villages = [area for area in told if area.kind == "desa"]
    assert [area.code for area in villages] == ["33.18.09.2020", "33.18.17.2005"]
    assert villages[0].score > 0.7 > villages[1].score


AGREEING = {
    "a kelurahan and its kecamatan": ("kec palmerah slipi", "slipi"),
    "a kelurahan and its street": ("slipi jl contoh 3", "slipi"),
    "a kelurahan and its postal code": ("bangka, kode pos 12730", "bangka"),
    "a kelurahan and its landmark": ("slipi menara contoh", "slipi"),
}


@pytest.mark.parametrize(("both", "alone"), AGREEING.values(), ids=AGREEING)
def test_what_agrees_is_surer(both: str, alone: str) -> None:
    code = first(alone)
    scores = {area.code: area.score for area in read(both).areas}
    assert code and scores[code] > read(alone).areas[0].score


def test_a_name_said_twice_is_no_surer() -> None:
    assert read("slipi banjir, slipi macet").areas[0].score == read("slipi banjir").areas[0].score


LESS = {
    "the way there": "macet arah slipi",
    "from there": "dari slipi macet",
    "from there on": "slipi ke kota tua macet",
    "a comparison": "jalannya seperti di slipi",
    "part of a street": "jl slipi",
}


@pytest.mark.parametrize("text", LESS.values(), ids=LESS)
def test_a_name_on_the_way_or_compared_with_is_less_sure(text: str) -> None:
    assert read(text).areas[0].score < read("banjir di slipi").areas[0].score


STREETS = {
    "its area": ("jl haji contoh raya", [("31.74.03.1002", 0.8)]),
    "its number in roman": ("jalan contoh III", [("31.73.07.1002", 0.45)]),
    "more words after it": ("jl contoh 3 gelap", [("31.73.07.1002", 0.45)]),
    "through two areas": ("jl. panjang", [("31.74.03.1002", 0.23), ("31.73.07.1002", 0.23)]),
    "through too many": ("jl. sepanjang kota", []),
    "not imported": ("jl. melati", []),
}


@pytest.mark.parametrize(("text", "areas"), STREETS.values(), ids=STREETS)
def test_an_imported_street_names_its_areas(text: str, areas: list[tuple[str, float]]) -> None:
    assert [(area.code, area.score) for area in read(text).areas] == areas


LANDMARKS = {
    "a kind and a name": ("depan Pasar Contoh Indah banjir", ("pasar contoh indah",)),
    "other spellings": ("dkt mesjid al contoh", ("masjid al contoh",)),
    "with a number": ("sdn 03 contoh", ("sdn 03 contoh",)),
    "without a name": ("depan sekolah banjir", ()),
    "imported": ("sebelah menara contoh", ("menara contoh",)),
    "imported without an area": ("sebelah tugu contoh", ("tugu contoh",)),
}


@pytest.mark.parametrize(("text", "landmarks"), LANDMARKS.values(), ids=LANDMARKS)
def test_landmarks_in_normal_form(text: str, landmarks: tuple[str, ...]) -> None:
    assert read(text).landmarks == landmarks


OUTSIDE = {
    "in a kecamatan of a city's name": ("banjir di Bekasi Timur", JAKARTA),
    "with both markers": ("Kec. Cibinong Kab. Bogor", JAKARTA),
    "after a number": ("Jl Contoh no 3 Bekasi", JAKARTA),
    "after a comma": ("Jl Contoh, Tangsel", JAKARTA),
    "a kelurahan inside of the same name": ("kel slipi kec. jatiasih", JAKARTA),
    "in the city beside": ("lampu mati di kudus", PATI),
    "in another province": ("di kec. gubeng surabaya", PATI),
    "a kelurahan that the region does not have, and its city": ("kel beji depok", JAKARTA),
    "with a comma": ("banjir di Kel. Sukamaju, Bandung", JAKARTA),
    "and its kecamatan between": ("kel mekarsari cimanggis depok lampu mati", JAKARTA),
    "a kecamatan elsewhere and its city": ("kec beji depok", JAKARTA),
    "after a street": ("Jl Contoh kel Beji Depok", JAKARTA),
    "a name that both have, and the other's city": ("lampu padam di kel kebon jeruk bandung", JAKARTA),
    "a place that the region does not have, a comma and its city": ("kantor di waru, sidoarjo", JAKARTA),
    "of a kabupaten": ("kel purwosari kudus", PATI),
    "elsewhere in the country": ("banjir kab. sleman", JAKARTA),
}


@pytest.mark.parametrize(("text", "region"), OUTSIDE.values(), ids=OUTSIDE)
def test_words_that_say_so_put_it_outside(text: str, region: str) -> None:
    place = read(text, region)
    assert place.outcome is Outcome.OUTSIDE
    assert "di luar wilayah" in place.areas[0].reasons[0]


MENTIONED = {
    "where to": ("macet arah bekasi", JAKARTA),
    "where from": ("bus dari depok mogok", JAKARTA),
    "a route": ("bus Bekasi - Blok M", JAKARTA),
    "a street": ("lubang di Jl. Raya Bogor", JAKARTA),
    "who": ("warga bekasi mengeluh", JAKARTA),
    "after more than a name": ("kel slipi warga bekasi mengeluh", JAKARTA),
    "no place before the comma": ("saya tinggal di sana, depok lebih baik", JAKARTA),
    "a station beside an unknown name": ("kel entah dekat stasiun bekasi", JAKARTA),
    "a word that is a city's name": ("di kel slipi malang melintang kabel", JAKARTA),
    "a comparison": ("banjir seperti di bekasi", JAKARTA),
    "beside an area inside": ("kel. slipi jakbar, dekat kantor walikota bekasi", JAKARTA),
    "a street to there": ("jl pati kudus rusak", PATI),
}


@pytest.mark.parametrize(("text", "region"), MENTIONED.values(), ids=MENTIONED)
def test_a_mere_mention_does_not(text: str, region: str) -> None:
    assert read(text, region).outcome is not Outcome.OUTSIDE


def test_a_kota_is_not_the_kabupaten_of_its_name() -> None:
    assert [area.code for area in read("di kab. bogor").areas] == ["32.01"]
    assert [area.code for area in read("di kota bogor").areas] == ["32.71"]


def test_words_never_assign() -> None:
    place = read("kel. slipi kec. palmerah jakarta barat kode pos 11410")
    assert (place.outcome, place.area) == (Outcome.SUGGESTED, None)


def test_words_given_as_the_place_are_surer_than_those_of_the_text() -> None:
    given_, said = find_place("lampu mati", Place(words="slipi")), find_place("lampu mati, slipi")
    assert given_ and said
    assert given_.areas[0].score > said.areas[0].score


SAID = """
kel kec. kota kab desa di arah seperti ke - , jl. gg menteng slipi kalii anyar bekasi timur klp dua 12730 kode pos rt
3/5 no 4 utaraaaa r4wa contoh panjang menara pasar masjid İ
"""
PIECES = st.sampled_from(SAID.split())


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join)), st.sampled_from([JAKARTA, PATI]))
def test_any_words_give_ranked_suggestions(text: str, region: str) -> None:
    place = read(text, region)
    scores = [area.score for area in place.areas]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)
    assert len({area.code for area in place.areas}) == len(scores) <= 5
    assert place.area is None
    assert place.outcome is not Outcome.ASSIGNED


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join)))
def test_mentions_lie_in_the_text_one_after_the_other(text: str) -> None:
    lowered = text.lower()
    found = mentions(lowered, words_of(lowered), gazetteer(JAKARTA, ATLAS))
    ends = [end for mention in found for end in (mention.start, mention.end)]
    assert ends == sorted(ends)
    assert all(0 <= end <= len(lowered) for end in ends)
