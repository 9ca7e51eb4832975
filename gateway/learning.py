"""Does a model of operators' decisions rank categories better than what is in force? Pure."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from math import sqrt
from typing import NamedTuple

import msgspec

from normalizer.sorting.candidates import candidates
from normalizer.sorting.categories import Categories
from normalizer.sorting.learnt import Example, Learnt, features, learn

#: Fewer texts than this say nothing of a model.
LEAST_HELD_BACK = 20
#: Of so many texts one is held back.
_ONE_IN = 3
_AMONG = 3
#: A standard normal variable lies between -Z and Z 95 times in 100.
_Z = 1.959964


class Share(msgspec.Struct, frozen=True):
    """How many of how many, and the 95 % interval of the share (Wilson)."""

    hits: int
    count: int

    @property
    def interval(self) -> tuple[float, float]:
        value, square = self.hits / self.count, _Z**2
        middle = value + square / (2 * self.count)
        width = _Z * sqrt(value * (1 - value) / self.count + square / (4 * self.count**2))
        return (middle - width) / (1 + square / self.count), (middle + width) / (1 + square / self.count)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits} of {self.count} ({self.hits / self.count:.2f}; {low:.2f} to {high:.2f})"


class Figures(NamedTuple):
    """How often the right category was the first, and among the first three."""

    first: Share
    among_three: Share

    def beats(self, other: "Figures") -> bool:
        """Better in one of the two and worse in neither."""
        mine, theirs = (self.first.hits, self.among_three.hits), (other.first.hits, other.among_three.hits)
        return mine != theirs and all(one >= two for one, two in zip(mine, theirs, strict=True))


class Outcome(NamedTuple):
    """A model of all examples, and what one of two thirds of them reached on the rest, beside the table alone and,
    where there is one, the model in force."""

    model: Learnt
    learnt: Figures
    table: Figures
    in_force: Figures | None

    @property
    def is_better(self) -> bool:
        return self.learnt.beats(self.table)


class TooFew(Exception):
    """There is not enough to learn from; the message says how much there is."""


def judged(examples: Sequence[Example], known: Categories, made: str) -> Iterator[int | Outcome]:
    """Yields how many texts were ranked so far, and at last the outcome. Raises `TooFew`."""
    held_back = [example for example in examples if _is_held_back(example)]
    rest = [example for example in examples if not _is_held_back(example)]
    if len(held_back) < LEAST_HELD_BACK or not rest:
        raise TooFew(f"{len(examples)} texts are too few: about {_ONE_IN * LEAST_HELD_BACK} different ones are needed")
    version = known.learnt.version + 1 if known.learnt else 1
    table = msgspec.structs.replace(known, learnt=None)
    trial = msgspec.structs.replace(known, learnt=learn(rest, version, made))
    ranks: dict[str, list[int]] = {"table": [], "trial": [], "known": []}
    for number, example in enumerate(held_back, 1):
        for name, one in (("table", table), ("trial", trial), ("known", known)):
            ranks[name].append(_rank(one, example))
        yield number
    in_force = _figures(ranks["known"]) if known.learnt else None
    yield Outcome(learn(examples, version, made), _figures(ranks["trial"]), _figures(ranks["table"]), in_force)


def _is_held_back(example: Example) -> bool:
    """By chance, but always the same; texts of the same words stay together."""
    words = " ".join(sorted(features(example.text)))
    return sha256(words.encode("utf-8", "surrogatepass")).digest()[0] % _ONE_IN == 0


def _rank(categories: Categories, example: Example) -> int:
    codes = [one.code for one in candidates(categories, None, example.text)]
    return codes.index(example.category) if example.category in codes else _AMONG


def _figures(ranks: Iterable[int]) -> Figures:
    found = list(ranks)
    return Figures(Share(found.count(0), len(found)), Share(sum(rank < _AMONG for rank in found), len(found)))
