"""What the client that fetches files asks, of whom, and what it makes of the answers."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters import Attachment, ChannelDown, ChannelError, Refused, Throttled, Unauthorized
from adapters.telegram import Telegram
from adapters.testing import settings_of
from gateway.fetching.addresses import is_public
from gateway.fetching.client import Client, Limits, TooLarge, Unwilling
from tests.adapters.certificates import make_certificate

PHOTO = bytes(range(256)) * 40
CAP = 20_000
TOKEN = "123456:AAF-rahasia"
NAME = "files.provider.example"
PUBLIC = "93.184.216.34"

pytestmark = pytest.mark.threat("P0-19")


class Host:
    """A server that somebody else's files lie on; `asked` are the headers of what was asked, by path."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {}
        self.url = ""

    def says(self, path: str, **values: Any) -> str:
        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(**values)

        return self.does(path, answer)

    def does(self, path: str, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        self.answers[path] = answer
        return self.url + path

    def moves(self, path: str, there: str, status: int = 302) -> str:
        return self.says(path, status=status, headers={"Location": there})

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, dict(request.headers)))
        return await self.answers[request.path](request)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    async with serving() as made:
        yield made


@pytest.fixture
async def other() -> AsyncIterator[Host]:
    async with serving() as made:
        yield made


@asynccontextmanager
async def serving() -> AsyncIterator[Host]:
    made = Host()
    application = web.Application()
    application.router.add_get("/{path:.*}", made.answer)
    async with TestServer(application) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


def client(*hosts: str, **values: Any) -> Client:
    return Client(hosts, CAP, **values)


async def refused(asked: Awaitable[bytes], *secrets: str) -> ChannelError:
    """Why it is not given; no address and no token is told."""
    with pytest.raises(ChannelError) as caught:
        await asked
    assert not [word for word in (TOKEN, "http", NAME, *secrets) if word in str(caught.value)]
    assert caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("149.154.167.220", True),
        ("2001:67c:4e8:f004::9", True),
        ("64:ff9b::5db8:d822", True),  # 93.184.216.34 as a network without IPv4 sees it
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep credentials
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:53aa:64c::1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("fe80::1", False),
        ("fe80::1%lo", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("5f00::1", False),
        ("100::1", False),
    ],
)
def test_addresses_of_the_public_internet_are_told_from_all_others(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.usefixtures("no_lookups")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "//files.provider.example/photo.jpg",
        "file:///etc/passwd",
        "ftp://files.provider.example/photo.jpg",
        "data:image/png;base64,AAAA",
        "http://files.provider.example/photo.jpg",
        "http://files.provider.example:443/photo.jpg",
        "https://files.provider.example:8443/photo.jpg",
        "https://files.provider.example:22/photo.jpg",
        "https://files.provider.example:99999/photo.jpg",
        "https://files.provider.example@evil.example/photo.jpg",
        "https://token@files.provider.example/photo.jpg",
        "https://a:b@files.provider.example/photo.jpg",
        "https://:b@files.provider.example/photo.jpg",
        "https://files.provider.example.evil.example/photo.jpg",
        "https://evil.example/files.provider.example",
        "https://evil.example#files.provider.example",
        "https://evil.example\\@files.provider.example/photo.jpg",
        "https://files.provider.example./photo.jpg",
        "https://xfiles.provider.example/photo.jpg",
        "https://provider.example/photo.jpg",
        "https://cdn.example/photo.jpg",  # of which only those below are named
        "https://127.0.0.1/photo.jpg",
        "https://127.1/photo.jpg",
        "https://2130706433/photo.jpg",
        "https://0x7f000001/photo.jpg",
        "https://0x7f.1/photo.jpg",
        "https://017700000001/photo.jpg",
        "https://169.254.169.254/latest/meta-data/",
        "https://93.184.216.34/photo.jpg",
        "https://[::1]/photo.jpg",
        "https://[::ffff:127.0.0.1]/photo.jpg",
        "https://[fe80::1%25lo]/photo.jpg",
        "https://[64:ff9b::7f00:1]/photo.jpg",
        "https://localhost/photo.jpg",
        "https://[::1/photo.jpg",
        "https:///photo.jpg",
    ],
)
async def test_only_what_the_channel_names_is_asked(url: str) -> None:
    asked = client(NAME, "*.cdn.example", "93.184.216.35").get(url)
    assert type(await refused(asked, url or "?")) is Refused


class Lookups(NamedTuple):
    names: list[str]
    connected: list[str]


@pytest.fixture
def answers() -> list[list[str]]:
    """What name servers answer, one after the other; the last for ever."""
    return [[PUBLIC]]


@pytest.fixture
async def lookups(
    monkeypatch: pytest.MonkeyPatch, answers: list[list[str]], tls: tuple[int, ssl.SSLContext]
) -> Lookups:
    """What is looked up, and which addresses are connected to: all of them end at our own server."""
    seen = Lookups([], [])

    def looked_up(name: str, port: int, *_values: object, **_more: object) -> list[tuple[Any, ...]]:
        seen.names.append(name)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_looked_up(one, port) for one in found]

    loop = asyncio.get_running_loop()
    connect = loop.sock_connect

    async def connected(sock: socket.socket, address: tuple[str, int]) -> None:
        seen.connected.append(f"{address[0]}:{address[1]}")
        await connect(sock, ("127.0.0.1", tls[0]))

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(loop, "sock_connect", connected)
    return seen


def _looked_up(address: str, port: int) -> tuple[Any, ...]:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    yield make_certificate(tmp_path_factory.mktemp("tls"), NAME)


@pytest.fixture
async def tls(host: Host, certificate: tuple[Path, Path]) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """The host again, by TLS under its name: its port, and by what its certificate is known."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    application = web.Application()
    application.router.add_get("/{path:.*}", host.answer)
    server = TestServer(application, scheme="https")
    await server.start_server(ssl=context)
    yield int(server.port or 0), ssl.create_default_context(cafile=str(certificate[0]))
    await server.close()


@pytest.fixture
def guarded(tls: tuple[int, ssl.SSLContext], lookups: Lookups) -> Client:
    return client(NAME, tls=tls[1])


async def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    host: Host, guarded: Client, lookups: Lookups, answers: list[list[str]]
) -> None:
    answers[:] = [[PUBLIC], ["127.0.0.1"]]
    host.says("/photo", body=PHOTO)
    assert await guarded.get(f"https://{NAME}/photo", {"Authorization": TOKEN}) == PHOTO
    assert lookups == ([NAME], [f"{PUBLIC}:443"])
    assert host.asked[0][1]["Host"] == NAME
    assert host.asked[0][1]["Authorization"] == TOKEN
    error = await refused(guarded.get(f"https://{NAME}/photo"))
    assert type(error) is ChannelDown
    assert lookups.connected == [f"{PUBLIC}:443"]


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["fd00::1"], [PUBLIC, "::1"], []],
    ids=lambda one: "+".join(one) or "none",
)
async def test_a_name_that_leads_inside_is_not_connected_to(
    guarded: Client, lookups: Lookups, answers: list[list[str]], found: list[str]
) -> None:
    answers[:] = [found]
    assert type(await refused(guarded.get(f"https://{NAME}/photo"), *found)) is ChannelDown
    assert lookups.connected == []


async def test_a_name_that_nobody_knows_may_be_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_values: object, **_more: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, f"{NAME} is not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert type(await refused(client(NAME).get(f"https://{NAME}/photo"))) is ChannelDown


async def test_who_cannot_prove_its_name_is_not_asked(host: Host, lookups: Lookups) -> None:
    error = await refused(client(NAME).get(f"https://{NAME}/photo", {"Authorization": TOKEN}))
    assert "certificate" in str(error)
    assert (host.asked, lookups.connected) == ([], [f"{PUBLIC}:443"])


async def test_whoever_redirects_inside_is_not_followed(host: Host, guarded: Client, other: Host) -> None:
    other.says("/secret", body=b"root")
    for there in (f"{other.url}/secret", f"http://{NAME}/photo", "https://127.0.0.1/", "file:///etc/passwd", "//x/"):
        host.moves("/photo", there)
        assert type(await refused(guarded.get(f"https://{NAME}/photo"), other.url)) is Refused
    assert other.asked == []


async def test_what_an_operator_wrote_is_asked_as_it_is(host: Host) -> None:
    url = host.says("/photo", body=PHOTO)
    assert await client(host.url).get(url, {"X-Token": TOKEN}) == PHOTO
    assert host.asked[0][1]["Accept-Encoding"] == "identity"
    assert type(await refused(client(host.url).get(url.replace("http:", "https:")))) is Refused


async def test_a_token_goes_to_its_own_host_only(host: Host, other: Host) -> None:
    host.moves("/here", "/there")
    host.moves("/there", f"{other.url}/photo")
    other.says("/photo", body=PHOTO)
    found = await client(host.url, other.url).get(f"{host.url}/here", {"Authorization": TOKEN, "X-Key": TOKEN})
    assert found == PHOTO
    assert [headers.get("Authorization") for _, headers in host.asked] == [TOKEN, TOKEN]
    [(_, headers)] = other.asked
    assert TOKEN not in str(headers)


async def test_a_token_goes_back_to_its_own_host(host: Host, other: Host) -> None:
    host.moves("/here", f"{other.url}/there")
    other.moves("/there", f"{host.url}/photo")
    host.says("/photo", body=PHOTO)
    assert await client(host.url, other.url).get(f"{host.url}/here", {"X-Key": TOKEN}) == PHOTO
    assert [headers.get("X-Key") for _, headers in host.asked] == [TOKEN, TOKEN]


async def test_only_so_many_redirects_are_followed(host: Host) -> None:
    for number in range(9):
        host.moves(f"/{number}", f"/{number + 1}", (301, 302, 303, 307, 308)[number % 5])
    host.says("/9", body=PHOTO)
    assert await client(host.url).get(f"{host.url}/6") == PHOTO
    assert type(await refused(client(host.url).get(f"{host.url}/0"))) is Refused
    assert host.paths() == ["/6", "/7", "/8", "/9", "/0", "/1", "/2", "/3"]


async def test_no_proxy_of_the_environment_is_asked(host: Host, other: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, other.url)
    monkeypatch.setenv("no_proxy", "")
    assert await client(host.url).get(host.says("/photo", body=PHOTO)) == PHOTO
    assert other.asked == []


async def test_cookies_are_not_kept(host: Host) -> None:
    url = host.says("/photo", body=PHOTO, headers={"Set-Cookie": "a=b"})
    asking = client(host.url)
    assert [await asking.get(url), await asking.get(url)] == [PHOTO, PHOTO]
    assert "Cookie" not in host.asked[1][1]


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (204, {}, Refused),
        (206, {}, Refused),
        (302, {}, ChannelDown),
        (304, {}, Refused),
        (400, {}, Unwilling),
        (401, {}, Unauthorized),
        (403, {}, Unwilling),
        (404, {}, Refused),
        (410, {}, Refused),
        (429, {"Retry-After": "7"}, Throttled),
        (429, {"Retry-After": "soon"}, Throttled),
        (500, {}, ChannelDown),
        (503, {}, ChannelDown),
        (200, {"Content-Encoding": "gzip"}, Refused),
        (302, {"Location": "http://[::1"}, Refused),
    ],
)
async def test_what_is_no_file_is_told_for_what_it_is(
    host: Host, status: int, headers: dict[str, str], error: type[ChannelError]
) -> None:
    found = await refused(client(host.url).get(host.says("/photo", status=status, headers=headers)))
    assert type(found) is error
    if isinstance(found, Throttled):
        assert found.retry_after == (7.0 if headers["Retry-After"] == "7" else 60.0)


PATIENCE: dict[str, tuple[dict[str, Any], float]] = {
    "in the body": ({"text": '{"ok":false,"error_code":429,"parameters":{"retry_after":2}}'}, 2.0),
    "in a header, which counts": ({"text": '{"parameters":{"retry_after":2}}', "headers": {"Retry-After": "7"}}, 7.0),
    "nowhere": ({"text": '{"ok":false}'}, 60.0),
    "in nonsense": ({"body": b"\xff[" * 9000}, 60.0),
}


@pytest.mark.parametrize("name", PATIENCE)
async def test_telegram_is_left_alone_for_as_long_as_it_says(host: Host, name: str) -> None:
    answer, seconds = PATIENCE[name]
    host.says(f"/bot{TOKEN}/getFile", status=429, **answer)
    adapter = Telegram(settings_of(Telegram, {"token": TOKEN, "api_url": host.url}))
    photo = Attachment(None, "image/jpeg", 0, reference="f-1")
    found = await refused(adapter.fetch(photo, client(host.url).get))
    assert isinstance(found, Throttled)
    assert found.retry_after == seconds


async def test_nobody_there_is_an_outage(host: Host) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert type(await refused(client(url).get(f"{url}/photo"), url)) is ChannelDown


async def in_pieces(
    request: web.Request, *pieces: bytes, pause: float = 0.0, size: int | None = None
) -> web.StreamResponse:
    response = web.StreamResponse()
    response.content_length = size
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
        await asyncio.sleep(pause)
    return response


async def test_a_file_that_is_too_large_is_not_read_to_its_end(host: Host) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        return await in_pieces(request, *[PHOTO] * 1000)

    said = host.says("/said", body=bytes(CAP + 1))
    unsaid = host.does("/unsaid", endless)
    just = host.says("/just", body=bytes(CAP))
    for url in (said, unsaid):
        assert type(await refused(client(host.url).get(url))) is TooLarge
    assert len(await client(host.url).get(just)) == CAP
    assert type(await refused(client(host.url).get(just, cap=CAP - 1))) is TooLarge
    assert len(await client(host.url).get(just, cap=CAP * 9)) == CAP
    assert type(await refused(client(host.url).get(said, cap=CAP * 9))) is TooLarge


async def test_what_is_packed_is_not_unpacked(host: Host) -> None:
    bomb = gzip.compress(bytes(10 << 20))
    url = host.says("/bomb", body=bomb)
    assert await client(host.url).get(url) == bomb
    packed = host.says("/packed", body=bomb, headers={"Content-Encoding": "gzip"})
    assert type(await refused(client(host.url).get(packed))) is Refused


@pytest.mark.parametrize(
    ("limits", "pause"),
    [
        (Limits(silence=0.05), 5.0),
        (Limits(total=0.1), 0.02),
        (Limits(silence=0.1, slowest=1e6), 0.02),
    ],
    ids=["silent", "long", "slow"],
)
async def test_whoever_trickles_is_given_up(host: Host, limits: Limits, pause: float) -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        return await in_pieces(request, *[b"x"] * 500, pause=pause)

    url = host.does("/photo", trickle)
    async with asyncio.timeout(120):
        assert type(await refused(client(host.url, limits=limits).get(url))) is ChannelDown


async def test_a_file_that_is_cut_off_is_fetched_another_time(host: Host) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = await in_pieces(request, PHOTO, size=len(PHOTO) + 5)
        assert request.transport is not None
        request.transport.close()
        return response

    assert type(await refused(client(host.url).get(host.does("/photo", cut)))) is ChannelDown
