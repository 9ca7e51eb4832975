"""The open reports that may be of the same incident as a given one, found with bounded work."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from math import log1p
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from dedupe import facts, keys
from dedupe.compaction import moved, worth_moving
from dedupe.fingerprint import Fingerprint
from dedupe.frequency import Frequency
from dedupe.gathering import gathered
from dedupe.pace import Pace
from dedupe.postings import ROW_BITS, ROW_MASK, Wanted
from dedupe.ranking import Ranker
from dedupe.shard import CLOSED, ROWS, Shard
from dedupe.window import Window

#: Candidates for one report, if nobody asks for more or fewer.
LIMIT = 64
#: Postings read for one report, however many it could find, and of one key.
BUDGET = 6000
KEPT = 3000
#: Rows that are compared by their facts.
RANKED = 600
#: Reports from which `load` learns what words are rare.
LEARNT = 20_000
#: Worth of keys that a row loses for each doubling of the days between.
PER_DOUBLING_OF_DAYS = 2.5


Value = TypeVar("Value", bound=np.generic)


class Index:
    """Fingerprints of open reports by their words, streets, cells, reporters, codes and pictures. Not safe for
    several threads.

    Reports are expected roughly in order of time: of equals the last added is preferred. At a million, a report takes
    some 400 bytes, and some 30 megabytes are taken by none. What is put in order behind the scenes is done in small
    steps, one with each change. `walked` is the number of postings that the latest `candidates` read.
    """

    def __init__(self, rows: int = ROWS) -> None:
        """`rows` are those of a shard, at most `ROWS`."""
        self.walked = 0
        self._rows = rows
        self._opened = 0
        self._pace = Pace()
        self._shards = [Shard(rows)]
        self._frequency = Frequency()
        self._ranker = Ranker()
        self._steps: deque[Iterator[None]] = deque()
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Fingerprint).decode

    def __len__(self) -> int:
        return self._opened

    def get(self, report_id: str) -> Fingerprint | None:
        """The fingerprint of an open report, or None."""
        found = self._find(report_id)
        return found and found[2]

    def add(self, new: Fingerprint) -> None:
        """Make `new` a candidate for later reports, in place of what was known of the same report."""
        self.remove(new.report)
        self._add(new)

    def load(self, reports: Iterable[Fingerprint]) -> None:
        """As `add`, in half the time, of different reports that are not in the index.

        What words are rare is learnt before the first are filed under them.
        """
        rest = iter(reports)
        first = list(islice(rest, LEARNT))
        for new in first:
            self._frequency.count(new.words)
        for number, new in enumerate(chain(first, rest)):
            self._add(new)
            if number < len(first):
                self._frequency.discount(new.words)

    def _add(self, new: Fingerprint) -> None:
        if self._shards[-1].is_full:
            self._steps.append(self._shards[-1].fold())
            self._shards.append(Shard(self._rows))
        words = self._frequency.rarest_first(new.words)
        row = facts.packed(new, words)
        self._shards[-1].add(self._encode(new), row, facts.hour(new), keys.filed(new, words))
        self._frequency.count(new.words)
        self._opened += 1
        self._pace.count(new.time)
        self._step()

    def remove(self, report_id: str) -> None:
        """Forget a report, if it is known: it was closed or taken back."""
        found = self._find(report_id)
        if found is None:
            return
        shard, row, old = found
        shard.remove(row)
        self._frequency.discount(old.words)
        self._opened -= 1
        self._step()

    def window(self, new: Fingerprint) -> Window:
        """How many reports are open, and how many of them use each word of `new`."""
        counts = ((word, self._frequency.of(word)) for word in new.words)
        seen = {word: count for word, count in counts if count}
        return Window(len(self), seen, self._pace.daily(new.time))

    def candidates(self, new: Fingerprint, limit: int = LIMIT) -> list[Fingerprint]:
        """At most `limit` other open reports most worth judging, best first; of equals the newest."""
        return list(self.nearest(new, limit))

    def nearest(self, new: Fingerprint, limit: int = LIMIT) -> Iterator[Fingerprint]:
        """As `candidates`, each read when it is asked for: before the index changes."""
        words = self._frequency.rarest_first(new.words)
        asked = keys.asked(new, words)
        self.walked = 0
        if not asked or not len(self):
            return iter(())
        wanted = Wanted(asked, KEPT)
        places = range(len(self._shards) - 1, -1, -1)
        found = [(place, slices) for place in places for slices in self._shards[place].look(wanted)]
        weights = np.fromiter(asked.values(), np.float64, len(asked))
        rows, gains, self.walked = gathered(found, weights, len(self), BUDGET, KEPT)
        return self._best(new, words, rows, gains, limit)

    def _best(
        self, new: Fingerprint, words: list[str], rows: NDArray[np.int64], gains: NDArray[np.float32], limit: int
    ) -> Iterator[Fingerprint]:
        hours = self._gathered(rows, lambda shard: shard.hours)
        opened = hours != CLOSED
        rows, gains, ages = rows[opened], gains[opened], facts.doublings(facts.hour(new), hours[opened])
        first = _top(gains - np.float32(PER_DOUBLING_OF_DAYS) * ages, RANKED)
        rows, gains, ages = rows[first], gains[first], ages[first]
        olds = self._gathered(rows, lambda shard: shard.facts)
        mine = np.frombuffer(facts.packed(new, words), facts.FACTS)[0]
        rarity = np.array([log1p(len(self) / (1 + self._frequency.of(word))) for word in words[: facts.WORDS]])
        scores = self._ranker.scores(mine, rarity.astype(np.float32), olds.view(facts.FACTS), gains, ages)
        best = rows[_best_first(scores, limit + 1)].tolist()
        found = (self._decode(self._shards[row >> ROW_BITS].encoded(row & ROW_MASK)) for row in best)
        return islice((old for old in found if old.report != new.report), limit)

    def _gathered(self, rows: NDArray[np.int64], column: Callable[[Shard], NDArray[Value]]) -> NDArray[Value]:
        """Of each of rising `rows` the value in a column of its shard."""
        ends = np.searchsorted(rows, np.arange(1, len(self._shards)) << ROW_BITS).tolist()
        parts = zip(self._shards, [0, *ends], [*ends, len(rows)], strict=True)
        own = rows & ROW_MASK
        return np.concatenate([column(shard).take(own[begin:end]) for shard, begin, end in parts])

    def _find(self, report_id: str) -> tuple[Shard, int, Fingerprint] | None:
        key, code = keys.identity(report_id), facts.code(report_id)
        for shard in reversed(self._shards):
            for row in shard.of(key):
                if shard.codes[row] == code:
                    old = self._decode(shard.encoded(row))
                    if old.report == report_id:
                        return shard, row, old
        return None

    def _step(self) -> None:
        """A little of what is to be put in order."""
        if not self._steps and (shards := worth_moving(self._shards, self._rows)):
            self._steps.append(self._move(shards))
        if self._steps:
            try:
                next(self._steps[0])
            except StopIteration:
                self._steps.popleft()

    def _move(self, olds: list[Shard]) -> Iterator[None]:
        new = yield from moved(olds)
        place = self._shards.index(olds[0])
        self._shards[place : place + len(olds)] = [new] if new.rows else []


def _top(scores: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Where the highest are, rising; of equals the last."""
    if len(scores) <= most:
        return np.arange(len(scores))
    least = np.partition(scores, -most)[-most]
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[len(above) - most :]
    return np.sort(np.concatenate((above, equal)))


def _best_first(scores: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Where the highest are, the highest first; of equals the last."""
    return len(scores) - 1 - (-scores[::-1]).argsort(kind="stable")[:most]
