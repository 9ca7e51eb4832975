"""What a delivery says, and the report of each message: as it is kept, as it may stand in clear, as it is compared."""

import msgspec
from msgspec.structs import replace

from adapters import Delivery, Event, Message
from dedupe.fingerprint import Fingerprint, fingerprint
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


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """The events in a delivery and, for each message that is whole, its report. `error` says why there are none."""

    events: tuple[Event, ...] = ()
    filed: tuple[Filed | None, ...] = ()
    error: str | None = None


def file(message: Message, delivery: Delivery, book: Book, hint: tuple[float, float] | None = None) -> Filed:
    """`hint` is where a photo says that it was taken."""
    report = normalize(message, delivery.received_at, book)
    if hint:
        report = replace(report, place=replace(report.place or ReportPlace(), hint=hint))
    in_clear = masked(report, book.areas)
    return Filed(report, in_clear, fingerprint(in_clear, around(book.areas)))
