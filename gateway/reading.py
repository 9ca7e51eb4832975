"""What a delivery says, as reports ready to be judged. Pure: it runs in worker processes."""

from collections.abc import Sequence

import msgspec

from adapters import Adapter, Delivery, Event, Message, Unreadable
from dedupe.fingerprint import Fingerprint, fingerprint
from gateway.describe import describe
from normalizer.book import Book
from normalizer.masking import masked
from normalizer.normalize import normalize
from normalizer.report import Report


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


def read(adapter: Adapter, delivery: Delivery, book: Book) -> Reading:
    """What an adapter cannot read is a reading with an error, which quotes nothing of the delivery. Raises only
    MemoryError: a process without memory is to be replaced, or the next delivery would suffer."""
    try:
        events = tuple(adapter.parse(delivery))
        return Reading(events, tuple(_filed(event, delivery, book) for event in events))
    except Unreadable as error:
        return Reading(error=str(error))
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:
        return Reading(error=describe(error))


def read_all(adapter: Adapter, deliveries: Sequence[Delivery], book: Book) -> list[Reading]:
    return [read(adapter, delivery, book) for delivery in deliveries]


def file(message: Message, delivery: Delivery, book: Book) -> Filed:
    report = normalize(message, delivery.received_at, book)
    in_clear = masked(report)
    return Filed(report, in_clear, fingerprint(in_clear))


def _filed(event: Event, delivery: Delivery, book: Book) -> Filed | None:
    if not isinstance(event, Message) or event.part is not None:
        return None
    return file(event, delivery, book)
