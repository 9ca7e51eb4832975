"""Streets and lanes in a text, in normal form: "jl mawar raya", "gg haji ali 3"."""

import re
from collections.abc import Set

from normalizer.places.typed import Words
from normalizer.words.colloquial import plain
from normalizer.words.memo import remembered
from normalizer.words.stretch import Stretch
from normalizer.words.wordlists import NOT_STREETS, ROMAN_NUMBERS, STREET_CLOSERS, STREET_TITLES

_STREET = re.compile(r"\b(?:di)?(?:(?:jl|jln|jalan)|(gg|gang))\b[.,: ]{0,3}", re.ASCII)
_MARKERS = frozenset(f"{di}{marker}" for di in ("", "di") for marker in ("jl", "jln", "jalan", "gg", "gang"))
_NO_NAMES = STREET_CLOSERS | STREET_TITLES
_STEP = re.compile(r"([. ]{0,2})((?:[a-z]+(?:'[a-z]+)?|\d{1,3}[a-z]?)\b)", re.ASCII)


def streets_in(text: str, words: Words, area_starts: Set[int]) -> list[Stretch]:
    """All streets named with "jl." or "gg." in a text of small letters, at whose `area_starts` areas' names begin."""
    found: list[Stretch] = []
    for number in [at for at, key in enumerate(words.keys) if key in _MARKERS]:
        marker = _STREET.match(text, words.spans[number][0])
        if marker and (street := _street(text, marker, area_starts)):
            found.append(street)
    return found


def _street(text: str, marker: re.Match[str], area_starts: Set[int]) -> Stretch | None:
    """The name after a marker: it ends at a number, at words no street is called by, or where an area's name begins."""
    words: list[str] = []
    end = marker.end()
    while (step := _STEP.match(text, end)) and _goes_on(words, step, area_starts):
        words.append(step[2])
        end = step.end()
        if len(words) > 1 and _is_number(step[2]):
            break
    if _NO_NAMES.issuperset(words) or (not marker[1] and words[0].isdigit()):
        return None
    kind = "gg" if marker[1] else "jl"
    return Stretch(marker.start(), end, (" ".join((kind, *map(arabic, words))),))


def _goes_on(words: list[str], step: re.Match[str], area_starts: Set[int]) -> bool:
    separator, word = step[1], step[2]
    if _is_no_name(word) or (separator == "" and words):
        return False
    if not words:
        return True
    if "." in separator and not (len(words[-1]) <= 2 or words[-1] in STREET_TITLES):
        return False
    if step.start(2) in area_starts and not STREET_TITLES.issuperset(words):
        return False
    if len(words) > 1 and words[-1] in STREET_CLOSERS:
        return _is_number(word) or word in STREET_CLOSERS
    return _is_number(word) or word in STREET_CLOSERS or sum(len(w) > 2 and w not in STREET_TITLES for w in words) < 3


@remembered
def _is_no_name(word: str) -> bool:
    """Nor is "tlong" ("tolong") or "parahh"; "dr" is a doctor here."""
    return word in NOT_STREETS or (word not in STREET_TITLES and not NOT_STREETS.isdisjoint(plain(word).split()))


@remembered
def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in ROMAN_NUMBERS


@remembered
def arabic(word: str) -> str:
    return ROMAN_NUMBERS.get(word) or (word.lstrip("0") if word[0] == "0" else word)
