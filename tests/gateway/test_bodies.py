"""The memory that large request bodies take together: so much and no more, and nobody takes it all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from tests.gateway.support import Running, letter, running, settings_in
from tests.poison import poison_installed

MB = 1 << 20
LIMITS = {"max_memory": 4 * MB, "max_body": 3 * MB}
SECONDS = 60
CHANNEL = {"name": "poison", "kind": "poison"}
PROXY = "127.0.0.9"


@pytest.fixture(scope="module", autouse=True)
def poison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with poison_installed(tmp_path_factory.mktemp("site")):
        yield


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Running]:
    web = LIMITS | {"trusted_proxies": [PROXY]}
    async with running(settings_in(tmp_path, CHANNEL, web=web), process=False) as gateway:
        yield gateway


def body(identity: str, size: int) -> bytes:
    """A request that the channel keeps, blown up to so many bytes."""
    said = {"id": identity, "body": letter(identity).body.decode()}
    return msgspec.json.encode(said).ljust(size)


class Upload:
    """A request whose body comes bit by bit."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._content = content

    async def rest(self) -> str:
        """Send all of it; the answer."""
        with suppress(ConnectionError):
            self._writer.write(self._content)
            await self._writer.drain()
        return await self.answer()

    async def answer(self) -> str:
        """Its status and whether it is told when to try again."""
        async with asyncio.timeout(SECONDS):
            said = await self._reader.readuntil(b"\r\n\r\n")
        again = " Retry-After" if b"\r\nRetry-After: " in said else ""
        return said[9:12].decode() + again


@asynccontextmanager
async def upload(gateway: Running, host: int, size: int, *headers: str, whole: bool = False) -> AsyncIterator[Upload]:
    """Begun by 127.0.0.`host`, with all headers but nothing of its body."""
    port = int(gateway.app.web.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.0.{host}", 0))
    length = "Transfer-Encoding: chunked" if whole else f"Content-Length: {size}"
    lines = ["POST /in/poison/ HTTP/1.1", "Host: x", length, *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    await gateway.ask("/healthz")  # by then it has been read
    try:
        yield Upload(reader, writer, body(f"m{host}-{id(writer)}", size))
    finally:
        writer.transport.abort()


async def taken(gateway: Running) -> str:
    (line,) = [
        one for one in (await gateway.ask("/metrics")).text.splitlines() if one.startswith("kanal_web_body_bytes ")
    ]
    return line.partition(" ")[2]


async def test_large_bodies_beyond_the_room_are_told_to_try_again_and_small_ones_are_taken(gateway: Running) -> None:
    async with upload(gateway, 1, 2 * MB) as one, upload(gateway, 2, 2 * MB) as other:
        async with upload(gateway, 3, 2 * MB) as third:
            assert await third.answer() == "503 Retry-After"
        async with upload(gateway, 4, 60_000) as small:
            assert await small.rest() == "200"
        assert float(await taken(gateway)) == 4 * MB
        assert [await one.rest(), await other.rest()] == ["200", "200"]
    assert await taken(gateway) == "0.0"
    async with upload(gateway, 3, 2 * MB) as third:
        assert await third.rest() == "200"
    assert len(gateway.all("deliveries")) == 4


async def test_one_address_has_half_of_it_or_one_body(gateway: Running) -> None:
    async with upload(gateway, 1, MB), upload(gateway, 1, MB):
        async with upload(gateway, 1, MB) as third:
            assert await third.answer() == "503 Retry-After"
        async with upload(gateway, 2, MB) as other:
            assert await other.rest() == "200"
    async with upload(gateway, 1, 3 * MB) as alone:
        assert await alone.rest() == "200"


async def test_who_has_most_of_it_makes_room_for_who_has_little(gateway: Running) -> None:
    async with upload(gateway, 1, MB) as longest, upload(gateway, 1, MB) as latest, upload(gateway, 2, 2 * MB):
        async with upload(gateway, 3, MB) as newcomer:
            assert await newcomer.rest() == "200"
            assert await longest.answer() == "503 Retry-After"
            assert await latest.rest() == "200"
        text = (await gateway.ask("/metrics")).text
    assert 'kanal_web_turned_away_total{limit="share of memory"} 1.0' in text


async def test_a_body_of_unknown_length_counts_as_the_largest(gateway: Running) -> None:
    async with upload(gateway, 1, MB, whole=True), upload(gateway, 2, 2 * MB) as other:
        assert await other.answer() == "503 Retry-After"


async def test_behind_a_proxy_its_clients_share_the_room(gateway: Running) -> None:
    proxy = int(PROXY.rpartition(".")[2])
    async with upload(gateway, proxy, 2 * MB, "X-Forwarded-For: 203.0.113.1"):
        async with upload(gateway, proxy, 2 * MB, "X-Forwarded-For: 203.0.113.1") as same:
            assert await same.answer() == "503 Retry-After"
        async with upload(gateway, proxy, 2 * MB, "X-Forwarded-For: 203.0.113.2") as other:
            assert await other.rest() == "200"


async def test_who_waits_to_be_asked_for_the_body_is_asked_if_there_is_room(gateway: Running) -> None:
    async with upload(gateway, 1, 3 * MB, "Expect: 100-continue") as one:
        assert await one.answer() == "100"
        async with upload(gateway, 2, 3 * MB, "Expect: 100-continue") as other:
            assert await other.answer() == "503 Retry-After"
        assert await one.rest() == "200"


async def test_where_large_bodies_are_taken_heads_are_not_large(gateway: Running) -> None:
    async with upload(gateway, 1, 9, f"X-A: {'a' * 100_000}") as one:
        assert await one.answer() == "400"


async def test_a_client_that_goes_away_leaves_its_room(gateway: Running) -> None:
    async with upload(gateway, 1, 3 * MB):
        assert await taken(gateway) != "0.0"

    async with asyncio.timeout(SECONDS):
        while await taken(gateway) != "0.0":
            await asyncio.sleep(0.02)
