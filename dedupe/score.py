"""How alike are two reports? Signs from words, place and time, weighed into something like a probability."""

from functools import lru_cache
from math import exp, log2
from operator import mul

import msgspec
from rapidfuzz.fuzz import ratio

from dedupe.fingerprint import Fingerprint
from dedupe.places import Agreement, areas_agree, metres_apart, numbers_agree, reach, streets_agree
from dedupe.problems import HOUR, WIDE, patience

#: Log-odds, set by hand on the labelled sets (see tests/duplicates_bench). A sign is between -1 and 1.
WEIGHTS = {
    "text": 6.5,
    "words": 1.0,
    "problem": 0.6,
    "street": 2.4,
    "number": 1.6,
    "area": 0.8,
    "landmark": 0.5,
    "pin": 2.0,
    "category": 0.7,
    "code": 3.0,
    "person": 1.2,
    "hour": 0.8,
    "time": -1.0,
}
BIAS = -6.2
#: A conflict weighs more than the agreement.
CONFLICT = 2.0
#: So many times `reach` apart, two pins are of two places.
FAR_FACTOR = 8.0
#: Words that say where, never what.
WHERE = frozenset(
    {"jalan", "gang", "blok", "depan", "dekat", "samping", "belakang", "sebelah", "seberang", "arah", "daerah", "raya"}
    | {"utara", "selatan", "barat", "timur", "pusat", "tidak", "banyak"}
)


class Likeness(msgspec.Struct, frozen=True, gc=False):
    """What two reports have in common.

    `words` are shared and say what happened, not where; `text` and `cover` are between 0 and 1; `metres` is None
    without two pins, within `reach` they agree; `seconds` lie between the reports. `one_sided`: one names a street
    that the other does not; `wide`: a problem they share is one that a whole area has; `person`: the same person made
    both.
    """

    words: tuple[str, ...]
    text: float
    cover: float
    problem: Agreement
    street: Agreement
    number: Agreement
    area: Agreement
    category: Agreement
    shared_street: str
    shared_numbers: tuple[str, ...]
    landmarks: tuple[str, ...]
    codes: tuple[str, ...]
    metres: float | None
    reach: float
    seconds: float
    patience: float
    one_sided: bool
    wide: bool
    person: bool

    @property
    def near(self) -> bool:
        return self.metres is not None and self.metres <= self.reach

    @property
    def far(self) -> bool:
        return self.metres is not None and self.metres > FAR_FACTOR * self.reach

    @property
    def somewhere(self) -> bool:
        """Is there any sign that both speak of the same place? A number alone is none: every street has a "no 12"."""
        if self.street is Agreement.SAME or self.near:
            return True
        return (bool(self.landmarks) and not self.one_sided) or (self.area is Agreement.SAME and self.wide)

    @property
    def certain(self) -> bool:
        """Is it the very place? In a letter that many copy, the street that one adds is where it happened; but a flood
        runs through more streets than one."""
        return self.near or self.wide or not (self.street is Agreement.SAME and self.one_sided)

    @property
    def elsewhere(self) -> bool:
        """Is there any sign that they speak of different places?"""
        return self.far or Agreement.CONFLICT in (self.street, self.number, self.area)


#: The most that can be said for one incident beside words, pins, codes and the person, where streets conflict.
_ASIDE = (
    BIAS
    - CONFLICT * WEIGHTS["street"]
    + sum(WEIGHTS[sign] for sign in ("words", "problem", "number", "area", "landmark", "category", "hour"))
)


def is_hopeless(one: Fingerprint, other: Fingerprint) -> bool:
    """Is it clear from two conflicting streets that `probability` is below one half? Most candidates are done with so,
    at a third of what comparing them costs."""
    if (one.codes and other.codes) or (one.latitude is not None and other.latitude is not None):
        return False
    if streets_agree(one.streets, other.streets)[0] is not Agreement.CONFLICT:
        return False
    person = WEIGHTS["person"] if one.reporter and one.reporter == other.reporter else 0.0
    return _ASIDE + person + WEIGHTS["text"] * _text(one, other) < 0


def liken(one: Fingerprint, other: Fingerprint) -> Likeness:
    """What `one` and `other` have in common; the order does not matter."""
    street, shared_street, one_sided = streets_agree(one.streets, other.streets)
    number, shared_numbers = numbers_agree(one.numbers, other.numbers)
    shared = _telling(one.words, one.streets).intersection(other.words).difference(*map(str.split, other.streets))
    wide = not WIDE.isdisjoint(_shared(one.problems, other.problems))
    return Likeness(
        words=tuple(sorted(shared)),
        text=_text(one, other),
        cover=len(shared) / max(min(len(one.words), len(other.words)), 2),
        problem=_agreement(one.problems, other.problems),
        street=street,
        number=number,
        area=areas_agree(one.areas, other.areas),
        category=_category(one, other),
        shared_street=shared_street,
        shared_numbers=shared_numbers,
        landmarks=_shared(one.landmarks, other.landmarks),
        codes=_shared(one.codes, other.codes),
        metres=metres_apart(one, other),
        reach=reach(one, other, wide),
        seconds=abs(one.time - other.time),
        patience=patience(one.problems + other.problems),
        one_sided=one_sided,
        wide=wide,
        person=bool(one.reporter) and one.reporter == other.reporter,
    )


@lru_cache(maxsize=64)
def _telling(words: tuple[str, ...], streets: tuple[str, ...]) -> frozenset[str]:
    """The words that say what, not where. Kept, since one report is compared with a dozen others in a row."""
    return frozenset(words).difference(WHERE, *map(str.split, streets))


def _text(one: Fingerprint, other: Fingerprint) -> float:
    return ratio(" ".join(one.words), " ".join(other.words)) / 100 if one.words and other.words else 0.0


def _category(one: Fingerprint, other: Fingerprint) -> Agreement:
    if one.category is None or other.category is None:
        return Agreement.UNKNOWN
    return Agreement.SAME if one.category == other.category else Agreement.CONFLICT


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(one) & set(other))) if one and other else ()


def _agreement(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    if not one or not other:
        return Agreement.UNKNOWN
    return Agreement.CONFLICT if set(one).isdisjoint(other) else Agreement.SAME


def probability(likeness: Likeness) -> float:
    """Something like the probability that both are of one incident; 0 to 1."""
    return 1 / (1 + exp(-BIAS - sum(map(mul, WEIGHTS.values(), signs(likeness)))))


def signs(likeness: Likeness) -> tuple[float, ...]:
    """What is weighed, in the order of `WEIGHTS`."""
    return (
        likeness.text,
        likeness.cover,
        _weighed(likeness.problem),
        _weighed(likeness.street),
        _weighed(likeness.number),
        _weighed(likeness.area),
        1.0 if likeness.landmarks else 0.0,
        _pin(likeness),
        float(likeness.category),
        1.0 if likeness.codes else 0.0,
        1.0 if likeness.person else 0.0,
        exp(-likeness.seconds / HOUR),
        log2(1 + likeness.seconds / likeness.patience),
    )


def _weighed(agreement: Agreement) -> float:
    return CONFLICT * agreement if agreement < 0 else float(agreement)


def _pin(likeness: Likeness) -> float:
    if likeness.metres is None:
        return 0.0
    return -CONFLICT if likeness.far else exp(-((likeness.metres / likeness.reach) ** 2))
