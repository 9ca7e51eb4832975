"""`<data>/control.sock`: how commands change a running gateway. One JSON object a line, each way.

    {"do": "move", "with": {"code": "KNL-…", …}}   →   {"done": {…}} or {"refused": "why"}

Only the user who runs the gateway may connect (mode 0600 in a directory with mode 0700).
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog

from gateway.describe import describe
from gateway.errors import OperationRefused
from gateway.store.contract import StoreUnavailable

FILE = "control.sock"
LONGEST_LINE = 64 << 20

log = structlog.get_logger()
Verb = Callable[..., Awaitable[object]]


class Order(msgspec.Struct, frozen=True):
    do: str
    with_: dict[str, Any] = msgspec.field(name="with", default_factory=dict)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    done: Any = None
    refused: str | None = None


_order = msgspec.json.Decoder(Order)
_answer = msgspec.json.Decoder(Answer)
_encode = msgspec.json.Encoder().encode


class Control:
    """Serves the verbs until stopped."""

    def __init__(self, directory: Path, verbs: dict[str, Verb]) -> None:
        self._directory = directory
        self._verbs = verbs
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        path = self._directory / FILE
        path.unlink(missing_ok=True)
        with _short(self._directory) as short:
            self._server = await asyncio.start_unix_server(self._serve, short, limit=LONGEST_LINE)
        path.chmod(0o600)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            (self._directory / FILE).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                writer.write(_encode(await self._do(line)) + b"\n")
                await writer.drain()
        writer.close()

    async def _do(self, line: bytes) -> Answer:
        try:
            order = _order.decode(line)
            verb = self._verbs.get(order.do)
            if verb is None:
                return Answer(refused=f"the running gateway does not know '{order.do}': is it older than this command?")
            return Answer(done=await verb(**order.with_))
        except OperationRefused as refusal:
            return Answer(refused=str(refusal))
        except StoreUnavailable as error:
            return Answer(refused=f"nothing can be written: {error}; `kanal doctor` says what to do")
        except Exception as error:
            log.error("a command failed", stage="control", error=describe(error))
            return Answer(refused=f"it failed: {type(error).__name__}")


async def ask(directory: Path, verb: str, values: dict[str, Any]) -> Any:
    """Have a running gateway do something. Raises `OperationRefused`, or OSError when none listens."""
    with _short(directory) as short:
        reader, writer = await asyncio.open_unix_connection(short, limit=LONGEST_LINE)
    writer.write(_encode(Order(verb, values)) + b"\n")
    await writer.drain()
    line = await reader.readline()
    writer.close()
    if not line:
        raise OperationRefused("the gateway stopped before it answered: ask again whether it was done")
    answer = _answer.decode(line)
    if answer.refused is not None:
        raise OperationRefused(answer.refused)
    return answer.done


@contextlib.contextmanager
def _short(directory: Path) -> Any:
    """The socket's path in less than the 108 bytes that a Unix address may have."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{FILE}"
    finally:
        os.close(descriptor)
