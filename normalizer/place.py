"""Where a report is about, by its words: streets, house and neighbourhood numbers, and the areas they may name.

Suggestions with reasons only: assigning a place takes a pin, a desk or the citizen's own choice.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from normalizer.areas import CITY, DISTRICT, VILLAGE, Area, Mention, gazetteer, mentions
from normalizer.masking import mask
from normalizer.message import Place
from normalizer.report import Candidate, ReportPlace
from normalizer.text import clean
from normalizer.wordlists import NOT_STREETS, ROMAN_NUMBERS, STREET_CLOSERS, STREET_TITLES

#: Text beyond this many characters is not searched for places.
SEARCHED = 4_000
#: Of a list longer than this the rest is not looked at.
MOST_FINDS = 40

#: A score of this much, and nothing beside it, is taken for the truth.
CERTAIN = 0.9

_MOST_AREAS = 5
_STREET = re.compile(r"\b(?:di)?(?:(?:jl|jln|jalan)|(gg|gang))\b[.,: ]{0,3}", re.ASCII)
_STEP = re.compile(r"([. ]{0,2})((?:[a-z]+(?:'[a-z]+)?|\d{1,3}[a-z]?)\b)", re.ASCII)
_NUMBER = re.compile(
    r"""\b(?:
      rt[ ./:]*(?:rw[ ./:]*)? 0*(?P<rt>\d{1,3}) (?:[ ]?/[ ]?0*(?P<of_rw>\d{1,3}))?
    | rw[ ./:]* 0*(?P<rw>\d{1,3})
    | (?:no|nomor|nomer)[ .:]* 0*(?P<no>\d{1,4} (?:[ ]?[a-z](?![a-z]))?) (?:[ ]?-[ ]?\d{1,4}[a-z]?)?
    | (?:blok|blk)[ .:]* (?P<blok>[a-z]{1,2}[ -]?\d{1,3}|[a-z]|\d{1,3})
    | km[ .:]* (?P<km>\d{1,3})
    )\b(?![.,]\d)""",
    re.ASCII | re.VERBOSE,
)
_GAP = re.compile(r"[\s,./;:()-]{0,4}")
#: How often such a mention, bare or with its marker, was the right place in real reports: a bare kelurahan name 140
#: times in 244, "kel. X" 38 in 41; a bare kecamatan name 47 times in 61, a city's 33 in 36.
_SCORES = {VILLAGE: (0.57, 0.93), DISTRICT: (0.75, 0.93), CITY: (0.9, 0.95)}
#: A bare name that a kecamatan bears too meant the kelurahan 4 times in 34.
_SHARED_VILLAGE = 0.2
_IN_STREET = 0.5


class _Stretch(NamedTuple):
    """A normal form found at `start` to `end` of the text."""

    start: int
    end: int
    forms: tuple[str, ...]


def find_place(text: str, given: Place | None = None, province: str = "31") -> ReportPlace | None:
    """What `text` and the channel's `given` place say of where; None if nothing.

    `text` is clean and masked. `areas` are at most five, best first, each with reasons in the officers' words;
    `province` is the Kemendagri code of the province or city whose areas are looked for. `words` are the channel's own,
    or the stretch of `text` that names the place.
    """
    pin = _pin(given)
    told = clean(given.words) if given and given.words else ""
    original = f"{mask(told)}\n{text}"[:SEARCHED] if told else text[:SEARCHED]
    lowered = original.lower()
    if len(lowered) != len(original):
        original = lowered
    named = mentions(lowered, gazetteer(province))[:MOST_FINDS]
    streets = _streets(lowered, named)[:MOST_FINDS]
    numbers = [_Stretch(match.start(), match.end(), _number(match)) for match in _NUMBER.finditer(lowered)]
    outside = [mention for mention in named if not _inside(mention, streets)]
    best = _longest_cluster(lowered, [*streets, *numbers, *outside])
    place = ReportPlace(
        latitude=pin.latitude,
        longitude=pin.longitude,
        accuracy_m=pin.accuracy_m,
        words=told or (original[slice(*best)].strip() if best else None),
        streets=_forms(streets),
        numbers=_forms(numbers),
        areas=_ranked(named, streets, original),
    )
    return None if place == ReportPlace() else place


def certain_area(place: ReportPlace | None) -> Candidate | None:
    """The smallest area that is as good as certain: its score says so, and it is the only one of its level."""
    areas = place.areas if place else ()
    levels = [area.code.count(".") for area in areas]
    alone = [area for area, level in zip(areas, levels, strict=True) if levels.count(level) == 1]
    certain = [area for area in alone if area.score >= CERTAIN]
    return max(certain, key=lambda area: area.code.count("."), default=None)


def _pin(given: Place | None) -> Place:
    """The given point if it is one on Earth; (0, 0) is what broken clients send for "unknown"."""
    if not given or given.latitude is None or given.longitude is None:
        return Place()
    sane = abs(given.latitude) <= 90 and abs(given.longitude) <= 180 and (given.latitude, given.longitude) != (0, 0)
    accuracy = given.accuracy_m
    known = accuracy is not None and 0 <= accuracy < math.inf
    return Place(given.latitude, given.longitude, accuracy if known else None) if sane else Place()


def _streets(text: str, named: Sequence[Mention]) -> list[_Stretch]:
    starts = {mention.start for mention in named}
    return [street for match in _STREET.finditer(text) if (street := _street(text, match, starts))]


def _street(text: str, marker: re.Match[str], area_starts: set[int]) -> _Stretch | None:
    """The name after a marker: it ends at a number, at words no street is called by, or where an area's name begins."""
    words: list[str] = []
    end = marker.end()
    while (step := _STEP.match(text, end)) and _goes_on(words, step, area_starts):
        words.append(step[2])
        end = step.end()
        if len(words) > 1 and _is_number(step[2]):
            break
    if not words or STREET_CLOSERS.issuperset(words) or (not marker[1] and words[0].isdigit()):
        return None
    kind = "gg" if marker[1] else "jl"
    return _Stretch(marker.start(), end, (" ".join((kind, *map(_arabic, words))),))


def _goes_on(words: list[str], step: re.Match[str], area_starts: set[int]) -> bool:
    separator, word = step[1], step[2]
    if word in NOT_STREETS or (separator == "" and words):
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


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in ROMAN_NUMBERS


def _arabic(word: str) -> str:
    return ROMAN_NUMBERS.get(word) or (word.lstrip("0") if word[0] == "0" else word)


def _number(match: re.Match[str]) -> tuple[str, ...]:
    found = {"rw" if kind == "of_rw" else kind: value for kind, value in match.groupdict().items() if value}
    return tuple(f"{kind} {value.replace(' ', '').replace('-', '')}" for kind, value in found.items())


def _forms(stretches: Iterable[_Stretch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for stretch in stretches for form in stretch.forms))


def _inside(mention: Mention, streets: Sequence[_Stretch]) -> _Stretch | None:
    return next((street for street in streets if street.start < mention.start < street.end), None)


def _longest_cluster(text: str, found: Sequence[_Stretch | Mention]) -> tuple[int, int] | None:
    """Start and end of the run of neighbouring finds that says most."""
    clusters: list[tuple[int, int, int]] = []
    for start, end, *_ in sorted(found, key=lambda stretch: stretch[:2]):
        before = clusters[-1] if clusters else None
        if before and _GAP.fullmatch(text, before[1], start):
            clusters[-1] = (before[0], end, before[2] + 1)
        else:
            clusters.append((start, end, 1))
    best = max(clusters, key=lambda cluster: cluster[2], default=None)
    return best[:2] if best else None


def _ranked(named: Sequence[Mention], streets: Sequence[_Stretch], text: str) -> tuple[Candidate, ...]:
    told = [mention for mention in named if not _inside(mention, streets)]
    best: dict[str, Candidate] = {}
    for mention in named:
        around = [area for other in told if other is not mention for area in other.areas]
        for candidate in _candidates(mention, _inside(mention, streets), around, text):
            known = best.get(candidate.code)
            if not known or known.score < candidate.score:
                best[candidate.code] = candidate
    return tuple(sorted(best.values(), key=lambda area: (-area.score, area.code))[:_MOST_AREAS])


def _candidates(mention: Mention, street: _Stretch | None, around: Sequence[Area], text: str) -> Iterator[Candidate]:
    words = text[mention.start : mention.end]
    levels = [area.level for area in mention.areas]
    for area in mention.areas:
        score = _SCORES[area.level][mention.marked] / levels.count(area.level)
        reasons = [f"'{words}' disebut" if mention.exact else f"'{words}' dapat berarti {area.name}"]
        if levels.count(area.level) < len(levels):
            score = _SHARED_VILLAGE if area.level == VILLAGE else score
            reasons.append("kecamatan dan kelurahan bernama sama")
        if street:
            score, reasons = score * _IN_STREET, [f"'{words}' hanya bagian nama jalan '{street.forms[0]}'"]
        score, more = _with_context(area, score, around)
        yield Candidate(
            code=area.code, name=area.name, kind=area.kind, score=round(score, 2), reasons=(*reasons, *more)
        )


def _with_context(area: Area, score: float, around: Sequence[Area]) -> tuple[float, list[str]]:
    """Better where an area around it is named too, worse where only another city is."""
    above = [other for other in around if area.code.startswith(other.code + ".")]
    if above:
        return 1 - (1 - score) / 2, [f"{_spoken(above[-1])} juga disebut"]
    elsewhere = [other for other in around if other.level == CITY and other.code != area.code]
    if elsewhere and area.level != CITY:
        return score / 2, [f"tetapi {_spoken(elsewhere[0])} disebut"]
    return score, []


def _spoken(area: Area) -> str:
    return area.name if area.level == CITY else f"{area.kind} {area.name}"
