"""Slips of the finger. Pure."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

#: Shorter words are not looked at.
_SHORTEST = 4


def is_slip(word: str, other: str) -> bool:
    """One letter too many, too few or another, or two that changed places; or none at all."""
    if word == other:
        return True
    if min(len(word), len(other)) < _SHORTEST or abs(len(word) - len(other)) > 1 or word.isdecimal():
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1


def meant(word: str, known: Iterable[str], least: int) -> list[str]:
    """Those of `least` letters that may be meant, by a slip behind the first: nobody slips in that, and "tempat" is not
    "empat"."""
    return [one for one in known if len(one) >= least and one[:1] == word[:1] and is_slip(word, one)]
