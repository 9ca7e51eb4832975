"""What two reports have in common: words by their rarity, places, time, people, photos."""

from collections.abc import Mapping
from functools import lru_cache
from math import log

import msgspec
from rapidfuzz.fuzz import ratio

from dedupe.fingerprint import Fingerprint
from dedupe.photos import same_photo
from dedupe.places import Agreement, areas_agree, by_kind, kinds_agree, metres_apart, reach, streets_agree
from dedupe.problems import WIDE, patience
from dedupe.rarity import Rarity, capped
from dedupe.window import UNKNOWN, Window
from dedupe.wording import Tone

DAY = 86400.0
#: Reports a day where it is not known how many come in.
USUAL_PACE = 30.0
#: The most a day that count: a lamp is not repaired sooner where more is reported.
MOST_PACE = 80.0
#: So many times `reach` apart, two pins are of two places.
FAR_FACTOR = 8.0
#: Words that say where, never what.
_WHERE_TEXT = """
    jalan gang blok depan dekat samping belakang sebelah seberang arah daerah raya utara selatan barat timur pusat
    tidak banyak
"""
WHERE = frozenset(_WHERE_TEXT.split())
_HOUSES = ("no", "blok", "gg", "km")
_QUARTERS = ("rt", "rw")


class Likeness(msgspec.Struct, frozen=True, gc=False):
    """What two reports have in common.

    `text` is how alike the words are as written, 0 to 1. In nats of rarity (see `dedupe.rarity`): `shared` are the
    words both use, `capped` the same with no word above `MOST_RARE`, `rarest` is the rarest of them, `least` and `most`
    are all words of the report that says less and of the other. `words` are shared and say what happened, not where.
    `house` and `quarter` (RT, RW) are of numbers; `named` of a street that one names by "jl." among the words of the
    other, which names none; `digits` are shared (`long_number`: one of three digits or more), `odd_digits` how many
    sides have one that the other does not. `surprise` is how rare it is, in nats, that one of the reports that came in
    between shares as much. `metres` is None without two telling pins; within `reach` they agree.
    `between` is how many reports came in between the two, at the pace of the window, but 80 a day at most. `one_sided`:
    one names a street that the other does not; `bare`: neither names a street, a number or a landmark; `wide`: a
    problem they share is one that a whole area has; `person`: the same person made both; `thanks`: one of them is
    thanks for work done; `again`: one is told to be a complaint made again. `bits` of 64 differ between two pictures of
    one photo, None without any. `open` reports were known.
    """

    words: tuple[str, ...]
    text: float
    shared: float
    capped: float
    rarest: float
    least: float
    most: float
    surprise: float
    problem: Agreement
    street: Agreement
    named: float
    house: Agreement
    quarter: Agreement
    one_number: bool
    digits: int
    long_number: bool
    odd_digits: int
    area: Agreement
    area_of_one: bool
    landmark: Agreement
    category: Agreement
    shared_street: str
    shared_numbers: tuple[str, ...]
    landmarks: tuple[str, ...]
    codes: tuple[str, ...]
    metres: float | None
    reach: float
    seconds: float
    patience: float
    between: float
    one_sided: bool
    bare: bool
    wide: bool
    person: bool
    thanks: bool
    again: bool
    bits: int | None
    open: int

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
    def named_place(self) -> bool:
        """Do both name one place, beside any pins?"""
        return self.street is Agreement.SAME or bool(self.landmarks) or self.area is Agreement.SAME

    @property
    def detailed(self) -> bool:
        """Is more than a street in common, of which a city has many of one name?"""
        return bool(self.shared_numbers or self.landmarks) or self.area is Agreement.SAME

    @property
    def elsewhere(self) -> bool:
        """Is there any sign that they speak of different places?"""
        return self.far or Agreement.CONFLICT in (self.street, self.house, self.quarter, self.area)


class Comparison:
    """One report, ready to be compared with many: what is the same for all of them is worked out once."""

    def __init__(self, new: Fingerprint, window: Window, common: Mapping[str, float]) -> None:
        self._new = new
        self._open = window.open
        self._daily = window.daily or USUAL_PACE
        self._pace = min(self._daily, MOST_PACE) / DAY
        self._rarity = Rarity(common, window)
        self._weights = {word: self._rarity.of_new(word) for word in new.words}
        self._all = sum(map(capped, self._weights.values()))
        self._said = " ".join(new.words)
        self._words = frozenset(new.words)
        self._digits = frozenset(filter(_is_number, new.words))
        self._street_words = _street_words(new.streets)
        self._telling = self._words.difference(WHERE, self._street_words)

    def shared(self, old: Fingerprint) -> float:
        """The rarity of the words in common, in nats: all that is needed to tell that most are strangers."""
        weights = self._weights
        return sum([weights[word] for word in old.words if word in weights])

    def likeness(self, old: Fingerprint) -> Likeness:
        """What the report has in common with `old`."""
        new, weights = self._new, self._weights
        both = [weights[word] for word in old.words if word in weights]
        theirs = frozenset(old.words)
        bounded = sum(map(capped, both))
        mass = self._rarity.of_old(old.words)
        street, shared_street, one_sided = streets_agree(new.streets, old.streets)
        house, quarter, numbers = _numbers(new, old)
        digits = frozenset([word for word in old.words if _is_number(word)])
        both_digits = self._digits & digits
        wide = not WIDE.isdisjoint(_shared(new.problems, old.problems))
        seconds = abs(new.time - old.time)
        streets = _street_words(old.streets)
        return Likeness(
            words=self._what(theirs, streets),
            text=ratio(self._said, " ".join(old.words)) / 100 if new.words and old.words else 0.0,
            shared=sum(both),
            capped=bounded,
            rarest=max(both, default=0.0),
            least=min(self._all, mass),
            most=max(self._all, mass),
            surprise=self._surprise(theirs, streets, bounded, seconds),
            problem=_agreement(new.problems, old.problems),
            street=street,
            named=_named(self._street_words, streets, self._words, theirs),
            house=house,
            quarter=quarter,
            one_number=bool(new.numbers) != bool(old.numbers),
            digits=len(both_digits),
            long_number=any(len(number) > 2 for number in both_digits),
            odd_digits=bool(self._digits - digits) + bool(digits - self._digits),
            area=areas_agree(new.areas, old.areas),
            area_of_one=bool(new.areas) != bool(old.areas),
            landmark=_agreement(new.landmarks, old.landmarks),
            category=_category(new, old),
            shared_street=shared_street,
            shared_numbers=numbers,
            landmarks=_shared(new.landmarks, old.landmarks),
            codes=_shared(new.codes, old.codes),
            metres=metres_apart(new, old),
            reach=reach(new, old, wide),
            seconds=seconds,
            patience=patience(new.problems + old.problems),
            between=seconds * self._pace,
            one_sided=one_sided,
            bare=not any((new.streets, old.streets, new.numbers, old.numbers, new.landmarks, old.landmarks)),
            wide=wide,
            person=bool(new.reporter) and new.reporter == old.reporter,
            thanks=(new.tone == Tone.THANKS) != (old.tone == Tone.THANKS),
            again=Tone.AGAIN in (new.tone, old.tone),
            bits=same_photo(new.images, old.images) if new.images and old.images else None,
            open=self._open,
        )

    def _surprise(self, theirs: frozenset[str], streets: frozenset[str], bounded: float, seconds: float) -> float:
        """The name of a street counts once, by its rarest word. What is as old as the window had all of it between."""
        weights, rest, name = self._weights, bounded, 0.0
        if names := self._street_words & streets:
            rest = sum([capped(weights[word]) for word in self._words & theirs if word not in names])
            name = max((weights[word] for word in names if word in weights and not _is_number(word)), default=0.0)
        strangers = seconds * self._daily / DAY
        return name + rest - log(max(1.0, min(strangers, self._open) if self._open else strangers))

    def _what(self, theirs: frozenset[str], streets: frozenset[str]) -> tuple[str, ...]:
        """The shared words that say what, not where, the rarest first."""
        said = self._telling & theirs
        if said and streets:
            said -= streets
        return tuple(sorted(said, key=lambda word: (-self._weights[word], word))) if len(said) > 1 else tuple(said)


def liken(
    one: Fingerprint, other: Fingerprint, common: Mapping[str, float] | None = None, window: Window = UNKNOWN
) -> Likeness:
    """What `one` and `other` have in common; the order does not matter, but that the window is of words of `one`.
    `common` are shares of words as in `dedupe.model.Model`."""
    return Comparison(one, window, common or {}).likeness(other)


def _is_number(word: str) -> bool:
    return word[0].isdigit()


@lru_cache(maxsize=1024)
def _street_words(streets: tuple[str, ...]) -> frozenset[str]:
    """Of their names, without "jl"."""
    return frozenset([word for street in streets for word in street.split()[1:]])


def _named(ours: frozenset[str], theirs: frozenset[str], new: frozenset[str], old: frozenset[str]) -> float:
    """Where only one side marks a street: which share of its name the other uses, from -1 (none) to 1; else 0."""
    if bool(ours) == bool(theirs):
        return 0.0
    name, words = (ours, old) if ours else (theirs, new)
    return 2 * len(name & words) / len(name) - 1


def _numbers(one: Fingerprint, other: Fingerprint) -> tuple[Agreement, Agreement, tuple[str, ...]]:
    """Of houses and of quarters; and the numbers that both name."""
    if not one.numbers or not other.numbers:
        return Agreement.UNKNOWN, Agreement.UNKNOWN, ()
    ours, theirs = by_kind(one.numbers), by_kind(other.numbers)
    return kinds_agree(ours, theirs, _HOUSES), kinds_agree(ours, theirs, _QUARTERS), _shared(one.numbers, other.numbers)


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
