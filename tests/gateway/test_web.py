"""The web server: who may come in, what is answered, and what it says of itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from tests.disk import fill
from tests.gateway.support import FLOOD, RINA, SECRET, Running, query, running, settings_in, sms, sms_channel

MO = f"/in/sms/{SECRET}/mo"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path), process=False) as gateway:
        yield gateway


async def raw(gateway: Running, request: str, all_of_it: bool = False) -> str:
    """The status line of the answer to a request as it is written, or all of it."""
    host, port = gateway.app.web.address.removeprefix("http://").rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode("latin-1"))
    answer = await asyncio.wait_for(reader.read() if all_of_it else reader.readline(), 60)
    writer.close()
    return answer.decode("latin-1")


async def test_what_is_proven_is_kept_before_it_is_answered(gateway: Running) -> None:
    response = await gateway.ask(f"{MO}?{query('m1', FLOOD)}")
    assert (response.status, response.text) == (200, "")
    assert [row["id"] for row in gateway.deliveries()] == ["m1"]


async def test_a_long_sms_comes_in_by_get_as_large_as_the_channel_takes(gateway: Running) -> None:
    text = "banjir " * 5000
    assert (await gateway.ask(f"{MO}?{query('long', text)}")).status == 200
    [row] = gateway.deliveries()
    assert (row["id"], row["size"] > len(text)) == ("long", True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/nothing", 404),
        ("/in/", 404),
        ("/in/unknown/x", 404),
        ("/in/sms", 403),
        ("/in/sms/wrong-secret/mo?sender=1", 403),
        ("/in/sms/%FF%00/mo", 403),
        (f"/in/sms/{SECRET}/mo", 400),
        (f"/in/sms/{SECRET}/elsewhere?sender=1", 404),
        (f"/in/sms/{SECRET}/mo?sender=%FF%FE&message=%00", 200),
        ("/metrics/more", 404),
    ],
)
async def test_an_answer_for_every_path(gateway: Running, path: str, status: int) -> None:
    assert (await gateway.ask(path)).status == status


async def test_why_a_request_is_refused_is_logged_once_a_minute(gateway: Running) -> None:
    with capture_logs() as logs:
        for sender in "123":
            assert (await gateway.ask(f"/in/sms/wrong-secret/mo?sender={sender}")).status == 403
    told = [entry for entry in logs if entry["event"] == "a request was refused"]
    assert [(entry["channel"], "wrong-secret" in entry["reason"]) for entry in told] == [("sms", False)]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/healthz", "200"),
        ("HEAD", MO, "405"),
        ("PUT", f"{MO}?sender=1", "405"),
        ("BREW", f"{MO}?sender=1", "400"),
        ("OPTIONS", "*", "404"),
        ("GET", "http://other.example/healthz", "200"),
        ("GET", "HTTPS://[::1]:8080/healthz?a=http://b", "200"),
        ("GET", "http://other.example?healthz", "303"),
        ("GET", "http://other.example", "303"),
        ("GET", f"http://other.example{MO}?sender=1", "200"),
        ("GET", "ftp://other.example/healthz", "404"),
        ("CONNECT", "other.example:443", "404"),
        ("GET", "/healthz?" + "a" * 9000, "200"),
        ("GET", "/healthz?" + "a" * 100_000, "400"),
        ("DELETE", "/healthz", "405"),
        ("POST", "/metrics", "405"),
        ("get", "/healthz", "400"),
    ],
)
async def test_odd_requests_are_no_fault_of_ours(gateway: Running, method: str, path: str, status: str) -> None:
    line = await raw(gateway, f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert line.split()[1] == status
    assert (await gateway.ask("/healthz")).status == 200


NO_HTTP = {
    "another version": f"GET {MO} HTTP/x\r\n\r\n",
    "octets that are no URL": f"GET {MO}?sender=\xff HTTP/1.1\r\n\r\n",
    "a header without a colon": f"GET /healthz HTTP/1.1\r\n{SECRET}\r\n\r\n",
    "a header too long": f"GET /healthz HTTP/1.1\r\nX: {SECRET * 1000}\r\n\r\n",
}


@pytest.mark.threat("P0-30")
@pytest.mark.parametrize("request_", NO_HTTP.values(), ids=NO_HTTP)
async def test_what_is_no_http_is_not_quoted(gateway: Running, request_: str) -> None:
    answer = await raw(gateway, request_, all_of_it=True)
    assert answer.startswith("HTTP/1.0 400 ")
    assert answer.endswith("\r\n\r\nrefused\n")
    assert SECRET not in answer


async def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, sms_channel(max_size=1000), web={"max_body": 4096})
    async with running(loaded, process=False) as gateway:

        async def chunks(size: int) -> AsyncIterator[bytes]:
            for _ in range(0, size, 500):
                yield b"a" * 500

        told = await gateway.ask(MO, "POST", data=b"a" * 1001)
        untold = await gateway.ask(MO, "POST", data=chunks(1500))
        huge = await gateway.ask(MO, "POST", data=chunks(1 << 20))
        assert [told.status, untold.status, huge.status] == [413, 413, 413]
        assert gateway.all("deliveries") == []


@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("deflate", 415), ("identity", 200)])
async def test_compressed_bodies_are_not_taken(gateway: Running, encoding: str, status: int) -> None:
    async with ClientSession(auto_decompress=False) as client:
        address = f"{gateway.app.web.address}{MO}"
        headers = {"Content-Encoding": encoding, "Content-Type": "application/x-www-form-urlencoded"}
        body = query("m1", FLOOD).encode()
        async with client.post(address, data=body, headers=headers, skip_auto_headers=["Content-Encoding"]) as response:
            assert response.status == status


async def test_a_body_that_breaks_off_keeps_nothing(gateway: Running) -> None:
    host, port = gateway.app.web.address.removeprefix("http://").rsplit(":", 1)
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {MO} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsender=1".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await gateway.ask("/healthz")).status == 200
    assert gateway.all("deliveries") == []


async def test_when_nothing_can_be_kept_it_asks_to_try_again(small_disk: Path) -> None:
    loaded = settings_in(small_disk)
    async with running(loaded) as gateway:
        await gateway.send(sms("m1", FLOOD))
        filler = fill(small_disk)
        response = await gateway.ask(f"{MO}?{query('m2', FLOOD, RINA)}")
        assert (response.status, response.headers["Retry-After"]) == (503, "5")
        assert (await gateway.ask("/healthz")).status == 200
        filler.unlink()
        assert (await gateway.ask(f"{MO}?{query('m2', FLOOD, RINA)}")).status == 200
        await gateway.settled()
        assert [row["id"] for row in gateway.deliveries()] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        pytest.param([], ["10.1.1.1"], 200, id="nobody's word is believed unasked"),
        pytest.param(["127.0.0.0/8"], ["10.1.1.1"], 403, id="the proxy's client is not allowed"),
        pytest.param(["127.0.0.0/8"], ["127.0.0.1"], 200, id="all are proxies"),
        pytest.param(["127.0.0.0/8"], ["192.0.2.7, 127.0.0.9"], 403, id="the last that is no proxy counts"),
        pytest.param(["127.0.0.0/8", "10.0.0.0/8"], ["192.0.2.7, 10.1.1.1"], 403, id="proxy behind proxy"),
        pytest.param(["127.0.0.0/8"], ["127.0.0.9", "10.1.1.1"], 403, id="the last of several lines counts"),
        pytest.param(["127.0.0.0/8"], ["127.0.0.1:5678"], 403, id="an address with a port is none"),
        pytest.param(["127.0.0.0/8"], ["no address"], 403, id="no address"),
        pytest.param(["10.0.0.0/8"], ["192.0.2.7"], 200, id="not from a proxy"),
    ],
)
async def test_whose_word_on_the_clients_address_is_believed(
    tmp_path: Path, proxies: list[str], forwarded: list[str], status: int
) -> None:
    async with running(settings_in(tmp_path, web={"trusted_proxies": proxies}), process=False) as gateway:
        headers = [("X-Forwarded-For", line) for line in forwarded]
        response = await gateway.ask(f"{MO}?{query('m1', FLOOD)}", headers=headers)
        assert response.status == status


async def test_the_gateway_says_how_it_fares_and_nothing_of_a_citizen(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.send(sms("m1", FLOOD, "+6281110000077"), sms("m2", "Lampu padam", RINA))
        assert [(await gateway.ask(path)).status for path in ("/healthz", "/readyz")] == [200, 200]
        await gateway.ask("/in/sms/wrong-secret/mo")
        told = (await gateway.ask("/metrics")).text
        code = gateway.all("cases")[0]["code"]
    for line in (
        'kanal_deliveries_total{channel="sms"} 2.0',
        'kanal_reports_total{channel="sms",verdict="new"} 2.0',
        'kanal_refusals_total{channel="sms",status="403"} 1.0',
        'kanal_channel_up{channel="sms"} 1.0',
        "kanal_oldest_unsettled_delivery_seconds 0.0",
    ):
        assert f"\n{line}\n" in told
    assert not [word for word in ("0077", "Kemang", "Banjir", code, SECRET, "wrong-secret") if word in told]
