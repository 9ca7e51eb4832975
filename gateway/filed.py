"""What a delivery says, and the report of each message: as it is kept, as it may stand in clear, as it is compared."""

from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from adapters import Attachment, Delivery, Event, Message
from dedupe.fingerprint import Fingerprint, fingerprint, hashes
from normalizer.book import Book
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.places.typed import around
from normalizer.report import Report, ReportPlace


class Filed(msgspec.Struct, frozen=True, array_like=True):
    """A message's report, what may stand in clear of it, and its fingerprint. In all the reporter is still unknown,
    and the id made without a key: see `gateway.naming`."""

    report: Report
    masked: Report
    fingerprint: Fingerprint


class LookedAt(msgspec.Struct, frozen=True, array_like=True):
    """A file that came by itself: what it is, where a photo says that it was taken, and what of it a person should see
    in the report's triage."""

    attachment: Attachment
    hint: tuple[float, float] | None = None
    doubts: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """The events in a delivery and, for each message that is whole, its report; or the `file` that it is. `error` says
    why there are none."""

    events: tuple[Event, ...] = ()
    filed: tuple[Filed | None, ...] = ()
    error: str | None = None
    file: LookedAt | None = None


def file(message: Message, delivery: Delivery, book: Book, hint: tuple[float, float] | None = None) -> Filed:
    """`hint` is where a photo says that it was taken."""
    report = normalize(message, delivery.received_at, book)
    if hint:
        report = replace(report, place=replace(report.place or ReportPlace(), hint=hint))
    in_clear = masked(report, book.areas)
    return Filed(report, in_clear, fingerprint(in_clear, around(book.areas), hashes(report)))


def warm_up(book: Book) -> None:
    """File a made-up message: the first takes a tenth of a second, as most tables are made when they are needed."""
    text = "Nama saya Budi. Ada kebakaran di Jalan Melati RT 1/RW 2, warga terjebak asap."
    delivery = Delivery(id="", channel="", received_at=datetime.now(UTC), body=b"")
    file(Message(id="", channel="", sender=None, text=text), delivery, book)
