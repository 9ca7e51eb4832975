"""Which mails are the same mail."""

import re
import uuid
from hashlib import sha256

_TRACE = re.compile(
    rb"(?:received|received-spf|return-path|delivered-to|envelope-to|x-original-to|authentication-results"
    rb"|arc-(?:seal|message-signature|authentication-results)|dkim-signature|dkim-filter):"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE,
)
_NAMED = re.compile(rb"^(?:message-id|date):[ \t]*\S", re.IGNORECASE | re.MULTILINE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
BEGINNING = 65_536  # octets
_SEARCHED = BEGINNING  # no honest mail has a longer head, and we are in the event loop


def identity(mail: bytes) -> str:
    """The same for a mail that comes again, by another server or to another of our addresses; else different.

    It is the hex SHA-256 of all that follows the trace headers at the top, which each server on the way adds. A mail
    with neither Message-ID nor Date does not say which mail it is: two citizens may well send "Banjir" and no more,
    so each such delivery counts as its own.
    """
    return _by_its_name(mail) or uuid.uuid4().hex


def identity_in_mailbox(mail: bytes) -> str:
    """The same of a mail's first `BEGINNING` octets: what is kept in part today may be fetched whole one day. One that
    does not say which it is counts as its own by its trace headers too: it lies there and may be fetched again, while
    another one came at another time."""
    beginning = mail[:BEGINNING]
    return _by_its_name(beginning) or sha256(beginning).hexdigest()


def _by_its_name(mail: bytes) -> str | None:
    return sha256(memoryview(mail)[_trace_end(mail) :]).hexdigest() if _names_itself(mail) else None


def _names_itself(mail: bytes) -> bool:
    end = _HEADER_END.search(mail, 0, _SEARCHED)
    return _NAMED.search(mail, 0, end.start() if end else _SEARCHED) is not None


def _trace_end(mail: bytes) -> int:
    position = 0
    while header := _TRACE.match(mail, position, _SEARCHED):
        position = header.end()
    return position
