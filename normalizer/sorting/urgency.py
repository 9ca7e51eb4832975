"""How soon somebody must look: dangers that a citizen tells of, there and now.

What is denied ("tidak ada korban"), feared ("rawan kesetrum"), over ("kebakaran tahun lalu") or meant in another way
("simulasi kebakaran", "terbakar cemburu") is no emergency.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any

from normalizer.report import Level, Urgency
from normalizer.sorting.signs import Danger, Signs
from normalizer.words.phrases import STOP, Hit

NORMAL = Urgency()

_WEIGHTS = {Level.EMERGENCY: 0.8, Level.URGENT: 0.5, Level.NORMAL: 0.1}
_SUREST = 0.99
_MOST_REASONS = 5
#: So many words before or after those of a danger tell who is in it, and what else must stand near.
_NEAR = 8
#: A denial and a fear stand before what they are about, so many words at most.
_DENIED_WITHIN = 2
_FEARED_WITHIN = 5

#: Nobody needs more of them to be believed; each is compared with all that stands around it.
_MOST_HITS = 64

_WATER = frozenset({"banjir", "air", "genangan", "kebanjiran", "tergenang", "terendam", "rob", "flood", "water"})
_DEPTH = re.compile(
    r"\b(?:(?:se|ke)?tinggi(?:an)?|(?:se|ke)?dalam(?:an)?|banjir|genangan)(?:nya)?[^\d\n]{0,25}?"
    r"(\d{1,3})(?:[.,](\d))?(?:\s?(?:-|sampai|sd|s/d)\s?\d{1,3}(?:[.,]\d)?)?\s?(cm|senti|meter|mtr|m)\b"
)
#: From the knee on, cars stand still and people fall.
_DEEP_CM = 40


def urgency(text: str, words: tuple[str, ...], signs: Signs) -> Urgency:
    """Of a text and its words (`normalizer.words.phrases.words_of`). Never raises; the reasons are words of the table,
    and the depth of water."""
    found = _found(words, signs)
    if depth := _deep(text, words):
        found[depth] = max(found.get(depth, Level.NORMAL), Level.URGENT, key=_WEIGHTS.__getitem__)
    if not found:
        return NORMAL
    rest = 1.0
    for level in found.values():
        rest *= 1 - _WEIGHTS[level]
    level = max(found.values(), key=_WEIGHTS.__getitem__)
    return Urgency(level=level, score=min(round(1 - rest, 2), _SUREST), reasons=tuple(found)[:_MOST_REASONS])


def _found(words: tuple[str, ...], signs: Signs) -> dict[str, Level]:
    """The words that tell of dangers, each with the level that is left of it."""
    told = signs.dangerous.find(words)
    everything = {*words} - {STOP} if told else set()
    hits = [hit for hit in told if not hit.label.alone or everything.issubset(_of(hit, words))][:_MOST_HITS]
    if not hits:
        return {}
    around = _Around(words, signs)
    found: dict[str, Level] = {}
    for hit in hits:
        level = around.level(hit)
        if level is not None:
            said = " ".join(_of(hit, words))
            found[said] = max(found.get(said, Level.NORMAL), level, key=_WEIGHTS.__getitem__)
    return found


class _Around:
    """What stands around the words of a danger."""

    def __init__(self, words: tuple[str, ...], signs: Signs) -> None:
        self._words = words
        self._signs = signs
        self._stops = [at for at, word in enumerate(words) if word == STOP]
        self._harmless = signs.harmless.find(words)
        self._around = _but(signs.around.find(words), signs.beside.find(words))
        self._denials = {one.end for one in self._around if one.label == "denied"}

    @cached_property
    def _nearby(self) -> list[Hit[str]]:
        return [one for one in self._signs.nearby.find(self._words) if not self._is_missing(one)]

    def level(self, hit: Hit[Danger]) -> Level | None:
        """None if the words tell of no danger."""
        danger = hit.label
        if any(_overlap(hit, other) for other in self._harmless if other.label == danger.code):
            return None
        if any(self._before(hit, "denied", _DENIED_WITHIN)):
            return None
        if any(self._in_sentence(hit, "past")):
            return Level.NORMAL
        is_there = self._has_people(danger, hit) and self._has_near(danger, hit)
        is_now = not any(self._before(hit, "feared", _FEARED_WITHIN)) and not any(self._in_sentence(hit, "recent"))
        if is_there and is_now:
            return danger.level
        return danger.otherwise if is_there or is_now else Level.NORMAL

    def _has_people(self, danger: Danger, hit: Hit[Danger]) -> bool:
        people = (one for one in self._around if one.label == "people" and _near(hit, one))
        return not danger.people or not all(map(self._is_missing, people))

    def _has_near(self, danger: Danger, hit: Hit[Danger]) -> bool:
        return not danger.near or any(_near(hit, one) for one in self._nearby if one.label == danger.code)

    def _is_missing(self, one: Hit[str]) -> bool:
        """Is it denied by the very word before it: "tidak ada korban"?"""
        return one.start in self._denials

    def _before(self, hit: Hit[Danger], name: str, within: int) -> Iterator[Hit[str]]:
        for one in self._around:
            is_before = one.end <= hit.start < one.end + within
            if one.label == name and is_before and not self._stopped(one.end, hit.start):
                yield one

    def _in_sentence(self, hit: Hit[Danger], name: str) -> Iterator[Hit[str]]:
        for one in self._around:
            between = (one.end, hit.start) if one.start < hit.start else (hit.end, one.start)
            if one.label == name and not _overlap(hit, one) and not self._stopped(*between):
                yield one

    def _stopped(self, start: int, end: int) -> bool:
        return any(start <= stop < end for stop in self._stops)


def _of(hit: Hit[Any], words: tuple[str, ...]) -> tuple[str, ...]:
    return words[hit.start : hit.end]


def _but(hits: list[Hit[str]], excepted: list[Hit[str]]) -> list[Hit[str]]:
    """Those that do not overlap one of the same label that is excepted."""
    places = {(at, one.label) for one in excepted for at in range(one.start, one.end)}
    return [hit for hit in hits if (hit.start, hit.label) not in places] if places else hits


def _overlap(one: Hit[Danger], other: Hit[str]) -> bool:
    return one.start < other.end and other.start < one.end


def _near(one: Hit[Danger], other: Hit[str]) -> bool:
    return other.start - one.end <= _NEAR and one.start - other.end <= _NEAR and not _overlap(one, other)


def _deep(text: str, words: Collection[str]) -> str | None:
    """How deep the water is, in the words of the text, where it is said to be deep."""
    if _WATER.isdisjoint(words):
        return None
    for match in _DEPTH.finditer(text.lower()):
        whole, tenth, unit = match.groups()
        centimetres = float(f"{whole}.{tenth or 0}") * (1 if unit in {"cm", "senti"} else 100)
        if _DEEP_CM <= centimetres <= 1_000:
            return f"{whole}{',' + tenth if tenth else ''} {unit}"
    return None
