"""Names as people type them: words of a text with the spelling they are looked up by."""

import re
from functools import lru_cache

import msgspec

from normalizer.places.areas import CITY, DISTRICT, Area, area_of, areas_below
from normalizer.words.memo import remembered
from normalizer.words.wordlists import AREA_TITLES, DIRECTIONS, EMPTY_WORDS, SHORT_NAME_WORDS

_WORD = re.compile(r"[a-z]+(?:[0134]{1,2}[a-z]+)*", re.ASCII)
_LETTERS = re.compile(r"[a-z]+", re.ASCII)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_AS_LETTERS = str.maketrans("0134", "oiea")


class Words(msgspec.Struct, frozen=True, gc=False):
    """The words of a text: the usual spelling of each, and where it starts and ends. Two lists, for speed."""

    keys: list[str]
    spans: list[tuple[int, int]]


def words_of(text: str) -> Words:
    """Words of a text of small letters, without stretching ("utaraaa") and digits for letters ("r4wa"); short forms of
    names in full ("kp")."""
    found = list(_WORD.finditer(text))
    return Words([_spelled(match[0]) for match in found], [match.span() for match in found])


def name_words(name: str) -> list[str]:
    """The words of a name, spelled as `words_of` spells them."""
    return [SHORT_NAME_WORDS.get(word, word) for word in _LETTERS.findall(name.lower())]


def area_words(area: Area) -> list[str]:
    """Without "Kota" and the like before a city's name, but not before a village's."""
    words = name_words(area.name)
    while area.level < DISTRICT and len(words) > 1 and words[0] in AREA_TITLES:
        words = words[1:]
    return words


def spellings(area: Area) -> set[str]:
    """The name in one word, and for a city of two words also its short forms: "jakbar" for Jaka Barat."""
    words = area_words(area)
    short = DIRECTIONS.get(words[1]) if area.level == CITY and len(words) == 2 else None
    return {"".join(words), *(words[0][:length] + short for length in (3, 4) if short)}


def abbreviated(area: Area) -> set[str]:
    """A province or city with its first word as people shorten it, to two consonants and the last: "bdr" for Badura."""
    first, *others = area_words(area)
    consonants = [letter for letter in first if letter not in "aeiou"]
    short = "".join((*consonants[:2], *consonants[-1:]))
    known = area.level < DISTRICT and len(consonants) > 2 and short not in EMPTY_WORDS
    return {"".join((short, *others))} if known else set()


@lru_cache(maxsize=4)
def around(region: str) -> frozenset[str]:
    """The words in the names of a province or city and of what it lies in: they are said of everything there."""
    return frozenset(word for area in _upwards(region) for word in area_words(area))


def first_words(region: str) -> frozenset[str]:
    """What the names of a province or city begin with, and those of all areas in it and around it; takes some
    milliseconds."""
    areas = (*_upwards(region), *areas_below(region))
    shorts = (short for area in areas if area.level == CITY for short in spellings(area))
    return frozenset((*shorts, *(words[0] for area in areas if (words := area_words(area)))))


def _upwards(region: str) -> list[Area]:
    return [area for code in dict.fromkeys((region.partition(".")[0], region)) if (area := area_of(code))]


@remembered
def _spelled(word: str) -> str:
    letters = word if word.isalpha() else word.translate(_AS_LETTERS)
    letters = _STRETCHED.sub(r"\1", letters)
    return SHORT_NAME_WORDS.get(letters, letters)
