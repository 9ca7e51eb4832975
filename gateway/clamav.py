"""A scanner for malware, asked over its socket: clamd of ClamAV, which must be running beside Kanal.

`INSTREAM` as in clamd(8): chunks with their length in four bytes, the last one empty, and a line for an answer.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from adapters.hosts import is_host

CHUNK = 1 << 16
#: To be there, and to answer: what is scanned is at most a mail's file.
CONNECT_SECONDS, SECONDS = 5.0, 30.0
LONGEST_ANSWER = 1_000
_FOUND = re.compile(r"stream: (.{1,500}) FOUND")
_TCP = re.compile(r"tcp:(?:\[([0-9a-fA-F:.%]+)\]|([^\[\]:]+)):(\d{1,5})")


class ScannerDown(Exception):
    """It does not answer: ask again later."""


class Verdict(NamedTuple):
    """`signature` is what the malware is called, None if there is none; `refused` says why it could not be scanned."""

    signature: str | None = None
    refused: str = ""


class Clamd:
    """At "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310". Raises ValueError if `place` is neither."""

    def __init__(self, place: str) -> None:
        self._path = place.removeprefix("unix:") if place.startswith("unix:/") else ""
        self._host, self._port = ("", 0) if self._path else _host(place)

    async def scan(self, content: bytes) -> Verdict:
        """Raises `ScannerDown`."""
        async with self._connected() as (reader, writer):
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            writer.write(bytes(4))
            return _verdict(await _line(reader))

    async def version(self) -> str:
        """Raises `ScannerDown`."""
        async with self._connected() as (reader, writer):
            writer.write(b"zVERSION\0")
            return await _line(reader)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        try:
            async with asyncio.timeout(SECONDS):
                async with asyncio.timeout(CONNECT_SECONDS):
                    reader, writer = await self._connect()
                try:
                    yield reader, writer
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as error:
            raise ScannerDown(str(error) or type(error).__name__) from error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._path:
            return await asyncio.open_unix_connection(self._path, limit=LONGEST_ANSWER)
        return await asyncio.open_connection(self._host, self._port, limit=LONGEST_ANSWER)


def is_place(place: str) -> bool:
    """Is it where a scanner can be?"""
    try:
        return bool(Clamd(place))
    except ValueError:
        return False


def _host(place: str) -> tuple[str, int]:
    found = _TCP.fullmatch(place)
    host = found and (found[1] or found[2])
    if not found or not host or not is_host(host) or not 0 < int(found[3]) < 65_536:
        raise ValueError(f"'{place}' is no place of a scanner")
    return host, int(found[3])


async def _line(reader: asyncio.StreamReader) -> str:
    """What is too large it answers and then closes, maybe before all was sent."""
    line = await reader.readuntil(b"\0")
    return line[:-1].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict()
    if found := _FOUND.fullmatch(answer):
        return Verdict(signature=re.sub(r"[^\w.-]+", "_", found[1])[:80])
    return Verdict(refused=answer[:200] or "it gave no answer")
