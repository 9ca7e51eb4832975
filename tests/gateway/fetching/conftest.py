"""A provider that files lie with, as a fixture."""

import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.gateway.fetching.providing import Provider
from tests.poison import installed


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-provider", provider="kanal_provider:Provider"):
        yield


@pytest.fixture
def no_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*_values: object, **_more: object) -> object:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.fixture
async def provider(plugin: None) -> AsyncIterator[Provider]:
    made = Provider()
    application = web.Application()
    application.router.add_get("/{path:.*}", made.answer)
    async with TestServer(application) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made
