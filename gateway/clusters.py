"""May cases become one without a person's word? Chains of reports that are alike end where places contradict. Pure."""

from collections.abc import Iterable, Sequence
from itertools import product

from dedupe.fingerprint import Fingerprint
from dedupe.places import Agreement, areas_agree, metres_apart, numbers_agree, reach, streets_agree
from dedupe.problems import WIDE

#: Two pins so many times further apart than reports of one incident are of two places.
FAR = 8.0
#: Of a large case so many of the first and of the latest reports are looked at.
LOOKED_AT = 12
#: A case that so many people reported holds together by more than one of them.
SEVERAL = 2


def conflict(one: Fingerprint, other: Fingerprint) -> bool:
    """Do they certainly tell of different places? Of what a whole area has at once, other numbers are no other
    place."""
    wide = not WIDE.isdisjoint(set(one.problems) & set(other.problems))
    metres = metres_apart(one, other)
    if metres is not None and metres > FAR * reach(one, other, wide):
        return True
    if areas_agree(one.areas, other.areas) is Agreement.CONFLICT:
        return True
    if streets_agree(one.streets, other.streets)[0] is Agreement.CONFLICT:
        return True
    return not wide and numbers_agree(one.numbers, other.numbers) is Agreement.CONFLICT


def agree(one: Fingerprint, other: Fingerprint) -> bool:
    """Do they tell of the same street, or of pins close together?"""
    if conflict(one, other):
        return False
    wide = not WIDE.isdisjoint(set(one.problems) & set(other.problems))
    metres = metres_apart(one, other)
    is_near = metres is not None and metres <= reach(one, other, wide)
    return is_near or streets_agree(one.streets, other.streets)[0] is Agreement.SAME


def may_unite(one: Sequence[Fingerprint], other: Sequence[Fingerprint]) -> bool:
    """Not where several people reported each of the two cases, and any of the one contradicts any of the other."""
    if _people(one) < SEVERAL or _people(other) < SEVERAL:
        return True
    return not any(conflict(first, second) for first, second in product(_some(one), _some(other)))


def fits(report: Fingerprint, others: Iterable[Fingerprint]) -> bool:
    """Does a report still fit into a case with these, of which it contradicts one?"""
    return any(agree(report, other) for other in others if other.report != report.report)


def _people(reports: Iterable[Fingerprint]) -> int:
    """Who is not known is one of their own."""
    return len({one.reporter or one.report for one in reports})


def _some(reports: Sequence[Fingerprint]) -> Sequence[Fingerprint]:
    return reports if len(reports) <= 2 * LOOKED_AT else (*reports[:LOOKED_AT], *reports[-LOOKED_AT:])
