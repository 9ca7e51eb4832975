"""The pool of worker processes: one that dies or dawdles is replaced, and costs only what it was reading."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process

import msgspec

from adapters import Delivery
from gateway.reading import Reading
from gateway.worker import Answer, Order, Setup

_answer = msgspec.msgpack.Decoder(Answer)
_encode = msgspec.msgpack.Encoder().encode

START_SECONDS = 30.0


class WorkerLost(Exception):
    """The worker died (memory, processor time, a crash) or took too long, and was ended."""


class Workers:
    """At most `size` processes, started when first needed, each busy with one order at a time."""

    def __init__(self, setup: Setup, size: int) -> None:
        self._setup = _encode(setup)
        self._idle: list[Process] = []
        self._free = asyncio.Semaphore(size)
        self._size = size

    async def start(self) -> None:
        """Start all processes now, so that the first citizen does not wait for them."""
        self._idle += await asyncio.gather(*(self._new() for _ in range(self._size - len(self._idle))))

    async def read(self, channel: str, deliveries: list[Delivery], seconds: float) -> list[Reading]:
        """Read deliveries of one channel. Raises `WorkerLost`."""
        async with self._free:
            process = self._idle.pop() if self._idle else await self._new()
            try:
                frame = _encode(Order(channel, deliveries))
                answer = await asyncio.wait_for(_ask(process, frame), seconds)
            except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
                await _end(process)
                raise WorkerLost(_reason(error, process)) from None
            except BaseException:
                await _end(process)
                raise
            self._idle.append(process)
            return _answer.decode(answer)

    async def close(self) -> None:
        await asyncio.gather(*(_end(process) for process in self._idle))
        self._idle.clear()

    async def _new(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway.worker", stdin=PIPE, stdout=PIPE, process_group=0
        )
        try:
            await asyncio.wait_for(_ask(process, self._setup), START_SECONDS)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            await _end(process)
            raise WorkerLost("a worker process could not be started") from error
        return process


async def _ask(process: Process, frame: bytes) -> bytes:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(len(frame).to_bytes(4, "big"))
    process.stdin.write(frame)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4), "big")
    return await process.stdout.readexactly(length)


async def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def _reason(error: BaseException, process: Process) -> str:
    if isinstance(error, TimeoutError):
        return "reading took too long"
    return f"the reading process ended (code {process.returncode})"
