"""Slips of the fingers: "bnajir" is "banjir", "tolobg" "tolong", "jaringa" "jaringan".

Two neighbouring letters that changed places are set right in any word. By another letter, one too many or one too few,
names of places would become everyday words. So those are only looked for where the word has letters beside each other
that stand so in no everyday word ("obg" in "tolobg"); one too few also in long words.
"""

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from normalizer.words.frequent import FREQUENT
from normalizer.words.vocabulary import RIGHT, VOCABULARY

_SHORTEST = 6
#: From so many letters on, one that is left out is looked for in any word.
_LONG = 7
_RANKS = {word: rank for rank, word in enumerate(FREQUENT)}
#: By each key those beside it.
_BESIDE = {
    "a": "qwsz", "b": "ghvn", "c": "dfxv", "d": "erscxf", "e": "wsdr", "f": "rtdgcv", "g": "tyfhvb", "h": "yugjbn",
    "i": "uojk", "j": "uihknm", "k": "iojlm", "l": "opk", "m": "jkn", "n": "hjbm", "o": "ipkl", "p": "ol", "q": "wa",
    "r": "edft", "s": "weadzx", "t": "rfgy", "u": "yihj", "v": "fgcb", "w": "qase", "x": "sdzc", "y": "tghu",
    "z": "asx",
}  # fmt: skip


def slipped(word: str) -> str | None:
    """The everyday word that `word` (lower case) was meant to be; None where there is none, or several by letters that
    changed places."""
    if len(word) < _SHORTEST:
        return None
    found = VOCABULARY.intersection(_swapped(word))
    if found:
        return next(iter(found)) if len(found) == 1 else None
    return _most_frequent(_meant(word, [row for row in _rows(word) if row not in _ROWS]))


def _meant(word: str, odd: list[str]) -> Iterator[str]:
    """By turns of consonants and vowels names differ from words; there only a neighbouring key may have been hit."""
    if not all(map(_BY_TURNS.match, odd)):
        yield from _shortened(word)
        yield from _replaced(word, dict.fromkeys(ascii_lowercase, ascii_lowercase))
    elif odd:
        yield from _replaced(word, _BESIDE)
    if odd or len(word) >= _LONG:
        yield from _lengthened(word)


def _swapped(word: str) -> Iterator[str]:
    return (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1) if word[at] != word[at + 1]
    )


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _lengthened(word: str) -> Iterator[str]:
    return (word[:at] + letter + word[at:] for at in range(1, len(word) + 1) for letter in ascii_lowercase)


def _replaced(word: str, others: dict[str, str]) -> Iterator[str]:
    """The first letter is right."""
    return (word[:at] + other + word[at + 1 :] for at in range(1, len(word)) for other in others.get(word[at], ""))


def _most_frequent(words: Iterable[str]) -> str | None:
    return min(_RANKS.keys() & words, key=_RANKS.__getitem__, default=None)


def _rows(word: str) -> Iterator[str]:
    """Each three letters in a row, with a blank before the first and after the last."""
    whole = f" {word} "
    return (whole[at : at + 3] for at in range(len(whole) - 2))


_ROWS = frozenset(row for words in (VOCABULARY, RIGHT, FREQUENT) for word in words for row in _rows(word))
_BY_TURNS = re.compile(r"[ aiueo][^aiueo ][ aiueo]|[^aiueo][aiueo][^aiueo]")
