"""The connection to a chat's own gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from gateway import control
from gateway.chat.settings import SOCKET

LOOK_SECONDS = 0.02
#: So long the gateway may take to answer a line.
LONGEST_SECONDS = 30.0
#: After its quiet time a channel answers within this.
LATE_SECONDS = 1.5
LONGEST_LINE = 1 << 20


class Said(msgspec.Struct, frozen=True):
    """What came over the channel: an answer, or what became of a line."""

    reply: str | None = None
    text: str = ""
    choices: list[dict[str, str]] = []
    kept: str | None = None
    refused: str | None = None


_said = msgspec.json.Decoder(Said)


class Talk:
    """`quiet`: for so many seconds the channel waits for more before it answers a report."""

    def __init__(
        self, data: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, quiet: float = 0
    ) -> None:
        self._data = data
        self._quiet = quiet
        self._reader = reader
        self._writer = writer

    async def say(self, *lines: dict[str, Any]) -> list[Said]:
        """Send lines at once; all that is answered until the gateway has nothing left to say. Raises
        ConnectionError."""
        self._writer.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        said: list[Said] = []
        for _ in lines:
            said += await self._kept()
        await self._settled()
        said += await self._rest()
        if self._quiet and not said and (late := await self.hear(self._quiet + LATE_SECONDS)):
            await self._settled()
            said += [late, *await self._rest()]
        return said

    async def _kept(self) -> list[Said]:
        """What came until the next line was kept, or refused."""
        said: list[Said] = []
        while told := await self.hear(LONGEST_SECONDS):
            if told.kept:
                break
            said.append(told)
            if told.refused:
                break
        return said

    async def _rest(self) -> list[Said]:
        said: list[Said] = []
        while (next_one := await self.hear(LOOK_SECONDS)) is not None:
            said.append(next_one)
        return said

    async def _settled(self) -> None:
        """Once all is processed, and each reply has left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SECONDS):
                while any((await control.ask(self._data, "waiting", {})).values()):
                    await asyncio.sleep(LOOK_SECONDS)

    async def hear(self, seconds: float) -> Said | None:
        """What comes next, unless nothing does. Raises ConnectionError."""
        try:
            async with asyncio.timeout(seconds):
                line = await self._reader.readline()
        except TimeoutError:
            return None
        if not line:
            raise ConnectionError("the gateway has gone")
        return _said.decode(line)


@asynccontextmanager
async def talking(folder: Path, quiet: float = 0) -> AsyncIterator[Talk]:
    """Connect to the terminal of the gateway whose settings and data are in `folder`."""
    reader, writer = await asyncio.open_unix_connection(str(folder / SOCKET), limit=LONGEST_LINE)
    try:
        yield Talk(folder / "data", reader, writer, quiet)
    finally:
        writer.close()
