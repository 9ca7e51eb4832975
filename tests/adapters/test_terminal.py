"""A terminal takes lines and gives answers to whoever has written."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters import Address, Choice, Delivery, NotAccepted, Reply, sockets
from adapters.terminal import Terminal
from adapters.testing import AdapterContract, settings_of

REPLY = Reply(
    id="a-1", channel="terminal", to=Address("account", "warga"), text="Di mana?", choices=(Choice("1:a", "Sini"),)
)


class TestTerminal(AdapterContract):
    adapter = Terminal
    settings = {"socket": "./terminal.sock"}
    payloads = Path(__file__).parent / "payloads" / "terminal"
    reply = REPLY
    outcomes = ("down",)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        """Nobody has connected."""
        yield {}


class Talk:
    """A connection to a terminal that listens."""

    def __init__(self, terminal: Terminal, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.terminal = terminal
        self.reader = reader
        self.writer = writer

    async def says(self, line: bytes) -> dict[str, Any]:
        self.writer.write(line + b"\n")
        return await self.hears()

    async def hears(self) -> dict[str, Any]:
        async with asyncio.timeout(60):
            told: dict[str, Any] = json.loads(await self.reader.readline())
        return told


@asynccontextmanager
async def talking(folder: Path, kept: list[Delivery], full: bool = False) -> AsyncIterator[Talk]:
    path = str(folder / "terminal.sock")
    terminal, ready = Terminal(settings_of(Terminal, {"socket": path})), asyncio.Event()

    async def accept(deliveries: Sequence[Delivery], cursor: str | None) -> None:
        if full:
            raise NotAccepted
        kept.extend(deliveries)

    task = asyncio.create_task(terminal.listen(sockets.bind, accept, ready.set))
    await ready.wait()
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        yield Talk(terminal, reader, writer)
    finally:
        writer.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_line_is_kept_before_that_is_said(tmp_path: Path) -> None:
    kept: list[Delivery] = []
    async with talking(tmp_path, kept) as talk:
        assert await talk.says(b'{"id": "1", "from": "warga", "text": "Banjir"}') == {"kept": "1"}
    assert [(one.id, one.body) for one in kept] == [("1", b'{"id": "1", "from": "warga", "text": "Banjir"}')]


async def test_an_answer_comes_over_the_connection_on_which_its_receiver_wrote(tmp_path: Path) -> None:
    async with talking(tmp_path, []) as talk:
        await talk.says(b'{"id": "1", "from": "warga", "text": "Banjir"}')
        await talk.terminal.send(REPLY)
        told = await talk.hears()
    assert told == {"reply": "a-1", "text": "Di mana?", "choices": [{"id": "1:a", "label": "Sini"}]}


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"id": "1"}', b'{"id": "", "from": "a"}', b"\xff", b"[" * 60_000])
async def test_what_is_no_line_is_refused_and_the_next_is_kept(tmp_path: Path, line: bytes) -> None:
    async with talking(tmp_path, []) as talk:
        assert "JSON" in (await talk.says(line))["refused"]
        assert await talk.says(b'{"id": "2", "from": "warga"}') == {"kept": "2"}


async def test_what_cannot_be_kept_is_said_to_be_tried_again(tmp_path: Path) -> None:
    async with talking(tmp_path, [], full=True) as talk:
        told = await talk.says(b'{"id": "1", "from": "warga", "text": "Banjir"}')
    assert told == {"refused": "it could not be kept: try again"}


async def test_a_line_without_an_end_ends_the_connection(tmp_path: Path) -> None:
    async with talking(tmp_path, []) as talk:
        talk.writer.write(b"A" * (9 << 20))
        async with asyncio.timeout(60):
            with contextlib.suppress(ConnectionResetError):
                assert await talk.reader.read() == b""
            assert talk.reader.at_eof() or talk.reader.exception()
