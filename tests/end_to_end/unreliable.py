"""A network between two systems that loses, delays, doubles and mixes up what they say, always in the same way: by a
plan that is drawn from a seed."""

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Self, TypeVar

from aiohttp import ClientSession, ClientTimeout, web

from tests.end_to_end.kanal import free_port

LOST, CUT, LATE, DOUBLED, ILL, BUSY, MIXED = "lost", "cut", "late", "doubled", "ill", "busy", "mixed up"
#: What can become of a request: it does not arrive, its answer does not, either takes its time, it arrives twice, the
#: other side is ill (with a page for people) or busy, and what a list says comes in another order and more than once.
FAULTS = (LOST, CUT, LATE, DOUBLED, ILL, BUSY, MIXED)
T = TypeVar("T")
_PASSED_ON = {"content-type", "idempotency-key", "kanal-timestamp", "kanal-signature", "retry-after"}


@contextmanager
def background(work: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Enter it in an event loop of its own, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(work.__aenter__(), loop).result(60)
    finally:
        asyncio.run_coroutine_threadsafe(work.__aexit__(None, None, None), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Unreliable:
    """`to` is where requests go, `url` where they come in. Of a hundred `percent` fare badly, until it is `calm`;
    `faults` counts what was done."""

    def __init__(self, to: str, seed: int = 311, percent: int = 40) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.faults: Counter[str] = Counter()
        self._to = to
        self._random = random.Random(seed)
        self._percent = percent

    def calm(self) -> None:
        """From now on everything arrives."""
        self._percent = 0

    async def __aenter__(self) -> Self:
        self._client = ClientSession(timeout=ClientTimeout(total=20), auto_decompress=False)
        self._runner = web.ServerRunner(web.Server(self._pass), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self._runner.cleanup()

    def _fate(self) -> str:
        drawn, fault = self._random.randrange(100), self._random.choice(FAULTS)
        return fault if drawn < self._percent else ""

    async def _pass(self, request: web.BaseRequest) -> web.StreamResponse:
        fate = self._fate()
        body = await request.read()
        self.faults[fate] += 1
        match fate:
            case "lost":
                return _hung_up(request)
            case "ill":
                return web.Response(status=502, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
            case "busy":
                return web.Response(status=429, headers={"Retry-After": "0"})
            case "late":
                await asyncio.sleep(0.3)
            case "doubled":
                await self._forward(request, body)
        answer = await self._forward(request, body)
        if fate == CUT:
            return _hung_up(request)
        return self._mixed_up(answer) if fate == MIXED and request.method == "GET" else answer

    async def _forward(self, request: web.BaseRequest, body: bytes) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() in _PASSED_ON}
        async with self._client.request(
            request.method, f"{self._to}{request.raw_path}", data=body, headers=headers, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() in _PASSED_ON}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    def _mixed_up(self, answer: web.Response) -> web.Response:
        assert isinstance(answer.body, bytes)
        said = json.loads(answer.body)
        rows = said["news"] if isinstance(said, dict) and "news" in said else said
        if isinstance(rows, list):
            rows += rows[: len(rows) // 2]
            self._random.shuffle(rows)
        return web.Response(status=answer.status, body=json.dumps(said).encode(), headers=answer.headers)


def _hung_up(request: web.BaseRequest) -> web.Response:
    assert request.transport
    request.transport.abort()
    return web.Response()
