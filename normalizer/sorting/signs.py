"""The words that tell how urgent a message is and what it is: an operator's table, ready to be looked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

import msgspec

from normalizer.report import Kind, Level
from normalizer.sorting.categories import Names, Slug, Words
from normalizer.words.phrases import Phrases, words_of


class Danger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A danger and the words that tell of it.

    In the phrases of `unless` the same words tell of none. With `people`, somebody who is in it must be named nearby,
    and with `near` one of these words; with `alone` nothing else may be said. `otherwise` is its level where that is
    not so, or where it is only feared or some days old; where both are, it is no more than normal.
    """

    code: Slug
    name: Names
    level: Level
    words: tuple[Words, ...]
    unless: tuple[Words, ...] = ()
    near: tuple[Words, ...] = ()
    people: bool = False
    alone: bool = False
    otherwise: Level = Level.NORMAL


class Telling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words that tell of one kind of message: `strong` ones nearly by themselves. In the phrases of `unless` the
    same words tell nothing."""

    code: Kind
    words: tuple[Words, ...] = ()
    strong: tuple[Words, ...] = ()
    unless: tuple[Words, ...] = ()


class Circumstance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words that tell who is in a danger ("people"), or whether it is there now at all. In the phrases of `unless`
    the same words tell nothing."""

    code: Literal["people", "denied", "feared", "recent", "past"]
    words: tuple[Words, ...]
    unless: tuple[Words, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """Words of the table tell of a kind, or, with `unless`, nothing of it."""

    kind: Kind
    strong: bool = False
    unless: bool = False


class Signs(msgspec.Struct, frozen=True, dict=True):
    """All of them."""

    dangers: Mapping[str, Danger] = {}
    kinds: Mapping[str, Telling] = {}
    circumstances: Mapping[str, Circumstance] = {}

    @cached_property
    def dangerous(self) -> Phrases[Danger]:
        return Phrases((word, danger) for danger in self.dangers.values() for word in danger.words)

    @cached_property
    def harmless(self) -> Phrases[str]:
        """The phrases in which words tell of no danger, by the code of the one they would tell of."""
        return Phrases((word, danger.code) for danger in self.dangers.values() for word in danger.unless)

    @cached_property
    def nearby(self) -> Phrases[str]:
        """The words that must stand near those of a danger, by its code."""
        return Phrases((word, danger.code) for danger in self.dangers.values() for word in danger.near)

    @cached_property
    def around(self) -> Phrases[str]:
        """Words of all circumstances, by the circumstance's code."""
        return Phrases((word, one.code) for one in self.circumstances.values() for word in one.words)

    @cached_property
    def beside(self) -> Phrases[str]:
        """The phrases in which words tell of no circumstance, by the code of the one they would tell of."""
        return Phrases((word, one.code) for one in self.circumstances.values() for word in one.unless)

    @cached_property
    def telling(self) -> Phrases[Told]:
        return Phrases(told for one in self.kinds.values() for told in _told(one))

    @cached_property
    def small(self) -> Mapping[Kind, frozenset[str]]:
        """The single words of each kind."""
        words = {Kind(code): map(words_of, one.words) for code, one in self.kinds.items()}
        return defaultdict(frozenset, {kind: frozenset(w[0] for w in of if len(w) == 1) for kind, of in words.items()})


def _told(telling: Telling) -> Iterator[tuple[str, Told]]:
    """Strong words first: of the same words found twice the first counts."""
    kind = telling.code
    yield from ((words, Told(kind, strong=True)) for words in telling.strong)
    yield from ((words, Told(kind)) for words in telling.words)
    yield from ((words, Told(kind, unless=True)) for words in telling.unless)


NO_SIGNS = Signs()
