"""Where something is, in at most three questions: by a pin, by a choice among the areas that words may name, or by the
words as they are. In the example city."""

import pytest
from msgspec.structs import replace

from gateway.bot import Again, Ask, More, Place, Reader, Say, Steps, Talk, dialogue, place, place_among
from gateway.bot.readers.places import MOST_ASKED
from gateway.bot.state import Option
from gateway.bot.testing import converse
from normalizer.message import Place as Pin
from tests.gateway.bot.test_readers import heard

KNOWN = place_among([("31.74.03.1002", "Bangka, Mampang Prapatan")])


@dialogue("lamp", texts={"id": {"where": "Di mana lampunya?", "thanks": "Terima kasih, {where}."}, "en": {}})
def lamp(talk: Talk) -> Steps:
    """Where a lamp is dark."""
    found = yield Ask("where", place)
    yield Say("thanks", where=found.area_name or found.words)


def test_a_menu_of_areas_by_sms() -> None:
    converse(
        lamp,
        """
> lampu mati
< Di mana lampunya?
> kp melayu deket halte
< Yang mana tempatnya?
  1 Kampung Melayu, Jatinegara
  2 Kecamatan Jatinegara
  3 Tidak ada yang cocok
> yang no 1 aja
< Terima kasih, Kampung Melayu, Jatinegara.
""",
    )


def talk(*answers: str | Pin, reader: Reader[Place] = place) -> tuple[list[str], Place | None]:
    """What is asked on, and what comes of it."""
    offered = tuple(Option(label.id, label.words or label.text) for label in reader.options())
    asked: list[str] = []
    before: tuple[str, ...] = ()
    for answer in answers:
        text = answer if isinstance(answer, str) else ""
        given = heard(text, offered, place=answer if isinstance(answer, Pin) else None)
        try:
            return asked, reader.read(replace(given, before=before))
        except Again as wanted:
            if isinstance(wanted, More):
                offered = tuple(Option(label.id, label.words or label.text) for label in wanted.options)
            asked.append(": ".join(filter(None, (wanted.hint or reader.hint, "; ".join(o.label for o in offered)))))
            before = (*before, text)
    return asked, None


def area(of: Place | None) -> tuple[str, str | None]:
    assert of is not None
    return of.words, of.area


ONE = "which_area: Kampung Melayu, Jatinegara; Kecamatan Jatinegara; none_of_these"
TALKS: dict[str, tuple[tuple[str, ...], list[str], tuple[str, str | None]]] = {
    "words, and the first area": (
        ("kp melayu deket halte", "1"),
        [ONE],
        ("kp melayu deket halte", "31.75.03.1001"),
    ),
    "one area is confirmed by a yes": (("kp melayu", "iya"), [ONE], ("kp melayu", "31.75.03.1001")),
    "by its name": (("kp melayu", "kampung melayu"), [ONE], ("kp melayu", "31.75.03.1001")),
    "the kecamatan, by its name": (("kp melayu", "jatinegara"), [ONE], ("kp melayu", "31.75.03")),
    "one of them among other words": (
        ("kp melayu", "yang di kecamatan jatinegara tapi dekat rel kereta api itu pak"),
        [ONE],
        ("kp melayu", "31.75.03"),
    ),
    "none of these": (
        ("kp melayu deket halte", "bukan", "dekat pasar"),
        [ONE, "which_kelurahan"],
        ("kp melayu deket halte, dekat pasar", None),
    ),
    "a street, then its kelurahan": (
        ("jl mawar dpn no 12", "selong", "1"),
        ["which_kelurahan", "which_area: Selong, Kebayoran Baru; Kecamatan Kebayoran Baru; none_of_these"],
        ("jl mawar dpn no 12, selong", "31.74.07.1004"),
    ),
    "a street, and no more": (
        ("jl mawar", "depan warung"),
        ["which_kelurahan"],
        ("jl mawar, depan warung", None),
    ),
    "a name that a kecamatan bears too": (
        ("menteng", "kecamatan menteng"),
        ["which_area: Kecamatan Menteng; Menteng, Menteng; none_of_these"],
        ("menteng", "31.71.06"),
    ),
    "another place than those": (
        ("kp melayu", "eh di kel. selong", "1"),
        [ONE, "which_area: Selong, Kebayoran Baru; Kecamatan Kebayoran Baru; none_of_these"],
        ("kp melayu, eh di kel. selong", "31.74.07.1004"),
    ),
    "a city says too little": (
        ("jakarta timur", "cakung"),
        ["which_kelurahan", "which_area: Kecamatan Cakung; none_of_these"],
        ("", None),
    ),
    "elsewhere": (
        ("di bekasi", "depan stasiun"),
        ["outside"],
        ("di bekasi, depan stasiun", None),
    ),
    "no answer, and then a street": (
        ("?", "di jl mawar", "depan warung"),
        ["again_place", "which_kelurahan"],
        ("di jl mawar, depan warung", None),
    ),
    "no answer twice, and then one": (
        ("?", "ga tau", "di jl mawar"),
        ["again_place", "again_place"],
        ("di jl mawar", None),
    ),
}


@pytest.mark.parametrize(("answers", "asked", "given"), TALKS.values(), ids=TALKS)
def test_where_it_is(answers: tuple[str, ...], asked: list[str], given: tuple[str, str | None]) -> None:
    said, found = talk(*answers)
    assert said == asked
    assert found is None if given == ("", None) else area(found) == given


@pytest.mark.parametrize("answers", [talk_ for talk_, _, _ in TALKS.values()], ids=TALKS)
def test_nobody_is_asked_more_than_three_times(answers: tuple[str, ...]) -> None:
    asked, found = talk(*answers, *["masih di depan warung kopi"] * MOST_ASKED)
    assert len(asked) < MOST_ASKED
    assert found


NO_PLACES = (
    "halo", "selamat pagi min", "mau lapor", "makasih ya", "bodo amat", "kok lama sih", "laporan saya kapan dikerjakan",
    "siapa yg bisa lihat nama saya?", "KNL-CGW3-WH73 557531", "222222", "nama saya Budi Santoso nik 3171234567890001",
)  # fmt: skip


@pytest.mark.parametrize("said", NO_PLACES)
def test_what_is_no_place(said: str) -> None:
    assert talk(said) == (["again_place"], None)


KEPT = {
    "the street, and not who says it": ("saya Joko di jl mawar no 12 hp 081234567890", "jl mawar no 12"),
    "from where it is told": ("nama saya Budi Santoso, depan pos ronda", "depan pos ronda"),
    "a place that somebody is not sure of": ("dekat halte ya?", "dekat halte ya?"),
    "what is told of it without a name": ("gang sempit belakang masjid", "gang sempit belakang masjid"),
}


@pytest.mark.parametrize(("said", "kept"), KEPT.values(), ids=KEPT)
def test_of_an_answer_only_the_place_is_kept(said: str, kept: str) -> None:
    assert area(talk(said, "lainnya")[1]) == (kept, None)


def test_words_that_no_rule_knows_are_taken_at_last() -> None:
    assert area(talk("anu", "anu", "anu pokoknya")[1]) == ("anu pokoknya", None)


def test_areas_that_are_known_already_are_offered_at_once() -> None:
    assert talk("1", reader=KNOWN) == ([], Place(area="31.74.03.1002", area_name="Bangka, Mampang Prapatan"))
    assert talk("bukan", "jl mawar", reader=KNOWN)[0] == ["which_kelurahan"]


def test_a_pin_needs_no_words() -> None:
    asked, found = talk(Pin(-6.25, 106.8, 12.0))
    assert (asked, found) == ([], Place(latitude=-6.25, longitude=106.8, accuracy_m=12.0))


def test_a_pin_after_words_keeps_them() -> None:
    _, found = talk("jl mawar", Pin(-6.25, 106.8))
    assert found == Place(words="jl mawar", latitude=-6.25, longitude=106.8)


def test_a_pin_that_is_none_is_asked_for_again() -> None:
    assert talk(Pin(0.0, 0.0)) == (["again_place"], None)
