"""The candidates for a report's category: the one that its sender named, and those that its words speak for.

Citizens choose badly: dead street lamps come in as public buildings. So a choice counts only while the words of the
report do not clearly say otherwise. Pure.
"""

from collections.abc import Sequence

import msgspec

from normalizer.report import Candidate
from normalizer.sorting.categories import NAMED, Categories
from normalizer.sorting.category import MOST, UNDECIDED, listed
from normalizer.sorting.learnt import Learnt, features

#: Words that make another category at least this likely contradict the sender's choice, unless they speak for both.
CLEARLY = 0.6
#: What a choice is worth that the words contradict; they share what is left.
DOUBTED = 0.5
#: What was learnt counts for this much at most, where all words of a text are known from there.
MOST_LEARNT = 0.7


def candidates(categories: Categories, named: Candidate | None, text: str) -> tuple[Candidate, ...]:
    """At most five, best first. `text` is clean and masked. A choice that the words do not contradict stands alone."""
    learnt = categories.learnt
    found = _mixed(categories, learnt, text) if learnt else categories.ranker.ranked(text)
    if named is None:
        return found
    own = next((one for one in found if one.code == named.code), None)
    if not _contradicts(categories, named, own, found):
        return (_with(named, named.score, own.reasons if own else ()),)
    first = _with(named, DOUBTED, (f"tetapi kata-katanya lebih tentang '{found[0].name}'",))
    return (first, *(_with(one, round(one.score * DOUBTED, 2)) for one in found[: MOST - 1]))


def chosen(ranked: Sequence[Candidate]) -> str | None:
    """The code that a report's sender named and its words do not contradict; what was only guessed is none."""
    first = ranked[0] if ranked else None
    return first.code if first and NAMED in first.reasons and first.score > DOUBTED else None


def _mixed(categories: Categories, learnt: Learnt, text: str) -> tuple[Candidate, ...]:
    """The table's scores and those of what was learnt, which count for more the more of the words are known from there;
    only words of the table make certain."""
    table, reasons = categories.ranker.scored(text)
    known = features(text)
    weight = learnt.familiarity(known) * MOST_LEARNT
    offered = {one.code for one in categories.offered()}
    shares = {code: share for code, share in learnt.shares(known).items() if code in offered} if weight else {}
    scores = {}
    for code in table.keys() | shares:
        score = (1 - weight) * table.get(code, 0.0) + weight * shares.get(code, 0.0)
        scores[code] = score if table.get(code, 0.0) > UNDECIDED else min(score, UNDECIDED)
    said = {code: (*reasons.get(code, ()), *_taught(learnt.speaking(known, code))) for code in scores}
    return categories.ranker.candidates(scores, said)


def _taught(words: list[str]) -> tuple[str, ...]:
    quoted = [f"'{word}'" for word in words]
    return (f"petugas sering memilihnya untuk {listed(quoted)}",) if quoted else ()


def _contradicts(categories: Categories, named: Candidate, own: Candidate | None, found: tuple[Candidate, ...]) -> bool:
    """An accusation stays one, whatever else the words are about; so does what has no words to be known by."""
    category = categories.get(named.code)
    if own or not found or category is None or categories.accuses(named.code):
        return False
    if category.hidden or not (category.keywords or category.hints):
        return False
    return found[0].score >= CLEARLY


def _with(candidate: Candidate, score: float, reasons: tuple[str, ...] = ()) -> Candidate:
    return msgspec.structs.replace(candidate, score=score, reasons=(*candidate.reasons, *reasons))
