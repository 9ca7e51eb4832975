"""How right a judge is on pairs that people labelled. Pure."""

from collections.abc import Iterable, Sequence
from math import log

import msgspec

#: Of the shares by which calibration is told: from nought to one in so many steps.
BINS = 5
_LEAST = 1e-6
#: How much worse a figure may be by chance alone.
SLACK = 0.002
#: Links that are right so often are right often enough.
PRECISION = 0.98


class Scored(msgspec.Struct, frozen=True):
    """A pair, by what it is and what a judge makes of it."""

    same: bool
    score: float


class Bin(msgspec.Struct, frozen=True):
    """Of pairs with a score of about the same: how many, their mean score, and how many in truth are the same."""

    count: int
    said: float
    true: float


class Figures(msgspec.Struct, frozen=True):
    """`precision` and `recall` are of the pairs above `threshold`; `loss` is the mean surprise in nats (log loss), the
    smaller the better, which is least for a judge whose scores are the true shares; `bins` show whether they are."""

    count: int
    threshold: float
    precision: float
    recall: float
    loss: float
    bins: tuple[Bin, ...]

    def is_no_worse(self, other: "Figures") -> bool:
        """Neither less sure nor less complete, and as precise, or precise enough."""
        return (
            self.loss <= other.loss + SLACK
            and self.precision >= min(other.precision, PRECISION) - SLACK
            and self.recall >= other.recall - SLACK
        )


def figures(scored: Sequence[Scored], threshold: float) -> Figures:
    """Of no pairs at all they are nought."""
    above = [one for one in scored if one.score >= threshold]
    right, same = sum(one.same for one in above), sum(one.same for one in scored)
    return Figures(
        count=len(scored),
        threshold=threshold,
        precision=right / len(above) if above else 0.0,
        recall=right / same if same else 0.0,
        loss=_mean(-log(_within(one.score if one.same else 1 - one.score)) for one in scored),
        bins=tuple(_bins(scored)),
    )


def _bins(scored: Sequence[Scored]) -> Iterable[Bin]:
    for number in range(BINS):
        some = [one for one in scored if min(int(one.score * BINS), BINS - 1) == number]
        if some:
            yield Bin(len(some), _mean(one.score for one in some), _mean(float(one.same) for one in some))


def _within(share: float) -> float:
    return min(max(share, _LEAST), 1 - _LEAST)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
