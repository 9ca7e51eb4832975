"""An answer to a menu means one of its options, however it is written, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.bot import words
from gateway.bot.state import Option
from gateway.bot.understanding import LONGEST_ID, MOST_BYTES, chosen, is_id, pressed, wire_id
from gateway.bot.words import cut

WORDS = words.load()
AREAS = (
    Option("1", "Kampung Melati, Jaya"),
    Option("2", "Kenanga, Anggrek Baru"),
    Option("3", "Teratai, Anggrek Baru"),
    Option("none", "Bukan ketiganya"),
)
DEPTHS = (Option("low", "10 cm"), Option("middle", "20 cm"), Option("high", "Lebih dari 1 meter"))
AGREED = (Option("same", "Ya, itu dia"), Option("other", "Bukan"), Option("unknown", "Tidak tahu"))
SCALE = (Option("none", "Tidak ada"), Option("idle", "Ada, tidak jalan"), Option("good", "Dikelola baik"))
LIGHTS = (Option("dark", "Lampu mati"), Option("blinks", "Lampu berkedip"), Option("pole", "Tiang miring"))

MEANT: dict[str, tuple[str, str | None]] = {
    "its number": ("2", "2"),
    "with a full stop": ("2.", "2"),
    "in brackets": ("(2)", "2"),
    "with a nought": ("02", "2"),
    "on a key": ("2️⃣", "2"),
    "in another script": ("٢", "2"),
    "in a word": ("dua", "2"),
    "in English": ("two", "2"),
    "its rank": ("yang kedua", "2"),
    "its rank, apart": ("yg ke-2", "2"),
    "its rank in English": ("the second one", "2"),
    "its letter": ("B", "2"),
    "its small letter": ("b.", "2"),
    "nomor": ("nomor 2", "2"),
    "no": ("no 2 aja", "2"),
    "with courtesies": ("pilihan nomor dua ya min", "2"),
    "number and words": ("2 Kenanga", "2"),
    "number and courtesies": ("2 pak terima kasih", "2"),
    "all its words": ("Kenanga, Anggrek Baru", "2"),
    "its name": ("kenanga", "2"),
    "its name among others": ("yang di kenanga aja pak", "2"),
    "a part of its name": ("melati", "1"),
    "its name in short": ("kp melati", "1"),
    "stretched": ("kenangaaaa", "2"),
    "another letter": ("kenamga", "2"),
    "a letter too few": ("terati", "3"),
    "a letter too many": ("kenangfa", "2"),
    "letters changed places": ("teratia", "3"),
    "the last": ("bukan ketiganya", "none"),
    "a part of the last": ("bukan", "none"),
    "all of them": ("ketiganya", "none"),
    "both": ("keduanya", None),
    "two of them": ("2 atau 3", None),
    "a number beyond": ("5", None),
    "nought": ("0", None),
    "a letter beyond": ("z", None),
    "number and other words": ("1 kenanga", None),
    "what two have": ("anggrek baru", None),
    "denied": ("bukan kenanga", None),
    "a slip in a number": ("yang kdua", AREAS[1].id),
    "a slip in another": ("prtama", AREAS[0].id),
    "a word that only looks like a number": ("tempat", None),
    "a short word that does": ("batu", None),
    "something else": ("di depan pasar", None),
    "a tale": ("air di kenanga sudah setinggi lutut sejak tadi malam dan belum surut", None),
    "nothing": ("", None),
    "a sign": ("?", None),
}


@pytest.mark.parametrize(("said", "meant"), MEANT.values(), ids=MEANT)
def test_which_option_is_meant(said: str, meant: str | None) -> None:
    option = chosen(said, None, AREAS, WORDS)
    assert (option and option.id) == meant


OF_OTHERS: dict[str, tuple[str, tuple[Option, ...], str | None]] = {
    "the number goes before a label's": ("2", DEPTHS, "middle"),
    "a number of a label": ("10", DEPTHS, "low"),
    "a label that begins with another's number": ("20 cm", DEPTHS, "middle"),
    "a number that two have": ("cm", DEPTHS, None),
    "a word of a label": ("mati", LIGHTS, "dark"),
    "a word that two have": ("lampu", LIGHTS, None),
    "the words the other way round": ("mati lampunya", LIGHTS, "dark"),
    "a slip that may be two": ("selang", (Option("a", "Selong"), Option("b", "Selung")), None),
    "no slip where one is right": ("selong", (Option("a", "Selong"), Option("b", "Selung")), "a"),
    "short words have no slips": ("rus", (Option("a", "Rua"), Option("b", "Lain")), None),
    "the same words twice": ("ya", (Option("a", "Ya"), Option("b", "Ya")), None),
    "a letter that is a word": ("a", (Option("x", "Blok C"), Option("y", "Blok A")), "y"),
    "a letter that two have": ("a", (Option("x", "Blok A 7"), Option("y", "Blok A 8")), None),
    "another yes": ("betul pak", AGREED, "same"),
    "another no": ("ga", AGREED, "other"),
    "a no that is not the words of another": ("tidak", AGREED, "other"),
    "a thumb": ("👍", AGREED, "same"),
    "neither": ("tidak tahu", AGREED, "unknown"),
    "a yes on a scale": ("ya", SCALE, None),
    "a word of a scale": ("baik", SCALE, "good"),
    "a no on a scale": ("tidak", SCALE, None),
    "nothing is offered": ("2", (), None),
}


@pytest.mark.parametrize(("said", "offered", "meant"), OF_OTHERS.values(), ids=OF_OTHERS)
def test_which_of_other_options_is_meant(said: str, offered: tuple[Option, ...], meant: str | None) -> None:
    option = chosen(said, None, offered, WORDS)
    assert (option and option.id) == meant


def test_what_is_pressed_is_chosen_whatever_is_written() -> None:
    assert chosen("1", "3", AREAS, WORDS) == AREAS[2]
    assert chosen("1", "gone", AREAS, WORDS) is None


_LABELS = st.lists(
    st.text("abcdefghijklmno 0123,.", min_size=1, max_size=20) | st.text(min_size=1, max_size=20),
    min_size=1,
    max_size=9,
)


@given(st.text() | st.text("abcde 123.,", max_size=12), _LABELS)
def test_whatever_is_said_means_one_that_is_offered_or_none(said: str, labels: list[str]) -> None:
    offered = [Option(str(rank), label) for rank, label in enumerate(labels)]
    assert chosen(said, None, offered, WORDS) in (*offered, None)


@given(_LABELS, st.data(), st.sampled_from(["{}", "{}.", "({})", "no {}", "yang ke {} aja", "  {} "]))
def test_the_number_of_an_option_always_means_it(labels: list[str], data: st.DataObject, written: str) -> None:
    offered = [Option(str(rank), label) for rank, label in enumerate(labels)]
    rank = data.draw(st.integers(1, len(labels)))
    assert chosen(written.format(rank), None, offered, WORDS) == offered[rank - 1]


@given(_LABELS, st.data())
def test_what_is_offered_is_chosen_in_its_own_words(labels: list[str], data: st.DataObject) -> None:
    offered = [Option(str(rank), label) for rank, label in enumerate(labels)]
    option = data.draw(st.sampled_from(offered))
    said = cut(option.label)
    if not said or len(said) > 8 or WORDS.core(said)[0].isdecimal() or sum(cut(o.label) == said for o in offered) > 1:
        return
    assert chosen(option.label, None, offered, WORDS) == option


def test_a_button_carries_the_questions_number_and_the_options_id() -> None:
    assert pressed(wire_id(7, "31.74.03:x")) == (7, "31.74.03:x")
    assert len(wire_id(999_999_999, "x" * LONGEST_ID)) == MOST_BYTES


@pytest.mark.parametrize("choice", ["", "7", "7:", ":x", "x:7", "-1:x", "1234567890:x", "٢:x"])
def test_buttons_of_others(choice: str) -> None:
    assert pressed(choice) is None


@pytest.mark.parametrize("option", ["", "é", "x" * (LONGEST_ID + 1), "a\n"])
def test_what_is_no_id(option: str) -> None:
    assert not is_id(option)
    with pytest.raises(ValueError, match="ASCII"):
        wire_id(1, option)
