"""A mail as a citizen meant it: who wrote, when, the text and the files; and what is doubtful about it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from normalizer.mails import headers as head
from normalizer.mails.automatic import first_word, is_automatic
from normalizer.mails.body import read_body
from normalizer.mails.mime import Headers, read_headers, read_tree
from normalizer.mails.saying import said
from normalizer.mails.subjects import is_forward
from normalizer.mails.unpacking import is_document, unpack
from normalizer.message import Address, Aside, Attachment, Discreet

MAX_REFERENCES = 20

_RESULT = 4_096
_MOST_RESULTS = 50
_COMMENT = re.compile(r"\([^()]*+\)")


class Mail(Discreet, frozen=True, kw_only=True):
    """What is read of a mail. Ids keep their angle brackets; `references` are oldest first, at most `MAX_REFERENCES`.
    `asides` is what stood beside `text`: earlier mails, signatures, the headers of what was passed on.

    `doubts`: "cut" (a limit was reached, the rest is only in the raw mail), "charset" (the declared one was missing or
    wrong), "empty" (no subject, text or file), "text-in-attachment" (no text but in a file that only people can read).
    """

    message_id: str | None
    subject: str | None
    sender: Address | None
    date: datetime | None
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    asides: tuple[Aside, ...]
    attachments: tuple[Attachment, ...]
    automatic: bool
    doubts: tuple[str, ...]

    shown = ("automatic", "doubts")


def read_mail(raw: bytes) -> Mail:
    """Read a mail of any quality; never raises, and its work is bounded by the size of `raw` (see `mime`)."""
    tree = read_tree(raw)
    headers = tree.headers
    sender = head.sender(headers)
    own, charset_lied, long = read_body(raw, tree)
    inside = unpack(raw, tree)
    subject = head.subject(headers) or next(filter(None, (letter.subject for letter in inside.letters)), None)
    answered = _first_id(headers, "in-reply-to")
    (text, asides), short = said(own, inside, is_forward(subject or ""), answered is not None)
    doubts = {
        "cut": tree.cut or long or inside.cut or short,
        "charset": charset_lied,
        "empty": not (text or asides or subject or inside.attachments),
        "text-in-attachment": not text and any(map(is_document, inside.attachments)),
    }
    return Mail(
        message_id=_first_id(headers, "message-id"),
        subject=subject,
        sender=sender,
        date=head.date(headers.first("date")),
        in_reply_to=answered,
        references=tuple(_ids(headers, "references"))[-MAX_REFERENCES:],
        text=text,
        asides=asides,
        attachments=inside.attachments,
        automatic=is_automatic(tree, sender, subject),
        doubts=tuple(name for name, holds in doubts.items() if holds),
    )


def _ids(headers: Headers, name: str) -> Iterator[str]:
    """Those of all headers of this name, once each: some programs write two."""
    yield from dict.fromkeys(one for value in headers.every(name) for one in head.ids(value))


def _first_id(headers: Headers, name: str) -> str | None:
    return next(_ids(headers, name), None)


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
    spam = spam_headers and "yes" in {first_word(headers, "x-spam-flag"), first_word(headers, "x-spam-status")}
    return tuple(name for name, holds in (("forged-sender", forged), ("spam", spam)) if holds)


def _results(values: Sequence[str], trusted: frozenset[str]) -> dict[str, set[str]]:
    results: dict[str, set[str]] = {}
    for value in values[:_MOST_RESULTS]:
        bare = _COMMENT.sub(" ", value[:_RESULT])
        server, *stated = bare.split(";")
        if (server.split() or [""])[0].strip('"').lower() not in trusted:
            break
        words: dict[str, set[str]] = {}
        for result in stated:
            if found := re.match(r"\s*([\w.-]+)\s*(?:/\s*\d+\s*)?=\s*(\w+)", result):
                words.setdefault(found[1].lower(), set()).add(found[2].lower())
        results = {**words, **results}
    return results
