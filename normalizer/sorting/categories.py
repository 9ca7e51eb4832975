"""What reports can be about: the categories that a city's offices work by, and what each of them asks for.

Codes are permanent: they are in every report and case that is kept, and in the applications that send them to us.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from normalizer.report import Candidate
from normalizer.sorting.category import Ranker, clues
from normalizer.sorting.learnt import Learnt
from normalizer.words.memo import remembered
from normalizer.words.pieces import pieces

#: A permanent code: small letters and digits, with single '-' between them.
Slug = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Meta(min_length=1, max_length=200)]
Language = Literal["id", "en"]

_WORD = re.compile(r"\w+")

NAMED = "menyebut kategori ini"
#: What a field's name begins with that holds the answer to an attribute: its code follows.
ANSWER = "attribute."


class Handling(StrEnum):
    """What a citizen who writes under a category wants of the city, unless the report says otherwise."""

    COMPLAINT = "pengaduan"
    WISH = "aspirasi"
    QUESTION = "informasi"


class Datatype(StrEnum):
    """GeoReport v2's types of an attribute (https://wiki.open311.org/GeoReport_v2/, GET service definition)."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    ONE_OF = "singlevaluelist"
    SOME_OF = "multivaluelist"

    @property
    def is_list(self) -> bool:
        return self in {Datatype.ONE_OF, Datatype.SOME_OF}


class Names(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing in the languages we speak."""

    id: Annotated[Words, Meta(description="In Indonesian.")]
    en: Annotated[Words, Meta(description="In English.")]

    def in_(self, language: str) -> str:
        """Indonesian for a language there is none of."""
        return self.en if language == "en" else self.id


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the answers that an attribute offers."""

    code: Slug
    name: Names


class Attribute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a report of a category can tell besides its text. `values` are those of the two list types."""

    code: Slug
    name: Annotated[Names, Meta(description="The question, as a person is asked it.")]
    datatype: Datatype
    required: bool = False
    values: tuple[Value, ...] = ()

    def value(self, code: str) -> Value | None:
        return next((value for value in self.values if value.code == code), None)


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Categories that belong together. `accuses`: its reports are about the city's own officials, and are kept from
    the offices that these may work in."""

    code: Slug
    name: Names
    accuses: bool = False


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of report. `keywords` are in small letters, as citizens write them; `hints` go with it and with others,
    too. A `hidden` one is offered to nobody any more, but still understood. `violation`: somebody breaks a rule, and
    who reports it must be safe from them: it is confidential, no photo is asked for, and the answer says how to stay
    safe."""

    code: Slug
    name: Names
    group: Slug
    keywords: tuple[Words, ...] = ()
    hints: tuple[Words, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    handling: Handling = Handling.COMPLAINT
    hidden: bool = False
    violation: bool = False

    def attribute(self, code: str) -> Attribute | None:
        return next((attribute for attribute in self.attributes if attribute.code == code), None)


class Categories(msgspec.Struct, frozen=True, dict=True):
    """All categories and groups by their codes, in the order in which people are shown them, and what was learnt of
    them beyond the table."""

    categories: Mapping[str, Category] = {}
    groups: Mapping[str, Group] = {}
    learnt: Learnt | None = None

    def get(self, code: str | None) -> Category | None:
        """A category, hidden or not; None where none has this code."""
        return self.categories.get(code) if code else None

    def offered(self) -> tuple[Category, ...]:
        """Those that a citizen may choose from."""
        return tuple(category for category in self.categories.values() if not category.hidden)

    def name(self, code: str | None, language: str = "id") -> str:
        """What people call it; a code that none has as it is, "" for None."""
        category = self.get(code)
        return category.name.in_(language) if category else code or ""

    def accuses(self, code: str | None) -> bool:
        """Is a report of this category about one of the city's own officials?"""
        return code in self._accusing

    def accused_in(self, words: str) -> bool:
        """Do these words accuse one of the city's own officials, as far as keywords tell?"""
        said = pieces(words)
        return any(map(self._may_accuse, said)) and self._accusation.search(" ".join(said)) is not None

    def violates(self, code: str | None) -> bool:
        """Is a report of this category about somebody who breaks a rule? What accuses an official always is."""
        return code in self._violating

    @cached_property
    def _accusing(self) -> frozenset[str]:
        groups = {code for code, group in self.groups.items() if group.accuses}
        return frozenset(code for code, one in self.categories.items() if one.group in groups)

    @cached_property
    def _violating(self) -> frozenset[str]:
        return self._accusing | {code for code, one in self.categories.items() if one.violation}

    @cached_property
    def _accusation(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self._accusations))})\b")

    @cached_property
    def _may_accuse(self) -> Callable[[str], bool]:
        """Does what stands between blanks hold the first word of an accusation? In most texts nothing does."""
        first = frozenset(word for phrase in self._accusations for word in _WORD.findall(phrase)[:1])
        return remembered(lambda piece: not first.isdisjoint(_WORD.findall(piece)))

    @cached_property
    def _by_name(self) -> Mapping[str, Category]:
        """In small letters, in either language."""
        return {name.lower(): one for one in self.categories.values() for name in (one.name.en, one.name.id)}

    @property
    def _accusations(self) -> list[str]:
        return [word for one in self.categories.values() if self.accuses(one.code) for word in one.keywords]

    @cached_property
    def ranker(self) -> Ranker:
        """Ranks by the words of those that are offered; whether somebody is accused is for a person to decide."""
        offered = self.offered()
        found = (clues(one.code, one.keywords, one.hints, decide=not self.accuses(one.code)) for one in offered)
        return Ranker(chain.from_iterable(found), {one.code: one.name.id for one in offered})

    def named(self, said: str) -> Candidate | None:
        """The candidate that whoever sent a report named, by its code or as people call it."""
        wanted = said.strip().lower()
        category = self.get(wanted) or self._by_name.get(wanted)
        if category is None:
            return None
        return Candidate(code=category.code, name=category.name.id, score=1.0, reasons=(NAMED,))


NO_CATEGORIES = Categories()
