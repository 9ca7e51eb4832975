"""The files that came with a message are looked at, and called what they are. Pure: it runs in worker processes.

What is too much or too large stays in the delivery, and its attachment says so. A hostile picture costs no more than
its hash: `look` False opens none, for a delivery over which a worker was lost.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from adapters import Adapter, Attachment, Delivery, Holds, Message
from gateway import pictures
from gateway.filed import LookedAt
from normalizer import filetype

MOST_FILES = 100
MOST_INSPECTED = 50
MOST_BYTES = 64 << 20
#: Of processor time, for the pictures of all deliveries that are read at once: those after it are not compared.
PICTURE_SECONDS = 0.5

CUT, MISLABELLED, POLYGLOT = "cut", "mislabelled", "polyglot"
#: What of this a person should see in the report's triage.
_TOLD = {CUT: "cut", MISLABELLED: "mislabelled-file", POLYGLOT: "polyglot-file"}


class Inspected(NamedTuple):
    """A message whose files were looked at, and where the first photo that says so was taken."""

    message: Message
    hint: tuple[float, float] | None = None


class Inspector:
    """For one order; `look` at pictures while there is time for it."""

    def __init__(self, look: bool = True) -> None:
        self._look = look
        self._until = time.process_time() + PICTURE_SECONDS

    def inspected(self, adapter: Adapter, delivery: Delivery, message: Message) -> Inspected:
        if not message.attachments or not isinstance(adapter, Holds):
            return Inspected(message)
        return self._inspected(adapter, delivery, message)

    def _inspected(self, adapter: Holds, delivery: Delivery, message: Message) -> Inspected:
        found: list[Attachment] = []
        hint: tuple[float, float] | None = None
        left = MOST_BYTES
        for number, one in enumerate(message.attachments[:MOST_FILES]):
            left -= one.size
            if number >= MOST_INSPECTED or left < 0:
                found.append(_cut(one))
                continue
            if (content := _content(adapter, delivery, one)) is None:
                found.append(one)
                continue
            looked_at = self.looked_at(one, content)
            hint = hint or looked_at.hint
            found.append(looked_at.attachment)
        doubts = [CUT] if len(message.attachments) > MOST_FILES else []
        told = dict.fromkeys((*message.doubts, *_told(found), *doubts))
        return Inspected(replace(message, attachments=tuple(found), doubts=tuple(told)), hint)

    def looked_at(self, one: Attachment, content: bytes) -> LookedAt:
        """A file, by its bytes."""
        picture = self._picture(content)
        known = _described(_typed(one, content), picture)
        return LookedAt(known, picture.position if picture else None, tuple(_told([known])))

    def _picture(self, content: bytes) -> pictures.Picture | None:
        return pictures.read(content, time.process_time() < self._until) if self._look else None


def _content(adapter: Holds, delivery: Delivery, one: Attachment) -> bytes | None:
    try:
        return adapter.content(delivery, one)
    except MemoryError:
        raise
    except Exception:  # what cannot be taken out is only in the delivery
        return None


def _told(found: Sequence[Attachment]) -> list[str]:
    return [said for name, said in _TOLD.items() if any(name in one.doubts for one in found)]


def _cut(one: Attachment) -> Attachment:
    return replace(one, media_type=filetype.UNKNOWN, claimed=one.media_type, doubts=(CUT,))


def _typed(one: Attachment, content: bytes) -> Attachment:
    is_one, polyglot = filetype.found(content)
    wrong = filetype.mislabelled(one.media_type, is_one)
    known = filetype.settled(one.media_type, is_one)
    doubts = {MISLABELLED: wrong, POLYGLOT: polyglot}
    return replace(
        one,
        media_type=known,
        claimed=one.media_type if one.media_type != known else None,
        doubts=tuple(name for name, holds in doubts.items() if holds),
    )


def _described(one: Attachment, picture: pictures.Picture | None) -> Attachment:
    if picture is None:
        return one
    return replace(
        one,
        width=picture.width,
        height=picture.height,
        image_hash=picture.hash,
        taken_at=picture.taken_at,
    )
