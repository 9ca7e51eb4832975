"""A stand-in for an SMS provider: one answer to all, over a real socket."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters import WebRequest
from adapters.testing import RECEIVED_AT


class Heard(NamedTuple):
    """A request as it reached the provider; `query` and `form` have the first value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@asynccontextmanager
async def provider(status: int, body: str | bytes, **headers: str) -> AsyncIterator[tuple[str, list[Heard]]]:
    """The provider's address without a slash at its end, and what it heard so far."""
    heard: list[Heard] = []

    async def answer(request: web.Request) -> web.Response:
        raw = await request.read()
        form = await request.post() if request.content_type == "application/x-www-form-urlencoded" else {}
        fields = {name: str(value) for name, value in form.items()}
        heard.append(Heard(request.method, request.path, request.query, fields, request.headers, raw))
        return web.Response(status=status, body=body, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/"), heard


def posted(path: str, body: bytes, content_type: str, peer: str = "127.0.0.1", **headers: str) -> WebRequest:
    """A POST to the channel "sms"."""
    return WebRequest(
        method="POST",
        path=path,
        public_url=f"https://kanal.example.go.id/in/sms/{path}",
        headers={"Content-Type": content_type, **headers},
        query="",
        body=body,
        peer=peer,
        received_at=RECEIVED_AT,
    )
