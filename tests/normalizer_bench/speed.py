"""Reports and mails a second on one core: cleaned, masked and placed, mails also taken apart.

Texts are made up in the manner of real ones (60 to 150 characters), each once, so that no cache knows them. A usual
mail has that text twice, as plain text and as HTML, with the headers and signature that a client adds. Counted is the
processor's time of this process: median of several rounds, however busy the machine is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar
from zlib import crc32

from gateway import categories, triage
from normalizer.book import Book
from normalizer.mails.mail import read_mail
from normalizer.message import Message
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.places.gazetteer import gazetteer
from tests.bench.texts import reports
from tests.normalizer_bench.rows import Goal, Row

T = TypeVar("T")

TITLE = "on one core, all steps"
NOW = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
ROUNDS = 7
REPORTS = 1_500
MAILS = 300
USUAL = range(60, 151)


def measure(_data: Path, rounds: int = ROUNDS, short: int = REPORTS, mails: int = MAILS) -> Iterable[Row]:
    book = Book("31", categories.load(None), signs=triage.load(None))
    gazetteer(book.areas)
    texts = (text for text in reports(1) if len(text) in USUAL)
    yield _row("short reports", _rounds(texts, rounds, short), lambda text: _report(text, book), Goal(5_000))
    yield _row("usual mails", _rounds(map(_mail, texts), rounds, mails), lambda raw: _read(raw, book), Goal(300))


def _rounds(items: Iterator[T], rounds: int, size: int) -> list[list[T]]:
    return [list(islice(items, size)) for _ in range(rounds)]


def _row(name: str, rounds: Sequence[Sequence[T]], work: Callable[[T], None], goal: Goal) -> Row:
    rate = median(len(items) / _seconds(items, work) for items in rounds)
    return Row(measure=name, count=sum(map(len, rounds)), value=rate, unit="/s", goal=goal)


def _seconds(items: Sequence[T], work: Callable[[T], None]) -> float:
    began = process_time()
    for item in items:
        work(item)
    return max(process_time() - began, 1e-9)


def _report(text: str, book: Book) -> None:
    masked(normalize(Message(id="1", channel="sms", sender=None, text=text), NOW, book), book.areas)


def _read(raw: bytes, book: Book) -> None:
    mail = read_mail(raw)
    message = Message(id="1", channel="mail", sender=mail.sender, text=mail.text, subject=mail.subject)
    masked(normalize(message, NOW, book), book.areas)


def _mail(text: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Warga <warga@example.org>"
    mail["To"] = "lapor@example.net"
    mail["Subject"] = text[:60]
    mail["Date"] = NOW
    mail["Message-ID"] = f"<{crc32(text.encode())}@example.org>"
    mail["Received"] = "from mail.example.org by mx.example.net with ESMTPS; Mon, 12 Jan 2026 15:00:00 +0000"
    mail.set_content(f"Selamat siang,\n\n{text}\n\nTerima kasih\n\nDikirim dari ponsel saya\n")
    mail.add_alternative(
        f"<html><body><p>Selamat siang,</p><p>{text}</p><p>Terima kasih</p><div>Dikirim dari ponsel saya</div>"
        "</body></html>",
        subtype="html",
    )
    return mail.as_bytes()
