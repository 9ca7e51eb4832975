"""Clues weighed together: areas that agree support each other, and another city speaks against."""

from collections.abc import Sequence

from normalizer.places.areas import CITY, DISTRICT, Area
from normalizer.places.clues import Clue, spoken
from normalizer.report import Candidate

MOST_AREAS = 5
_MOST_SUPPORT = 2


def ranked(clues: Sequence[Clue], region: str) -> tuple[Candidate, ...]:
    """At most five areas, best first, each with its reasons; `region` is the code that all others are outside of."""
    best: dict[str, Candidate] = {}
    for clue in clues:
        candidate = _candidate(clue, clues, region) if len(clues) > 1 else _made(clue, clue.score, [])
        known = best.get(candidate.code)
        if not known or known.score < candidate.score:
            best[candidate.code] = candidate
    return tuple(sorted(best.values(), key=lambda area: -area.score)[:MOST_AREAS])


def _candidate(clue: Clue, clues: Sequence[Clue], region: str) -> Candidate:
    """Better where others name the same, or an area around it; worse where only another city or region is named."""
    others = [other for other in clues if other.source != clue.source]
    support = {
        (other.area.code, other.by): other
        for other in others
        if clue.area.is_within(other.area.code) and (other.area.code, other.by) != (clue.area.code, clue.by)
    }
    if support:
        doubt = (1 - clue.score) / 2 ** min(len(support), _MOST_SUPPORT)
        return _made(clue, 1 - doubt, [_agreeing(other, clue.area) for other in support.values()][:_MOST_SUPPORT])
    elsewhere = [other for other in others if _contradicts(other.area, clue.area, region)]
    if elsewhere:
        return _made(clue, clue.score / 2, [f"tetapi {spoken(elsewhere[0].area)} disebut"])
    return _made(clue, clue.score, [])


def _contradicts(other: Area, area: Area, region: str) -> bool:
    if area.level <= CITY or area.is_within(other.code):
        return False
    return other.level == CITY or (other.level == DISTRICT and other.is_within(region) != area.is_within(region))


def _agreeing(other: Clue, area: Area) -> str:
    return other.reasons[0] if other.area == area else f"{spoken(other.area)} juga disebut"


def _made(clue: Clue, score: float, more: Sequence[str]) -> Candidate:
    area = clue.area
    reasons = (*clue.reasons, *more)
    return Candidate(code=area.code, name=area.name, kind=area.kind, score=round(score, 2), reasons=reasons)
