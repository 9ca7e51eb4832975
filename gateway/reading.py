"""What a delivery says, as reports ready to be judged. Pure: it runs in worker processes."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from adapters import Adapter, Delivery, Event, Message, Unreadable
from dedupe.fingerprint import Fingerprint, fingerprint
from gateway.describe import describe
from gateway.inspecting import Inspected, Inspector
from normalizer.book import Book
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
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


def read(adapter: Adapter, delivery: Delivery, book: Book, inspector: Inspector | None = None) -> Reading:
    """What an adapter cannot read is a reading with an error, which quotes nothing of the delivery. Raises only
    MemoryError: a process without memory is to be replaced, or the next delivery would suffer."""
    try:
        inspect = (inspector or Inspector()).inspected
        found = [
            inspect(adapter, delivery, event) if isinstance(event, Message) else event
            for event in adapter.parse(delivery)
        ]
        events = tuple(one.message if isinstance(one, Inspected) else one for one in found)
        return Reading(events, tuple(_filed(one, delivery, book) for one in found))
    except Unreadable as error:
        return Reading(error=str(error))
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:
        return Reading(error=describe(error))


def read_all(adapter: Adapter, deliveries: Sequence[Delivery], book: Book, look: bool = True) -> list[Reading]:
    """`look` at pictures, too, of which one can cost a worker."""
    inspector = Inspector(look)
    return [read(adapter, delivery, book, inspector) for delivery in deliveries]


def file(message: Message, delivery: Delivery, book: Book, hint: tuple[float, float] | None = None) -> Filed:
    """`hint` is where a photo says that it was taken."""
    report = normalize(message, delivery.received_at, book)
    if hint:
        report = replace(report, place=replace(report.place or ReportPlace(), hint=hint))
    in_clear = masked(report)
    return Filed(report, in_clear, fingerprint(in_clear))


def _filed(one: Event | Inspected, delivery: Delivery, book: Book) -> Filed | None:
    if not isinstance(one, Inspected) or one.message.part is not None:
        return None
    return file(one.message, delivery, book, one.hint)
