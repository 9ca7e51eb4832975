"""A report and those it may repeat -> verdict."""

from collections.abc import Iterable
from typing import NamedTuple

from dedupe.fingerprint import Fingerprint
from dedupe.places import Agreement
from dedupe.reasons import reasons
from dedupe.score import Likeness, is_hopeless, liken, probability
from dedupe.verdict import NEW, Kind, Verdict

HIGH = 0.91
LOW = 0.5
#: Who writes has not said all yet.
WORTH_A_LOOK = 0.2
RETRY_SECONDS = 600.0
RETRY_METRES = 100.0
#: Fewer words that say what happened may be chance: "Banjir" is said everywhere.
FEW_WORDS = 2

_STRENGTH = {Kind.UNSURE: 1, Kind.SAME: 2, Kind.AGAIN: 3, Kind.RETRY: 4}


class _Match(NamedTuple):
    kind: Kind
    score: float
    old: Fingerprint
    likeness: Likeness

    @property
    def strength(self) -> tuple[int, float, float]:
        """Of equals the newest report wins."""
        return _STRENGTH[self.kind], self.score, self.old.time


def judge(new: Fingerprint, candidates: Iterable[Fingerprint]) -> Verdict:
    """The strongest verdict that any of `candidates` gives, of equal kinds the most probable; never raises."""
    others = (old for old in candidates if old.report != new.report)
    matches = filter(None, (_match(new, old) for old in others))
    best = max(matches, key=lambda match: match.strength, default=None)
    return Verdict(best.kind, best.old.report, best.score, reasons(best.likeness)) if best else NEW


def alike(new: Fingerprint, candidates: Iterable[Fingerprint], most: int) -> list[Verdict]:
    """Those of `candidates` that a person who is about to report `new` should see: alike, or near and not clearly of
    something else; the most probable first, at most `most`."""
    likenesses = [(liken(new, old), old) for old in candidates if old.report != new.report]
    seen = [(probability(likeness), likeness, old) for likeness, old in likenesses if _is_worth_a_look(likeness)]
    seen.sort(key=lambda one: (one[0], one[2].time), reverse=True)
    return [
        Verdict(_kind(old, likeness, score), old.report, score, reasons(likeness))
        for score, likeness, old in seen[:most]
    ]


def _is_worth_a_look(likeness: Likeness) -> bool:
    is_near = likeness.near and likeness.problem is not Agreement.CONFLICT
    return is_near or probability(likeness) >= WORTH_A_LOOK


def _match(new: Fingerprint, old: Fingerprint) -> _Match | None:
    if _says_nothing(new) or _says_nothing(old) or is_hopeless(new, old):
        return None
    likeness = liken(new, old)
    if _is_retry(new, old, likeness):
        return _Match(Kind.RETRY, 1.0, old, likeness)
    score = probability(likeness)
    kind = _kind(old, likeness, score)
    return None if kind is Kind.NEW else _Match(kind, score, old, likeness)


def _says_nothing(report: Fingerprint) -> bool:
    return not report.words and report.latitude is None


def _is_retry(new: Fingerprint, old: Fingerprint, likeness: Likeness) -> bool:
    """Other numbers or photos make the same words another message: "lampu padam", and now the next lamp."""
    return (
        likeness.person
        and likeness.seconds <= RETRY_SECONDS
        and (new.words, new.numbers, new.streets, new.photos) == (old.words, old.numbers, old.streets, old.photos)
        and (likeness.metres is None or likeness.metres <= RETRY_METRES)
    )


def _kind(old: Fingerprint, likeness: Likeness, score: float) -> Kind:
    if score < LOW or (not likeness.somewhere and len(likeness.words) < FEW_WORDS):
        return Kind.NEW
    if score < HIGH or _is_contradicted(likeness) or not _is_about_the_same(likeness):
        return Kind.UNSURE
    if likeness.person:
        return Kind.AGAIN if likeness.somewhere or len(likeness.words) > FEW_WORDS else Kind.UNSURE
    return Kind.SAME if likeness.somewhere and likeness.certain and not old.closed else Kind.UNSURE


def _is_contradicted(likeness: Likeness) -> bool:
    return likeness.elsewhere or likeness.problem is Agreement.CONFLICT or likeness.seconds > 2 * likeness.patience


def _is_about_the_same(likeness: Likeness) -> bool:
    """One place is not enough: two words in common, or the same kind of problem."""
    return likeness.problem is Agreement.SAME or len(likeness.words) >= FEW_WORDS
