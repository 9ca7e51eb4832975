"""A proxy between a client and a server of a protocol of lines, that cuts, answers itself or hides what is offered."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


def refusal(code: str) -> str:
    return f"TAG NO [{code}] sorry, warga@example.org\r\n"


class Meddler:
    """`port` is where it listens. `heard` are the client's lines; `hides` are words the server's side is not to say;
    lines that match `refuses` are answered with `answer` instead, and those that match `cuts` end the connection."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.heard: list[str] = []
        self.hides: tuple[bytes, ...] = ()
        self.refuses: str | None = None
        self.answer = refusal("SERVERBUG")
        self.cuts: str | None = None
        self._to = to
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    def said(self, words: str) -> list[str]:
        return [line for line in self.heard if words in line]

    def connected(self) -> bool:
        return bool(self._open)

    def cut(self) -> None:
        """All connections, without a word."""
        for writer in [*self._open]:
            writer.transport.abort()

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def end(self) -> None:
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._opened(writer):
            answers, server = await asyncio.open_connection("127.0.0.1", self._to)
            async with self._opened(server):
                await asyncio.gather(self._up(reader, server, writer), self._down(answers, writer, server))

    @asynccontextmanager
    async def _opened(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._open.add(writer)
        try:
            with suppress(OSError):
                yield
        finally:
            self._open.remove(writer)
            writer.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            text = line.decode().strip()
            self.heard.append(text)
            if self.cuts and re.search(self.cuts, text):
                raise ConnectionError
            if self.refuses and re.search(self.refuses, text):
                back.write(self.answer.replace("TAG", text.split()[0]).encode())
                continue
            server.write(line)
            await server.drain()
        raise ConnectionError

    async def _down(
        self, answers: asyncio.StreamReader, client: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        while chunk := await answers.read(65_536):
            for word in self.hides:
                chunk = chunk.replace(b" " + word, b" X" + word[1:])
            client.write(chunk)
            await client.drain()
        raise ConnectionError


@asynccontextmanager
async def between(to: int) -> AsyncIterator[Meddler]:
    """Before the server at a port of 127.0.0.1."""
    meddler = Meddler(to)
    server = await asyncio.start_server(meddler.serve, "127.0.0.1", 0, limit=1 << 20)
    meddler.port = server.sockets[0].getsockname()[1]
    try:
        yield meddler
    finally:
        server.close()
        await meddler.end()
