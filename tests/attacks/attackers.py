"""What hostile hosts do until they are killed: `python -m tests.attacks.attackers WEB_PORT SMTP_PORT ATTACK…`.

It prints a line once the attacks are in full swing. Each connection that is closed on a host it opens again.
"""

import asyncio
import itertools
import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

from tests.attacks import shapes
from tests.end_to_end.kanal import OWN, SECRET

SWING_SECONDS = 0.5
BREATH = 0.05  # seconds: a host that is turned away takes that long to come again
HELD = 300
FLOODING = 64

_hosts = itertools.count(2)


class Target(NamedTuple):
    web: int
    smtp: int


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Attack = Callable[[Target], Awaitable[None]]


def holds(port: str, *said: bytes, drips: Iterable[bytes] = (), most: int = HELD) -> Attack:
    """Many connections on which only this is said, and then drip by drip the rest."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for words in said:
            writer.write(words)
        for drip in itertools.cycle(drips):
            await asyncio.sleep(0.2)
            writer.write(drip)
            await writer.drain()
        await reader.read(-1)

    return lambda target: _many(getattr(target, port), talk, most)


def uploads(size: int, sent: int, most: int) -> Attack:
    """Many large bodies, of which so much is sent as fast as it is taken, and the rest in drips."""
    head = _request("POST", "/in/apps/requests.json", f"{FORM}Content-Length: {size}\r\n")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _ in range(sent // len(LUMP)):
            writer.write(LUMP)
            await writer.drain()
            if reader._buffer:  # type: ignore[attr-defined]
                return
        while not await _answered(reader):
            writer.write(b"x")
            await writer.drain()

    return lambda target: _many(target.web, talk, most)


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Also when it was hung up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.read(1)
            return True
    return False


def floods(port: str, *said: bytes, most: int = FLOODING) -> Attack:
    """Many connections on which each of these is said in turn, as fast as it is answered."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for words in itertools.cycle(said):
            writer.write(words)
            await writer.drain()
            if not await reader.read(1 << 16):
                return

    return lambda target: _many(getattr(target, port), talk, most)


def reads_nothing(port: str, said: bytes, most: int = FLOODING) -> Attack:
    """Many connections that ask and ask, and take no answer."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport = reader._transport  # type: ignore[attr-defined]
        transport.pause_reading()
        while not transport.is_closing():
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(0)

    return lambda target: _many(getattr(target, port), talk, most)


def comes_and_goes(port: str) -> Attack:
    """Connections that are closed as soon as they are there."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    return lambda target: _many(getattr(target, port), talk, FLOODING, breath=0)


def mails(*contents: bytes, most: int = 8) -> Attack:
    """Mails one after the other, in a session each."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        for content in itertools.cycle(contents):
            for words in (
                b"HELO x",
                b"MAIL FROM:<a@example.org>",
                f"RCPT TO:<{OWN}>".encode(),
                b"DATA",
                content + b"\r\n.",
            ):
                writer.write(words + b"\r\n")
                await writer.drain()
                if not await reader.readline():
                    return

    return lambda target: _many(target.smtp, talk, most)


async def _many(port: int, talk: Talk, most: int, breath: float = BREATH) -> None:
    host = f"127.0.0.{next(_hosts)}"

    async def one() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
                try:
                    await talk(reader, writer)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(breath)

    await asyncio.gather(*(one() for _ in range(most)))


def _request(method: str, path: str, headers: str = "", body: bytes = b"") -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}{length}\r\n".encode() + body


LUMP = b"x" * 65_536
FORM = "Content-Type: multipart/form-data; boundary=b\r\n"
MO = f"/in/sms/{SECRET}/mo"
ENVELOPE = f"EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<{OWN}>\r\nDATA\r\n".encode()
BOMB = shapes.COMPRESSED["gzip"][1]
CHUNKED = b"POST /in/sms/x/mo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

HOLDING: dict[str, Attack] = {
    "HTTP: silent": holds("web"),
    "HTTP: half a head": holds("web", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"),
    "HTTP: heads in drips": holds("web", b"GET /healthz HTTP/1.1\r\n", drips=[b"X: y\r\n"]),
    "HTTP: half a body": holds("web", _request("POST", MO, "Content-Length: 9\r\n") + b"a="),
    "HTTP: bodies in drips": holds("web", _request("POST", MO, "Content-Length: 900\r\n"), drips=[b"a"]),
    "HTTP: chunks in drips": holds("web", CHUNKED, drips=[b"1\r\na\r\n"]),
    "SMTP: silent": holds("smtp"),
    "SMTP: half a mail": holds("smtp", ENVELOPE + b"Subject: x\r\n\r\n" + b"x" * 60_000),
    "SMTP: mails in drips": holds("smtp", ENVELOPE, drips=[b"x\r\n"]),
}

FLOODS: dict[str, Attack] = {
    "HTTP: takes no answer": reads_nothing("web", _request("GET", "/metrics") * 50),
    "HTTP: comes and goes": comes_and_goes("web"),
    "HTTP: wrong secrets": floods("web", _request("GET", "/in/sms/wrong/mo?sender=1")),
    "HTTP: large bodies": floods("web", _request("POST", "/in/sms/wrong/mo", body=b"a" * 60_000)),
    "HTTP: compressed bombs": floods(
        "web", _request("POST", MO, "Content-Encoding: gzip\r\n", shapes.COMPRESSED["gzip"][1])
    ),
    "HTTP: header bombs": floods("web", *(_request("GET", "/healthz", one) for one in shapes.HEADER_BOMBS.values())),
    "HTTP: malformed": floods("web", *(said.encode("latin-1") for said, _ in shapes.REQUESTS.values())),
    "HTTP: guesses codes": floods("web", _request("GET", "/lacak/KNL-0000-0000?pin=123456")),
    "HTTP: asks for figures": floods("web", _request("GET", "/metrics")),
    "SMTP: takes no answer": reads_nothing("smtp", b"EHLO x\r\nHELP\r\n" * 500),
    "SMTP: comes and goes": comes_and_goes("smtp"),
    "SMTP: bad commands": floods("smtp", b"EHLO x\r\n" + (b"MAIL FROM:<" + b"(" * 400 + b"\r\n") * 20),
    "SMTP: resets": floods("smtp", b"RSET\r\n" * 1_000),
    "SMTP: too many recipients": floods("smtp", ENVELOPE[:-6] + f"RCPT TO:<{OWN}>\r\n".encode() * 1_000),
}

STORED: dict[str, Attack] = {"SMTP: hostile mails": mails(*shapes.MAILS.values())}

#: For a gateway that has a channel "apps", which takes 25 MB.
UPLOADS: dict[str, Attack] = {"HTTP: large bodies in drips": uploads(26_000_000, sent=16_000_000, most=40)}

ATTACKS = HOLDING | FLOODS | STORED | UPLOADS


async def main(target: Target, names: list[str]) -> None:
    attacking = asyncio.gather(*(ATTACKS[name](target) for name in names))
    await asyncio.sleep(SWING_SECONDS)
    sys.stdout.write("attacking\n")
    sys.stdout.flush()
    await attacking


if __name__ == "__main__":
    asyncio.run(main(Target(int(sys.argv[1]), int(sys.argv[2])), sys.argv[3:]))
