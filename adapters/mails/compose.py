"""A reply as a mail that no machine answers and that lands in the citizen's thread."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from hashlib import sha256

from adapters import Refused, Reply
from adapters.mails.settings import MailSettings
from normalizer.persons.identity import email

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_ANSWERING = re.compile(r"(?:(?:re|bls|balas)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)
_SUBJECT_LENGTH = 200  # Python folds a subject of 240 KB in more than 1 GB of memory (CPython #136063)
_REFERENCES = 30


def recipient(reply: Reply) -> str:
    """The one address a reply goes to, its domain in ASCII. Raises Refused if it is none."""
    address = email(reply.to.value) if reply.to.kind == "email" else None
    if address is None:
        raise Refused("the recipient is not a mail address")
    return address


def message_id(reply: Reply, settings: MailSettings) -> str:
    """The same at every attempt to send a reply."""
    name = reply.id if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", reply.id) else sha256(reply.id.encode()).hexdigest()
    return f"<{name}@{settings.our_host()}>"


def compose(reply: Reply, settings: MailSettings, now: datetime) -> bytes:
    """The mail, CRLF lines, 7 bit unless the recipient's local part is not ASCII (RFC 6532). Raises Refused."""
    to = recipient(reply)
    mail = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    mail["From"] = _address(settings.reply_from(), settings.sender_name)
    mail["To"] = _address(to)
    mail["Subject"] = _subject(reply) or settings.sender_name or settings.reply_from()
    mail["Date"] = format_datetime(now)
    mail["Auto-Submitted"] = "auto-replied" if _is_answer(reply) else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_encodable(reply.text), cte="quoted-printable")
    return _thread(reply, settings) + mail.as_bytes()


def _thread(reply: Reply, settings: MailSettings) -> bytes:
    """Written without EmailMessage, which turns identifiers of more than 78 characters into encoded words."""
    headers = {
        "Message-ID": [message_id(reply, settings)],
        "In-Reply-To": _identifiers([reply.in_reply_to or ""]),
        "References": _identifiers(reply.references),
    }
    lines = (f"{name}: " + "\r\n ".join(ids) + "\r\n" for name, ids in headers.items() if ids)
    return "".join(lines).encode("ascii")


def _identifiers(candidates: Iterable[str]) -> list[str]:
    """The first and the newest of a long thread, as RFC 5322 clients do; nothing that is not an identifier."""
    good = [one for one in candidates if _MESSAGE_ID.fullmatch(one)]
    return good if len(good) <= _REFERENCES else [good[0], *good[1 - _REFERENCES :]]


def _address(address: str, name: str = "") -> MailAddress:
    local, _, domain = address.rpartition("@")
    return MailAddress(_one_line(name), local, domain)


def _subject(reply: Reply) -> str:
    """What answers a mail says so."""
    given = _one_line((reply.subject or "")[: 4 * _SUBJECT_LENGTH])
    words = _ANSWERING.sub("", given, count=1)[:_SUBJECT_LENGTH].strip()
    return f"Re: {words}" if words and _is_answer(reply) else words


def _is_answer(reply: Reply) -> bool:
    """To a mail, that is (RFC 3834, 5): notices to offices, and what is said to who wrote by SMS, are none."""
    return bool(reply.in_reply_to or reply.references)


def _one_line(text: str) -> str:
    """Controls, line ends of every script and lone surrogates become spaces."""
    plain = (" " if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} else one for one in text)
    return " ".join("".join(plain).split())


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
