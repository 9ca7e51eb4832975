"""What a dialogue yields: something to say, a question, or a wish to the world outside of the talk.

Names of questions and wishes are unique within a dialogue, in loops too (`f"street-{number}"`): answers are kept by
them. Names of texts are those of the catalogue, first in the dialogue's own table, then among those of all.
"""

from typing import Any, ClassVar, Literal

import msgspec

from gateway.bot.reading import Read, Reader, free_text, reader_of
from gateway.bot.state import Place

#: What an answer may amend of the report that the talk is about.
Field = Literal["place", "category", "text", "photo"]


class Say:
    """Say the text of this name, with `values` for its braces."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.text = text
        self.values = values


class Ask:
    """Ask the question `name` and wait for what `read` makes of the answer, which is what `yield` gives.

    `text` is the name of its text, `name` if left out. `amends` is the report's field that the answer amends.
    `otherwise` is given where nothing can be made of the answers, or who is asked would rather not say: without it
    the talk is handed over to a person then. `tries` is how often it is asked in all, as the settings say if left out.
    `identity`: it asks who somebody is, so the notice of the law comes first.
    """

    def __init__(
        self,
        name: str,
        /,
        read: Reader[Any] | Read = free_text,
        *,
        text: str = "",
        amends: Field | None = None,
        tries: int | None = None,
        identity: bool = False,
        values: dict[str, object] | None = None,
        **otherwise: Any,
    ) -> None:
        if otherwise.keys() - {"otherwise"}:
            raise TypeError(f"Ask() takes no {', '.join(otherwise.keys() - {'otherwise'})}")
        self.name = name
        self.reader = reader_of(read)
        self.text = text or name
        self.amends = amends
        self.tries = tries
        self.identity = identity
        self.values = values or {}
        self.has_otherwise = "otherwise" in otherwise
        self.otherwise = otherwise.get("otherwise")


class Wish(msgspec.Struct, frozen=True):
    """Something that the talk's caller finds out or does, once; `yield` gives what came of it, of the type `gives`.

    `name` is the step's own, unique like a question's."""

    gives: ClassVar[Any] = None

    name: str


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of a case to this citizen. `status` is a name of the catalogue (`status_done`), `word` what it
    says; `days` are left until it is due; `own`: the citizen reported it over this channel, or proved by the PIN that
    they did, and only then are there `history` (lines in plain words, oldest first), `until` and `why`. `report` is
    theirs."""

    code: str
    status: str
    is_open: bool
    word: str = ""
    what: str = ""
    where: str = ""
    days: int | None = None
    own: bool = False
    until: str = ""
    why: str = ""
    unit: str = ""
    history: tuple[str, ...] = ()
    report: str = ""
    people: int = 1


class FindCase(Wish, frozen=True):
    """The case of a code or outside number; with the PIN, more. None if there is none, or the PIN is not right."""

    gives: ClassVar[Any] = Case | None

    code: str = ""
    pin: str = ""


class MayTry(Wish, frozen=True):
    """May a PIN of this case be tried now? Not after many wrong ones."""

    gives: ClassVar[Any] = bool

    code: str = ""


class MyCases(Wish, frozen=True):
    """The cases that the citizen reported by this address, those that are open first, newest first; at most five."""

    gives: ClassVar[Any] = tuple[Case, ...]


class Dispute(Wish, frozen=True):
    """Open a closed case of the citizen's again; False if it cannot be."""

    gives: ClassVar[Any] = bool

    code: str = ""
    reason: str = ""


class Rate(Wish, frozen=True):
    """Keep how content the citizen is with what was done, 1 to 5, and why."""

    gives: ClassVar[Any] = bool

    code: str = ""
    score: int = 0
    why: str = ""


class Part(Wish, frozen=True):
    """The talk's report is of another incident: give it a case of its own. Its new code, "" if that cannot be."""

    gives: ClassVar[Any] = str


class Join(Wish, frozen=True):
    """The talk's report is of the same incident as this case; False if that cannot be."""

    gives: ClassVar[Any] = bool

    code: str = ""


class Remember(Wish, frozen=True):
    """A further address of the citizen's (kind "phone" or "email"), to be reached by where this channel cannot."""

    gives: ClassVar[Any] = None

    kind: str = ""
    value: str = ""


class Adopt(Wish, frozen=True):
    """Go on here with the talk about a case that was begun elsewhere; needs its PIN. False if that is not right."""

    gives: ClassVar[Any] = bool

    code: str = ""
    pin: str = ""


class News(Wish, frozen=True):
    """Whether the citizen wants to be told of news by this address."""

    gives: ClassVar[Any] = None

    wanted: bool = True


class Language(Wish, frozen=True):
    """Talk in this language ("id" or "en") here from now on."""

    gives: ClassVar[Any] = None

    code: str = "id"


class Keep(Wish, frozen=True):
    """Keep these answers, by name and of builtin types, to be counted: `kanal dialogues answers` exports them."""

    gives: ClassVar[Any] = None

    answers: dict[str, Any] = {}


class HandOver(Wish, frozen=True):
    """A person goes on with the talk: the bot is silent until it is given back."""

    gives: ClassVar[Any] = None

    why: str = ""


Step = Say | Ask | Wish

__all__ = [
    "Adopt",
    "Ask",
    "Case",
    "Dispute",
    "Field",
    "FindCase",
    "HandOver",
    "Join",
    "Keep",
    "Language",
    "MayTry",
    "MyCases",
    "News",
    "Part",
    "Place",
    "Rate",
    "Remember",
    "Say",
    "Step",
    "Wish",
]
