"""A mail as a citizen meant it: who wrote, when, the text and the files; and what is doubtful about it."""

import re
from collections.abc import Sequence
from datetime import datetime

from normalizer import headers as head
from normalizer.body import MAX_TEXT, read_body
from normalizer.message import Address, Attachment, Discreet
from normalizer.mime import Headers, Tree, read_headers, read_tree
from normalizer.unpacking import Unpacked, is_document, unpack, words_of

MAX_REFERENCES = 20

_RESULT = 4_096
_MOST_RESULTS = 50
_COMMENT = re.compile(r"\([^()]*+\)")
_MACHINE = re.compile(
    r"(?:mailer-?daemon|postmaster|(?:do[-_.]?)?not?[-_.]?reply|(?:auto[-_.]?)(?:reply|responder)|bounces?)(?:[-+_.=].*)?@",
    re.IGNORECASE,
)
_MACHINE_HEADERS = frozenset({"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "feedback-type"})
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})


class Mail(Discreet, frozen=True, kw_only=True):
    """What is read of a mail. Ids keep their angle brackets; `references` are oldest first, at most `MAX_REFERENCES`.

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
    text = _text(own, inside)
    doubts = {
        "cut": tree.cut or long or inside.cut,
        "charset": charset_lied,
        "empty": not (text or subject or inside.attachments),
        "text-in-attachment": not text and any(map(is_document, inside.attachments)),
    }
    return Mail(
        message_id=next(iter(head.ids(headers.first("message-id"))), None),
        subject=subject,
        sender=sender,
        date=head.date(headers.first("date")),
        in_reply_to=next(iter(head.ids(headers.first("in-reply-to"))), None),
        references=tuple(head.ids(headers.first("references"))[-MAX_REFERENCES:]),
        text=text,
        attachments=inside.attachments,
        automatic=_is_automatic(tree, sender),
        doubts=tuple(name for name, holds in doubts.items() if holds),
    )


def _text(own: str, inside: Unpacked) -> str:
    """The sender's own words; without any, those of the letters inside, or of the files that are nothing but words."""
    if own:
        return own
    letters = "\n\n".join(filter(None, (letter.text().strip() for letter in inside.letters)))
    return (letters or "\n\n".join(filter(None, map(words_of, inside.texts))))[:MAX_TEXT]


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
