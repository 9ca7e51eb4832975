"""Names as people type them: words of a text with the spelling they are looked up by."""

import re
from functools import lru_cache
from typing import NamedTuple

from normalizer.places.areas import DISTRICT, Area
from normalizer.words.wordlists import AREA_TITLES, SHORT_NAME_WORDS

_WORD = re.compile(r"[a-z]+(?:[0134]{1,2}[a-z]+)*", re.ASCII)
_LETTERS = re.compile(r"[a-z]+", re.ASCII)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_USUAL_LENGTH = 24
_AS_LETTERS = str.maketrans("0134", "oiea")


class Words(NamedTuple):
    """The words of a text: the usual spelling of each, and where it starts and ends. Two lists, for speed."""

    keys: list[str]
    spans: list[tuple[int, int]]


def words_of(text: str) -> Words:
    """Words of a text of small letters, without stretching ("utaraaa") and digits for letters ("r4wa"); short forms of
    names in full ("kp")."""
    return Words([_key(word) for word in _WORD.findall(text)], [match.span() for match in _WORD.finditer(text)])


def name_words(name: str) -> list[str]:
    """The words of a name, spelled as `words_of` spells them."""
    return [SHORT_NAME_WORDS.get(word, word) for word in _LETTERS.findall(name.lower())]


def area_words(area: Area) -> list[str]:
    """Without "Kota" and the like before a city's name, but not before a village's."""
    words = name_words(area.name)
    while area.level < DISTRICT and len(words) > 1 and words[0] in AREA_TITLES:
        words = words[1:]
    return words


def _plain(word: str) -> str:
    letters = word if word.isalpha() else word.translate(_AS_LETTERS)
    letters = _STRETCHED.sub(r"\1", letters)
    return SHORT_NAME_WORDS.get(letters, letters)


_spelled = lru_cache(maxsize=8192)(_plain)


def _key(word: str) -> str:
    """Longer words do not come again: they are not kept."""
    return _spelled(word) if len(word) <= _USUAL_LENGTH else _plain(word)
