"""Phrases of a table, found among the words of a text however citizens spell them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
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
    """The words in small letters and plain spelling ("apinyaaa" is "api", "gak" is "tidak"), with `STOP` between
    sentences."""
    return tuple(map(_plain, _TOKEN.findall(text.lower())))


class Hit(NamedTuple, Generic[L]):
    """The words from `start` to `end` are a phrase of `label`."""

    start: int
    end: int
    label: L


class Phrases(Generic[L]):
    """Phrases by their first word, each of them with a label."""

    def __init__(self, phrases: Iterable[tuple[str, L]]) -> None:
        self._begun: dict[str, list[tuple[tuple[str, ...], L]]] = {}
        for phrase, label in phrases:
            words = words_of(phrase)
            if words:
                self._begun.setdefault(words[0], []).append((words, label))

    def __bool__(self) -> bool:
        return bool(self._begun)

    def find(self, words: Sequence[str]) -> Iterator[Hit[L]]:
        """All of them, also those that overlap, in the order in which they begin."""
        begun = self._begun
        for start, word in enumerate(words):
            if word in begun:
                for phrase, label in begun[word]:
                    end = start + len(phrase)
                    if end == start + 1 or tuple(words[start:end]) == phrase:
                        yield Hit(start, end, label)


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


_LONGEST_KEPT = 24
_kept = lru_cache(maxsize=16384)(_respelled)


def _plain(token: str) -> str:
    """Longer words do not come again: they are not kept."""
    return _kept(token) if len(token) <= _LONGEST_KEPT else _respelled(token)
