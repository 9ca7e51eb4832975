"""Which of some hundred reports are most worth judging? A rough judge of 64 bytes each, all of them at once."""

from collections.abc import Iterable
from functools import reduce
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dedupe.facts import KIND_BITS, Facts

#: Log-odds of a logistic regression on labelled reports among a million made of the same words, rounded; time weighs
#: less than it found, since the gaps of those labels are invented.
SHARED, COVERED = 5.0, 3.0
SAME_STREET, OTHER_STREET = 2.7, -2.2
SAME_NUMBER, OTHER_NUMBER = 3.0, -3.5
SAME_AREA, OTHER_AREA = 1.5, -2.0
SAME_PROBLEM, OTHER_PROBLEM = 0.4, -3.0
SAME_CATEGORY, OTHER_CATEGORY = 0.5, -1.5
SAME_LANDMARK = 1.0
NEAR, FAR = 7.0, -2.5
NEAR_METRES, FAR_METRES = 250.0, 1500.0
GAIN = 0.01
PER_DOUBLING_OF_DAYS = -1.2
METRES_PER_DEGREE = 111_195.0

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Ranker:
    """Holds a table that every call leaves empty."""

    def __init__(self) -> None:
        self._worth = np.zeros(1 << 16, np.float32)

    def scores(self, new: np.void, rarity: Scores, olds: Facts, gains: Scores, ages: Scores) -> Scores:
        """How much each of `olds` is like `new`; higher is more. `rarity` weighs each of the words of `new`, `gains`
        are those of the shared keys, and `ages` how often the days between doubled."""
        scores: Scores = (
            self._words(new["words"], rarity, olds["words"])
            + _weighed(new["streets"], olds["streets"].T, SAME_STREET, OTHER_STREET)
            + _numbers(new["numbers"], olds["numbers"])
            + _weighed(new["areas"], olds["areas"].T, SAME_AREA, OTHER_AREA)
            + _weighed(new["problems"], olds["problems"].T, SAME_PROBLEM, OTHER_PROBLEM)
            + _weighed(new["category"].reshape(1), olds["category"][None], SAME_CATEGORY, OTHER_CATEGORY)
            + _weighed(new["landmark"].reshape(1), olds["landmark"][None], SAME_LANDMARK, 0.0)
            + _places(new, olds)
            + np.float32(GAIN) * gains
            + np.float32(PER_DOUBLING_OF_DAYS) * ages
        )
        return scores

    def _words(self, mine: NDArray[np.uint16], rarity: Scores, theirs: NDArray[np.uint16]) -> Scores | np.float32:
        """The share of my words, and about the share of theirs, that both use."""
        count = np.count_nonzero(mine)
        if not count:
            return np.float32(0)
        known = mine[:count]
        self._worth[known] = rarity[:count]
        shared = self._worth.take(theirs) @ np.ones(theirs.shape[1], np.float32)
        self._worth[known] = 0
        whole = float(rarity[:count].sum())
        lengths = (theirs != 0) @ np.ones(theirs.shape[1], np.float32)
        covered = np.minimum(shared * count / (whole * np.maximum(lengths, 1)), 1)
        scores: Scores = np.float32(SHARED / whole) * shared + np.float32(COVERED) * covered
        return scores


def _weighed(mine: NDArray[np.uint16], theirs: NDArray[np.uint16], same: float, other: float) -> Scores | np.float32:
    """`same` where any is the same, `other` where both know some and share none, else 0. `theirs` has a column for
    each report."""
    known = [value for value in mine.tolist() if value]
    if not known:
        return np.float32(0)
    hit = _among(theirs, known)
    return np.where(hit, np.float32(same), np.float32(other) * (theirs[0] != 0))


def _numbers(mine: NDArray[np.uint16], theirs: NDArray[np.uint16]) -> Scores | np.float32:
    """Another number of any kind that both know is a conflict, whatever else is the same."""
    known = sorted(value for value in mine.tolist() if value)
    if not known:
        return np.float32(0)
    columns = np.ascontiguousarray(theirs.T)
    kinds = columns >> np.uint16(KIND_BITS)
    same, other = np.zeros((2, len(theirs)), np.bool_)
    for kind, values in groupby(known, key=lambda value: value >> KIND_BITS):
        hit = _among(columns, values)
        same |= hit
        other |= _among(kinds, [kind]) & ~hit
    return np.where(other, np.float32(OTHER_NUMBER), np.float32(SAME_NUMBER) * same)


def _among(columns: NDArray[np.uint16], values: Iterable[int]) -> Mask:
    """Where any column has any of the values."""
    return reduce(np.logical_or, [column == value for value in values for column in columns])


def _places(new: np.void, olds: Facts) -> Scores | np.float32:
    if np.isnan(new["latitude"]):
        return np.float32(0)
    north = olds["latitude"] - new["latitude"]
    east = (olds["longitude"] - new["longitude"]) * np.cos(np.radians(new["latitude"]))
    squared = (north * north + east * east) * np.float32(METRES_PER_DEGREE**2)
    near = np.float32(NEAR) * np.exp(-squared / np.float32(NEAR_METRES**2))
    scores = np.where(squared > np.float32(FAR_METRES**2), np.float32(FAR), near)
    return np.nan_to_num(scores, copy=False)
