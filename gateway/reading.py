"""Reading deliveries into reports ready to be judged. Pure: it runs in worker processes."""

from collections.abc import Sequence

from adapters import Adapter, Delivery, Event, Message, Unreadable
from gateway.describe import describe
from gateway.fetching.media import as_attachment
from gateway.filed import Filed, Reading, file
from gateway.inspecting import Inspected, Inspector
from gateway.store.rows import MEDIA
from normalizer.book import Book


def read(adapter: Adapter, delivery: Delivery, book: Book, inspector: Inspector | None = None) -> Reading:
    """What an adapter cannot read is a reading with an error, which quotes nothing of the delivery. Raises only
    MemoryError: a process without memory is to be replaced, or the next delivery would suffer."""
    try:
        inspector = inspector or Inspector()
        if delivery.content_type == MEDIA:
            return Reading(file=inspector.looked_at(as_attachment(delivery), delivery.body))
        inspect = inspector.inspected
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


def _filed(one: Event | Inspected, delivery: Delivery, book: Book) -> Filed | None:
    if not isinstance(one, Inspected) or one.message.part is not None:
        return None
    return file(one.message, delivery, book, one.hint)
