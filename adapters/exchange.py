"""What the channel log may know of an exchange with a provider beyond its outcome: an adapter's client says it by
`noted`, whoever called it, and the gateway keeps it. Never bodies, addresses or names."""

import re
from collections.abc import Mapping
from contextvars import ContextVar, Token

_WORD = re.compile(r"[\w.:=/+-]{1,80}", re.ASCII)
#: Where providers tell by which name they find a request again.
_REQUESTS = ("x-request-id", "x-fb-trace-id", "x-fb-request-id", "x-transaction-id", "twilio-request-id", "request-id")
#: Whose number it might be.
_NUMBER = re.compile(r"\+?\d{7,}")


class Notes:
    """The HTTP status (or SMTP code) of the last answer, and by which id the provider finds the request, or the word
    that it was answered by."""

    __slots__ = ("request", "status")

    def __init__(self) -> None:
        self.status: int | None = None
        self.request: str | None = None


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)
_answers: ContextVar[tuple[int, int] | None] = ContextVar("answers", default=None)


def begin() -> tuple[Notes, Token[Notes | None]]:
    """What is noted from now on, in this task and those that it makes."""
    notes = Notes()
    return notes, _notes.set(notes)


def end(token: Token[Notes | None]) -> None:
    _notes.reset(token)


def noted(status: int | None, headers: Mapping[str, str] | None = None) -> None:
    """Told by an adapter's client of each answer, with its headers, whose names are found in any case; of several the
    last stands."""
    notes = _notes.get()
    if notes is not None:
        notes.status = status
        notes.request = next(filter(None, (_word((headers or {}).get(name)) for name in _REQUESTS)), None)


def noted_word(word: str) -> None:
    """The same of a protocol that answers by words, as IMAP's "OK" and "NO"."""
    notes = _notes.get()
    if notes is not None:
        notes.request = _word(word)


def answering(well: int, ill: int) -> None:
    """Told before it hands over what was brought, by an adapter that listens: what it answers if that is kept, and if
    not."""
    _answers.set((well, ill))


def answers() -> tuple[int, int] | None:
    return _answers.get()


def _word(value: str | None) -> str | None:
    return value if value and _WORD.fullmatch(value) and not _NUMBER.fullmatch(value) else None
