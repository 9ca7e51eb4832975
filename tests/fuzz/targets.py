"""The parsers that read what strangers send, each as a function of bytes that may raise nothing."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from gateway import pictures
from normalizer.book import Book
from normalizer.mails import markup, msg, rtf, tnef, uuencoded
from normalizer.mails.mail import authentication, read_mail
from normalizer.mails.unpacking import attachment_bytes
from normalizer.message import Address, Message
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.words.standard import standard

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_BOOK = Book("31")


def mail(data: bytes) -> None:
    """A mail, each of its files, and the report it becomes."""
    read = read_mail(data)
    authentication(data, frozenset({"mx.example"}), spam_headers=True)
    for attachment in read.attachments:
        with suppress(LookupError):
            attachment_bytes(data, attachment.reference or "")
    _report(read.text, read.subject)


def text(data: bytes) -> None:
    """A text as any channel brings it."""
    words = data.decode("utf-8", "surrogateescape")
    _report(words, None)
    found = standard(words)
    start, end = found.back(0, len(found.text))
    assert 0 <= start <= end <= len(words)


def page(data: bytes) -> None:
    """HTML and RTF to text."""
    markup.to_text(data.decode("utf-8", "replace"))
    markup.charset(data)
    rtf.to_text(rtf.unpacked(data))
    rtf.to_text(data)


def container(data: bytes) -> None:
    """winmail.dat, .msg and uuencoded files."""
    tnef.read(data)
    msg.read(data)
    body, files = uuencoded.split(data)
    assert len(body) <= len(data)
    for _, lines in files:
        uuencoded.decoded(lines)


def picture(data: bytes) -> None:
    """A photo's size, place and looks."""
    pictures.read(data)


def _report(words: str, subject: str | None) -> None:
    sender = Address("phone", "+628123456789")
    message = Message(id="1", channel="any", sender=sender, text=words, subject=subject)
    masked(normalize(message, _NOW, _BOOK))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "mail": mail,
    "text": text,
    "page": page,
    "container": container,
    "picture": picture,
}
