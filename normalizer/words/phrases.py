"""Phrases of a table, found among the words of a text however citizens spell them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Generic, NamedTuple, TypeVar

from normalizer.words.spellings import SPELLINGS

L = TypeVar("L")

#: Stands in a text's words where a sentence ends: no phrase goes on beyond it.
STOP = "."

_TOKEN = re.compile(r"[^\W_]+|[.!?;](?=\s|\Z)|\n")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"([a-z]{3,})[2²]\Z")
_POSSESSED = re.compile(r"([a-z]*(?:[^t]a|[^a]))nya\Z")
_SHORTEST_POSSESSED = 6

#: How friends say "I" and "you" tells chatter from a report.
_AMONG_FRIENDS = frozenset({"gue", "gw", "gua", "gwa", "gueh", "lu", "luh", "elu"})


def words_of(text: str) -> tuple[str, ...]:
    """The words in small letters and plain spelling ("apinyaaa" is "api", "makasih" is the two words "terima kasih"),
    with `STOP` between sentences."""
    tokens = _TOKEN.findall(text.lower())
    plain = [_kept(token) if len(token) <= _LONGEST_KEPT else _respelled(token) for token in tokens]
    return tuple(" ".join(plain).split())


class Hit(NamedTuple, Generic[L]):
    """The words from `start` to `end` are a phrase of `label`."""

    start: int
    end: int
    label: L


class Phrases(Generic[L]):
    """Phrases by their first word, each of them with a label; of those that begin with one word few begin with two."""

    def __init__(self, phrases: Iterable[tuple[str, L]]) -> None:
        begun: dict[str, list[tuple[tuple[str, ...], L]]] = {}
        for phrase, label in phrases:
            if words := words_of(phrase):
                begun.setdefault(words[0], []).append((words, label))
        self._alone = {first: _going_on(own, None) for first, own in begun.items()}
        self._pairs = {words[:2]: _going_on(own, words[1]) for own in begun.values() for words, _ in own if words[1:]}

    def find(self, words: Sequence[str]) -> Iterator[Hit[L]]:
        """All of them, also those that overlap, in the order in which they begin."""
        alone, pairs = self._alone, self._pairs
        for start, pair in enumerate(zip_longest(words, words[1:])):
            if pair[0] in alone:
                for phrase, label in pairs.get(pair, alone[pair[0]]):
                    end = start + len(phrase)
                    if end <= start + 2 or tuple(words[start:end]) == phrase:
                        yield Hit(start, end, label)


def _going_on(phrases: Sequence[tuple[tuple[str, ...], L]], second: str | None) -> list[tuple[tuple[str, ...], L]]:
    """Those of one word, and those whose second is this one."""
    return [(words, label) for words, label in phrases if len(words) == 1 or words[1] == second]


def _respelled(token: str) -> str:
    if not token[0].isalnum():
        return STOP
    if token in _AMONG_FRIENDS:
        return token
    if doubled := _DOUBLED.match(token):
        token = doubled[1]
    plain = SPELLINGS.get(token) or _STRETCHED.sub(r"\1", token)
    if len(plain) >= _SHORTEST_POSSESSED and (possessed := _POSSESSED.match(plain)):
        plain = possessed[1]
    return SPELLINGS.get(plain, plain)


#: Longer words do not come again: they are not kept.
_LONGEST_KEPT = 24
_kept = lru_cache(maxsize=16384)(_respelled)
