"""Weights from labelled pairs: logistic regression, pulled towards the weights that are in force."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MOST_STEPS = 50
CLOSE = 1e-6
_LARGEST = 30.0


def learn(
    features: Matrix, labels: Vector, counts: Vector, before: Vector, pull: Vector, aside: Vector | None = None
) -> Vector:
    """The most probable weights, by Newton's method (iteratively reweighted least squares).

    `features` has one row for each pair; `labels` are 1 for pairs of one incident, else 0; each pair counts `counts`
    times. `before` are the weights that are believed in without any pair, and `pull` how firmly (the inverse of a
    variance, above 0); of both, as of the result, the first is the bias. `aside` are log-odds of each pair
    that are added to those of the weights, and stay as they are. Raises ValueError where shapes differ or anything is
    not finite.
    """
    rows, columns = features.shape
    if labels.shape != (rows,) or counts.shape != (rows,) or before.shape != pull.shape or len(before) != columns + 1:
        raise ValueError("features, labels, counts and weights do not belong together")
    if not all(np.isfinite(part).all() for part in (features, labels, counts, before, pull)):
        raise ValueError("what is learnt from must be finite")
    table = np.hstack([np.ones((rows, 1)), features])
    beside = np.zeros(rows) if aside is None else aside

    def loss(weights: Vector) -> float:
        odds = table @ weights + beside
        surprise = np.logaddexp(0, odds) - labels * odds
        return float(counts @ surprise + pull @ (weights - before) ** 2 / 2)

    weights, least = before.copy(), loss(before)
    for _ in range(MOST_STEPS):
        chance = _chances(table @ weights + beside)
        slope = table.T @ (counts * (chance - labels)) + pull * (weights - before)
        bend = (table * (counts * chance * (1 - chance))[:, None]).T @ table + np.diag(pull)
        step = np.linalg.solve(bend, slope)
        while np.abs(step).max() >= CLOSE and loss(weights - step) > least:
            step = step / 2
        if np.abs(step).max() < CLOSE:
            break
        weights = weights - step
        least = loss(weights)
    return weights


def calibrated(scores: Vector, labels: Vector, counts: Vector) -> tuple[float, float]:
    """Slope and shift of the log-odds `scores` with which they are probabilities on pairs held back (Platt 1999)."""
    before, pull = np.array([0.0, 1.0]), np.array([1e-3, 1e-3])
    shift, slope = learn(scores[:, None], labels, counts, before, pull)
    return float(slope), float(shift)


def threshold(scores: Vector, right: Vector, precision: float) -> float:
    """The lowest score from which on at least so many (0 to 1) are right, all above it together; 1 if none is."""
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= precision)
    return float(scores[order[enough[-1]]]) if len(enough) else 1.0


def _chances(odds: Vector) -> Vector:
    chances: Vector = 1 / (1 + np.exp(-np.clip(odds, -_LARGEST, _LARGEST)))
    return chances


def table(rows: Sequence[Sequence[float]]) -> Matrix:
    """Rows of features as `learn` takes them."""
    return np.array(rows, dtype=np.float64)
