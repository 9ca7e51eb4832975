"""What a report is about, by the words of the table of categories: ranked candidates and what speaks for them.

A category's `keywords` name it and its `hints` only go with it. A phrase counts for more than its words near each other
in another order, a word in another form ("berlubang") as much as the one in the table ("lubang"), and words that only
tell where something is ("depan halte") or what it brings about ("bikin macet") for little. Pure.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from normalizer.report import Candidate
from normalizer.words.stems import stem
from normalizer.words.text import plain_words
from normalizer.words.wordlists import BEFORE_AREAS, BEFORE_EFFECTS, BEFORE_PLACES

#: Words of a report beyond this many are not looked at: what matters is said by then.
SEARCHED = 300
#: A candidate that is less likely than this is not worth a look.
LEAST = 0.02
#: The most that words which do not decide are worth: less than what is taken for certain.
UNDECIDED = 0.85
MOST = 5

_KEYWORD, _HINT = 2.0, 1.0
#: For each word of a phrase after its first.
_LONGER = 0.75
_SCATTERED = 0.6
_IN_PLACE = 0.25
#: A phrase's words lie within so many words beyond its own length.
_REACH = 3
#: The second-best word of a category says less that is new than its best, and the third less again.
_MORE = (1.0, 0.5, 0.3, 0.2)
#: Fitted on the tuning half of labelled reports (see docs/normalizer.md): how much a point makes a category more
#: likely, and the weight of "something else".
_SLOPE, _ELSE = 1.3, 4.0
_BEFORE = BEFORE_PLACES | BEFORE_AREAS | BEFORE_EFFECTS
_PLACE_REACH = 2
_NOWHERE: frozenset[int] = frozenset()
_QUOTED = 3


class Clue(NamedTuple):
    """Something of a category to look for: the stems of its words, in their order, and its points. Without one that
    `decides` a category is never certain."""

    category: str
    stems: tuple[str, ...]
    points: float
    decides: bool


class Find(NamedTuple):
    """Where a clue was found: the words of the text from `start` to `end` (exclusive), and its points there."""

    start: int
    end: int
    points: float
    decides: bool


class Words(NamedTuple):
    """A text's words, their stems, where the stems that are looked for stand, and which words only tell a place or an
    effect."""

    words: Sequence[str]
    stems: Sequence[str]
    at: Mapping[str, Sequence[int]]
    places: frozenset[int]


def _places(words: Sequence[str]) -> frozenset[int]:
    if _BEFORE.isdisjoint(words):
        return _NOWHERE
    after = [index for index, word in enumerate(words, 1) if word in _BEFORE]
    return frozenset(index + more for index in after for more in range(_PLACE_REACH))


class Ranker:
    """Looks for the clues of all categories at once. `names` are what people call the categories, those first that come
    first among equals."""

    def __init__(self, clues: Iterable[Clue], names: Mapping[str, str]) -> None:
        self._names = names
        self._order = {code: place for place, code in enumerate(names)}
        kept = [clue for clue in clues if clue.stems]
        shared = Counter(one for clue in kept for one in set(clue.stems))
        self._known = frozenset(shared)
        self._by_rarest: dict[str, list[tuple[Clue, frozenset[str]]]] = defaultdict(list)
        for clue in kept:
            rarest = min(clue.stems, key=lambda one: (shared[one], one))
            self._by_rarest[rarest].append((clue, frozenset(clue.stems) - {rarest}))

    def ranked(self, text: str) -> tuple[Candidate, ...]:
        """At most five, best first; each score is about how often such a candidate was right."""
        return self.candidates(*self.scored(text))

    def scored(self, text: str) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
        """The score of each category that words speak for, and the reasons."""
        words = self.words(text)
        found = self.finds(words)
        scores = shares({code: _sum(finds) for code, finds in found.items()})
        for code in scores:
            if scores[code] > UNDECIDED and not any(find.decides for find in found[code]):
                scores[code] = UNDECIDED
        return scores, {code: quoted(words.words, finds) for code, finds in found.items()}

    def words(self, text: str) -> Words:
        words = plain_words(text)[:SEARCHED]
        stems = [stem(word) for word in words]
        at: dict[str, list[int]] = {}
        for index, one in enumerate(stems):
            if one in self._known:
                at.setdefault(one, []).append(index)
        return Words(words, stems, at, _places(words))

    def finds(self, words: Words) -> dict[str, list[Find]]:
        """What was found of each category, best first; of finds that overlap only the best."""
        found: dict[str, list[Find]] = {}
        said = words.at.keys()
        for one in words.at:
            for clue, others in self._by_rarest.get(one, ()):
                if (not others or others <= said) and (find := _find(clue, words)):
                    found.setdefault(clue.category, []).append(find)
        return {code: _apart(finds) if len(finds) > 1 else finds for code, finds in found.items()}

    def candidates(self, scores: Mapping[str, float], reasons: Mapping[str, tuple[str, ...]]) -> tuple[Candidate, ...]:
        likely = sorted(
            (code for code in scores if scores[code] >= LEAST),
            key=lambda code: (-scores[code], self._order.get(code, len(self._order))),
        )
        return tuple(
            Candidate(code=code, name=self._names.get(code, code), score=round(scores[code], 2), reasons=reasons[code])
            for code in likely[:MOST]
        )


def clues(category: str, keywords: Iterable[str], hints: Iterable[str], *, decide: bool) -> Iterator[Clue]:
    """What a category's words in the table stand for. Unless they `decide`, a person does."""
    for points, phrases in ((_KEYWORD, keywords), (_HINT, hints)):
        for phrase in phrases:
            stems = tuple(map(stem, plain_words(phrase)))
            longer = _LONGER * max(0, len(stems) - 1)
            yield Clue(category, stems, points + longer, decide and points == _KEYWORD)


def shares(points: Mapping[str, float]) -> dict[str, float]:
    """How likely each category is, between 0 and 1; together with "something else" they are 1."""
    weights = {code: math.exp(_SLOPE * min(each, 20.0)) for code, each in points.items()}
    all_of_them = sum(weights.values()) + _ELSE
    return {code: weight / all_of_them for code, weight in weights.items()}


def quoted(words: Sequence[str], finds: Sequence[Find]) -> tuple[str, ...]:
    """The words that speak for a category, in the officers' language."""
    said = dict.fromkeys(f"'{' '.join(words[find.start : find.end])}'" for find in finds[:_QUOTED])
    return (f"{listed(list(said))} disebut",)


def listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} dan {said[-1]}"


def _find(clue: Clue, words: Words) -> Find | None:
    """The best find of a clue whose words are all there: in its own order if there is one, else near each other."""
    starts, length = words.at[clue.stems[0]], len(clue.stems)
    if length == 1 and not words.places:
        return Find(starts[0], starts[0] + 1, clue.points, clue.decides)
    whole = [(at, at + length) for at in starts if length == 1 or tuple(words.stems[at : at + length]) == clue.stems]
    return _best(clue, whole, 1.0, words) or _best(clue, list(_near(clue, words)), _SCATTERED, words)


def _best(clue: Clue, stretches: Sequence[tuple[int, int]], share: float, words: Words) -> Find | None:
    """The first stretch that does not only tell a place or an effect, else the first."""
    if not stretches:
        return None
    start, end = next((one for one in stretches if one[0] not in words.places), stretches[0])
    return Find(start, end, clue.points * share * (_IN_PLACE if start in words.places else 1.0), clue.decides)


def _near(clue: Clue, words: Words) -> Iterator[tuple[int, int]]:
    """Stretches that have all its words."""
    for at in words.at[clue.stems[0]]:
        nearest = [min(words.at[one], key=lambda other: abs(other - at)) for one in clue.stems[1:]]
        start, end = min(at, *nearest), max(at, *nearest) + 1
        if end - start <= len(clue.stems) + _REACH and len({at, *nearest}) == len(clue.stems):
            yield start, end


def _value(find: Find) -> tuple[float, int]:
    return find.points, -find.start


def _apart(finds: Iterable[Find]) -> list[Find]:
    kept: list[Find] = []
    for find in sorted(finds, key=_value, reverse=True):
        if all(find.end <= other.start or other.end <= find.start for other in kept):
            kept.append(find)
    return kept


def _sum(finds: Sequence[Find]) -> float:
    return sum(find.points * share for find, share in zip(finds, _MORE, strict=False))
