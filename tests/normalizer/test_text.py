"""Citizens' words: what is cleaned away, what stays, and which words carry meaning."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.words.text import LIMIT, clean, content_words, one_line

CLEANED = {
    "plain words stay": ("Lampu mati di Jl. Mawar 3, 35 cm.", "Lampu mati di Jl. Mawar 3, 35 cm."),
    "mathematical bold": ("𝐁𝐚𝐧𝐣𝐢𝐫", "Banjir"),
    "entities": ("pohon besar &amp; tinggi&nbsp;&gt;:O &#x41;", "pohon besar & tinggi >:O A"),
    "a link keeps its ampersands": ("https://a.id/?x=1&lt=2&copy=3", "https://a.id/?x=1&lt=2&copy=3"),
    "a number too long to be a character": ("&#" + "1" * 5000 + ";", "&#" + "1" * 5000 + ";"),
    "line ends": ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
    "blanks": ("a \t  b\u00a0\u3000c  \n  d ", "a b c\nd"),
    "empty lines": ("a\n\n\n \n\nb", "a\n\nb"),
    "padding dots": ("Keindahan kota. . . . . . .", "Keindahan kota..."),
    "lines of dots": ("Kabel berantakan\n.\nMembahayakan\n.....\n.", "Kabel berantakan\n\nMembahayakan"),
    "an ellipsis stays": ("lama sekali... pak", "lama sekali... pak"),
    "controls and NUL": ("a\0b\x07c\x7f", "abc"),
    "lone surrogates": ("a\ud800b\udfff", "ab"),
    "marks of direction": ("foto\u202egpj.exe\u2066\u200f", "fotogpj.exe"),
    "nothing in between": ("b\u200ba\u00adn\ufeffj\u2060ir", "banjir"),
    "tags nobody sees": ("ok\U000e0041\U000e0042", "ok"),
    "small digits": ("bolong²", "bolong2"),
    "blank": (" \n\t ", ""),
}


@pytest.mark.parametrize(("text", "expected"), CLEANED.values(), ids=CLEANED)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.threat("P2-41")
def test_one_letter_that_grows_eighteenfold_stays_within_the_limit() -> None:
    assert len(clean("\ufdfa" * LIMIT)) <= LIMIT


@pytest.mark.threat("P2-41")
def test_piled_up_marks_are_thinned() -> None:
    assert len(clean("a" + "\u0301\u0323" * 9_000)) < 10


def test_one_line_is_bounded() -> None:
    assert one_line(" a\r\n b\n\nc ", 4) == "a b "[:4]


@pytest.mark.threat("P2-41")
@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_becomes_bounded_storable_text(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LIMIT and "\0" not in cleaned and "\r" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert all(content_words(cleaned))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=100).filter(lambda text: "&" not in unicodedata.normalize("NFKC", text)))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


WORDS = {
    "courtesies": ("Selamat pagi min, mohon tolong segera diperbaiki pak, terima kasih", ()),
    "what and where": (
        "Lampu PJU mati di Jl. Kemang no 12 RT 03/RW 05",
        ("lampu", "pju", "mati", "jalan", "kemang", "no", "12", "rt", "03", "rw", "05"),
    ),
    "links and mentions": (
        "RT @warga: @DKIJakarta banjir https://t.co/abc www.x.id a@b.id #macet",
        ("banjir", "macet"),
    ),
    "masks": ("rt [akun]: banjir, hub [nama] [telepon] / [surel]; nik [nik]", ("banjir", "hubungi", "nik")),
    "doubled by a digit": ("jalan bolong2 dan bolong² dimana2", ("jalan", "bolong", "mana")),
    "doubled by a hyphen": ("gorong-gorong mampet", ("gorong", "mampet")),
    "units stay": ("genangan 35 cm 5m2 blok2 km2", ("genangan", "35", "cm", "5m2", "blok2", "km2")),
    "stretched": ("Toloooong banjirrrr", ("banjir",)),
    "roman numbers stay": ("Jl Mawar III", ("jalan", "mawar", "iii")),
    "no in three spellings": ("gak tdk nggak nyala", ("tidak", "nyala")),
    "nothing": ("", ()),
}


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS)
def test_content_words(text: str, expected: tuple[str, ...]) -> None:
    assert content_words(text) == expected
