"""A worker process: reads deliveries that may be hostile, under limits of memory and processor time.

The first frame in is the `Setup`, every later one an `Order`, answered by its readings. See `gateway.frames`.
"""

import resource
from pathlib import Path
from typing import Any

import msgspec

from adapters import Adapter, Delivery
from gateway import discretion, frames, registry, settings
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


class Worker:
    def __init__(self) -> None:
        self._adapters: dict[str, Adapter] | None = None
        self._areas = ""

    def answer(self, frame: bytes) -> bytes:
        if self._adapters is None:
            self._adapters = self._set_up(_setup.decode(frame))
            return b""
        _allow(SECONDS)
        order = _order.decode(frame)
        return _encode(read_all(self._adapters[order.channel], order.deliveries, self._areas))

    def _set_up(self, setup: Setup) -> dict[str, Adapter]:
        loaded = settings.from_data(setup.source, Path(setup.base), data=Path(setup.data))
        self._areas = loaded.gateway.areas
        gazetteer(self._areas)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        return {channel.name: registry.adapter(channel.kind)(channel) for channel in loaded.channels}


def _allow(seconds: int) -> None:
    """More processor time than this for one order, and the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    discretion.begin()
    frames.serve(Worker().answer)
