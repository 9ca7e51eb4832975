"""A mail as a citizen meant it: who wrote, when, the text and the files; and what is doubtful about it."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

from normalizer import markup
from normalizer.charset import decode
from normalizer.identity import email
from normalizer.message import Address, Attachment, Discreet
from normalizer.mime import Headers, Leaf, Tree, content, read_headers, read_tree
from normalizer.text import one_line

#: The longest text taken from a mail, in characters.
MAX_TEXT = 100_000
MAX_REFERENCES = 20

_MAX_TEXT_BYTES = 2_000_000
_DECODED = 4_096
_MOST_ADDRESSES = 50
_ADDRESS_LINE = 2_000
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,248}>", re.ASCII)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_COMMENT = re.compile(r"\([^()]*+\)")
_BRACKETED = re.compile(r"<([^<>]*)>")
_MACHINE = re.compile(
    r"(?:mailer-?daemon|postmaster|(?:do[-_.]?)?not?[-_.]?reply|(?:auto[-_.]?)(?:reply|responder)|bounces?)(?:[-+_.=].*)?@",
    re.IGNORECASE,
)
_MACHINE_HEADERS = frozenset({"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "feedback-type"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})


class Mail(Discreet, frozen=True, kw_only=True):
    """What is read of a mail. Ids keep their angle brackets; `references` are oldest first, at most `MAX_REFERENCES`.

    `doubts`: "cut" (a limit was reached, the rest is only in the raw mail), "charset" (the declared one was missing or
    wrong), "empty" (no subject, text or file).
    """

    message_id: str | None
    subject: str | None
    sender: Address | None
    date: datetime | None
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    attachments: tuple[Attachment, ...]
    automatic: bool
    doubts: tuple[str, ...]

    shown = ("automatic", "doubts")


def read_mail(raw: bytes) -> Mail:
    """Read a mail of any quality; never raises, and its work is bounded by the size of `raw` (see `mime`)."""
    tree = read_tree(raw)
    headers = tree.headers
    sender = _sender(headers)
    subject = _subject(headers)
    text, charset_lied, long = _text(raw, tree)
    attachments = tuple(_attachments(raw, tree))
    empty = not (text or subject or attachments)
    doubts = {"cut": tree.cut or long, "charset": charset_lied, "empty": empty}
    return Mail(
        message_id=next(iter(_ids(headers.first("message-id"))), None),
        subject=subject,
        sender=sender,
        date=_date(headers.first("date")),
        in_reply_to=next(iter(_ids(headers.first("in-reply-to"))), None),
        references=tuple(_ids(headers.first("references"))[-MAX_REFERENCES:]),
        text=text,
        attachments=attachments,
        automatic=_is_automatic(tree, sender),
        doubts=tuple(name for name, holds in doubts.items() if holds),
    )


def attachment_bytes(raw: bytes, reference: str) -> bytes:
    """The bytes of the attachment that `read_mail` called `reference` ("part:3"); raises LookupError if not there."""
    kind, _, number = reference.partition(":")
    leaves = read_tree(raw).leaves
    if kind != "part" or not re.fullmatch(r"\d{1,4}", number, re.ASCII) or int(number) >= len(leaves):
        raise LookupError("no such part")
    return content(raw, leaves[int(number)])


def _subject(headers: Headers) -> str | None:
    return one_line(_decoded(headers.first("subject"))) or None


def _ids(value: str) -> list[str]:
    return _MESSAGE_ID.findall(value)


def _date(value: str) -> datetime | None:
    """RFC 5322 date; one without a zone ("-0000" too) is taken as UTC."""
    try:
        date = parsedate_to_datetime(value[:100])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _sender(headers: Headers) -> Address | None:
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
    return one_line(_decoded(name), 200) or None


def _decoded(value: str) -> str:
    """RFC 2047 encoded words decoded, in the first few thousand characters: no honest header is longer."""
    value = value[:_DECODED]
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(piece if isinstance(piece, str) else _word(piece, charset) for piece, charset in pieces)


def _word(piece: bytes, charset: str | None) -> str:
    """One decoded word; `decode_header` gives unencoded pieces as raw-unicode-escape."""
    return decode(piece, charset)[0] if charset else piece.decode("raw-unicode-escape", "replace")


def _text(raw: bytes, tree: Tree) -> tuple[str, bool, bool]:
    """The readable text, whether a charset lied, and whether the text was too long."""
    lied = long = False
    found: list[tuple[Leaf, str]] = []
    for leaf in filter(_is_text, tree.leaves):
        data = content(raw, leaf)
        text, wrong = decode(data[:_MAX_TEXT_BYTES], leaf.described.get_content_charset())
        found.append((leaf, markup.to_text(text) if leaf.media_type == "text/html" else text))
        lied, long = lied or wrong, long or len(data) > _MAX_TEXT_BYTES
    text = "\n\n".join(_chosen(found)) or _forwarded(raw, tree)
    return text[:MAX_TEXT], lied, long or len(text) > MAX_TEXT


def _is_text(leaf: Leaf) -> bool:
    if leaf.media_type not in {"text/plain", "text/html"}:
        return False
    return leaf.depth == 0 or not (leaf.described.get_content_disposition() == "attachment" or _file_name(leaf))


def _chosen(found: Sequence[tuple[Leaf, str]]) -> Iterator[str]:
    """All texts, but of one multipart/alternative the plain one where it says anything."""
    plain = {leaf.group for leaf, text in found if leaf.group and leaf.media_type == "text/plain" and text.strip()}
    for leaf, text in found:
        stripped = text.strip()
        if stripped and not (leaf.media_type == "text/html" and leaf.group in plain):
            yield stripped


def _forwarded(raw: bytes, tree: Tree) -> str:
    """The text of the first mail that was forwarded as an attachment without a word of the sender's own."""
    inner = next((leaf for leaf in tree.leaves if leaf.media_type == "message/rfc822"), None)
    if inner is None:
        return ""
    message = content(raw, inner)
    inside = read_tree(message)
    texts = [leaf for leaf in inside.leaves if _is_text(leaf)]
    return _text(message, inside._replace(leaves=texts))[0]


def _attachments(raw: bytes, tree: Tree) -> Iterator[Attachment]:
    for index, leaf in enumerate(tree.leaves):
        if not _is_text(leaf):
            data = content(raw, leaf)
            if data or _file_name(leaf):
                yield Attachment(
                    name=_file_name(leaf),
                    media_type=leaf.media_type[:100],
                    size=len(data),
                    digest=hashlib.sha256(data).hexdigest(),
                    reference=f"part:{index}",
                )


def _file_name(leaf: Leaf) -> str | None:
    """The file's name without any path, for people to read: never to be opened by."""
    name = one_line(_decoded(leaf.described.get_filename("")), 400)
    return re.split(r"[/\\]", name)[-1][-200:].strip() or None


def _is_automatic(tree: Tree, sender: Address | None) -> bool:
    """Bounces, auto-replies and lists (RFC 3834, RFC 2919, RFC 3462 and what Exchange and others add)."""
    headers = tree.headers
    names = {name for name, _ in headers.fields}
    return (
        _first_word(headers, "auto-submitted") not in {"", "no"}
        or _first_word(headers, "precedence") in _BULK
        or _first_word(headers, "x-auto-response-suppress") not in {"", "none"}
        or not names.isdisjoint(_MACHINE_HEADERS)
        or any(name.startswith("list-") for name in names)
        or headers.first("content-type").lower().startswith("multipart/report")
        or bool(sender and _MACHINE.match(sender.value))
    )


def _first_word(headers: Headers, name: str) -> str:
    found = re.match(r"\s*([\w-]+)", headers.first(name))
    return found[1].lower() if found else ""


def authentication(raw: bytes, trusted: frozenset[str], *, spam_headers: bool = False) -> tuple[str, ...]:
    """Doubts a trusted relay's headers raise: "forged-sender", "spam".

    `trusted` are authserv-ids (RFC 8601) in lower case. Only their Authentication-Results above the first one of
    anybody else count, and of each method the topmost word: a sender can add headers only below. A sender is forged if
    DMARC failed, or, where DMARC says nothing, if SPF failed and no DKIM signature passed. `spam_headers` says that
    the relay sets X-Spam-Flag or X-Spam-Status itself and removes foreign ones.
    """
    headers = read_headers(raw)
    results = _results(headers.every("authentication-results"), trusted)
    dmarc, spf, dkim = (results.get(method, set()) for method in ("dmarc", "spf", "dkim"))
    forged = "fail" in dmarc or ("fail" in spf and "pass" not in dkim and "pass" not in dmarc)
    spam = spam_headers and "yes" in {_first_word(headers, "x-spam-flag"), _first_word(headers, "x-spam-status")}
    return tuple(name for name, holds in (("forged-sender", forged), ("spam", spam)) if holds)


def _results(values: Sequence[str], trusted: frozenset[str]) -> dict[str, set[str]]:
    results: dict[str, set[str]] = {}
    for value in values[:_MOST_ADDRESSES]:
        bare = _COMMENT.sub(" ", value[:_DECODED])
        server, *stated = bare.split(";")
        if (server.split() or [""])[0].strip('"').lower() not in trusted:
            break
        words: dict[str, set[str]] = {}
        for result in stated:
            if found := re.match(r"\s*([\w.-]+)\s*(?:/\s*\d+\s*)?=\s*(\w+)", result):
                words.setdefault(found[1].lower(), set()).add(found[2].lower())
        results = {**words, **results}
    return results
