"""From keys to rows: which reports share how much with a new one?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedupe.postings import ROW_BITS, ROW_MASK, Slices

#: A row and the number of a key, in 32 bits.
NUMBER_BITS = 6
Numbers = NDArray[np.int64]


def gathered(
    found: Sequence[tuple[int, Slices]], weights: NDArray[np.float64], opened: int, budget: int, most: int
) -> tuple[NDArray[np.int64], NDArray[np.float32], int]:
    """Rows, rising, what each has in common, and the number of postings read.

    `found` are the number of a shard and the slices of all keys in a part of it, those of the newest reports first.
    Rare keys are read first, each from its newest end: at most `most` of a key and `budget` in all.
    """
    bounds = np.array([slices.bounds for _, slices in found]).astype(np.int64)
    starts, counts = bounds[:, 0], bounds[:, 1] - bounds[:, 0]
    total = counts.sum(axis=0)
    order = total.argsort(kind="stable")
    taken = np.empty_like(counts)
    taken[:, order] = _taken(counts[:, order], budget, most)
    worth = (weights * np.log1p(opened / np.maximum(total, 1))).astype(np.float32)
    packed = _read(found, starts + counts - taken, taken)
    packed.sort()
    rows = packed >> NUMBER_BITS
    if not len(rows):
        return rows.astype(np.int64), np.zeros(0, np.float32), 0
    is_first = np.empty(len(rows), np.bool_)
    is_first[0] = True
    np.not_equal(rows[1:], rows[:-1], out=is_first[1:])
    first = is_first.nonzero()[0]
    gains = np.add.reduceat(worth.take(packed & ((1 << NUMBER_BITS) - 1)), first)
    return rows[first].astype(np.int64), gains, len(packed)


def _taken(counts: Numbers, budget: int, most: int) -> Numbers:
    """How much is read of each part (a line) and key (a column, the rarest first)."""
    of_key = np.minimum(np.maximum(most - (counts.cumsum(axis=0) - counts), 0), counts).T
    before = of_key.cumsum().reshape(of_key.shape) - of_key
    taken: Numbers = np.minimum(np.maximum(budget - before, 0), of_key).T
    return taken


def _read(found: Sequence[tuple[int, Slices]], starts: Numbers, taken: Numbers) -> NDArray[np.uint32]:
    """Rows above, numbers of keys below."""
    lengths = taken.ravel()
    ends: Numbers = lengths.cumsum()
    skipped = starts.ravel() - (ends - lengths)
    places = np.arange(lengths.sum()) + skipped.repeat(lengths)
    packed = np.tile(np.arange(taken.shape[1], dtype=np.uint32), len(found)).repeat(lengths)
    begin = 0
    for (shard, slices), end in zip(found, ends[taken.shape[1] - 1 :: taken.shape[1]].tolist(), strict=True):
        if end > begin:
            rows = (slices.rows.take(places[begin:end]) & ROW_MASK).astype(np.uint32)
            packed[begin:end] |= (rows | np.uint32(shard << ROW_BITS)) << NUMBER_BITS
        begin = end
    return packed
