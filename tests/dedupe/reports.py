"""Reports as the normaliser makes them, for tests."""

from datetime import UTC, datetime, timedelta
from itertools import count

from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint, fingerprint
from gateway.duplicates import decoded
from normalizer.book import Book
from normalizer.message import Attachment, Message, Place
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.places.typed import around
from normalizer.report import Candidate, Report
from normalizer.sorting.categories import NAMED

START = datetime(2025, 1, 12, 15, 0, tzinfo=UTC)
PROVINCE = "31"
#: As Kanal brings it.
MODEL = decoded(b"")
_numbers = count(1)


def report(
    text: str,
    *,
    report_id: str = "",
    at: datetime = START,
    reporter: str = "",
    pin: tuple[float, float] | None = None,
    accuracy: float | None = None,
    category: str | None = None,
    photo: str | None = None,
    province: str = PROVINCE,
) -> Report:
    """A report of `text`; without a `report_id` it gets one of its own."""
    given = Place(latitude=pin[0], longitude=pin[1], accuracy_m=accuracy) if pin else None
    attachments = (Attachment(name="foto.jpg", media_type="image/jpeg", size=1000, digest=photo),) if photo else ()
    message = Message(
        id=str(next(_numbers)), channel="test", sender=None, text=text, place=given, attachments=attachments
    )
    made = normalize(message, at, Book(province))
    named = category and Candidate(code=category, name=category, score=1.0, reasons=(NAMED,))
    categories = (named,) if named else made.categories
    return replace(made, id=report_id or made.id, reporter=reporter, categories=categories)


def said(text: str, reporter: str = "", minutes: float = 0, pin: tuple[float, float] | None = None) -> Fingerprint:
    """The fingerprint of what `reporter` said so many minutes after `START`."""
    made = report(text, reporter=reporter, at=START + timedelta(minutes=minutes), pin=pin)
    return fingerprint(masked(made, PROVINCE), around(PROVINCE))
