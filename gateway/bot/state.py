"""What is kept of a talk between two messages: small, since there may be a hundred thousand of them. It holds a
citizen's words: a store seals it."""

from typing import Any

import msgspec

from normalizer.message import Discreet


class Option(msgspec.Struct, frozen=True, array_like=True):
    """An answer that was offered, in the words that it was offered in."""

    id: str
    label: str


class Place(Discreet, frozen=True, kw_only=True):
    """Where something is, as a citizen answered: a pin (WGS 84 degrees), their words, the area (Kemendagri's code) that
    the pin lies in or they chose."""

    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    area: str | None = None
    area_name: str = ""


class Answer(Discreet, frozen=True, array_like=True):
    """An answer, as written and as read: `value` is msgpack, b"" where it is still to be read. Of a wish, what came of
    it."""

    name: str
    written: str
    value: bytes

    shown = ("name",)


class Talk(Discreet, frozen=True, kw_only=True):
    """What a dialogue knows when it begins, and for ever after in the same words, however often it is run again.

    `words` opened it; `code` and `report` are the case and the citizen's report that it is about; `channel` is the kind
    of answer that fits there: "buttons", "text", or "mail"; `public`: everybody reads along. `facts` are what else was
    known, by name (builtin types only)."""

    language: str = "id"
    words: str = ""
    code: str = ""
    report: str = ""
    channel: str = "text"
    public: bool = False
    facts: dict[str, Any] = {}

    shown = ("language", "channel", "public")


class State(Discreet, frozen=True, kw_only=True):
    """A dialogue under way. `asked` is the question that waits for an answer since `asked_at`, `offered` what can be
    chosen, `written` what was answered to it in vain, `tries` how often it was asked so, `serial` its number among all
    questions of this talk; `notice_at`: when the notice of the law was given."""

    dialogue: str
    version: str
    talk: Talk
    answers: tuple[Answer, ...] = ()
    asked: str = ""
    offered: tuple[Option, ...] = ()
    written: tuple[str, ...] = ()
    tries: int = 0
    asked_at: float = 0.0
    serial: int = 0
    notice_at: float | None = None

    shown = ("dialogue", "asked")


class Burst(Discreet, frozen=True, kw_only=True):
    """A report to which belongs what else is said in the conversation until `until` (seconds since the epoch).
    `dialogue` begins after it; `verdict` is the kind of the judge's, `same_as` the
    report that it names; `waits`: it is not acknowledged yet. `report` is "" where somebody only greeted.
    `private`: it was made in public, and is acknowledged to who goes on in private. `in_reply_to` and `references`
    thread what is said."""

    report: str
    until: float
    dialogue: str = ""
    verdict: str = "new"
    same_as: str | None = None
    waits: bool = True
    private: bool = False
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()

    shown = ("report", "verdict", "waits")


class Latest(Discreet, frozen=True, kw_only=True):
    """The report that something was added to last, by what came in at that time (seconds since the epoch), with
    `files` or without."""

    report: str
    at: float
    files: bool

    shown = ("report",)


class Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """The button that was pressed last to answer a question, and when that came in (seconds since the epoch)."""

    choice: str
    at: float


class Memory(Discreet, frozen=True, kw_only=True):
    """All that a talk remembers. `conversation` is the channel's name of it; `language` was chosen by the citizen, and
    `spoken` is what they wrote in last, if that was clear and is not the channel's own; `state` is the dialogue under
    way, `last` the one that it broke into, which goes on after it; `serial` counts questions, and `pressed` answered
    one of them last; `burst` is the latest report, while more of it may follow, and `latest` the one that grew last."""

    conversation: str = ""
    language: str | None = None
    spoken: str | None = None
    state: State | None = None
    last: State | None = None
    serial: int = 0
    burst: Burst | None = None
    latest: Latest | None = None
    pressed: Pressed | None = None

    shown = ("serial",)
