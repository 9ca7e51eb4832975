"""A listening mail adapter, and a peer that says what it likes to it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from adapters import Delivery
from adapters.smtp import Smtp
from adapters.sockets import bind
from adapters.testing import settings_of

OWN = "dki@jakarta.go.id"
DEFAULTS: dict[str, Any] = {"recipients": ["dki@jakarta.go.id", "lapor@jakarta.go.id", "@lapor.jakarta.go.id"]}


class Inbox:
    """What `accept` is given; raises the next of `errors` first, if any, and waits for `gate` where there is one."""

    def __init__(self, *errors: BaseException, gate: asyncio.Event | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self.calls = 0
        self.called = asyncio.Event()
        self._errors = list(errors)
        self._gate = gate

    async def accept(self, deliveries: Sequence[Delivery], cursor: str | None) -> None:
        self.calls += 1
        self.called.set()
        if self._gate:
            await self._gate.wait()
        if self._errors:
            raise self._errors.pop(0)
        self.deliveries += deliveries

    async def given(self, calls: int) -> None:
        """Returns once `accept` was called so often."""
        async with asyncio.timeout(60):
            while self.calls < calls:
                await asyncio.sleep(0.01)

    @property
    def bodies(self) -> list[bytes]:
        return [delivery.body for delivery in self.deliveries]


def adapter(**settings: Any) -> Smtp:
    values = {**DEFAULTS, **settings}
    if not values.get("smtp") and not values.get("lmtp"):
        values["smtp"] = "127.0.0.1:0"
    return Smtp(settings_of(Smtp, values))


@asynccontextmanager
async def listening(inbox: Inbox, **settings: Any) -> AsyncIterator[str]:
    """Yields where it listens, "host:port" or a path."""
    async with running(inbox, **settings) as (smtp, _):
        yield smtp.addresses()[0].partition("://")[2]


@asynccontextmanager
async def running(inbox: Inbox, **settings: Any) -> AsyncIterator[tuple[Smtp, "asyncio.Task[None]"]]:
    smtp, ready = adapter(**settings), asyncio.Event()
    task = asyncio.create_task(smtp.listen(bind, inbox.accept, ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=60)
    waiting.cancel()
    if task.done():
        task.result()
    try:
        yield smtp, task
    finally:
        task.cancel()
        await task


class Peer:
    """One connection, spoken on by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, words: str | bytes) -> str:
        await self.send(words)
        return await self.hear()

    async def send(self, words: str | bytes) -> None:
        self.writer.write(words.encode() + b"\r\n" if isinstance(words, str) else words)
        await self.writer.drain()

    async def hear(self) -> str:
        """One answer, all its lines; "" at the end of the conversation."""
        lines = []
        with suppress(ConnectionError):
            while line := await asyncio.wait_for(self.reader.readline(), 60):
                lines.append(line.decode().rstrip("\r\n"))
                if line[3:4] != b"-":
                    break
        return "\n".join(lines)

    async def envelope(self, recipient: str = OWN) -> str:
        """Everything up to the answer to DATA."""
        for words in ("EHLO warga.example.org", "MAIL FROM:<warga@example.org>", f"RCPT TO:<{recipient}>"):
            await self.say(words)
        return await self.say("DATA")

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@asynccontextmanager
async def peer(where: str, address: str = "127.0.0.1") -> AsyncIterator[Peer]:
    """Connected, from this address of our own, and greeted."""
    if "/" in where:
        talk = Peer(*await asyncio.open_unix_connection(where))
    else:
        host, _, port = where.rpartition(":")
        talk = Peer(*await asyncio.open_connection(host, int(port), local_addr=(address, 0)))
    try:
        await talk.hear()
        yield talk
    finally:
        await talk.close()


@asynccontextmanager
async def placed(where: str) -> AsyncIterator[Peer]:
    """Connected and welcome: others that went away may still have their places for a moment."""
    host, _, port = where.rpartition(":")
    async with asyncio.timeout(60):
        talk = Peer(*await asyncio.open_connection(host, int(port)))
        while not (await talk.hear()).startswith("220"):
            await talk.close()
            await asyncio.sleep(0.02)
            talk = Peer(*await asyncio.open_connection(host, int(port)))
    try:
        yield talk
    finally:
        await talk.close()


def tool(name: str, package: str) -> str:
    """Where a program is that a test needs; the test fails without it."""
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin")
    if not found:
        pytest.fail(f"{name} is missing: apt-get install {package}")
    return found


async def run(*command: str) -> tuple[int, str]:
    """Exit status and all that a program printed."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, printed.decode("utf-8", "replace")


def mail(text: str = "Banjir di Kemang", **headers: str) -> bytes:
    """A small mail; `subject="…"` and the like set headers, underscores for hyphens."""
    fields = {"From": "Warga <warga@example.org>", "Message-Id": "<1@example.org>", "Date": _DATE, "Subject": "Banjir"}
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{text}\r\n".encode()


_DATE = "Sun, 01 Nov 2026 07:00:00 +0700"
