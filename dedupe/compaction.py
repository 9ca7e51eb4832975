"""Moving what is left of shards into a new one, a little at a time, while they are still in use."""

from collections.abc import Generator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedupe.postings import folded
from dedupe.shard import ROWS, Shard

#: A shard is moved once no more than so much of it is open; two neighbours, once both fill no more than so much of one.
FULL_ENOUGH = 0.75
#: Rows that are moved in one step.
AT_ONCE = 128


def worth_moving(shards: Sequence[Shard], most: int) -> list[Shard]:
    """One shard or two neighbours that take more room than they need, if one holds `most` rows; else none."""
    for left, right in pairwise(shards):
        if left.table is None:
            continue
        if right.table and left.opened + right.opened <= FULL_ENOUGH * most:
            return [left, right]
        if left.opened <= FULL_ENOUGH * left.rows:
            return [left]
    return []


def moved(olds: Sequence[Shard]) -> Generator[None, None, Shard]:
    """A new shard of what is open of `olds`, which have tables: after many steps, each below a millisecond."""
    kept = [np.flatnonzero(old.hours) for old in olds]
    new = Shard(sum(map(len, kept)))
    if not new.rows:
        return new
    sources = []
    for old, rows in zip(olds, kept, strict=True):
        assert old.table
        sources.append((old.table, _numbers(rows, new.size)))
        yield from _copied(old, rows, new)
    new.table = yield from folded(sources)
    new.set_hours(np.concatenate([old.hours[rows] for old, rows in zip(olds, kept, strict=True)]))
    return new


def _numbers(rows: NDArray[np.int64], first: int) -> NDArray[np.int32]:
    """The new number of each row, from `first` on, and -1 for those that stay behind."""
    numbers = np.full(ROWS, -1, np.int32)
    numbers[rows] = np.arange(first, first + len(rows))
    return numbers


def _copied(old: Shard, rows: NDArray[np.int64], new: Shard) -> Generator[None, None, None]:
    for begin in range(0, len(rows), AT_ONCE):
        for row in rows[begin : begin + AT_ONCE].tolist():
            new.append(old.encoded(row), old.facts_of(row), int(old.hours[row]))
        yield
