"""Phrases of a table, found among the words of a text however citizens spell them."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Generic, TypeVar

import msgspec

from normalizer.words.memo import remembered
from normalizer.words.pieces import pieces
from normalizer.words.spellings import SPELLINGS

L = TypeVar("L")

#: Phrases of so many words are found with those that they begin with.
_SURE = 2

#: Stands in a text's words where a sentence ends: no phrase goes on beyond it.
STOP = "."

_TOKEN = re.compile(r"[^\W_]+|[.!?;]\Z")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"([a-z]{3,})[2²]\Z")
_POSSESSED = re.compile(r"([a-z]*(?:[^t]a|[^a]))nya\Z")
_SHORTEST_POSSESSED = 6

#: How friends say "I" and "you" tells chatter from a report.
_AMONG_FRIENDS = frozenset({"gue", "gw", "gua", "gwa", "gueh", "lu", "luh", "elu"})


def words_of(text: str) -> tuple[str, ...]:
    """The words in small letters and plain spelling ("apinyaaa" is "api", "makasih" is the two words "terima kasih"),
    with `STOP` between sentences."""
    return tuple(chain.from_iterable(map(_words_of_piece, pieces(text.replace("\n", f" {STOP} ")))))


class Hit(msgspec.Struct, Generic[L], frozen=True, gc=False):
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

    def find(self, words: tuple[str, ...]) -> list[Hit[L]]:
        """All of them, also those that overlap, in the order in which they begin."""
        alone, pairs = self._alone, self._pairs
        found: list[Hit[L]] = []
        for start in [at for at, word in enumerate(words) if word in alone]:
            for length, phrase, label in pairs.get(words[start : start + 2], alone[words[start]]):
                if length <= _SURE or words[start : start + length] == phrase:
                    found.append(Hit(start, start + length, label))
        return found


def _going_on(phrases: Sequence[tuple[tuple[str, ...], L]], second: str | None) -> list[tuple[int, tuple[str, ...], L]]:
    """Those of one word, and those whose second is this one; each after its length."""
    return [(len(words), words, label) for words, label in phrases if len(words) == 1 or words[1] == second]


@remembered
def _words_of_piece(piece: str) -> tuple[str, ...]:
    """The words of what stands between blanks."""
    return tuple(word for token in _TOKEN.findall(piece) for word in _respelled(token).split())


@remembered
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
