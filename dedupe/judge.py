"""A report and those it may repeat -> verdict."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import msgspec

from dedupe.features import features
from dedupe.fingerprint import Fingerprint
from dedupe.likeness import Comparison, Likeness
from dedupe.model import Model
from dedupe.places import Agreement, metres_apart, numbers_agree, streets_agree
from dedupe.reasons import reasons
from dedupe.verdict import NEW, Kind, Verdict
from dedupe.window import UNKNOWN, Window

#: Who writes has not said all yet.
WORTH_A_LOOK = 0.2
RETRY_SECONDS = 600.0
RETRY_METRES = 100.0
#: Fewer words that say what happened may be chance: "Banjir" is said everywhere.
FEW_WORDS = 2
#: So much rarity in common (nats) is no chance, even where nothing is said of a place; more is needed where only one
#: names a street: a letter is copied for the next street.
TELLING, TELLING_MORE = 18.0, 20.0
#: Pins that are near say little for a link if this is all that the words have in common.
FEW_NATS = 8.0
#: How rare it must be that a stranger shares as much (nats, see `Likeness.surprise`), by what both say of the place:
#: more than a street; pins that are near; a landmark, or an area where a whole one has the problem; a street alone; one
#: that is flooded, as those of its name in other quarters may be; a street, and only one says in which area; nothing.
IN_DETAIL, AT_PINS, AT_LANDMARK, IN_STREET, IN_FLOODED_STREET = 0.0, 3.0, 6.0, 8.0, 9.0
IN_STREET_OF_ONE_AREA, NOWHERE = 15.0, 15.0
#: Below this, and without a sign of one place, two reports are strangers, whatever the model; those of other streets
#: below more: what a kind of problem is told with is as much.
STRANGE, STRANGE_ELSEWHERE = 5.0, 14.0
CLOSE_METRES = 1000.0
#: After so many candidates in a row that are none, the rest, which are less alike, are not looked at.
IN_VAIN = 10

_STRENGTH = {Kind.UNSURE: 1, Kind.SAME: 2, Kind.AGAIN: 3, Kind.RETRY: 4}


class _Match(NamedTuple):
    kind: Kind
    score: float
    old: Fingerprint
    likeness: Likeness

    @property
    def strength(self) -> tuple[int, float, float]:
        """Of those that are about as probable the newest report wins."""
        return _STRENGTH[self.kind], round(self.score, 2), self.old.time


def judge(new: Fingerprint, candidates: Iterable[Fingerprint], window: Window = UNKNOWN, *, model: Model) -> Verdict:
    """The strongest verdict that any of `candidates` gives, of equal kinds the most probable; never raises.

    The best of them come first, as `Index.candidates` gives them: where `IN_VAIN` of them are strangers the rest are.
    """
    return ruled(new, candidates, window, model=model)[0]


def ruled(
    new: Fingerprint, candidates: Iterable[Fingerprint], window: Window = UNKNOWN, *, model: Model, others: int = 0
) -> tuple[Verdict, list[Verdict]]:
    """As `judge`; and of the first so many `others` of the candidates, but for the one that gave the verdict, what each
    gives by itself, unless it is new: the surest first."""
    rest = iter(candidates)
    first = list(islice(rest, others))
    matches = list(_matches(new, chain(first, rest), window, model))
    best = max(matches, key=lambda match: match.strength, default=None)
    if best is None:
        return NEW, []
    kind = Kind.UNSURE if best.kind is Kind.SAME and _are_apart(best, matches) else best.kind
    known = {old.report for old in first} - {best.old.report}
    said = [_verdict(match) for match in matches if match.old.report in known]
    return msgspec.structs.replace(_verdict(best), kind=kind), sorted(said, key=surest)


def surest(verdict: Verdict) -> tuple[bool, float]:
    """The order of verdicts, the surest first."""
    return verdict.kind is Kind.UNSURE, -verdict.score


def _verdict(match: _Match) -> Verdict:
    return Verdict(match.kind, match.old.report, match.score, reasons(match.likeness))


def _are_apart(best: _Match, matches: Iterable[_Match]) -> bool:
    """Is it as much like another, which is of another place than the best? Then a link might merge two cases."""
    rivals = [match.old for match in matches if match.kind is Kind.SAME and match.old is not best.old]
    return any(_places_differ(best.old, rival) for rival in rivals)


def _places_differ(one: Fingerprint, other: Fingerprint) -> bool:
    if streets_agree(one.streets, other.streets)[0] is Agreement.CONFLICT:
        return True
    return numbers_agree(one.numbers, other.numbers) is Agreement.CONFLICT


def alike(
    new: Fingerprint, candidates: Iterable[Fingerprint], most: int, window: Window = UNKNOWN, *, model: Model
) -> list[Verdict]:
    """Those of `candidates` that a person who is about to report `new` should see: alike, or near and not clearly of
    something else; the most probable first, at most `most`."""
    comparison = Comparison(new, window, model.common)
    likenesses = [(comparison.likeness(old), old) for old in candidates if old.report != new.report]
    scores = model.probabilities([features(likeness) for likeness, _ in likenesses])
    scored = [(score, likeness, old) for score, (likeness, old) in zip(scores, likenesses, strict=True)]
    seen = [one for one in scored if one[0] >= WORTH_A_LOOK or _is_near(one[1])]
    seen.sort(key=lambda one: (one[0], one[2].time), reverse=True)
    return [
        Verdict(_kind(old, likeness, score, model), old.report, score, reasons(likeness))
        for score, likeness, old in seen[:most]
    ]


def _is_near(likeness: Likeness) -> bool:
    return likeness.near and likeness.problem is not Agreement.CONFLICT


def _matches(new: Fingerprint, candidates: Iterable[Fingerprint], window: Window, model: Model) -> Iterator[_Match]:
    if says_nothing(new):
        return
    comparison = Comparison(new, window, model.common)
    rest = iter(candidates)
    while some := list(islice(rest, IN_VAIN)):
        matches = _matching(new, some, comparison, model)
        if not matches:
            return
        yield from matches


def _matching(new: Fingerprint, olds: Sequence[Fingerprint], comparison: Comparison, model: Model) -> list[_Match]:
    likely = [
        (old, comparison.likeness(old))
        for old in olds
        if old.report != new.report and not says_nothing(old) and not is_hopeless(comparison, new, old)
    ]
    scores = model.probabilities([features(likeness) for _, likeness in likely])
    found = [_match(new, *one, score, model) for one, score in zip(likely, scores, strict=True)]
    return [match for match in found if match.kind is not Kind.NEW]


def _match(new: Fingerprint, old: Fingerprint, likeness: Likeness, score: float, model: Model) -> _Match:
    if _is_retry(new, old, likeness):
        return _Match(Kind.RETRY, 1.0, old, likeness)
    return _Match(_kind(old, likeness, score, model), score, old, likeness)


def is_hopeless(comparison: Comparison, new: Fingerprint, old: Fingerprint) -> bool:
    """Have they too little in common, at a tenth of what comparing them costs? Most candidates are done with so."""
    shared = comparison.shared(old)
    if shared >= STRANGE_ELSEWHERE or (new.reporter and new.reporter == old.reporter):
        return False
    if new.codes and not set(new.codes).isdisjoint(old.codes):
        return False
    street = streets_agree(new.streets, old.streets)[0]
    if street is Agreement.SAME or (new.images and old.images):
        return False
    if shared >= STRANGE and street is not Agreement.CONFLICT:
        return False
    metres = metres_apart(new, old)
    return metres is None or metres > CLOSE_METRES


def says_nothing(report: Fingerprint) -> bool:
    """Is there nothing to compare it by? Then it is always new."""
    return not report.words and report.latitude is None


def _is_retry(new: Fingerprint, old: Fingerprint, likeness: Likeness) -> bool:
    """Other numbers or photos make the same words another message: "lampu padam", and now the next lamp."""
    return (
        likeness.person
        and likeness.seconds <= RETRY_SECONDS
        and (new.words, new.numbers, new.streets, new.photos) == (old.words, old.numbers, old.streets, old.photos)
        and (likeness.metres is None or likeness.metres <= RETRY_METRES)
    )


def _kind(old: Fingerprint, likeness: Likeness, score: float, model: Model) -> Kind:
    if score < model.thresholds.doubt:
        return Kind.NEW
    if score < model.thresholds.link or _is_contradicted(likeness) or not _is_about_the_same(likeness):
        return Kind.UNSURE
    if likeness.person:
        return Kind.AGAIN if likeness.somewhere or len(likeness.words) > FEW_WORDS else Kind.UNSURE
    return Kind.SAME if _is_placed(likeness) and not old.closed else Kind.UNSURE


def _is_placed(likeness: Likeness) -> bool:
    """Is it the same place beyond doubt, or said in words that no stranger would share?"""
    surprise, shared = likeness.surprise, likeness.shared
    if likeness.near:
        return surprise >= AT_PINS and (likeness.named_place or shared >= FEW_NATS)
    if likeness.street is Agreement.SAME:
        return surprise >= _in_a_street(likeness) and (likeness.wide or not likeness.one_sided)
    if likeness.somewhere:
        return surprise >= AT_LANDMARK
    return surprise >= NOWHERE and shared >= (TELLING_MORE if likeness.one_sided else TELLING)


def _in_a_street(likeness: Likeness) -> float:
    if likeness.detailed:
        return IN_DETAIL
    if likeness.area_of_one:
        return IN_STREET_OF_ONE_AREA
    return IN_FLOODED_STREET if likeness.wide else IN_STREET


def _is_contradicted(likeness: Likeness) -> bool:
    return (
        likeness.elsewhere
        or likeness.thanks
        or likeness.problem is Agreement.CONFLICT
        or (likeness.category is Agreement.CONFLICT and likeness.problem is not Agreement.SAME)
        or likeness.seconds > 2 * likeness.patience
    )


def _is_about_the_same(likeness: Likeness) -> bool:
    """One place is not enough: two words in common, or the same kind of problem."""
    return likeness.problem is Agreement.SAME or len(likeness.words) >= FEW_WORDS
