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
_SEARCHED = 65_536  # octets: no honest mail has a longer head, and we are in the event loop


def identity(mail: bytes) -> str:
    """The same for a mail that comes again, by another server or to another of our addresses; else different.

    It is the hex SHA-256 of all that follows the trace headers at the top, which each server on the way adds. A mail
    with neither Message-ID nor Date does not say which mail it is: two citizens may well send "Banjir" and no more,
    so each such delivery counts as its own.
    """
    if not _names_itself(mail):
        return uuid.uuid4().hex
    return sha256(memoryview(mail)[_trace_end(mail) :]).hexdigest()


def _names_itself(mail: bytes) -> bool:
    end = _HEADER_END.search(mail, 0, _SEARCHED)
    return _NAMED.search(mail, 0, end.start() if end else _SEARCHED) is not None


def _trace_end(mail: bytes) -> int:
    position = 0
    while header := _TRACE.match(mail, position, _SEARCHED):
        position = header.end()
    return position
