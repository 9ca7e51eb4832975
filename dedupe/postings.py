"""Lists of rows by key: 16 bits for a row, in arrays instead of objects.

A shard's newest rows are in a dictionary (`Fresh`), those before in sorted arrays of some thousand rows (`Sorted`),
and those of a full shard in one table (`Buckets`). Each of them finds the rows of many keys at once: as slices of an
array, from `starts` to `ends`, the newest at the end.
"""

from array import array
from collections.abc import Generator, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedupe.keys import KEY_BITS

ROW_BITS = 16
ROW_MASK = (1 << ROW_BITS) - 1
#: A full shard has some 300,000 keys.
BUCKET_BITS, FEW_BUCKET_BITS = 20, 16
#: So many steps make a table: each takes well below a millisecond.
STEPS = 64
_BUCKETS_A_STEP = (1 << BUCKET_BITS) // STEPS
_SHIFT, _FEW_SHIFT = KEY_BITS - BUCKET_BITS, KEY_BITS - FEW_BUCKET_BITS

Rows = NDArray[np.uint16]
#: A key in the upper bits, a row in the lower 16.
Packed = NDArray[np.uint64]
_NONE = array("H")


class Slices(NamedTuple):
    """The rows of some keys, in their order: `rows[start:end]`, of which the lower 16 bits count, for each pair of
    `bounds` (a line of starts, and one of ends)."""

    bounds: NDArray[np.integer]
    rows: Rows | Packed


class Wanted:
    """Keys to look for, at most `most` rows of each where that is known beforehand."""

    def __init__(self, keys: Iterable[int], most: int) -> None:
        self.keys = list(keys)
        self.most = most
        numbers = np.array(self.keys, np.int64)
        self.buckets, self.few_buckets = (
            np.stack((numbers >> shift, (numbers >> shift) + 1)) for shift in (_SHIFT, _FEW_SHIFT)
        )


class Fresh:
    """The rows that came last. Their dictionary is filled when somebody looks: whoever loads a million need not wait
    for it; and it holds no objects that the garbage collector must look at."""

    def __init__(self) -> None:
        self._packed = array("Q")
        self._rows: dict[int, array[int]] = {}
        self._filled = 0

    def add(self, row: int, keys: Iterable[int]) -> None:
        self._packed.extend([key << ROW_BITS | row for key in keys])

    def of(self, key: int) -> Sequence[int]:
        self._fill()
        return self._rows.get(key, ())

    def look(self, wanted: Wanted) -> Slices:
        """Of each key the newest."""
        self._fill()
        found = [self._rows.get(key, _NONE)[-wanted.most :] for key in wanted.keys]
        lengths = np.array(list(map(len, found)))
        ends = lengths.cumsum()
        return Slices(np.stack((ends - lengths, ends)), np.frombuffer(b"".join(found), np.uint16))

    def sealed(self) -> "Sorted":
        return Sorted(np.array(self._packed))

    def _fill(self) -> None:
        for packed in self._packed[self._filled :]:
            key, row = packed >> ROW_BITS, packed & ROW_MASK
            if rows := self._rows.get(key):
                rows.append(row)
            else:
                self._rows[key] = array("H", (row,))
        self._filled = len(self._packed)


class Sorted:
    """Some thousand rows, which change no more: keys whose first bits are the same share a bucket."""

    def __init__(self, packed: Packed) -> None:
        packed.sort()
        self._packed = packed
        buckets = (packed >> (_FEW_SHIFT + ROW_BITS)).astype(np.int64)
        self._starts = np.zeros((1 << FEW_BUCKET_BITS) + 1, np.uint32)
        self._starts[1:] = np.cumsum(np.bincount(buckets, minlength=1 << FEW_BUCKET_BITS))

    def of(self, key: int) -> Sequence[int]:
        bucket = key >> _FEW_SHIFT
        found = self._packed[self._starts[bucket] : self._starts[bucket + 1]].tolist()
        return [value & ROW_MASK for value in found]

    def look(self, wanted: Wanted) -> Slices:
        return Slices(self._starts[wanted.few_buckets], self._packed)

    def between(self, first: int, end: int) -> Packed:
        """What is in the buckets from `first` to before `end`."""
        bounds = np.array((first, end), np.uint64) << (_SHIFT + ROW_BITS)
        start, stop = np.searchsorted(self._packed, bounds).tolist()
        return self._packed[start:stop]


class Buckets:
    """The rows of a full shard. Keys whose first bits are the same share a bucket."""

    def __init__(self, starts: NDArray[np.uint32], rows: Rows) -> None:
        self._starts = starts
        self._rows = rows

    def of(self, key: int) -> Sequence[int]:
        bucket = key >> _SHIFT
        found: list[int] = self._rows[self._starts[bucket] : self._starts[bucket + 1]].tolist()
        return found

    def look(self, wanted: Wanted) -> Slices:
        return Slices(self._starts[wanted.buckets], self._rows)

    def renumbered(self, first: int, end: int, numbers: NDArray[np.int32]) -> Packed:
        """What is in the buckets from `first` to before `end`, as if it were sorted: with the new number of each row,
        without those whose number is negative."""
        starts = self._starts[first : end + 1].astype(np.int64)
        buckets = np.repeat(np.arange(first, end, dtype=np.uint64), np.diff(starts))
        rows = numbers[self._rows[starts[0] : starts[-1]]]
        kept = rows >= 0
        return buckets[kept] << np.uint64(_SHIFT + ROW_BITS) | rows[kept].astype(np.uint64)


def folded(sources: Sequence[Sorted | tuple[Buckets, NDArray[np.int32]]]) -> Generator[None, None, Buckets]:
    """One table out of several sources, those of `Buckets` with new numbers of their rows: after `STEPS` steps."""
    starts = np.zeros((1 << BUCKET_BITS) + 1, np.uint32)
    done: list[Rows] = []
    total = 0
    for first in range(0, 1 << BUCKET_BITS, _BUCKETS_A_STEP):
        packed = np.concatenate([_part(source, first) for source in sources])
        packed.sort()
        counts = np.bincount((packed >> (_SHIFT + ROW_BITS)).astype(np.int64) - first, minlength=_BUCKETS_A_STEP)
        starts[first + 1 : first + 1 + _BUCKETS_A_STEP] = total + np.cumsum(counts)
        total += len(packed)
        done.append((packed & ROW_MASK).astype(np.uint16))
        yield
    return Buckets(starts, np.concatenate(done))


def _part(source: Sorted | tuple[Buckets, NDArray[np.int32]], first: int) -> Packed:
    if isinstance(source, Sorted):
        return source.between(first, first + _BUCKETS_A_STEP)
    buckets, numbers = source
    return buckets.renumbered(first, first + _BUCKETS_A_STEP, numbers)
