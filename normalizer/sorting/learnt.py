"""What operators' own decisions say of a text's category: a naive Bayes model of words and pairs of neighbours.

It holds counts, never a text: a word is in it only if it stood in reports of several people. Multinomial naive Bayes
after McCallum and Nigam (1998), each word counted once a text, its certainty held down as words depend on each other.
Pure.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from normalizer.words.stems import stem
from normalizer.words.text import content_words

FORMAT = 1
#: Words of a text beyond this many are not looked at.
SEARCHED = 300
#: How many people's reports a word must have stood in.
PEOPLE = 3
#: What a word counts for in categories whose texts never had it.
_SMOOTH = 0.5
#: Words of a text depend on each other: each is worth less than it would be alone.
_DAMPED = 0.6
_QUOTED = 3

Count = Annotated[int, Meta(ge=1)]


class Example(msgspec.Struct, frozen=True):
    """A masked text of one reporter ("" where each text is another's), and the category that a person gave it."""

    text: str
    category: str
    reporter: str = ""


class Learnt(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """`texts` are the counts of texts by category, `words` those with a stem (or two, with a blank between) by
    category. `version` grows with each model of a city."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)] = FORMAT
    version: Count
    made: str
    texts: dict[str, Count]
    words: dict[str, dict[str, Count]]

    def shares(self, features: Iterable[str]) -> dict[str, float]:
        """How likely each category is; together 1. Without a word that was learnt, only how frequent each is."""
        found = dict(self._start)
        for feature in features:
            for code, weight in self._weights.get(feature, {}).items():
                found[code] += weight
        highest = max(found.values(), default=0.0)
        weights = {code: math.exp(each - highest) for code, each in found.items()}
        total = sum(weights.values())
        return {code: weight / total for code, weight in weights.items()}

    def speaking(self, features: Mapping[str, str], category: str) -> list[str]:
        """The words of a text that speak most for a category, as they stand in it."""
        weights = {feature: self._weights.get(feature, {}).get(category, 0.0) for feature in features}
        best = sorted(weights, key=lambda feature: (-weights[feature], feature))[:_QUOTED]
        return list(dict.fromkeys(features[feature] for feature in best if weights[feature] > 0))

    def familiarity(self, features: Iterable[str]) -> float:
        """Which share of a text's words was learnt of."""
        words = [feature for feature in features if " " not in feature]
        return sum(word in self.words for word in words) / len(words) if words else 0.0

    @cached_property
    def _start(self) -> dict[str, float]:
        total = sum(self.texts.values())
        return {code: math.log(count / total) for code, count in self.texts.items()}

    @cached_property
    def _weights(self) -> dict[str, dict[str, float]]:
        return {word: self._weighed(counts) for word, counts in self.words.items()}

    def _weighed(self, counts: Mapping[str, int]) -> dict[str, float]:
        """How much more frequent a word is in each category's texts than in all."""
        usual = (sum(counts.values()) + _SMOOTH) / (sum(self.texts.values()) + 2 * _SMOOTH)
        return {
            code: _DAMPED * math.log((counts.get(code, 0) + _SMOOTH) / (texts + 2 * _SMOOTH) / usual)
            for code, texts in self.texts.items()
        }


def features(text: str) -> dict[str, str]:
    """Stems of a text, and pairs of neighbours, with the words that they stand for."""
    words = content_words(text)[:SEARCHED]
    found = {stem(word): word for word in reversed(words) if word.isalpha()}
    return found | {f"{stem(one)} {stem(other)}": f"{one} {other}" for one, other in _pairs(words)}


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((one, other) for one, other in pairwise(words) if one.isalpha() and other.isalpha())


def learn(examples: Sequence[Example], version: int, made: str) -> Learnt:
    """A model of these; `made` is the day."""
    people: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for number, example in enumerate(examples):
        for feature in features(example.text):
            people[feature].add(example.reporter or f"#{number}")
            counts[feature][example.category] += 1
    words = {word: dict(counts[word]) for word in sorted(counts) if len(people[word]) >= PEOPLE}
    return Learnt(version=version, made=made, texts=dict(Counter(one.category for one in examples)), words=words)
