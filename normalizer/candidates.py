"""The candidates for a report's category: the one that its sender named, and those that its words speak for.

Citizens choose badly: dead street lamps come in as public buildings. So a choice counts only while the words of the
report do not clearly say otherwise. Pure.
"""

import msgspec

from normalizer.categories import Categories
from normalizer.category import MOST
from normalizer.report import Candidate

#: Words that make another category at least this likely contradict the sender's choice, unless they speak for both.
CLEARLY = 0.6
#: What a choice is worth that the words contradict; they share what is left.
DOUBTED = 0.5


def candidates(categories: Categories, named: Candidate | None, text: str) -> tuple[Candidate, ...]:
    """At most five, best first. `text` is clean and masked. A choice that the words do not contradict stands alone."""
    found = categories.ranker.ranked(text)
    if named is None:
        return found
    own = next((one for one in found if one.code == named.code), None)
    if not _contradicts(categories, named, own, found):
        return (_with(named, named.score, own.reasons if own else ()),)
    first = _with(named, DOUBTED, (f"tetapi kata-katanya lebih tentang '{found[0].name}'",))
    return (first, *(_with(one, round(one.score * DOUBTED, 2)) for one in found[: MOST - 1]))


def _contradicts(categories: Categories, named: Candidate, own: Candidate | None, found: tuple[Candidate, ...]) -> bool:
    """An accusation stays one, whatever else the words are about; so does what is hidden, which has no words here."""
    category = categories.get(named.code)
    if own or not found or category is None or category.hidden or categories.accuses(named.code):
        return False
    return found[0].score >= CLEARLY


def _with(candidate: Candidate, score: float, reasons: tuple[str, ...] = ()) -> Candidate:
    return msgspec.structs.replace(candidate, score=score, reasons=(*candidate.reasons, *reasons))
