"""What the fields of a mail's head say: who wrote, about what, when. Encoded words are read however badly cut."""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from normalizer.mails.charset import decode
from normalizer.mails.mime import Headers, from_base64
from normalizer.message import Address
from normalizer.persons.identity import email
from normalizer.words.text import one_line

_DECODED = 4_096
_MOST_ADDRESSES = 50
_ADDRESS_LINE = 2_000
_ID_OR_SAID = re.compile(r'(<[!-;=?-~]{1,248}>)|\([^()]*+\)|"[^"]*+"', re.ASCII)
_FOLDED_ID = re.compile(r"<[!-;=?-~]{1,200}\s+[!-;=?-~]{1,200}>", re.ASCII)
_BARE_ID = re.compile(r"[^\s<>()\"@]{1,120}@[^\s<>()\"@]{1,120}", re.ASCII)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_COMMENT = re.compile(r"\([^()]*+\)")
_BRACKETED = re.compile(r"<([^<>]*)>")
#: RFC 2047, with what clients do wrong: blanks within, a lost end, a language (RFC 2231, 5).
_WORD = re.compile(
    r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,40})?\?([bq])\?(.*?)(?:\?=|(?==\?[\w.:*+-]{1,80}\?[bq]\?)|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def subject(headers: Headers) -> str | None:
    return one_line(decoded(headers.first("subject"))) or None


def ids(value: str) -> list[str]:
    """Message ids with their angle brackets, in the order of the field. What stands in comments and quotes is none; if
    there is none, those that were folded within, and a field of nothing but ids without brackets, are read."""
    found = [one for one in _ID_OR_SAID.findall(value) if one]
    return found or ["".join(one.split()) for one in _FOLDED_ID.findall(value) if "@" in one] or _bare_ids(value)


def _bare_ids(value: str) -> list[str]:
    words = re.split(r"[\s,]+", _COMMENT.sub(" ", value).strip())
    return [f"<{word}>" for word in words] if all(map(_BARE_ID.fullmatch, words)) else []


def date(value: str) -> datetime | None:
    """RFC 5322 date; one without a zone ("-0000" too) is taken as UTC."""
    try:
        found = parsedate_to_datetime(value[:100])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def sender(headers: Headers) -> Address | None:
    candidates = (found for name in ("from", "sender") for value in headers.every(name) for found in _address(value))
    return next(candidates, None)


def _address(value: str) -> Iterator[Address]:
    """The first good mailbox in an address list; what stands in quotes or comments is no address."""
    value = value[:_ADDRESS_LINE]
    bare = _COMMENT.sub(_blanked, _QUOTED.sub(_blanked, value))
    for bracketed in list(_BRACKETED.finditer(bare))[:_MOST_ADDRESSES]:
        if address := email(bracketed[1]):
            before = bare.rfind(",", 0, bracketed.start()) + 1
            yield Address("email", address, _name(value[before : bracketed.start()]))
            return
    for word in re.split(r"[\s,;:]+", bare)[:_MOST_ADDRESSES]:
        if address := email(word):
            comment = _COMMENT.search(value)
            yield Address("email", address, _name(comment[0][1:-1]) if comment else None)
            return


def _blanked(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _name(raw: str) -> str | None:
    quoted = re.fullmatch(r'\s*"(.*)"\s*', raw, re.DOTALL)
    name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else raw
    return one_line(decoded(name), 200).strip("'\" ") or None


def decoded(value: str) -> str:
    """RFC 2047 encoded words decoded, in the first few thousand characters: no honest header is longer.

    Words that follow each other in one charset are decoded together: a character may be split between them.
    """
    value = value[:_DECODED]
    if "=?" not in value:
        return value
    pieces: list[str] = []
    charset, waiting, position = "", b"", 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        if between.strip() or word[1].lower() != charset:
            pieces += [_text(waiting, charset), between if between.strip() or not waiting else ""]
            waiting = b""
        charset, position = word[1].lower(), word.end()
        waiting += _content(word[2].lower(), word[3])
    return "".join((*pieces, _text(waiting, charset), value[position:]))


def _text(data: bytes, charset: str) -> str:
    return decode(data, charset)[0] if data else ""


def _content(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return from_base64(data) if encoding == "b" else binascii.a2b_qp(data, header=True)
