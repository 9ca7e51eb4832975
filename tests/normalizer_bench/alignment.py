"""Which word of a sentence became which of its formal version.

Both keep their order, so the best of all alignments is found by dynamic programming (Needleman and Wunsch 1970): words
that are the same count 1, words that look alike or that annotators are used to put for each other count what of that
they have, others nothing. So "gak bs login" beside "tidak dapat login" gives gak - tidak and bs - dapat although no
letter says so, and what an annotator says in quite other words is not taken apart into pairs by chance.

A word that stands alone between two that found each other, on both sides, belongs to the other one there, whatever it
looks like: those are rewordings ("cek" - "periksa").
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, product

from rapidfuzz.distance import LCSseq

Words = Sequence[str]
#: How near two words are, from 0 to 1.
Nearness = Callable[[str, str], float]

ALIKE = 2 / 3
_DOUBLED = re.compile(r"\A([a-z]+)-?[2²]")
#: So much of their letters two words share ("dg" and "dengan") that are one, unless annotators say so themselves.
NEAR = 0.5
#: What annotators put for a word less often than this, of the sentences that have either, is chance.
USUAL = 0.1


def variant(first: str, second: str) -> bool:
    """Whether both are one word, written in two ways: letters left out or stretched (the shorter's letters stand in the
    longer's in their order, and both begin or end with the same letter), or two thirds of the letters alike."""
    common = LCSseq.similarity(first, second)
    shortened = common == min(len(first), len(second)) and (first[0] == second[0] or first[-1] == second[-1])
    return shortened or 2 * common >= ALIKE * (len(first) + len(second))


def nearness(pairs: Iterable[tuple[Words, Words]]) -> Nearness:
    """By spelling, and by how often sentences lose the one and get the other; once is never."""
    lost: Counter[str] = Counter()
    got: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for first, second in pairs:
        gone, new = set(first) - set(second), set(second) - set(first)
        lost.update(gone)
        got.update(new)
        both.update(product(gone, new))

    @cache
    def near(first: str, second: str) -> float:
        if first == second:
            return 1.0
        first = _DOUBLED.sub(r"\1-\1", first)
        usual = 2 * max(0, both[first, second] - 1) / max(1, lost[first] + got[second])
        alike = 2 * LCSseq.similarity(first, second) / (len(first) + len(second)) if variant(first, second) else 0.0
        return max(alike if alike >= NEAR else 0.0, usual if usual >= USUAL else 0.0) * 0.9

    return near


def aligned(first: Words, second: Words, near: Nearness) -> list[tuple[int, int]]:
    """The places of the words that belong together, in order."""
    pairs = _best(first, second, near)
    return sorted([*pairs, *_alone([(-1, -1), *pairs, (len(first), len(second))])])


def _best(first: Words, second: Words, near: Nearness) -> list[tuple[int, int]]:
    score = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for row, column in product(range(len(first)), range(len(second))):
        together = score[row][column] + near(first[row], second[column])
        score[row + 1][column + 1] = max(together, score[row][column + 1], score[row + 1][column])
    pairs = []
    row, column = len(first), len(second)
    while row and column:
        if score[row][column] == score[row - 1][column]:
            row -= 1
        elif score[row][column] == score[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]


def _alone(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for (row, column), following in pairwise(pairs):
        if following == (row + 2, column + 2):
            yield row + 1, column + 1
