"""A mailbox on a mail server of its own, as far as whoever reads one needs it: IMAP4rev1 with UIDs, and IDLE, by which
it tells of a new mail at once.

    https://www.rfc-editor.org/rfc/rfc3501
    https://www.rfc-editor.org/rfc/rfc2177
"""

import asyncio
import re
import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from gateway.apart import LOOPBACK

USER = "pengaduan"
OFFERS = b"IMAP4rev1 IDLE"
#: How soon a new mail is told of, in seconds.
GLANCE_SECONDS = 0.05
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_BODY = re.compile(r"BODY\.PEEK\[\](?:<0\.(\d+)>)?")


class Mailbox:
    """One folder, whose mails stay as they come, for who logs in as `USER` with the password."""

    def __init__(self) -> None:
        self.port = 0
        self.password = secrets.token_urlsafe(16)
        self._mails: list[tuple[bytes, datetime]] = []

    def deliver(self, mail: bytes) -> None:
        """CRLF lines."""
        self._mails.append((mail, datetime.now(UTC)))

    async def talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        """With one who connects, until they go."""
        writer.write(b"* OK [CAPABILITY " + OFFERS + b"] ready\r\n")
        is_known = False
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            tag, _, command = line.partition(" ")
            verb, _, rest = command.partition(" ")
            if verb.upper() == "LOGIN":
                is_known = _words(rest) == [USER, self.password]
                said = b"OK done" if is_known else b"NO [AUTHENTICATIONFAILED] who is it?"
            elif verb.upper() == "IDLE" and is_known:
                await self._idle(reader, writer)
                said = b"OK done"
            else:
                said = self._answered(verb.upper(), rest, is_known, writer)
            writer.write(tag.encode() + b" " + said + b"\r\n")
            await writer.drain()
        writer.close()

    def _answered(self, verb: str, rest: str, is_known: bool, writer: StreamWriter) -> bytes:
        if verb == "CAPABILITY":
            writer.write(b"* CAPABILITY " + OFFERS + b"\r\n")
        elif not is_known:
            return b"NO log in first"
        elif verb in {"SELECT", "EXAMINE"}:
            writer.writelines(self._folder())
        elif verb == "UID":
            writer.writelines(self._by_number(rest))
        elif verb not in {"NOOP", "LOGOUT"}:
            return b"BAD this is not spoken here"
        return b"OK done"

    def _folder(self) -> Iterator[bytes]:
        count = len(self._mails)
        yield f"* {count} EXISTS\r\n* OK [UIDVALIDITY 1] never anew\r\n* OK [UIDNEXT {count + 1}] next\r\n".encode()

    def _by_number(self, rest: str) -> Iterator[bytes]:
        verb, _, asked = rest.partition(" ")
        if verb.upper() == "SEARCH":
            uids = _numbers(asked.split()[1], len(self._mails))
            yield f"* SEARCH {' '.join(map(str, uids))}".rstrip().encode() + b"\r\n"
        elif verb.upper() == "FETCH":
            which, _, items = asked.partition(" ")
            for uid in _numbers(which, len(self._mails)):
                yield from self._fetched(uid, items)

    def _fetched(self, uid: int, items: str) -> Iterator[bytes]:
        """Its size and when it came, or its octets."""
        mail, came_at = self._mails[uid - 1]
        if body := _BODY.search(items):
            name, part = ("BODY[]<0>", mail[: int(body[1])]) if body[1] else ("BODY[]", mail)
            yield f"* {uid} FETCH (UID {uid} {name} {{{len(part)}}}\r\n".encode() + part + b")\r\n"
        else:
            about = f'RFC822.SIZE {len(mail)} INTERNALDATE "{came_at:%d-%b-%Y %H:%M:%S +0000}"'
            yield f"* {uid} FETCH (UID {uid} {about})\r\n".encode()

    async def _idle(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Until they have heard enough."""
        writer.write(b"+ idling\r\n")
        told, enough = len(self._mails), asyncio.ensure_future(reader.readline())
        while not enough.done():
            if len(self._mails) > told:
                told = len(self._mails)
                writer.write(f"* {told} EXISTS\r\n".encode())
            await asyncio.wait({enough}, timeout=GLANCE_SECONDS)


@asynccontextmanager
async def served() -> AsyncIterator[Mailbox]:
    """On a free port of this machine."""
    made = Mailbox()
    server = await asyncio.start_server(made.talk, LOOPBACK, 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def _words(rest: str) -> list[str]:
    return [quoted or bare for quoted, bare in _QUOTED.findall(rest)]


def _numbers(asked: str, count: int) -> list[int]:
    """Of those that there are: "2,4:6", "7:*"."""
    found: set[int] = set()
    for part in asked.replace("*", str(count)).split(","):
        first, _, last = part.partition(":")
        found |= set(range(max(1, int(first)), min(count, int(last or first)) + 1))
    return sorted(found)
