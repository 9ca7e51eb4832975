"""A model learnt from pairs, and whether it is any better on pairs that it has not seen. Pure."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from dedupe.features import features
from dedupe.learning import learn, table, threshold
from dedupe.likeness import liken
from dedupe.model import Model, Thresholds, Weight
from gateway.sameness.examples import Example
from gateway.sameness.figures import PRECISION, Figures, Scored, figures

#: Of each kind, pairs of one incident and pairs of two, so many must be held back to say anything of a model.
LEAST_HELD_BACK = 30
#: With so few incidents to tell links by, the threshold of before stands.
LEAST_LINKS = 50
#: How firmly the weights in force are believed in, as so many pairs would.
PULL = 4.0
_DIGITS = 4


class TooFew(Exception):
    """There is not enough to learn from; the message says how much there is and how much is needed."""


class Outcome(msgspec.Struct, frozen=True):
    """A `model` of all pairs, and what one of two thirds of them reached on the rest (`learnt`), beside the model
    `in_force`, both as they link."""

    model: Model
    learnt: Figures
    in_force: Figures

    @property
    def is_no_worse(self) -> bool:
        return self.learnt.is_no_worse(self.in_force)


class _Seen(msgspec.Struct, frozen=True):
    example: Example
    features: Sequence[float]


def trained(examples: Sequence[Example], before: Model, said: str) -> Iterator[int | Outcome]:
    """Yields how many pairs were compared so far, and at last the outcome; `said` tells what it was learnt from. Raises
    `TooFew`."""
    refuse_few(examples)
    seen: list[_Seen] = []
    for number, example in enumerate(examples, 1):
        seen.append(_Seen(example, _features(example, before)))
        yield number
    rest = [one for one in seen if not one.example.is_held_back]
    held_back = [one for one in seen if one.example.is_held_back]
    trial = _learnt(rest, before)
    limits = _thresholds(_scored(held_back, trial), before.thresholds)
    made = msgspec.structs.replace(_learnt(seen, before), thresholds=limits, trained=said)
    yield Outcome(
        made,
        figures(_scored(held_back, trial), limits.link),
        figures(_scored(held_back, before), before.thresholds.link),
    )


def _features(example: Example, model: Model) -> Sequence[float]:
    return features(liken(example.new, example.old, model.common, example.window))


def refuse_few(examples: Sequence[Example]) -> None:
    """Raises `TooFew`."""
    held_back = [one.same for one in examples if one.is_held_back]
    same, others = held_back.count(True), held_back.count(False)
    if min(same, others) < LEAST_HELD_BACK or len(held_back) == len(examples):
        of_one = sum(one.same for one in examples)
        raise TooFew(
            f"{of_one} pairs of one incident and {len(examples) - of_one} of two are too few: about"
            f" {4 * LEAST_HELD_BACK} of each are needed, of many incidents, since a third is held back"
        )


def _learnt(seen: Sequence[_Seen], before: Model) -> Model:
    known = np.array([before.bias, *(one.weight for one in before.weights)])
    labels = np.array([float(one.example.same) for one in seen])
    rows = table([one.features for one in seen])
    found = learn(rows, labels, np.ones(len(seen)), known, np.full(len(known), PULL), before.combined(rows))
    bias, *weights = (round(float(one), _DIGITS) for one in found)
    named = [
        Weight(feature=old.feature, weight=new, meaning=old.meaning)
        for old, new in zip(before.weights, weights, strict=True)
    ]
    return msgspec.structs.replace(before, bias=bias, weights=tuple(named))


def _thresholds(scored: Sequence[Scored], before: Thresholds) -> Thresholds:
    """Links are as sure as they have to be, and never made more freely for what a few pairs say."""
    scores, right = np.array([one.score for one in scored]), np.array([float(one.same) for one in scored])
    if (scores >= before.link).sum() < LEAST_LINKS:
        return before
    link = max(before.link, round(threshold(scores, right, PRECISION), _DIGITS))
    return msgspec.structs.replace(before, link=link)


def _scored(seen: Sequence[_Seen], model: Model) -> list[Scored]:
    return [Scored(one.example.same, model.probability(one.features)) for one in seen]
