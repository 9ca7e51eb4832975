"""What a report is about, by the words of the table of categories: ranked candidates and what speaks for them.

A category's `keywords` name it and its `hints` only go with it. A phrase counts for more than its words near each other
in another order, a word in another form ("berlubang") as much as the one in the table ("lubang"), and words that only
tell where something is ("depan halte") or what it brings about ("bikin macet") for little. Pure.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec

from normalizer.report import Candidate
from normalizer.words.memo import remembered
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
_PLACE_STEPS = range(2)
_NOWHERE: frozenset[int] = frozenset()
_QUOTED = 3


class Clue(msgspec.Struct, frozen=True):
    """Something of a category to look for: the stems of its words, in their order, and its points. Without one that
    `decides` a category is never certain."""

    category: str
    stems: tuple[str, ...]
    points: float
    decides: bool


class Find(msgspec.Struct, frozen=True, gc=False):
    """Where a clue was found: the words of the text from `start` to `end` (exclusive), and its points there."""

    start: int
    end: int
    points: float
    decides: bool


class Words(msgspec.Struct, frozen=True, gc=False):
    """A text's words, those of their stems that are looked for and where these stand, and which words only tell a place
    or an effect."""

    words: Sequence[str]
    stems: tuple[str | None, ...]
    at: Mapping[str, Sequence[int]]
    places: frozenset[int]


def _places(words: Sequence[str]) -> frozenset[int]:
    if _BEFORE.isdisjoint(words):
        return _NOWHERE
    after = [index for index, word in enumerate(words, 1) if word in _BEFORE]
    return frozenset([index + more for index in after for more in _PLACE_STEPS])


class Ranker:
    """Looks for the clues of all categories at once. `names` are what people call the categories, those first that come
    first among equals."""

    def __init__(self, clues: Iterable[Clue], names: Mapping[str, str]) -> None:
        self._names = names
        self._order = {code: place for place, code in enumerate(names)}
        kept = [clue for clue in clues if clue.stems]
        shared = Counter(one for clue in kept for one in set(clue.stems))
        self._known_stem = remembered(lambda word: found if (found := stem(word)) in shared else None)
        #: Each with its other stems; None beside a clue of one word, which is found without a further look.
        self._by_rarest: dict[str, list[tuple[Clue, frozenset[str] | None]]] = defaultdict(list)
        for clue in kept:
            rarest = min(clue.stems, key=lambda one: (shared[one], one))
            others = frozenset(clue.stems) - {rarest} if len(clue.stems) > 1 else None
            self._by_rarest[rarest].append((clue, others))

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
        stems = tuple(map(self._known_stem, words))
        at: dict[str, list[int]] = {}
        for index, one in enumerate(stems):
            if one:
                at.setdefault(one, []).append(index)
        return Words(words, stems, at, _places(words))

    def finds(self, words: Words) -> dict[str, list[Find]]:
        """What was found of each category, best first; of finds that overlap only the best."""
        found: dict[str, list[Find]] = {}
        by_rarest, places, said = self._by_rarest, words.places, set(words.at)
        for one, starts in words.at.items():
            start = starts[0]
            for clue, others in by_rarest.get(one, ()):
                if others is None and start not in places:
                    found.setdefault(clue.category, []).append(Find(start, start + 1, clue.points, clue.decides))
                elif (others is None or others <= said) and (find := _find(clue, words)):
                    found.setdefault(clue.category, []).append(find)
        return {code: _apart(finds) if len(finds) > 1 else finds for code, finds in found.items()}

    def candidates(self, scores: Mapping[str, float], reasons: Mapping[str, tuple[str, ...]]) -> tuple[Candidate, ...]:
        names, order, last = self._names, self._order, len(self._order)
        likely = sorted([(-score, order.get(code, last), code) for code, score in scores.items() if score >= LEAST])
        return tuple(
            [
                Candidate(code=code, name=names.get(code, code), score=round(-score, 2), reasons=reasons[code])
                for score, _, code in likely[:MOST]
            ]
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
    said = [f"'{' '.join(words[find.start : find.end])}'" for find in finds[:_QUOTED]]
    return (f"{said[0] if len(said) == 1 else listed([*dict.fromkeys(said)])} disebut",)


def listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} dan {said[-1]}"


def _find(clue: Clue, words: Words) -> Find | None:
    """The best find of a clue whose words are all there: in its own order if there is one, else near each other."""
    stems, length = clue.stems, len(clue.stems)
    whole = [(at, at + length) for at in words.at[stems[0]] if words.stems[at : at + length] == stems]
    if whole:
        return _best(clue, whole, clue.points, words.places)
    near = _near(clue, words)
    return _best(clue, near, clue.points * _SCATTERED, words.places) if near else None


def _best(clue: Clue, stretches: Sequence[tuple[int, int]], points: float, places: frozenset[int]) -> Find:
    """The first stretch that does not only tell a place or an effect, else the first."""
    for start, end in stretches:
        if start not in places:
            return Find(start, end, points, clue.decides)
    start, end = stretches[0]
    return Find(start, end, points * _IN_PLACE, clue.decides)


def _near(clue: Clue, words: Words) -> list[tuple[int, int]]:
    """Stretches that have all its words."""
    found: list[tuple[int, int]] = []
    first, *others = [words.at[one] for one in clue.stems]
    for at in first:
        near = [at, *[other[0] if len(other) == 1 else _nearest(other, at) for other in others]]
        start, end = min(near), max(near) + 1
        if end - start <= len(near) + _REACH and len({*near}) == len(near):
            found.append((start, end))
    return found


def _nearest(places: Sequence[int], at: int) -> int:
    return min(places, key=lambda place: abs(place - at))


_START, _POINTS = attrgetter("start"), attrgetter("points")


def _apart(finds: Iterable[Find]) -> list[Find]:
    kept: list[Find] = []
    taken: set[int] = set()
    for find in sorted(sorted(finds, key=_START), key=_POINTS, reverse=True):
        words = range(find.start, find.end)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(find)
    return kept


def _sum(finds: Sequence[Find]) -> float:
    return (
        finds[0].points
        if len(finds) == 1
        else sum([find.points * share for find, share in zip(finds, _MORE, strict=False)])
    )
