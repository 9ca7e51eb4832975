"""A mail relay and an SMS gateway that misbehave as told, in front of them a way out that is in a hurry."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from adapters import Opens
from gateway import channels
from gateway.breaker import Patience
from gateway.data import DataDirectory
from gateway.master import made_if_new
from gateway.metrics import Metrics
from gateway.replies import Replies
from gateway.store.contract import Contact, ReplyRow, ReplyState, Settlement
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.support import channel, settings_in, sms_channel, until

#: Instead of an answer: none at all, or one that never ends.
SILENCE, DRIPS = "silence", "drips"
HURRIED = Patience(first=0.1, longest=0.4, pause=60.0, take=1.5)
Script = Mapping[str, str]


class Outside:
    """`async with Relay() as relay:`; `taken` are the numbers of the replies it took, in order. `script` says what it
    answers to what; `away` is whether nobody listens."""

    def __init__(self) -> None:
        self.script: Script = {}
        self.taken: list[int] = []
        self.begun: list[float] = []
        self.most_at_once = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.is_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.goes_away()

    @property
    def at_once(self) -> int:
        """How many are being served now."""
        return len(self._open)

    async def goes_away(self) -> None:
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.close()

    async def is_back(self) -> None:
        self.script = {}
        if self._server is None or not self._server.is_serving():
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def misbehaves(self, script: Script) -> None:
        """By its script, or by not being there if that is empty."""
        self.script = script
        if not script:
            await self.goes_away()

    def settings(self) -> dict[str, Any]:
        """The channel that sends by it."""
        raise NotImplementedError

    def contact(self, person: int) -> Contact:
        raise NotImplementedError

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    async def say(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: str) -> None:
        if words == SILENCE:
            await reader.read()
        while words == DRIPS:
            await _send(writer, b"2")
            await asyncio.sleep(0.2)
        await _send(writer, words.encode() + b"\r\n")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.begun.append(time.monotonic())
        self._open.add(writer)
        self.most_at_once = max(self.most_at_once, self.at_once)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.talk(reader, writer)
        self._open.discard(writer)
        writer.close()


class Relay(Outside):
    """The script's keys are SMTP verbs and "greeting", or a recipient; its answers are those of SMTP."""

    def settings(self) -> dict[str, Any]:
        login = {"relay_username": "kanal", "relay_password": {"file": "secret"}}
        relay = {"relay": f"127.0.0.1:{self.port}", "relay_tls": "none"}
        return channel("smtp", "out", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **relay, **login)

    def contact(self, person: int) -> Contact:
        return Contact(f"p-{person}", "email", f"warga{person}@example.org")

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.say(reader, writer, self.script.get("greeting", "220 relay"))
        usual = {"EHLO": "250-relay\r\n250 AUTH PLAIN", "AUTH": "235 welcome", "DATA": "354 go on", "QUIT": "221 bye"}
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            told = next((answer for key, answer in self.script.items() if "@" in key and key in line), None)
            answer = told or self.script.get(verb) or usual.get(verb, "250 OK")
            await self.say(reader, writer, answer)
            if answer.startswith("354"):
                await self._take(reader, writer)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mail = await reader.readuntil(b"\r\n.\r\n")
        answer = self.script.get("mail", "250 taken")
        if answer.startswith("250"):
            self.taken.append(_number(mail.decode()))
        await self.say(reader, writer, answer)


class SmsGateway(Outside):
    """The script's one key is "sms"; its answers are a status and headers, as in "429 Slow\\r\\nRetry-After: 1"."""

    def settings(self) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"
        return sms_channel(send_url=url, username="kanal", password={"file": "secret"}) | {"name": "out"}

    def contact(self, person: int) -> Contact:
        return Contact(f"p-{person}", "phone", f"+62811100{person:05}")

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        answer = self.script.get("sms", "202 Accepted")
        if answer.startswith("202"):
            self.taken.append(_number(parse_qs(urlsplit(head.split()[1]).query)["text"][0]))
        length = "Content-Length: 2\r\nConnection: close\r\n\r\n0:"
        await self.say(reader, writer, answer if answer in {SILENCE, DRIPS} else f"HTTP/1.1 {answer}\r\n{length}")


class WayOut:
    """The part of a gateway that sends, with its real store and adapter, and replies to send."""

    def __init__(self, store: SqliteStore, views: Views, metrics: Metrics, replies: Replies, outside: Outside) -> None:
        self._outside = outside
        self.store = store
        self.replies = replies
        self._views = views
        self._metrics = metrics
        self._owed = 0
        self._since = time.time() - 1000

    async def owe(self, *people: int) -> None:
        """A reply to each of them, the oldest first; they are numbered from 0."""
        new = [self._reply(self._owed + place, person) for place, person in enumerate(people)]
        self._owed += len(new)
        contacts = [self._outside.contact(person) for person in people]
        await self.store.settle(Settlement(contacts=contacts, replies=new))
        self.replies.wake(["out"])

    def _reply(self, number: int, person: int) -> ReplyRow:
        at = self._since + number / 100
        return ReplyRow(
            id=f"a-{number}",
            channel="out",
            contact=f"p-{person}",
            case=None,
            about="received",
            text=f"Balasan {number}.",
            state=ReplyState.DUE,
            created_at=at,
            due_at=at,
        )

    def rows(self) -> list[dict[str, Any]]:
        """The replies, oldest first."""
        return list(self._views.replies(limit=1000, newest=False))

    def states(self) -> Sequence[str]:
        return [row["state"] for row in self.rows()]

    def tries(self) -> int:
        return sum(row["tries"] for row in self.rows())

    def figure(self, name: str) -> float:
        return self._metrics.registry.get_sample_value(name, {"channel": "out"}) or 0.0

    async def closed(self) -> None:
        await until(lambda: self.figure("kanal_channel_circuit_open"), "the circuit to open")

    async def sent(self) -> None:
        await until(lambda: set(self.states()) == {"sent"}, "all to be sent")


@asynccontextmanager
async def sending(folder: Path, outside: Outside, patience: Patience = HURRIED) -> AsyncIterator[WayOut]:
    """A way out that runs; at the end it is stopped, as at SIGTERM."""
    loaded = settings_in(folder, outside.settings())
    with DataDirectory(loaded.gateway.data) as directory:
        master = made_if_new(directory.path, loaded.gateway.master_key)
    built, metrics = channels.build(loaded), Metrics()
    async with AsyncExitStack() as stack:
        store = SqliteStore(loaded.gateway.data, master, _raise)
        stack.push_async_callback(store.close)
        views = stack.enter_context(Views(loaded.gateway.data, lambda: master))
        adapter = built["out"].adapter
        if isinstance(adapter, Opens):
            await adapter.open()
            stack.push_async_callback(adapter.close)
        replies = Replies(store, built, metrics, patience)
        await replies.recover("out")
        running = asyncio.create_task(replies.run("out"))
        stack.push_async_callback(_ended, running, replies, patience.take)
        yield WayOut(store, views, metrics, replies, outside)


async def _ended(running: "asyncio.Task[None]", replies: Replies, seconds: float) -> None:
    replies.stop()
    await asyncio.wait({running}, timeout=seconds)
    running.cancel()
    await asyncio.wait({running}, timeout=60)
    assert running.done()


def _raise(error: BaseException) -> None:
    raise error


def _number(text: str) -> int:
    found = re.search(r"Balasan (\d+)\.", text)
    return int(found[1]) if found else 0


async def _send(writer: asyncio.StreamWriter, words: bytes) -> None:
    writer.write(words)
    await writer.drain()
