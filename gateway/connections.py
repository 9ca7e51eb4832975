"""Who may hold a connection to the web server, and how long each thing may take that only the client can do.

aiohttp limits neither the number of connections nor the time for a request or for the taking of its answer.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from adapters.accepting import Room
from adapters.hosts import source_of
from gateway.metrics import Metrics
from gateway.tables import WebSettings

LOOKS_PER_LIMIT = 5
RETRY_AFTER_SECONDS = "5"

SILENT, HEAD, BODY, IDLE, ANSWER = "silent", "head", "body", "idle", "answer"

REFUSED = "refused\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"Retry-After: " + RETRY_AFTER_SECONDS.encode() + b"\r\n\r\n"
)


class Guard:
    """The open connections: has room for so many, and ends those that are waited for too long.

    `exempt` says of an IP address whether it may have any number of them.
    """

    def __init__(self, settings: WebSettings, exempt: Callable[[str], bool], metrics: Metrics) -> None:
        self.room = Room(
            settings.max_connections,
            settings.max_connections_per_address,
            self._end_one,
            exempt,
            lambda limit: metrics.turned_away.labels(limit).inc(),
        )
        self._cut = metrics.cut
        self._open: set[Connection] = set()
        self.use(settings)

    def use(self, settings: WebSettings) -> None:
        """Other limits, from now on."""
        self.room.resize(settings.max_connections, settings.max_connections_per_address)
        self._limits = {
            SILENT: settings.header_timeout,
            HEAD: settings.header_timeout,
            BODY: settings.body_timeout,
            IDLE: settings.idle_timeout,
            ANSWER: settings.answer_timeout,
        }
        self._pause = min(1.0, *(limit / LOOKS_PER_LIMIT for limit in self._limits.values()))

    async def watch(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._pause)
            now = loop.time()
            for connection in list(self._open):
                if slow := connection.slow(now, self._limits):
                    self._cut.labels(slow).inc()
                    connection.cut(slow)

    def enter(self, connection: "Connection") -> None:
        self._open.add(connection)

    def leave(self, connection: "Connection") -> None:
        self._open.remove(connection)
        self.room.leave(connection.address)

    def _end_one(self, source: str) -> bool:
        """The one that has been waited for longest."""
        awaited = [one for one in self._open if one.source == source and one.is_awaited()]
        if awaited:
            min(awaited, key=lambda one: one.since).cut(HEAD)
        return bool(awaited)


class Server(web.Server):
    """aiohttp's low-level server with a guard. New connections take lines as long as `longest_line` in a head."""

    longest_line = 0

    def __init__(self, handler: Any, guard: Guard, **options: Any) -> None:
        super().__init__(handler, **options)
        self._guard = guard

    def connection(self, address: str) -> "Connection":
        """For a client at this IP address."""
        options = {**self._kwargs, "max_line_size": self.longest_line}
        return Connection(self, self._guard, address, loop=self._loop, **options)


class Connection(RequestHandler):
    """One client's connection, which knows what it is waited for and since when."""

    __slots__ = ("_answers_taken", "_awaited", "_body", "_guard", "_wire", "address", "since", "source")

    def __init__(self, server: Server, guard: Guard, address: str, **options: Any) -> None:
        super().__init__(server, **options)
        self._guard = guard
        self._body: StreamReader | None = None
        self.address = address
        self.source = source_of(address)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        self._await(SILENT)
        self._answers_taken = self.since
        self._guard.enter(self)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._guard.leave(self)
        self._drop_body()
        super().connection_lost(exc)

    def _drop_body(self) -> None:
        """What came of it would lie there until the cycle that it is in is collected."""
        if self._body and not self._body.is_eof() and not self._body.exception():
            with suppress(RuntimeError):  # somebody waits for it, so that there is nothing
                self._body.read_nowait()

    def data_received(self, data: bytes) -> None:
        if self._awaited in (SILENT, IDLE) and data:
            self._await(HEAD)
        super().data_received(data)

    def begin(self, body: StreamReader) -> None:
        """The head of a request has come, and it is that request's turn."""
        self._body = body
        self._await(BODY)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is refused without being quoted: aiohttp would send it back, secrets and all."""
        return super().handle_error(request, status, exc, REFUSED)

    def log_access(self, *_about: object) -> None:
        """aiohttp calls this when an answer is written, or cannot be."""
        self.answered()

    def answered(self) -> None:
        """The next request is waited for."""
        self._await(IDLE)

    def is_awaited(self) -> bool:
        """Whether the client, and not we, has something to do."""
        return not self._wire.is_closing() and not (self._awaited == BODY and self._body and self._body.is_eof())

    def slow(self, now: float, limits: dict[str, float]) -> str:
        """What it has been waited for too long; "" for nothing."""
        if not self._wire.get_write_buffer_size():
            self._answers_taken = now
        if now - self._answers_taken > limits[ANSWER]:
            return ANSWER
        return self._awaited if self.is_awaited() and now - self.since > limits[self._awaited] else ""

    def cut(self, slow: str) -> None:
        if slow in (HEAD, BODY):
            self._wire.write(_TOO_SLOW)
        self._wire.abort()

    def turn_away(self) -> None:
        """Others have more need of the memory that its body takes."""
        self._wire.write(TOO_MANY)
        self._wire.abort()

    def _await(self, what: str) -> None:
        self._awaited = what
        self.since = self._loop.time()
