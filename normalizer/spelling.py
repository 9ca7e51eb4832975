"""Names as people type them: words of a text with the spelling they are looked up by."""

import re
from typing import NamedTuple

from normalizer.areas import DISTRICT, Area
from normalizer.wordlists import AREA_TITLES, SHORT_NAME_WORDS

_WORD = re.compile(r"[a-z]+(?:[0134]{1,2}[a-z]+)*", re.ASCII)
_LETTERS = re.compile(r"[a-z]+", re.ASCII)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_AS_LETTERS = str.maketrans("0134", "oiea")


class Word(NamedTuple):
    """A word at `start` to `end` of a text in small letters; `key` is its usual spelling."""

    start: int
    end: int
    key: str


def words_of(text: str) -> list[Word]:
    """Words without stretching ("utaraaa") and digits for letters ("r4wa"); short forms of names in full ("kp")."""
    if _STRETCHED.search(text):
        return [Word(match.start(), match.end(), _plain(match[0])) for match in _WORD.finditer(text)]
    known = SHORT_NAME_WORDS
    return [Word(*match.span(), known.get(match[0]) or _letters(match[0])) for match in _WORD.finditer(text)]


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
    word = _STRETCHED.sub(r"\1", _letters(word))
    return SHORT_NAME_WORDS.get(word, word)


def _letters(word: str) -> str:
    return word if word.isalpha() else word.translate(_AS_LETTERS)
