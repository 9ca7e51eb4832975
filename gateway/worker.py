"""A worker process: reads deliveries that may be hostile, under limits of memory and processor time.

The first frame in is the `Setup`, every later one an `Order`. See `gateway.frames`.
"""

import resource
from hashlib import sha256
from pathlib import Path

import msgspec

from adapters import Adapter, Attachment, Delivery, Holds
from gateway import frames, lasting, pictures, registry, settings
from gateway.filed import warm_up
from gateway.photos import cleaned
from gateway.reading import read_all
from gateway.store.rows import MEDIA
from gateway.workorders import Clean, Look, Order, Paint, Read, Setup, Take
from normalizer.book import Book
from normalizer.places.gazetteer import gazetteer
from normalizer.places.ground import ground_of

MEMORY = 1 << 30
SECONDS = 10
#: For one photo: a phone's takes less than one.
CLEAN_SECONDS = 5

_setup = msgspec.msgpack.Decoder(Setup)
_order: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order)
_encode = msgspec.msgpack.Encoder().encode


class Worker:
    def __init__(self) -> None:
        self._adapters: dict[str, Adapter] | None = None
        self._book = Book("")

    def answer(self, frame: bytes) -> bytes:
        if self._adapters is None:
            self._adapters = self._set_up(_setup.decode(frame))
            return b""
        order = _order.decode(frame)
        _allow(CLEAN_SECONDS if isinstance(order, Clean | Paint | Look) else SECONDS)
        match order:
            case Read(channel, deliveries, look):
                return _encode(read_all(self._adapters[channel], deliveries, self._book, look))
            case Clean(delivery, attachment):
                content = _content(self._adapters.get(delivery.channel), delivery, attachment)
                return _encode(cleaned(content) if content is not None else None)
            case Paint(content):
                return _encode(cleaned(content))
            case Look(content):
                picture = pictures.read(content)
                return _encode(picture.hash if picture else None)
            case Take(delivery, attachment):
                return _encode(_content(self._adapters.get(delivery.channel), delivery, attachment))

    def _set_up(self, setup: Setup) -> dict[str, Adapter]:
        loaded = settings.from_data(setup.source, Path(setup.base), data=Path(setup.data))
        self._book = setup.book
        gazetteer(self._book.areas, self._book.atlas)
        ground_of(self._book.atlas)
        warm_up(self._book)
        lasting.keep()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return {channel.name: registry.adapter(channel.kind)(channel) for channel in loaded.channels}


def _content(adapter: Adapter | None, delivery: Delivery, attachment: Attachment) -> bytes | None:
    """Only the very file that was meant, if the report says which: of several deliveries one has it."""
    try:
        content = _held(adapter, delivery, attachment)
    except MemoryError:
        raise
    except Exception:
        return None
    if content is None:
        return None
    return content if attachment.digest in (None, sha256(content).hexdigest()) else None


def _held(adapter: Adapter | None, delivery: Delivery, attachment: Attachment) -> bytes | None:
    """A file that was fetched is a delivery by itself."""
    if delivery.content_type == MEDIA:
        return delivery.body if attachment.digest else None
    return adapter.content(delivery, attachment) if isinstance(adapter, Holds) else None


def _allow(seconds: int) -> None:
    """More processor time than this for one order, and the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def main() -> None:
    frames.serve(Worker().answer)
