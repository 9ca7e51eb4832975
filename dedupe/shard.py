"""Up to 65,536 open reports in the order in which they were added: fingerprints, facts and postings.

Closed ones leave a hole, until what is left of a shard is moved into another one (see `dedupe.index`).
"""

from array import array
from collections.abc import Generator, Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from dedupe.facts import FACTS, NAMELESS
from dedupe.postings import ROW_BITS, Buckets, Fresh, Slices, Sorted, Wanted, folded

ROWS = 1 << ROW_BITS
#: A dictionary holds so many rows; they are sorted in a few milliseconds.
FRESH = 4096
#: Instead of the hour in which a report was made.
CLOSED = 0


class Block:
    """Encoded fingerprints one after another: an object for each would take 40 bytes more."""

    def __init__(self, each: list[bytes]) -> None:
        self._ends = array("I", accumulate(map(len, each), initial=0))
        self._bytes = b"".join(each)

    def __getitem__(self, row: int) -> bytes:
        return self._bytes[self._ends[row] : self._ends[row + 1]]


class Shard:
    """`rows` is how many it can hold, `size` how many were added, `opened` how many of them are open: those whose
    `hours` are not `CLOSED`."""

    def __init__(self, rows: int = ROWS) -> None:
        self.rows = rows
        self.size = self.opened = 0
        self.facts = np.zeros(rows, NAMELESS)
        self.hours = np.zeros(rows, np.uint16)
        self.table: Buckets | None = None
        self._sorted: list[Sorted] = []
        self._fresh = Fresh()
        self._blocks: list[Block] = []
        self._newest: list[bytes] = []
        self.codes: NDArray[np.uint16] = self.facts.view(FACTS)["report"]
        self._bytes = self.facts.view(np.uint8).data

    @property
    def is_full(self) -> bool:
        return self.size == self.rows

    def add(self, encoded: bytes, facts: bytes, hour: int, keys: set[int]) -> None:
        """A row more. Now and then rows are sealed, which takes some milliseconds."""
        row = self.size
        self.append(encoded, facts, hour)
        self._fresh.add(row, keys)
        if self.size % FRESH == 0 or self.is_full:
            self._sorted.append(self._fresh.sealed())
            self._fresh = Fresh()

    def append(self, encoded: bytes, facts: bytes, hour: int) -> None:
        """A row more that nobody finds as yet."""
        row = self.size
        self._bytes[row * FACTS.itemsize : (row + 1) * FACTS.itemsize] = facts
        self.hours[row] = hour
        self._newest.append(encoded)
        self.size += 1
        self.opened += 1
        if self.size % FRESH == 0 or self.is_full:
            self._blocks.append(Block(self._newest))
            self._newest = []

    def remove(self, row: int) -> None:
        self.hours[row] = CLOSED
        self.opened -= 1

    def set_hours(self, hours: NDArray[np.uint16]) -> None:
        """Of all rows."""
        self.hours = hours
        self.opened = int(np.count_nonzero(hours))

    def encoded(self, row: int) -> bytes:
        block, within = divmod(row, FRESH)
        return self._newest[within] if block == len(self._blocks) else self._blocks[block][within]

    def facts_of(self, row: int) -> bytes:
        return bytes(self._bytes[row * FACTS.itemsize : (row + 1) * FACTS.itemsize])

    def of(self, key: int) -> Iterator[int]:
        """Open rows that may have been filed under `key`."""
        return (row for part in self._parts() for row in part.of(key) if self.hours[row])

    def look(self, wanted: Wanted) -> list[Slices]:
        """What is wanted in each part, that of the newest first."""
        return [part.look(wanted) for part in self._parts()]

    def _parts(self) -> Sequence[Fresh | Sorted | Buckets]:
        return [self.table] if self.table else [self._fresh, *reversed(self._sorted)]

    def fold(self) -> Generator[None, None, None]:
        """Put what is sorted into one table: many steps for a full shard, after which it takes less memory."""
        self.table = yield from folded(self._sorted)
        self._sorted, self._fresh = [], Fresh()
