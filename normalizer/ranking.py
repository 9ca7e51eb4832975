"""Clues weighed together: areas that agree support each other, and another city speaks against."""

from collections.abc import Sequence

from normalizer.areas import CITY, Area
from normalizer.clues import Clue, spoken
from normalizer.report import Candidate

MOST_AREAS = 5
_MOST_SUPPORT = 2


def ranked(clues: Sequence[Clue]) -> tuple[Candidate, ...]:
    """At most five areas, best first, each with its reasons."""
    best: dict[str, Candidate] = {}
    for clue in clues:
        candidate = _candidate(clue, clues) if len(clues) > 1 else _made(clue, clue.score, [])
        known = best.get(candidate.code)
        if not known or known.score < candidate.score:
            best[candidate.code] = candidate
    return tuple(sorted(best.values(), key=lambda area: (-area.score, area.code))[:MOST_AREAS])


def _candidate(clue: Clue, clues: Sequence[Clue]) -> Candidate:
    """Better where others name the same, or an area around it; worse where only another city is named."""
    others = [other for other in clues if other.source != clue.source]
    support = {other.source: other for other in others if clue.area.is_within(other.area.code)}
    if support:
        doubt = (1 - clue.score) / 2 ** min(len(support), _MOST_SUPPORT)
        return _made(clue, 1 - doubt, [_agreeing(other, clue.area) for other in support.values()][:_MOST_SUPPORT])
    elsewhere = [other for other in others if other.area.level == CITY and other.area.code != clue.area.code]
    if elsewhere and clue.area.level > CITY:
        return _made(clue, clue.score / 2, [f"tetapi {spoken(elsewhere[0].area)} disebut"])
    return _made(clue, clue.score, [])


def _agreeing(other: Clue, area: Area) -> str:
    return other.reasons[0] if other.area == area else f"{spoken(other.area)} juga disebut"


def _made(clue: Clue, score: float, more: Sequence[str]) -> Candidate:
    area = clue.area
    reasons = (*clue.reasons, *more)
    return Candidate(code=area.code, name=area.name, kind=area.kind, score=round(score, 2), reasons=reasons)
