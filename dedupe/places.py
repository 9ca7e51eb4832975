"""Do two reports name the same place? Agreement, silence, or conflict."""

from collections.abc import Collection, Iterable, Mapping, Set
from enum import IntEnum
from functools import lru_cache
from math import cos, hypot, radians

from rapidfuzz.fuzz import ratio

from dedupe.fingerprint import Fingerprint

METRES_PER_DEGREE = 111_195.0
SAME_NAME = 87.0
SAME_METRE = 1.0
WIDE_REACH_M, NARROW_REACH_M, MOST_ERROR_M = 100.0, 30.0, 300.0
#: Kemendagri: "31.74.03.1001" is a kelurahan, "31.74.03" its kecamatan.
DOTS_OF_KELURAHAN = 3

#: What is told of each kind: {"rt": {"3"}, "no": {"12", "14"}}.
Numbers = Mapping[str, Set[str]]


class Agreement(IntEnum):
    """`UNKNOWN` also where one side says nothing, or less than the other."""

    CONFLICT = -1
    UNKNOWN = 0
    SAME = 1


def streets_agree(one: Collection[str], other: Collection[str]) -> tuple[Agreement, str, bool]:
    """How the streets of two reports agree, one they share ("" if none), and whether either side names a street that
    the other does not.

    Where each side does, they conflict, even if they share a third one.
    """
    if not one or not other:
        return Agreement.UNKNOWN, "", bool(one) != bool(other)
    if one == other:
        return Agreement.SAME, min(one), False
    if len(one) == len(other) == 1:
        agreement = _street_agrees(*one, *other)
        return agreement, min(one) if agreement is Agreement.SAME else "", agreement is Agreement.CONFLICT
    pairs = [[_street_agrees(street, second) for second in other] for street in one]
    ours, theirs = list(map(max, pairs)), list(map(max, zip(*pairs, strict=True)))
    more = [Agreement.CONFLICT in ours, Agreement.CONFLICT in theirs]
    if all(more):
        return Agreement.CONFLICT, "", True
    shared = [street for street, best in zip(one, ours, strict=True) if best is Agreement.SAME]
    return (Agreement.SAME, min(shared), any(more)) if shared else (Agreement.UNKNOWN, "", any(more))


def _street_agrees(one: str, other: str) -> Agreement:
    """A typing error is forgiven, a number is not; "jl manggis" may be "jl manggis 2" or "jl raya manggis", or not."""
    if one == other or (ratio(one, other, score_cutoff=SAME_NAME) and _ordinals(one) == _ordinals(other)):
        return Agreement.SAME
    ours, theirs = set(one.split()), set(other.split())
    return Agreement.UNKNOWN if ours <= theirs or theirs <= ours else Agreement.CONFLICT


def _ordinals(street: str) -> list[str]:
    return [word for word in street.split() if word[0].isdigit()]


def numbers_agree(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """Another RT, RW or house number is a conflict whatever else is the same."""
    if not one or not other:
        return Agreement.UNKNOWN
    ours = by_kind(one)
    return kinds_agree(ours, by_kind(other), ours)


def kinds_agree(one: Numbers, other: Numbers, kinds: Iterable[str]) -> Agreement:
    """As `numbers_agree`, of numbers of these kinds."""
    found = Agreement.UNKNOWN
    for kind in kinds:
        if kind in one and kind in other:
            if one[kind].isdisjoint(other[kind]):
                return Agreement.CONFLICT
            found = Agreement.SAME
    return found


@lru_cache(maxsize=1024)
def by_kind(numbers: tuple[str, ...]) -> Numbers:
    """Kept, since one report is compared with a dozen others in a row."""
    kinds: dict[str, set[str]] = {}
    for number in numbers:
        kind, _, value = number.partition(" ")
        kinds.setdefault(kind, set()).add(value)
    return kinds


def areas_agree(one: Collection[str], other: Collection[str]) -> Agreement:
    """Only the same kelurahan is agreement; it is no conflict with its kecamatan, whose code its own begins with."""
    if not one or not other:
        return Agreement.UNKNOWN
    if any(area.count(".") == DOTS_OF_KELURAHAN for area in one if area in other):
        return Agreement.SAME
    within = any(_within(area, second) or _within(second, area) for area in one for second in other)
    return Agreement.UNKNOWN if within else Agreement.CONFLICT


def _within(area: str, larger: str) -> bool:
    return area == larger or area.startswith(larger + ".")


def metres_apart(one: Fingerprint, other: Fingerprint) -> float | None:
    """Metres between two pins, flat-earth (within 0.1 % inside a city); None unless both have one.

    None also where two people, or we know not who, stand on the same metre: that is the default pin of a chatbot or a
    newsroom, not a place.
    """
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * cos(radians(one.latitude + other.latitude) / 2)
    metres = METRES_PER_DEGREE * hypot(north, east)
    known = bool(one.reporter) and one.reporter == other.reporter
    return metres if known or metres > SAME_METRE else None


def reach(one: Fingerprint, other: Fingerprint, wide: bool) -> float:
    """Metres within which two pins may be of one incident: people stand apart, receivers err; lamps stand close."""
    errors = (one.accuracy or 0.0) + (other.accuracy or 0.0)
    return (WIDE_REACH_M if wide else NARROW_REACH_M) + min(errors, MOST_ERROR_M)
