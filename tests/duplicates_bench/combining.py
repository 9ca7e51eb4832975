"""Combinations of features, learnt beside given log-odds: a layer of tangents by Adam (Kingma and Ba 2014)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

BATCH = 512
EPOCHS = 20
RATE, SLOWER = 4e-3, 0.88
DECAY = 1e-4
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8
_LARGEST = 30.0


class Combined(NamedTuple):
    """Adds `shift` and `worth @ tanh(of.T @ row + biases)` to the log-odds of a row of features."""

    of: Matrix
    biases: Vector
    worth: Vector
    shift: float


def combined(rows: Matrix, same: Vector, counts: Vector, aside: Vector, many: int) -> Combined:
    """So many combinations of `rows` that tell best, beside the log-odds `aside`, which pairs are the `same`; each pair
    counts `counts` times. Always the same for the same rows."""
    chance = np.random.default_rng(0)
    mean, spread, live = rows.mean(0), rows.std(0) + 0.05, rows.std(0) > 1e-6
    table = (rows - mean) / spread * live
    parts = [
        chance.normal(0, 1 / np.sqrt(rows.shape[1]), (rows.shape[1], many)),
        np.zeros(many),
        chance.normal(0, 0.1, many),
        np.zeros(1),
    ]
    first, second = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    rate, step = RATE, 0
    for _ in range(EPOCHS):
        order = chance.permutation(len(table))
        for begin in range(0, len(order), BATCH):
            some, step = order[begin : begin + BATCH], step + 1
            slopes = _slopes(parts, table[some], same[some], counts[some], aside[some])
            for number, slope in enumerate(slopes):
                first[number] = _FIRST * first[number] + (1 - _FIRST) * slope
                second[number] = _SECOND * second[number] + (1 - _SECOND) * slope**2
                size = np.sqrt(second[number] / (1 - _SECOND**step)) + _TINY
                parts[number] = parts[number] - rate * first[number] / (1 - _FIRST**step) / size
        rate *= SLOWER
    of = parts[0] / spread[:, None] * live[:, None]
    return Combined(of, parts[1] - mean @ of, parts[2], float(parts[3][0]))


def _slopes(parts: list[Matrix], rows: Matrix, same: Vector, counts: Vector, aside: Vector) -> list[Matrix]:
    """Of the mean surprise, by each of `parts`."""
    of, biases, worth, shift = parts
    bent = np.tanh(rows @ of + biases)
    odds = np.clip(aside + bent @ worth + shift, -_LARGEST, _LARGEST)
    wrong = counts * (1 / (1 + np.exp(-odds)) - same) / BATCH
    back = np.outer(wrong, worth) * (1 - bent * bent)
    return [rows.T @ back + DECAY * of, back.sum(0), bent.T @ wrong + DECAY * worth, np.array([wrong.sum()])]
