"""The one web server: /in/<channel>/… for what comes in, /stores/<case store>/… for news, and the gateway's own pages.

It sits on aiohttp's low-level server: one look-up in a dict instead of a router, since what comes in must be cheap in a
flood. A request is answered only after its deliveries are on disk.
"""

import asyncio
import ipaddress
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from socket import socket
from typing import NamedTuple, Protocol

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from adapters import (
    Answers,
    CaseReader,
    Delivery,
    NotAccepted,
    Receives,
    RequestRefused,
    Response,
    SharesCalls,
    WebRequest,
)
from adapters.accepting import Accepting
from adapters.hosts import is_address
from adapters.limits import Buckets
from adapters.patience import Patience
from adapters.sockets import name as name_of
from gateway import spending
from gateway.bodies import SMALL, Bodies, NoRoom
from gateway.casestore.contract import News, ReceivesNews
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.connections import RETRY_AFTER_SECONDS, TOO_MANY, Connection, Guard, Server
from gateway.console.site import Site
from gateway.describe import describe
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.store.contract import BadRow, Spending
from gateway.stores import Outside
from gateway.supervise import supervise
from gateway.validity import ENDED

IN = "/in/"
STORES = "/stores/"
LONGEST_LINE = 8190
LONGEST_QUERY = 65_536  # for who hands over a message in the address, as SMS gateways do
MOST_HEADERS = 64
READ_AHEAD = 16_384  # bytes of a body that nobody has asked for yet, for each connection
STOP_SECONDS = 10.0
LINGER_SECONDS = 10.0
LULL = 0.5
TOLD_AGAIN_SECONDS = 60.0

log = structlog.get_logger()
_SCHEME_AND_HOST = re.compile(r"https?://[^/?]*", re.IGNORECASE)
Page = Callable[[web.BaseRequest], Awaitable[web.Response]]
Readers = Callable[[Channel], CaseReader]


class Keep(Protocol):
    """`Intake.accept`."""

    async def __call__(
        self,
        deliveries: Sequence[Delivery],
        cursor: str | None = None,
        channel: str | None = None,
        spent: Sequence[Spending] = (),
    ) -> None: ...


TakeNews = Callable[[str, Sequence[News]], Awaitable[None]]


class _Answering(NamedTuple):
    """A channel that answers questions, and what it may read."""

    adapter: Answers
    cases: CaseReader


class _Door(NamedTuple):
    """A channel or an outside case store. `receive` proves a request and returns once what it holds is on disk."""

    name: str
    max_size: int
    receive: Callable[[WebRequest], Awaitable[Response]] | None
    answering: _Answering | None = None
    channel: Channel | None = None


class WebServer:
    """Serves the channels that receive, `pages` by their path (a path that ends in "/" serves all below it), and the
    `site` that people work with.

    Open connections outlive a change of settings, channels or sockets: `use` and `serve` may be called at any time.
    """

    def __init__(
        self,
        accept: Keep,
        take_news: TakeNews,
        pages: dict[str, Page],
        metrics: Metrics,
        site: Site,
        channel_log: ChannelLog,
    ) -> None:
        self._log = channel_log
        self._accept = accept
        self._take_news = take_news
        self._pages = pages
        self._site = site
        self._metrics = metrics
        self._accepting: Accepting | None = None
        self._bodies = Bodies(metrics)
        self._refusals = Patience(at_once=20, per_second=2)
        self._looks = Patience(at_once=50, per_second=25)
        self._told = Buckets(burst=1, seconds=TOLD_AGAIN_SECONDS)
        self.address = ""

    async def start(
        self,
        settings: Settings,
        channels: dict[str, Channel],
        readers: Readers,
        stores: dict[str, Outside],
        sockets: Sequence[socket],
    ) -> None:
        self._loop = asyncio.get_running_loop()  # once: Python 3.11 asks the kernel for its process id each time
        self._guard = Guard(settings.web, lambda peer: _within(peer, self._proxies), self._metrics)
        self._server = Server(
            self._serve,
            self._guard,
            request_factory=self._request,
            max_headers=MOST_HEADERS,
            access_log=None,
            read_bufsize=READ_AHEAD,
            lingering_time=0,  # it would take what nobody wants as fast as it comes: see _linger
            auto_decompress=False,  # compressed bodies are refused: they are not to be inflated before
        )
        self.use(settings, channels, readers, stores)
        await self.serve(sockets)
        self._watching = asyncio.create_task(supervise("web connections", self._guard.watch))

    def use(
        self, settings: Settings, channels: dict[str, Channel], readers: Readers, stores: dict[str, Outside]
    ) -> None:
        """For requests that begin from now on. `readers` gives what each channel may read."""
        self._settings = settings.web
        self._public_url = settings.gateway.public_url.rstrip("/")
        self._doors = {
            f"{IN}{name}": self._channel_door(channel, readers)
            for name, channel in channels.items()
            if isinstance(channel.adapter, Receives | Answers)
        } | {
            f"{STORES}{name}": _Door(name, store.client.max_size, partial(self._receive_news, name, store.client))
            for name, store in stores.items()
            if isinstance(store.client, ReceivesNews)
        }
        self._beside = _beside(channels.values())
        self._proxies = [ipaddress.ip_network(network, strict=False) for network in self._settings.trusted_proxies]
        self._guard.use(settings.web)
        self._bodies.use(settings.web.max_memory)
        largest = max((door.max_size for door in self._doors.values()), default=0)
        self._server.longest_line = max(LONGEST_LINE, min(largest, LONGEST_QUERY))

    async def serve(self, sockets: Sequence[socket]) -> None:
        """Take connections from these, and from no others any more."""
        before = self._accepting
        self._accepting = Accepting(self._server.connection, self._guard.room, TOO_MANY)
        self._accepting.serve(sockets)
        self.address = f"http://{name_of(sockets[0])}"
        if before:
            await before.close()

    async def stop(self) -> None:
        """Stop accepting and let what is under way finish."""
        if self._accepting:
            await self._accepting.close()
            self._server.pre_shutdown()
            await self._server.shutdown(STOP_SECONDS)
            self._watching.cancel()

    def _request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        assert isinstance(protocol, Connection)
        protocol.begin(payload)
        return web.BaseRequest(message, payload, protocol, writer, task, self._loop)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = _target(request.raw_path).partition("?")
        if path.startswith((IN, STORES)):
            response = await self._enter(request, path, query)
        elif self._is_page(path):
            await self._spend(self._looks, request)
            response = await self._tried(request, self._page_door(request.method, path), path, query)
        else:
            await self._spend(self._looks, request)
            response = await self._show(request, path)
        if 400 <= response.status < 500:
            await self._spend(self._refusals, request)
        if not request.content.is_eof():
            await _linger(request, response)
        return response

    async def _spend(self, patience: Patience, request: web.BaseRequest) -> None:
        """Proxies have none to spend: who waits holds one of the connections that all their clients share."""
        if not self._is_proxy(request):
            await patience.spend(request.remote or "")

    def _is_page(self, path: str) -> bool:
        return path not in self._pages and path[: path.rfind("/") + 1] not in self._pages and self._site.serves(path)

    def _page_door(self, method: str, path: str) -> _Door:
        return _Door("pages", self._site.max_size(method, path), self._site.answer)

    async def _show(self, request: web.BaseRequest, path: str) -> web.Response:
        page = self._pages.get(path) or self._pages.get(path[: path.rfind("/") + 1])
        if page is None:
            return _plain(404, "not found")
        if request.method not in {"GET", "HEAD"}:
            return _plain(405, "only GET", {"Allow": "GET"})
        try:
            return await page(request)
        except Exception as error:
            log.error("a page failed", error=describe(error))
            return _try_again()

    async def _enter(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        door, rest = self._door(path)
        if door is None:
            return _plain(404, "not found")
        response = await self._tried(request, door, rest, query)
        if response.status >= 400:
            self._metrics.refusals.labels(door.name, response.status).inc()
        return response

    def _door(self, path: str) -> tuple[_Door | None, str]:
        """Whose address it is, and what follows the name."""
        _, kind, name, rest, *_ = [*path.split("/", 3), "", "", ""]
        return self._doors.get(f"/{kind}/{name.partition('?')[0]}"), rest

    async def _tried(self, request: web.BaseRequest, door: _Door, path: str, query: str) -> web.Response:
        try:
            _refuse_outside_dates(door)
            size = _size(request, min(door.max_size, self._settings.max_body))
            if size > SMALL:
                return await self._large(request, door, path, query, size)
            return await self._answered(request, self._seen(request, path, query, await _body(request, size)), door)
        except NoRoom:
            await self._spend(self._refusals, request)
            return _try_again()
        except (web.RequestPayloadError, ConnectionResetError):
            return _plain(400, "the body cannot be read")
        except RequestRefused as refusal:
            self._tell(door.name, str(refusal))
            return _answer(refusal.answer) if refusal.answer else _plain(refusal.status, "refused")
        except BadRow as error:
            log.error("a delivery can never be stored", channel=door.name, error=str(error))
            return _plain(422, "cannot be stored")
        except NotAccepted:
            return _try_again()
        except Exception as error:
            log.error("a request failed", channel=door.name, error=describe(error))
            return _try_again()

    def _tell(self, channel: str, reason: str) -> None:
        """Who sets a channel up has to learn what is wrong with the proof; who attacks must not fill the log."""
        if self._told.take(f"{channel} {reason}", time.monotonic()):
            log.info("a request was refused", channel=channel, reason=reason)

    async def _large(self, request: web.BaseRequest, door: _Door, path: str, query: str, size: int) -> web.Response:
        assert isinstance(request.protocol, Connection)
        with self._bodies.room(request.protocol, self.peer(request), size):
            seen = self._seen(request, path, query, await _body(request, size))
            async with self._bodies.turns:
                return await self._answered(request, seen, door)

    async def _answered(self, request: web.BaseRequest, seen: WebRequest, door: _Door) -> web.Response:
        if door.answering and request.method in {"GET", "HEAD"}:
            await self._spend(self._looks, request)
            return _answer(await door.answering.adapter.answer(seen, door.answering.cases))
        if door.receive is None:
            return _plain(405, "only GET", {"Allow": "GET, HEAD"})
        return _answer(await door.receive(seen))

    def _channel_door(self, channel: Channel, readers: Readers) -> _Door:
        adapter = channel.adapter
        return _Door(
            name=channel.name,
            channel=channel,
            max_size=channel.settings.max_size,
            receive=partial(self._receive, channel, adapter) if isinstance(adapter, Receives) else None,
            answering=_Answering(adapter, readers(channel)) if isinstance(adapter, Answers) else None,
        )

    async def _receive(self, channel: Channel, adapter: Receives, seen: WebRequest) -> Response:
        with self._log.exchange(channel.name, "receive") as talk:
            received = adapter.receive(seen)
            is_others = seen.method == "POST" and await self._receive_beside(channel, seen)
            if received.note and not is_others:
                self._tell_of_strangers(channel.name, received.note)
            spent = spending.spendings(channel.settings, received.spent, time.time()) if received.spent else ()
            if received.deliveries or spent:
                talk.brought(received.deliveries)
                await self._accept(received.deliveries, None, channel.name, spent)
            return received.response

    async def _receive_beside(self, channel: Channel, seen: WebRequest) -> bool:
        """By the other channels of the same app, what is theirs of a request that is proven; whether anything is."""
        found = False
        for other in self._beside.get(channel.name, ()):
            assert isinstance(other.adapter, Receives)
            if other.rests:
                continue
            with suppress(RequestRefused):
                received = other.adapter.receive(seen)
                if received.deliveries:
                    found = True
                    with self._log.exchange(other.name, "receive") as talk:
                        talk.brought(received.deliveries)
                        spent = spending.spendings(other.settings, received.spent, time.time())
                        await self._accept(received.deliveries, None, other.name, spent)
        return found

    def _tell_of_strangers(self, channel: str, note: str) -> None:
        if self._told.take(f"{channel} {note}", time.monotonic()):
            log.warning("what comes in is for no channel here", channel=channel, reason=note)

    async def _receive_news(self, name: str, store: ReceivesNews, seen: WebRequest) -> Response:
        told = store.receive(seen)
        if told.news:
            await self._take_news(name, told.news)
        return told.response

    def _seen(self, request: web.BaseRequest, path: str, query: str, body: bytes) -> WebRequest:
        return WebRequest(
            method=request.method,
            path=path,
            public_url=f"{self._public_url or self.address}{_target(request.raw_path)}",
            headers=request.headers,
            query=query,
            body=body,
            peer=self.peer(request),
            received_at=datetime.now(UTC),
        )

    def peer(self, request: web.BaseRequest) -> str:
        """The client's address; what a listed proxy says of it is believed, from the right. "" if that is no address:
        a client of whom nothing is known."""
        peer = request.remote or ""
        if self._is_proxy(request):
            lines = ",".join(request.headers.getall("X-Forwarded-For", ()))
            hops = [hop.strip() for hop in lines.split(",") if hop.strip()]
            hop = next((hop for hop in reversed(hops) if not _within(hop, self._proxies)), peer)
            return hop if is_address(hop) else ""
        return peer

    def _is_proxy(self, request: web.BaseRequest) -> bool:
        return bool(self._proxies) and _within(request.remote or "", self._proxies)


def _refuse_outside_dates(door: _Door) -> None:
    """There is nothing at its address yet, or no more."""
    if door.channel and (state := door.channel.rests):
        raise RequestRefused(door.channel.why_it_rests, 410 if state == ENDED else 404)


def _target(written: str) -> str:
    """Path and query of a request's target, which may begin with scheme and host (RFC 9112, 3.2.2)."""
    if written.startswith("/"):
        return written
    rest = _SCHEME_AND_HOST.sub("", written, count=1)
    return f"/{rest}" if rest.startswith("?") or not rest else rest


def _size(request: web.BaseRequest, max_size: int) -> int:
    """How large the body is, at most. Raises `RequestRefused` for what is too large or compressed (a small body may
    hold gigabytes)."""
    if "Content-Encoding" in request.headers and request.headers["Content-Encoding"] != "identity":
        raise RequestRefused("compressed bodies are not taken", 415)
    if not request.can_read_body:
        return 0
    size = request.content_length
    if size is not None and size > max_size:
        raise RequestRefused("too large", 413)
    return max_size if size is None else size


async def _body(request: web.BaseRequest, size: int) -> bytes:
    """Those who wait for it are asked to go on (RFC 9110, 10.1.1). Raises `RequestRefused` if it is larger."""
    if not request.can_read_body:
        return b""
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = bytearray()
    try:
        while chunk := await request.content.readany():
            body += chunk
            if len(body) > size:
                raise RequestRefused("too large", 413)
        return bytes(body)
    finally:
        body.clear()  # an exception that ends it refers to this frame, and aiohttp's reader to the exception


async def _linger(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Who is answered before the whole body came still sends it, and sees no answer if the connection ends meanwhile.
    So it is taken for a while, but slowly: to be sent what is not wanted must cost little."""
    assert isinstance(request.protocol, Connection)
    with suppress(TimeoutError, web.RequestPayloadError, ConnectionError):
        await response.prepare(request)
        await response.write_eof()
        request.protocol.answered()
        async with asyncio.timeout(LINGER_SECONDS):
            while not request.content.is_eof():
                await request.content.readany()
                await asyncio.sleep(LULL)


def _within(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


def _beside(channels: Iterable[Channel]) -> Mapping[str, Sequence[Channel]]:
    """By name, those that share the calls of one app with it."""
    apps = defaultdict[str, list[Channel]](list)
    for channel in channels:
        if isinstance(channel.adapter, SharesCalls) and isinstance(channel.adapter, Receives):
            apps[channel.adapter.app()].append(channel)
    return {
        one.name: [other for other in some if other is not one] for some in apps.values() for one in some if some[1:]
    }


def _answer(response: Response) -> web.Response:
    headers = {"Content-Type": response.content_type} | response.headers if response.body else response.headers
    answer = web.Response(status=response.status, body=response.body, headers=headers)
    for cookie in response.cookies:
        answer.headers.add("Set-Cookie", cookie)
    return answer


def _try_again() -> web.Response:
    return _plain(503, "try again", {"Retry-After": RETRY_AFTER_SECONDS})


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=text + "\n", headers=headers)
