"""The pool of worker processes: one that dies or dawdles is replaced, and costs only what it was reading."""

import asyncio

import msgspec

from adapters import Attachment, Delivery
from gateway.child import Child, ChildLost
from gateway.filed import Reading
from gateway.turns import Turns
from gateway.workorders import Clean, Look, Order, Paint, Read, Setup, Take

__all__ = ["ChildLost", "NoWorker", "Workers"]

START_SECONDS = 30.0

_readings = msgspec.msgpack.Decoder(list[Reading])
_content: msgspec.msgpack.Decoder[bytes | None] = msgspec.msgpack.Decoder(bytes | None)
_image: msgspec.msgpack.Decoder[str | None] = msgspec.msgpack.Decoder(str | None)
_encode = msgspec.msgpack.Encoder().encode


class NoWorker(Exception):
    """No worker process can be started: the machine is at its limits. It says nothing against a delivery."""


class Workers:
    """At most `size` processes, started when first needed, each busy with one order at a time. Reading goes first."""

    def __init__(self, setup: Setup, size: int) -> None:
        self._setup = _encode(setup)
        self._idle: list[Child] = []
        self._free = asyncio.Semaphore(size)
        self._turns = Turns(size)
        self._size = size
        self._started = asyncio.Event()
        self._closed = False

    async def start(self) -> None:
        """Start all processes now, so that the first citizen does not wait for them."""
        wanted = 0 if self._closed else self._size - len(self._idle)
        for child in await asyncio.gather(*(self._new() for _ in range(wanted))):
            await self._put_back(child)
        self._started.set()

    async def started(self) -> None:
        """Returns once `start` has succeeded, or the pool is closed."""
        await self._started.wait()

    async def read(self, channel: str, deliveries: list[Delivery], seconds: float, look: bool = True) -> list[Reading]:
        """Read deliveries of one channel, and `look` at their pictures. Raises `ChildLost` or `NoWorker`."""
        with self._turns.first():
            return _readings.decode(await self._ask(Read(channel, deliveries, look), seconds))

    async def photo(self, delivery: Delivery, attachment: Attachment, seconds: float) -> bytes | None:
        """A photo that a delivery holds, cleaned (see `gateway.photos`); None if it holds none that can be. Raises
        `ChildLost` or `NoWorker`."""
        async with self._turns.last():
            return _content.decode(await self._ask(Clean(delivery, attachment), seconds))

    async def take(self, delivery: Delivery, attachment: Attachment, seconds: float) -> bytes | None:
        """A file that a delivery holds, byte for byte; None if it does not. Raises `ChildLost` or `NoWorker`."""
        async with self._turns.last():
            return _content.decode(await self._ask(Take(delivery, attachment), seconds))

    async def paint(self, content: bytes, seconds: float) -> bytes | None:
        """A picture, cleaned; None if it is none that can be. Raises `ChildLost` or `NoWorker`."""
        async with self._turns.last():
            return _content.decode(await self._ask(Paint(content), seconds))

    async def image(self, content: bytes, seconds: float) -> str | None:
        """What a picture shows, in bits (see `gateway.pictures.dhash`); None if it is none, or shows nothing. Raises
        `ChildLost` or `NoWorker`."""
        async with self._turns.last():
            return _image.decode(await self._ask(Look(content), seconds))

    async def close(self) -> None:
        """End the processes: those that are busy, once they have answered."""
        self._closed = True
        self._started.set()
        idle, self._idle = self._idle, []
        await asyncio.gather(*(child.end() for child in idle))

    async def _ask(self, order: Order, seconds: float) -> bytes:
        async with self._free:
            child = self._idle.pop() if self._idle else await self._new()
            answer = await child.ask(_encode(order), seconds)
            await self._put_back(child)
        return answer

    async def _put_back(self, child: Child) -> None:
        if self._closed:
            await child.end()
        else:
            self._idle.append(child)

    async def _new(self) -> Child:
        try:
            child = await Child.start("gateway.worker")
            await child.ask(self._setup, START_SECONDS)
        except (ChildLost, OSError) as error:
            raise NoWorker(str(error)) from error
        return child
