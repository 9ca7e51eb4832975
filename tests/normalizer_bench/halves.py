"""Which texts may be looked at while tuning, and which are held back to judge by."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256

TUNED = "tuned on"
HELD_BACK = "held back"
HALVES = (TUNED, HELD_BACK)

#: Of two texts so many of all words are shared: one is the other's copy, template or corruption.
ALIKE = 0.6
_RAREST = 4
_WORD = re.compile(r"[^\W\d_]+")


def halves(texts: Sequence[str], together: Sequence[str] | None = None) -> list[str]:
    """For each text the half it belongs to: `TUNED` or `HELD_BACK`.

    Chance decides by a hash, so that the same texts are always split alike. Texts that are nearly the same stay in one
    half, and so do those with the same label in `together` (as cluster ids): otherwise the half that is held back
    would hold copies of what was tuned on.
    """
    leaders = _Leaders(len(texts))
    for first, second in _alike([frozenset(_WORD.findall(text.lower())) for text in texts]):
        leaders.join(first, second)
    for first, second in _labelled_alike(together or ()):
        leaders.join(first, second)
    least: dict[int, str] = {}
    for number, text in enumerate(texts):
        leader = leaders.of(number)
        least[leader] = min(text, least.get(leader, text))
    return [HALVES[_bit(least[leaders.of(number)])] for number in range(len(texts))]


def _bit(text: str) -> int:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[0] & 1


def _alike(texts: Sequence[frozenset[str]]) -> Iterable[tuple[int, int]]:
    """Pairs that share `ALIKE` of their words; compared are those that share one of their rarest words."""
    frequency: dict[str, int] = defaultdict(int)
    for words in texts:
        for word in words:
            frequency[word] += 1
    shelves: dict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(texts):
        near = {other for word in words for other in shelves[word]} if words else set(shelves[""])
        yield from ((other, number) for other in near if _overlap(words, texts[other]) >= ALIKE)
        for word in sorted(words, key=lambda word: (frequency[word], word))[:_RAREST] or [""]:
            shelves[word].append(number)


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 1.0


def _labelled_alike(labels: Sequence[str]) -> Iterable[tuple[int, int]]:
    seen: dict[str, int] = {}
    for number, label in enumerate(labels):
        yield seen.setdefault(label, number), number


class _Leaders:
    """Groups that grow by joining two (union-find); each is known by its leader."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, first: int, second: int) -> None:
        self._above[self.of(second)] = self.of(first)
