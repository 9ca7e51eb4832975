"""A report and those it may repeat -> verdict."""

from collections.abc import Iterable

from dedupe.fingerprint import Fingerprint
from dedupe.places import Agreement
from dedupe.reasons import reasons
from dedupe.score import Likeness, liken, probability
from dedupe.verdict import NEW, Kind, Verdict

HIGH = 0.9
LOW = 0.5
RETRY_SECONDS = 600.0
RETRY_METRES = 100.0
#: Fewer words that say what happened may be chance: "Banjir" is said everywhere.
FEW_WORDS = 2

_ORDER = (Kind.NEW, Kind.UNSURE, Kind.SAME, Kind.AGAIN, Kind.RETRY)


def judge(new: Fingerprint, candidates: Iterable[Fingerprint]) -> Verdict:
    """The strongest verdict that any of `candidates` gives, of equal kinds the most probable; never raises."""
    best = NEW
    for old in candidates:
        verdict = _compare(new, old)
        if (_ORDER.index(verdict.kind), verdict.score) > (_ORDER.index(best.kind), best.score):
            best = verdict
    return best


def _compare(new: Fingerprint, old: Fingerprint) -> Verdict:
    if old.report == new.report or _says_nothing(new) or _says_nothing(old):
        return NEW
    likeness = liken(new, old)
    if _is_retry(new, old, likeness):
        return Verdict(Kind.RETRY, old.report, 1.0, reasons(likeness))
    score = probability(likeness)
    kind = _kind(new, old, likeness, score)
    return NEW if kind is Kind.NEW else Verdict(kind, old.report, score, reasons(likeness))


def _says_nothing(report: Fingerprint) -> bool:
    return not report.words and report.latitude is None


def _is_retry(new: Fingerprint, old: Fingerprint, likeness: Likeness) -> bool:
    """Other numbers or photos make the same words another message: "lampu padam", and now the next lamp."""
    return (
        _same_person(new, old)
        and likeness.seconds <= RETRY_SECONDS
        and (new.words, new.numbers, new.streets, new.photos) == (old.words, old.numbers, old.streets, old.photos)
        and (likeness.metres is None or likeness.metres <= RETRY_METRES)
    )


def _same_person(new: Fingerprint, old: Fingerprint) -> bool:
    return bool(new.reporter) and new.reporter == old.reporter


def _kind(new: Fingerprint, old: Fingerprint, likeness: Likeness, score: float) -> Kind:
    if score < LOW or (not likeness.somewhere and len(likeness.words) < FEW_WORDS):
        return Kind.NEW
    if score < HIGH or _is_contradicted(likeness) or not _is_about_the_same(likeness):
        return Kind.UNSURE
    if _same_person(new, old):
        return Kind.AGAIN if likeness.somewhere or len(likeness.words) > FEW_WORDS else Kind.UNSURE
    return Kind.SAME if likeness.somewhere and not old.closed else Kind.UNSURE


def _is_contradicted(likeness: Likeness) -> bool:
    return likeness.elsewhere or likeness.problem is Agreement.CONFLICT or likeness.seconds > 2 * likeness.patience


def _is_about_the_same(likeness: Likeness) -> bool:
    """One place is not enough: two words in common, or the same kind of problem."""
    return likeness.problem is Agreement.SAME or len(likeness.words) >= FEW_WORDS
