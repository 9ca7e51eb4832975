"""Reports and mails a second on one core: cleaned, masked and placed, mails also taken apart; and pins within borders.

Texts are made up in the manner of real ones (60 to 150 characters), each once, so that no cache knows them. A usual
mail has that text twice, as plain text and as HTML, with the headers and signature that a client adds. Pins have an
accuracy and lie all over a square of areas, each of a hundred corners, as many as a large city has. Counted is the
processor's time of this process: median of several rounds, however busy the machine is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from random import Random
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
from normalizer.places.atlas import MICRO, Atlas, Shape
from normalizer.places.gazetteer import gazetteer
from normalizer.places.ground import area_at, micro
from normalizer.places.pins import placed
from normalizer.report import ReportPlace
from tests.bench.texts import reports
from tests.normalizer_bench.rows import Goal, Row

T = TypeVar("T")

TITLE = "on one core, all steps"
NOW = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
ROUNDS = 7
REPORTS = 1_500
MAILS = 300
USUAL = range(60, 151)
#: Areas a side of the square, the microdegrees of each, corners of each of its sides, and metres of a pin's accuracy.
SIDE, SIZE, CORNERS, ACCURACY = 16, 15_000, 25, 20.0
_CORNER = (-7.0, 110.0)


def measure(_data: Path, rounds: int = ROUNDS, short: int = REPORTS, mails: int = MAILS) -> Iterable[Row]:
    book = Book("31", categories.load(None), signs=triage.load(None))
    gazetteer(book.areas)
    texts = (text for text in reports(1) if len(text) in USUAL)
    yield _row("short reports", _rounds(texts, rounds, short), lambda text: _report(text, book), Goal(5_000))
    yield _row("usual mails", _rounds(map(_mail, texts), rounds, mails), lambda raw: _read(raw, book), Goal(300))
    borders = _borders()
    area_at(borders, *_CORNER)
    yield _row("pins", _rounds(_pins(), rounds, short), lambda pin: _placed(pin, borders), None)


def _rounds(items: Iterator[T], rounds: int, size: int) -> list[list[T]]:
    return [list(islice(items, size)) for _ in range(rounds)]


def _row(name: str, rounds: Sequence[Sequence[T]], work: Callable[[T], None], goal: Goal | None) -> Row:
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


def _placed(pin: tuple[float, float], borders: Atlas) -> None:
    placed(ReportPlace(latitude=pin[0], longitude=pin[1], accuracy_m=ACCURACY), borders)


def _pins() -> Iterator[tuple[float, float]]:
    random, wide = Random(1), SIDE * SIZE / MICRO
    while True:
        yield _CORNER[0] + random.random() * wide, _CORNER[1] + random.random() * wide


def _borders() -> Atlas:
    corners = [(SIZE * row, SIZE * column) for row in range(SIDE) for column in range(SIDE)]
    return Atlas("99", tuple(Shape(f"99.{n}", str(n), "kelurahan", (_ring(*at),)) for n, at in enumerate(corners)))


def _ring(south: int, west: int) -> tuple[int, ...]:
    """A square whose sides have a corner every few dozen metres."""
    low, left = (micro(start) + shift for start, shift in zip(_CORNER, (south, west), strict=True))
    steps = [SIZE * step // CORNERS for step in range(CORNERS)]
    north = [(low + step, left) for step in steps] + [(low + SIZE, left + step) for step in steps]
    back = [(low + SIZE - step, left + SIZE) for step in steps] + [(low, left + SIZE - step) for step in steps]
    return tuple(value for point in (*north, *back) for value in point)


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
