"""A worker process: reads deliveries that may be hostile, under limits of memory and processor time.

Frames on standard input and output: four bytes of length (big-endian), then msgpack. The first frame in is the `Setup`,
every later one an `Order`; each is answered by one frame. The process ends when its input does.
"""

import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from adapters import Delivery
from gateway import registry, settings
from gateway.reading import Reading, read_all
from normalizer.areas import gazetteer

MEMORY = 1 << 30
SECONDS = 10


class Setup(msgspec.Struct, frozen=True, array_like=True):
    """What a worker needs to build the channels' adapters again."""

    source: dict[str, Any]
    base: str
    data: str


class Order(msgspec.Struct, frozen=True, array_like=True):
    """Deliveries of one channel to read."""

    channel: str
    deliveries: list[Delivery]


Answer = list[Reading]

_setup = msgspec.msgpack.Decoder(Setup)
_order = msgspec.msgpack.Decoder(Order)
_encode = msgspec.msgpack.Encoder().encode


def main() -> None:
    received, answered = sys.stdin.buffer, sys.stdout.buffer
    setup = _receive(received)
    if setup is None:
        return
    loaded = _load(_setup.decode(setup))
    adapters = {channel.name: registry.adapter(channel.kind)(channel) for channel in loaded.channels}
    gazetteer(loaded.gateway.areas)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(answered, b"")
    while (frame := _receive(received)) is not None:
        _allow(SECONDS)
        order = _order.decode(frame)
        _send(answered, _encode(read_all(adapters[order.channel], order.deliveries, loaded.gateway.areas)))


def _load(setup: Setup) -> settings.Settings:
    return settings.from_data(setup.source, Path(setup.base), data=Path(setup.data))


def _allow(seconds: int) -> None:
    """More processor time than this for one order, and the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _receive(stream: BinaryIO) -> bytes | None:
    length = stream.read(4)
    if len(length) < 4:
        return None
    return stream.read(int.from_bytes(length, "big"))


def _send(stream: BinaryIO, frame: bytes) -> None:
    stream.write(len(frame).to_bytes(4, "big") + frame)
    stream.flush()


if __name__ == "__main__":
    main()
