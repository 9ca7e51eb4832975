"""In how many open reports a word occurs, however it is spelt."""

from collections.abc import Iterable

import numpy as np

from dedupe.spelling import skeleton, skeletons

#: Words share a counter where the ends of their hashes are the same: of 50,000 words one in six, with a rare one.
COUNTERS = 1 << 18
_END = COUNTERS - 1


class Frequency:
    """Counts in a megabyte, whatever people write; a word may seem more frequent than it is, never rarer."""

    def __init__(self) -> None:
        self._counts = np.zeros(COUNTERS, np.uint32).data

    def of(self, word: str) -> int:
        count: int = self._counts[hash(skeleton(word)) & _END]
        return count

    def count(self, words: Iterable[str]) -> None:
        """One more report uses each of `words`."""
        for bones in skeletons(words):
            self._counts[hash(bones) & _END] += 1

    def discount(self, words: Iterable[str]) -> None:
        """One report that was counted uses them no more."""
        for bones in skeletons(words):
            self._counts[hash(bones) & _END] -= 1

    def rarest_first(self, words: Iterable[str]) -> list[str]:
        """The skeletons of `words`; equals in the order of the alphabet, so that two reports choose the same."""
        counts = self._counts
        return [bones for _, bones in sorted([(counts[hash(bones) & _END], bones) for bones in skeletons(words)])]
