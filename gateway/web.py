"""The one web server: /in/<channel>/… for what comes in, and the gateway's own addresses.

It sits on aiohttp's low-level server: one look-up in a dict instead of a router, since what comes in must be cheap in a
flood. A request is answered only after its deliveries are on disk.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from adapters import Accept, NotAccepted, Receives, RequestRefused, Response, WebRequest
from gateway.channels import Channel
from gateway.describe import describe
from gateway.metrics import Metrics
from gateway.settings import Settings
from gateway.store.contract import BadRow

IN = "/in/"
RETRY_AFTER_SECONDS = "5"

log = structlog.get_logger()
Page = Callable[[web.BaseRequest], Awaitable[web.Response]]


class WebServer:
    """Serves the channels that receive, and `pages` by their path (a path that ends in "/" serves all below it)."""

    def __init__(
        self,
        settings: Settings,
        channels: dict[str, Channel],
        accept: Accept,
        pages: dict[str, Page],
        metrics: Metrics,
    ) -> None:
        self._settings = settings.web
        self._public_url = settings.gateway.public_url.rstrip("/")
        self._channels = {name: one for name, one in channels.items() if isinstance(one.adapter, Receives)}
        self._proxies = [ipaddress.ip_network(network, strict=False) for network in self._settings.trusted_proxies]
        self._accept = accept
        self._pages = pages
        self._metrics = metrics
        self._runner: web.ServerRunner | None = None
        self.address = ""

    async def start(self) -> None:
        """Bind. Raises OSError if the address is taken."""
        server = web.Server(self._serve, request_factory=self._request)
        self._runner = web.ServerRunner(server, access_log=None, shutdown_timeout=10.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._settings.host, self._settings.port, backlog=1024).start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def stop(self) -> None:
        """Stop accepting and let what is under way finish."""
        if self._runner:
            await self._runner.cleanup()

    def _request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=self._settings.max_body)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(IN):
            return await self._receive(request, path)
        page = self._pages.get(path) or self._pages.get(path[: path.rfind("/") + 1])
        return await page(request) if page else _plain(404, "not found")

    async def _receive(self, request: web.BaseRequest, path: str) -> web.Response:
        name, _, rest = path[len(IN) :].partition("/")
        channel = self._channels.get(name)
        if channel is None:
            return _plain(404, "not found")
        response = await self._received(request, channel, rest)
        if response.status >= 400:
            self._metrics.refusals.labels(name, response.status).inc()
        return response

    async def _received(self, request: web.BaseRequest, channel: Channel, rest: str) -> web.Response:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            return _plain(415, "compressed bodies are not taken")
        try:
            return await self._take(request, channel, rest)
        except web.HTTPRequestEntityTooLarge:
            return _plain(413, "too large")
        except web.RequestPayloadError:
            return _plain(400, "the body cannot be read")
        except RequestRefused as refusal:
            return _plain(refusal.status, "refused")
        except BadRow:
            return _plain(422, "cannot be stored")
        except NotAccepted:
            return _plain(503, "try again", {"Retry-After": RETRY_AFTER_SECONDS})
        except Exception as error:
            log.error("a request failed", channel=channel.name, error=describe(error))
            return _plain(503, "try again", {"Retry-After": RETRY_AFTER_SECONDS})

    async def _take(self, request: web.BaseRequest, channel: Channel, path: str) -> web.Response:
        body = await self._body(request, channel)
        adapter = channel.adapter
        assert isinstance(adapter, Receives)
        received = adapter.receive(self._seen(request, path, body))
        if received.deliveries:
            await self._accept(received.deliveries, None)
        return _answer(received.response)

    async def _body(self, request: web.BaseRequest, channel: Channel) -> bytes:
        if (request.content_length or 0) > channel.settings.max_size:
            raise RequestRefused("too large", 413)
        body = await request.read() if request.can_read_body else b""
        if len(body) > channel.settings.max_size:
            raise RequestRefused("too large", 413)
        return body

    def _seen(self, request: web.BaseRequest, path: str, body: bytes) -> WebRequest:
        return WebRequest(
            method=request.method,
            path=path,
            public_url=f"{self._public_url or self.address}{request.path_qs}",
            headers=request.headers,
            query=request.rel_url.raw_query_string,
            body=body,
            peer=self.peer(request),
            received_at=datetime.now(UTC),
        )

    def peer(self, request: web.BaseRequest) -> str:
        """The client's address; what a listed proxy says of it is believed, from the right."""
        peer = request.remote or ""
        if self._proxies and _within(peer, self._proxies):
            hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
            return next((hop for hop in reversed(hops) if not _within(hop, self._proxies)), peer)
        return peer


def _within(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


def _answer(response: Response) -> web.Response:
    headers = {"Content-Type": response.content_type} | response.headers if response.body else response.headers
    return web.Response(status=response.status, body=response.body, headers=headers)


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=text + "\n", headers=headers)
