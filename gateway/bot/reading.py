"""How an answer is read: what a reader is given, what it gives, and how it asks again."""

import re
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from gateway import cases
from gateway.bot.state import Option
from gateway.bot.words import Words
from normalizer.book import Book
from normalizer.message import Discreet, Message
from normalizer.report import Report

T = TypeVar("T")
MOST_AROUND_A_CODE = 4
_PIN = re.compile(r"(?<![\w-])\d{6}(?![\w-])", re.ASCII)


class Heard(Discreet, frozen=True, kw_only=True):
    """One message, as an answer. `text` is clean; `message` as the channel gave it and `report` as the normaliser read
    it; `words` are those of commands and answers; `choice` is the id of the option that was pressed; `offered` are
    those that can be chosen, and `before` the earlier answers to the same question. Codes of cases begin with
    `code_prefix`; `today` is an ISO date."""

    text: str
    message: Message
    report: Report
    book: Book
    words: Words
    code_prefix: str
    today: str
    language: str = "id"
    choice: str | None = None
    offered: tuple[Option, ...] = ()
    before: tuple[str, ...] = ()


class Label(msgspec.Struct, frozen=True):
    """An option as an author writes it: shown by the text of this name, or by these very words."""

    id: str
    text: str = ""
    words: str = ""


class Again(Exception):
    """Nothing can be made of the answer: ask again with the text `hint` in front, or with the question itself if that
    is "". `options` are offered from now on instead of those before, if there are any; `values` are for the hint's
    braces."""

    def __init__(self, hint: str = "", options: tuple[Label, ...] = (), **values: object) -> None:
        super().__init__(hint)
        self.hint = hint
        self.options = options
        self.values = values


class More(Again):
    """The answer was a step forward: `hint` asks on, in place of the question, and no try is counted. Nothing but
    `options` is offered from now on."""


class Reader(Generic[T]):
    """Reads one kind of answer. `gives` is the type of it, as msgspec knows types; `hint` names the text that asks
    again."""

    gives: Any = str
    hint: str = "again"

    def options(self) -> tuple[Label, ...]:
        """What can be chosen, if that is known beforehand."""
        return ()

    def read(self, heard: Heard) -> T:
        """Raises `Again`, or `More`."""
        raise NotImplementedError

    def so_far(self, heard: Heard) -> T | None:
        """What `heard.before` gave already, if it was not all."""
        return None

    def fits(self, value: T) -> bool:
        """Can an answer that was read by an earlier version of the dialogue still stand?"""
        return True


Read = Callable[[Heard], Any]


class _Function(Reader[Any]):
    """A reader that is but a function of what was heard, giving builtin types."""

    gives = Any

    def __init__(self, read: Read) -> None:
        self._read = read

    def read(self, heard: Heard) -> Any:
        return self._read(heard)


def reader_of(read: "Reader[Any] | Read") -> Reader[Any]:
    return read if isinstance(read, Reader) else _Function(read)


def free_text(heard: Heard) -> str:
    """Any words at all, but for those that ask about a case."""
    if not heard.text.strip() or _names_a_case(heard):
        raise Again("again_text")
    return heard.text


def _names_a_case(heard: Heard) -> bool:
    """Is it the code of a case, with its PIN or hardly any other words?"""
    is_named = cases.codes_in(heard.text, heard.code_prefix) or cases.numbers_in(heard.text)
    return bool(is_named) and (len(heard.text.split()) <= MOST_AROUND_A_CODE or bool(_PIN.search(heard.text)))
