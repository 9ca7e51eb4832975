"""Is the score a probability? Of verdicts that are about as probable, about so many should be right."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from dedupe.learning import calibrated
from dedupe.verdict import Kind
from tests.duplicates_bench.engine import Judged

Vector = NDArray[np.float64]

BINS = 5
#: Log-odds of a probability that is as good as 0 or 1 are not taken for more.
LEAST = 1e-6


class Bin(msgspec.Struct, frozen=True):
    """So many verdicts whose scores have this mean, and how many of them are right (0 to 1)."""

    count: int
    expected: float
    observed: float


class Reliability(msgspec.Struct, frozen=True):
    """`brier` is the mean square of what scores are off, `error` the mean over verdicts of what their bin is off
    (expected calibration error); with `scale` and `shift` of the log-odds they would be nearest to probabilities."""

    bins: Sequence[Bin]
    brier: float
    error: float
    scale: float
    shift: float


def reliability(judged: Sequence[Judged], labels: Mapping[str, str]) -> Reliability | None:
    """Of all verdicts that name another report, but for what a program sent twice; None if there are none."""
    told = [one for one in judged if one.verdict.same_as and one.verdict.kind is not Kind.RETRY]
    if not told:
        return None
    scores = np.array([one.verdict.score for one in told])
    right = np.array([float(labels.get(one.verdict.same_as or "") == labels[one.new.report]) for one in told])
    bins = list(_bins(scores, right))
    likely = np.clip(scores, LEAST, 1 - LEAST)
    scale, shift = calibrated(np.log(likely / (1 - likely)), right, np.ones(len(right)))
    error = sum(one.count * abs(one.expected - one.observed) for one in bins) / len(told)
    return Reliability(bins, float(((scores - right) ** 2).mean()), error, scale, shift)


def _bins(scores: Vector, right: Vector) -> Iterator[Bin]:
    places = np.minimum((scores * BINS).astype(int), BINS - 1)
    for place in range(BINS):
        if (chosen := places == place).any():
            yield Bin(int(chosen.sum()), float(scores[chosen].mean()), float(right[chosen].mean()))


def line(name: str, judged: Sequence[Judged], labels: Mapping[str, str]) -> str:
    """`SET scores expected/observed …`: of each bin its mean score, how many are right, and of how many."""
    found = reliability(judged, labels)
    if found is None:
        return f"{name} scores: none"
    bins = " ".join(f"{one.expected:.2f}/{one.observed:.2f} of {one.count:,}" for one in found.bins)
    off = f"error {found.error:.3f} Brier {found.brier:.3f}"
    return f"{name} scores {bins}, {off}, best scale {found.scale:.2f} shift {found.shift:+.2f}"
