"""What all stand-ins for providers do: they answer, note what they were asked, and go wrong on demand."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientPayloadError, ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.testing.standins import Call, StandIn


class Provider(StandIn):
    def name_of(self, path: str) -> str:
        return path.rpartition("/")[2]

    async def answer(self, call: Call) -> web.Response:
        return web.json_response({"did": call.name, "with": dict(call.fields)})

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        return web.json_response({"code": status, "wait": retry_after}, status=status)

    def hears(self, line: str) -> None:
        self.posting.add(line.encode())


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


async def _ask(provider: Provider, name: str = "send", **fields: str) -> tuple[int, object]:
    async with ClientSession() as session, session.post(f"{provider.url}/v1/{name}", data=fields) as response:
        return response.status, await response.json()


async def test_it_answers_and_notes_what_it_was_asked(provider: Provider) -> None:
    assert await _ask(provider, text="banjir") == (200, {"did": "send", "with": {"text": "banjir"}})
    (call,) = provider.called("send")
    assert (call.method, call.path, call.fields) == ("POST", "/v1/send", {"text": "banjir"})


async def test_json_and_the_query_are_read_as_a_form_is(provider: Provider) -> None:
    async with ClientSession() as session:
        await session.post(f"{provider.url}/send?a=1", json={"b": 2})
    assert provider.calls[0].fields == {"a": "1", "b": 2}


async def test_a_fault_meets_as_many_calls_of_its_name_as_it_should(provider: Provider) -> None:
    provider.fault("send", status=429, retry_after=3, times=2)
    assert [(await _ask(provider, name))[0] for name in ("get", "send", "send", "send")] == [200, 429, 429, 200]


async def test_faults_of_any_call_last_until_they_are_mended(provider: Provider) -> None:
    provider.fault(status=503, times=None)
    assert [(await _ask(provider, name))[0] for name in ("get", "send", "get")] == [503, 503, 503]
    provider.mend()
    assert (await _ask(provider))[0] == 200


async def test_a_failure_is_in_the_providers_own_form_and_noted(provider: Provider) -> None:
    provider.fault("send", status=429, retry_after=7)
    assert await _ask(provider) == (429, {"code": 429, "wait": 7})
    assert len(provider.calls) == 1


async def test_an_answer_that_is_cut_arrives_in_half(provider: Provider) -> None:
    provider.fault("send", cut=True)
    with pytest.raises(ClientPayloadError):
        await _ask(provider)
    assert (await _ask(provider))[0] == 200


async def test_a_slow_call_is_waited_for_in_vain(provider: Provider) -> None:
    provider.fault("send", slow=60)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(_ask(provider), 0.2)


async def test_stopped_and_started_again_it_is_where_it_was(provider: Provider) -> None:
    url = provider.url
    provider.stop()
    provider.start()
    assert (provider.url, (await _ask(provider))[0]) == (url, 200)


def test_a_port_that_is_taken_is_told(provider: Provider) -> None:
    with pytest.raises(OSError, match="in use"):
        Provider(port=provider.port).start()


@asynccontextmanager
async def _hook(*answers: int) -> AsyncIterator[tuple[str, list[tuple[int, str | None]]]]:
    """A web server of ours that answers so, then by 200, and what came there."""
    came: list[tuple[int, str | None]] = []
    left = list(answers)

    async def take(request: web.Request) -> web.Response:
        came.append(((await request.json())["n"], request.headers.get("X-Proof")))
        return web.Response(status=left.pop(0) if left else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/hook")), came


async def _arrived(came: list[tuple[int, str | None]], count: int) -> list[int]:
    async with asyncio.timeout(60):
        while len(came) < count:
            await asyncio.sleep(0.01)
    return [number for number, _ in came]


def _bodies(*numbers: int) -> list[bytes]:
    return [json.dumps({"n": number}).encode() for number in numbers]


async def test_what_is_not_taken_is_posted_again(provider: Provider) -> None:
    provider.posting.proof = lambda body: {"X-Proof": str(len(body))}
    async with _hook(500, 404) as (url, came):
        provider.posting.url = url
        for body in _bodies(1, 2):
            provider.posting.add(body)
        assert await _arrived(came, 4) == [1, 1, 1, 2]
        assert came[0] == (1, "8")


async def test_deliveries_are_repeated_and_reordered_on_demand(provider: Provider) -> None:
    async with _hook() as (url, came):
        provider.posting.copies = 2
        with provider.posting.reversed():
            for body in _bodies(1, 2):
                provider.posting.add(body)
        provider.posting.url = url
        assert await _arrived(came, 4) == [2, 2, 1, 1]
