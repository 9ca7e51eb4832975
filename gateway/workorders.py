"""What a worker process is told to do, over its pipe."""

from typing import Any

import msgspec

from adapters import Attachment, Delivery
from normalizer.book import Book


class Setup(msgspec.Struct, frozen=True, array_like=True):
    """What a worker needs to build the channels' adapters again, and what it reads by."""

    source: dict[str, Any]
    base: str
    data: str
    book: Book


class Read(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Deliveries of one channel to read; answered by a list of readings. `look` at pictures, too."""

    channel: str
    deliveries: list[Delivery]
    look: bool = True


class Clean(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A photo in a delivery to take out and clean; answered by its bytes, or None if there is no such photo."""

    delivery: Delivery
    attachment: Attachment


class Take(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A file in a delivery to take out; answered by its bytes, or None if it is not there."""

    delivery: Delivery
    attachment: Attachment


class Paint(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A picture to clean; answered by its bytes, or None if it is none."""

    content: bytes


class Look(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A picture to be told from others; answered by its dHash (see `gateway.pictures`), or None if it has none."""

    content: bytes


Order = Read | Clean | Take | Paint | Look
