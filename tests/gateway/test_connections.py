"""The web server's own limits: how many connections, and how long a client may take for each thing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.gateway.support import FLOOD, SECRET, Running, query, running, settings_in, until

SHORT, LONG = 0.4, 30.0
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
MO = f"/in/sms/{SECRET}/mo"
GET = f"GET {MO}?{query('m1', FLOOD)} HTTP/1.1\r\nHost: x\r\n\r\n"
HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
DRIPS = 500
TIMEOUTS = ("header_timeout", "body_timeout", "idle_timeout", "answer_timeout")


def limits(**changed: float) -> dict[str, float]:
    return dict.fromkeys(TIMEOUTS, LONG) | changed


@asynccontextmanager
async def connected(gateway: Running, address: str = "127.0.0.1") -> AsyncIterator[tuple[asyncio.StreamReader, "Say"]]:
    port = int(gateway.app.web.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        yield reader, lambda words: writer.write(words.encode())
    finally:
        writer.transport.abort()


Say = Callable[[str], None]


async def heard(reader: asyncio.StreamReader) -> str:
    """All that is said until the end of the connection, which comes."""
    with suppress(ConnectionError):
        return (await asyncio.wait_for(reader.read(), 60)).decode()
    return ""


async def is_served(gateway: Running, address: str) -> bool:
    """Those that went away may still have their places for a moment."""
    async with connected(gateway, address) as (reader, say):
        say(HEALTH)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            return bool(await reader.readuntil(b"ok\n"))
    return False


class Slow(NamedTuple):
    limit: str
    said: list[str]
    answer: str


SLOW = {
    "silent": Slow("header_timeout", [], ""),
    "half a head": Slow("header_timeout", [GET[:-2]], "408"),
    "a head letter by letter": Slow("header_timeout", ["GET /healthz HTTP/1.1\r\n", *["X: y\r\n"] * DRIPS], "408"),
    "half a body": Slow(
        "body_timeout", [f"POST {MO} HTTP/1.1\r\nHost: x\r\n{FORM}Content-Length: 9000\r\n\r\na="], "408"
    ),
    "a body letter by letter": Slow(
        "body_timeout", [f"POST {MO} HTTP/1.1\r\nHost: x\r\n{FORM}Content-Length: 9000\r\n\r\n", *["a"] * DRIPS], "408"
    ),
    "chunks that never end": Slow(
        "body_timeout",
        [f"POST {MO} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", *["1\r\na\r\n"] * DRIPS],
        "408",
    ),
    "a body that nobody wants": Slow(
        "header_timeout", ["GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n", *["a"] * DRIPS], "200"
    ),
    "silent after an answer": Slow("idle_timeout", [HEALTH], "200"),
    "half a head after an answer": Slow("header_timeout", [HEALTH, HEALTH[:9]], "200"),
}


@pytest.mark.threat("P1-36")
@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
async def test_who_is_too_slow_is_cut(tmp_path: Path, slow: Slow) -> None:
    async with running(settings_in(tmp_path, web=limits(**{slow.limit: SHORT})), process=False) as gateway:
        async with connected(gateway) as (reader, say):
            listening = asyncio.create_task(heard(reader))
            for words in slow.said:
                if not listening.done():
                    say(words)
                    await asyncio.sleep(0.02)
            reset_by_unread_drips = {""} if len(slow.said) > DRIPS else set()
            assert (await listening)[9:12] in {slow.answer} | reset_by_unread_drips
        assert (await gateway.ask("/healthz")).status == 200
        assert "\nkanal_web_cut_total{" in (await gateway.ask("/metrics")).text
        assert gateway.all("deliveries") == []


@pytest.mark.threat("P1-36")
async def test_who_takes_no_answers_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 0)
    async with running(settings_in(tmp_path, web=limits(answer_timeout=SHORT)), process=False) as gateway:
        port = int(gateway.app.web.address.rpartition(":")[2])
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.setblocking(False)
            asking = (HEALTH.replace("/healthz", "/metrics") * 100).encode()

            def ended() -> bool:
                try:
                    while client.send(asking):
                        pass
                except BlockingIOError:
                    return False
                except ConnectionError:
                    return True
                return False

            await until(ended, "the connection to be cut")
        assert '\nkanal_web_cut_total{awaited="answer"} 1.0\n' in (await gateway.ask("/metrics")).text


async def test_who_keeps_a_connection_busy_keeps_it(tmp_path: Path) -> None:
    seconds = 1.0
    short = dict.fromkeys(TIMEOUTS, seconds)
    loaded = settings_in(tmp_path, web=short)
    async with running(loaded, process=False) as gateway, connected(gateway) as (reader, say):
        for _ in range(6):
            say(HEALTH)
            assert (await reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(seconds / 4)


CAPS = {
    "in all": ({"max_connections": 3}, ["127.0.0.2", "127.0.0.3", "127.0.0.4"], "127.0.0.5"),
    "from one address": ({"max_connections_per_address": 3}, ["127.0.0.2"] * 3, "127.0.0.2"),
}


@pytest.mark.threat("P1-37")
@pytest.mark.parametrize(("cap", "first", "late"), CAPS.values(), ids=CAPS)
async def test_connections_beyond_a_limit_are_told_to_come_again(
    tmp_path: Path, cap: dict[str, int], first: list[str], late: str
) -> None:
    async with running(settings_in(tmp_path, web=cap), process=False) as gateway, AsyncExitStack() as stack:
        talks = [await stack.enter_async_context(connected(gateway, address)) for address in first]
        for reader, say in talks:
            say(HEALTH)
            await reader.readuntil(b"ok\n")
        async with connected(gateway, late) as (reader, _):
            answer = await heard(reader)
            assert (answer[9:12], "Retry-After: 5" in answer) == ("503", True)
        await stack.aclose()
        async with asyncio.timeout(60):
            while not await is_served(gateway, late):
                await asyncio.sleep(0.02)


@pytest.mark.threat("P1-37")
async def test_one_address_at_its_limit_shuts_nobody_else_out(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, web={"max_connections_per_address": 2})
    async with running(loaded, process=False) as gateway, AsyncExitStack() as stack:
        for _ in range(20):
            await stack.enter_async_context(connected(gateway, "127.0.0.2"))
        async with connected(gateway, "127.0.0.3") as (reader, say):
            say(HEALTH)
            assert await reader.readuntil(b"ok\n")
        assert '\nkanal_web_turned_away_total{limit="address"} 18.0\n' in (await gateway.ask("/metrics")).text


@pytest.mark.threat("P1-37")
async def test_when_all_places_are_taken_who_has_none_gets_one_of_who_has_most(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, web={"max_connections": 8, "max_connections_per_address": 5})
    async with running(loaded, process=False) as gateway, AsyncExitStack() as stack:
        for address in ["127.0.0.2"] * 4 + ["127.0.0.3"] * 4:
            _, say = await stack.enter_async_context(connected(gateway, address))
            say("GET /healthz HTTP/1.1\r\n")
        assert (await gateway.ask(f"{MO}?{query('m1', FLOOD)}")).status == 200
        assert '\nkanal_web_turned_away_total{limit="share"} 1.0\n' in (await gateway.ask("/metrics")).text


async def test_a_trusted_proxy_has_as_many_connections_as_there_are(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, web={"max_connections_per_address": 1, "trusted_proxies": ["127.0.0.2"]})
    async with running(loaded, process=False) as gateway, AsyncExitStack() as stack:
        for _ in range(5):
            reader, say = await stack.enter_async_context(connected(gateway, "127.0.0.2"))
            say(HEALTH)
            assert await reader.readuntil(b"ok\n")


HEADS = {
    "a field too long": ("X-A: " + "a" * 9_000 + "\r\n", "400"),
    "too many fields": ("X-A: a\r\n" * 100, "400"),
    "a field as long as is usual": ("X-A: " + "a" * 8_000 + "\r\n", "200"),
    "as many fields as is usual": ("X-A: a\r\n" * 50, "200"),
}


@pytest.mark.threat("P1-36")
@pytest.mark.parametrize(("fields", "status"), HEADS.values(), ids=HEADS)
async def test_the_head_of_a_request_has_its_limits(tmp_path: Path, fields: str, status: str) -> None:
    async with running(settings_in(tmp_path), process=False) as gateway, connected(gateway) as (reader, say):
        say(f"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n")
        assert (await heard(reader))[9:12] == status


@pytest.mark.threat("P1-37")
async def test_who_collects_refusals_waits_for_more_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 3)
    async with running(settings_in(tmp_path), process=False) as gateway:
        refused = [gateway.ask("/in/sms/wrong/mo") for _ in range(20)]
        assert {answer.status for answer in await asyncio.gather(*refused)} == {403}
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(gateway.ask("/in/sms/wrong/mo"), 1)
        assert (await gateway.ask(f"{MO}?{query('m1', FLOOD)}")).status == 200
        async with connected(gateway, "127.0.0.2") as (reader, say):
            say("GET /in/sms/wrong/mo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert (await heard(reader))[9:12] == "403"
