"""A text too long for one message becomes several, each as the channel counts it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Capabilities
from gateway.bot.measuring import clusters, fits
from gateway.bot.splitting import ENDING, MOST_PARTS, split
from normalizer.words import gsm7

SMS = Capabilities(text_limit=459, alphabet="gsm7")
ONE_SMS = Capabilities(text_limit=160, alphabet="gsm7")
POST = Capabilities(text_limit=280, alphabet="x")
SHORT = Capabilities(text_limit=20)
FAMILY = "👨‍👩‍👧‍👦"
WORDS = " ".join(["banjir"] * 40)

MEASURED = {
    "160 septets are one SMS": ("a" * 160, ONE_SMS, True),
    "161 are two": ("a" * 161, ONE_SMS, False),
    "a brace counts two": ("{" * 80, ONE_SMS, True),
    "and one more": ("{" * 80 + "a", ONE_SMS, False),
    "70 units of UCS-2 are one": ("ă" * 70, ONE_SMS, True),
    "71 are two": ("ă" * 71, ONE_SMS, False),
    "three SMS": ("a" * 459, SMS, True),
    "four": ("a" * 460, SMS, False),
    "three of UCS-2": ("ă" * 201, SMS, True),
    "four of UCS-2": ("ă" * 202, SMS, False),
    "characters": ("🙂" * 20, SHORT, True),
    "units of UTF-16": ("🙂" * 10, Capabilities(text_limit=20, alphabet="utf-16"), True),
    "one unit too many": ("🙂" * 10 + "a", Capabilities(text_limit=20, alphabet="utf-16"), False),
    "bytes": ("é" * 10, Capabilities(text_limit=20, alphabet="utf-8"), True),
    "a byte too many": ("é" * 10 + "a", Capabilities(text_limit=20, alphabet="utf-8"), False),
    "X: Latin letters count one": ("é" * 280, POST, True),
    "X: one too many": ("é" * 281, POST, False),
    "X: composed before they are counted": ("e\u0301" * 280, POST, True),
    "X: Chinese counts two": ("水" * 140, POST, True),
    "X: Chinese, one too many": ("水" * 140 + "a", POST, False),
    "X: a family is one emoji and counts two": (FAMILY * 140, POST, True),
    "X: a flag too": ("🇮🇩" * 140, POST, True),
    "X: dashes and quotes count one": ("–" * 280, POST, True),
    "X: a link counts 23": ("a" * 256 + " https://contoh.id/" + "x" * 200, POST, True),
    "X: a link and a letter more": ("a" * 257 + " https://contoh.id/" + "x" * 200, POST, False),
    "X: what might be a link counts as one": ("a" * 257 + " contoh.id", POST, False),
    "no limit": ("a" * 9_999, Capabilities(), True),
}


@pytest.mark.parametrize(("text", "capabilities", "expected"), MEASURED.values(), ids=MEASURED)
def test_a_text_is_measured_as_the_channel_measures(text: str, capabilities: Capabilities, expected: bool) -> None:
    assert fits(text, capabilities) is expected


SPLIT = {
    "what fits stays whole": ("dua puluh karakter k", SHORT, ("dua puluh karakter k",)),
    "between words": ("banjir di jalan kemang raya", SHORT, ("banjir di (1/3)", "jalan kemang (2/3)", "raya (3/3)")),
    "a line break is as good": ("di jalan\nkemang raya ya", SHORT, ("di jalan (1/2)", "kemang raya ya (2/2)")),
    "a long word is cut": ("x" * 30, SHORT, ("x" * 14 + " (1/3)", "x" * 14 + " (2/3)", "xx (3/3)")),
    "no emoji is cut": (f"{FAMILY * 4}", SHORT, (f"{FAMILY}{FAMILY} (1/2)", f"{FAMILY}{FAMILY} (2/2)")),
    "no letter loses its accent": (
        "e\u0301" * 12,
        SHORT,
        ("e\u0301" * 7 + " (1/2)", "e\u0301" * 5 + " (2/2)"),
    ),
    "blanks around it say nothing": ("  " * 20 + "banjir", SHORT, ("banjir",)),
}


@pytest.mark.parametrize(("text", "capabilities", "expected"), SPLIT.values(), ids=SPLIT)
def test_a_text_is_split_between_words(text: str, capabilities: Capabilities, expected: tuple[str, ...]) -> None:
    assert split(text, capabilities) == expected


def test_an_emoji_makes_only_its_own_part_dearer() -> None:
    parts = split(f"{WORDS} {WORDS} 🙂", SMS)
    assert [gsm7.fits(part) for part in parts] == [True, False]
    assert [gsm7.segments(part) for part in parts] == [3, 2]


def test_what_is_far_too_long_ends_in_a_sign_that_there_was_more() -> None:
    parts = split(WORDS * 99, SHORT)
    assert len(parts) == MOST_PARTS
    assert parts[-1] == f"banjir{ENDING} (9/9)"
    assert split(WORDS, SHORT, 1) == (f"banjir banjir{ENDING}",)


ANY = [
    SMS,
    ONE_SMS,
    Capabilities(text_limit=40),
    Capabilities(text_limit=40, alphabet="utf-16"),
    Capabilities(text_limit=60, alphabet="utf-8"),
    Capabilities(text_limit=40, alphabet="x"),
]
texts = st.lists(st.text("abc~{ éĂ🙂👨👩\u200d\u0301🇮🇩水\n.ac/:", max_size=60), max_size=12).map(" ".join)


@given(texts, st.sampled_from(ANY))
def test_every_part_fits_and_together_they_say_the_same(text: str, capabilities: Capabilities) -> None:
    parts = split(text, capabilities)
    assert all(fits(part, capabilities) for part in parts)
    assert len(parts) <= MOST_PARTS
    said = [re.sub(r" \(\d/\d\)$", "", part) for part in parts] if len(parts) > 1 else [*parts]
    whole = "".join("".join(said).split())
    if len(parts) == MOST_PARTS and whole.endswith(ENDING):
        assert "".join(text.split()).startswith(whole.removesuffix(ENDING))
    else:
        assert whole == "".join(text.split())


@given(st.text("aé\u0301🙂👨👩\u200d🇮🇩水", max_size=100))
def test_no_character_is_cut(word: str) -> None:
    parts = split(word, Capabilities(text_limit=150, alphabet="utf-8"), 9)
    found = [cluster for part in parts for cluster in clusters(re.sub(r" \(\d/\d\)$", "", part))]
    assert found == clusters(word) or max(map(len, clusters(word))) > 20


@given(st.text(max_size=300), st.integers(0, 10))
def test_any_text_comes_to_an_end_however_short_a_message_is(text: str, limit: int) -> None:
    assert len(split(text, Capabilities(text_limit=limit))) <= MOST_PARTS
