"""In how many open reports a word occurs."""

from collections.abc import Iterable

import numpy as np

#: Words share a counter where the ends of their hashes are the same: of 100,000 words one in ten, with a rare one.
COUNTERS = 1 << 20
_END = COUNTERS - 1


class Frequency:
    """Counts in four megabytes, whatever people write; a word may seem more frequent than it is, never rarer."""

    def __init__(self) -> None:
        self._counts = np.zeros(COUNTERS, np.uint32).data

    def of(self, word: str) -> int:
        count: int = self._counts[hash(word) & _END]
        return count

    def count(self, words: Iterable[str]) -> None:
        """One more report uses each of `words`."""
        for word in words:
            self._counts[hash(word) & _END] += 1

    def discount(self, words: Iterable[str]) -> None:
        """One report that was counted uses them no more."""
        for word in words:
            self._counts[hash(word) & _END] -= 1

    def rarest_first(self, words: Iterable[str]) -> list[str]:
        """Equals in the order of the alphabet, so that two reports choose the same."""
        return sorted(words, key=lambda word: (self.of(word), word))
