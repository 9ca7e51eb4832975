"""A process that opens one file: strangers may have made it, and what it unpacks to may be large.

The frame in is an `Opening`, the frame out what came of it. See `gateway.frames`.
"""

import asyncio
import resource
from pathlib import Path

import msgspec

from gateway import frames
from gateway.child import Child, ChildLost
from gateway.transfer import opening, wording
from gateway.transfer.kept import Kept, kept
from gateway.transfer.wording import NotTaken, Refusal

MEMORY = 1 << 30
SECONDS = 60


class Opening(msgspec.Struct, frozen=True, array_like=True):
    content: bytes
    sheet: str
    folder: str


class Opened(msgspec.Struct, frozen=True, array_like=True):
    """A table, or why there is none."""

    table: Kept | None
    reason: str = ""
    values: dict[str, str] = {}


_opening = msgspec.msgpack.Decoder(Opening)
_opened = msgspec.msgpack.Decoder(Opened)
_encode = msgspec.msgpack.Encoder().encode


async def opened(content: bytes, sheet: str, folder: Path) -> Kept:
    """The table in a file, opened by a process of its own. Raises `NotTaken`."""
    child = await Child.start("gateway.transfer.child")
    try:
        answer = await child.ask(_encode(Opening(content, sheet, str(folder))), SECONDS)
    except ChildLost:
        raise NotTaken("bomb") from None
    finally:
        await child.end()
    found = await asyncio.to_thread(_opened.decode, answer)
    if found.table is None:
        raise NotTaken(found.reason, **found.values)
    return found.table


def answer(frame: bytes) -> bytes:
    asked = _opening.decode(frame)
    try:
        table = opening.opened(asked.content, wording.load(Path(asked.folder)), asked.sheet)
    except NotTaken as error:
        return _encode(_refused(error.refusal))
    return _encode(Opened(kept(table)))


def _refused(refusal: Refusal) -> Opened:
    return Opened(None, refusal.name, {name: str(value) for name, value in refusal.values.items()})


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, resource.RLIM_INFINITY))
    frames.serve(answer)
