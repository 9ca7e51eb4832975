"""A terminal, for trying: lines of JSON over a Unix socket, answers over the same connection.

In: `{"id": "1", "from": "warga", "text": "Banjir di RT 3"}`, also with "choice" (the id of an offered answer),
"latitude" and "longitude", and "photo" (a file in base64). What is kept is told by `{"kept": "1"}`, what is not by
`{"refused": "why"}`.
Out, to all connections on which the same "from" has written: `{"reply": "a-1", "text": "Di mana?", "choices": []}`,
with the answers that are offered as `{"id": "1:a", "label": "Sini"}`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from adapters import (
    Accept,
    Address,
    Attachment,
    Bind,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    NotAccepted,
    Place,
    Receipt,
    Reply,
    Unreadable,
)

LONGEST_LINE = 8 << 20
PHOTO = "photo"


class TerminalSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A terminal that behaves like another kind of channel: these are the limits that it keeps."""

    socket: Annotated[
        str, Meta(description="Path of the Unix socket to listen on, as in /run/kanal/terminal.sock.", pattern="/")
    ]
    text_limit: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="Most that one reply holds, in the alphabet's units.")
    ] = None
    alphabet: Annotated[
        Literal["gsm7", "unicode", "utf-16", "utf-8", "x"], Meta(description="How the length of a text is counted.")
    ] = "unicode"
    choices: Annotated[int, Meta(description="Buttons under a reply; 0 for numbered text.", ge=0)] = 0
    list_rows: Annotated[int, Meta(description="Rows of a list of answers.", ge=0)] = 0
    label_limit: Annotated[int, Meta(description="Characters of a button's label.", ge=1)] = 20
    files: Annotated[bool, Meta(description="Whether citizens are asked for photos.")] = True
    window_seconds: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(
            description="How long after their last message somebody may be written to: they are asked for an address."
        ),
    ] = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What comes in."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    sender: Annotated[str, Meta(min_length=1, max_length=200)] = msgspec.field(name="from")
    text: str = ""
    choice: str | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    photo: bytes | None = None


class _Out(msgspec.Struct, frozen=True):
    """What goes out."""

    reply: str
    text: str
    choices: Sequence[object] = ()


_line = msgspec.json.Decoder(Line)
_encode = msgspec.json.Encoder().encode


class Terminal:
    kind: ClassVar[str] = "terminal"
    Settings: ClassVar[type[ChannelSettings]] = TerminalSettings

    def __init__(self, settings: TerminalSettings) -> None:
        self.settings = settings
        self.capabilities = Capabilities(
            text_limit=settings.text_limit,
            alphabet=settings.alphabet,
            choices=settings.choices,
            list_rows=settings.list_rows,
            label_limit=settings.label_limit,
            takes_files=settings.files,
            window_seconds=settings.window_seconds,
            repeatable=True,
        )
        self._present: dict[str, set[asyncio.StreamWriter]] = defaultdict(set)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        line = _decoded(delivery.body)
        return [
            Message(
                id=line.id,
                channel=delivery.channel,
                sender=Address("account", line.sender),
                text=line.text,
                choice=line.choice,
                place=Place(latitude=line.latitude, longitude=line.longitude) if line.latitude is not None else None,
                attachments=(_photo(line.photo),) if line.photo else (),
            )
        ]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        photo = _decoded(delivery.body).photo
        if photo is None or attachment.reference != PHOTO:
            raise Unreadable("the line has no such file")
        return photo

    def addresses(self) -> Sequence[str]:
        return [self.settings.socket]

    async def listen(self, bind: Bind, accept: Accept, ready: Callable[[], None]) -> None:
        """Until cancelled."""
        (sock,) = await bind(self.settings.socket)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(reader, writer, accept)

        server = await asyncio.start_unix_server(serve, sock=sock, limit=LONGEST_LINE)
        try:
            ready()
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()
            for writer in {one for writers in self._present.values() for one in writers}:
                writer.close()

    async def send(self, reply: Reply) -> Receipt:
        present = self._present.get(reply.to.value)
        if not present:
            raise ChannelDown("nobody is at the terminal")
        for writer in list(present):
            _write(writer, _Out(reply.id, reply.text, reply.choices))
        return Receipt(external_id=reply.id)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, accept: Accept) -> None:
        try:
            while line := await reader.readline():
                _write(writer, await self._take(line, writer, accept))
        except (ConnectionError, ValueError):  # gone; or a line without an end, which is not read on
            pass
        finally:
            for writers in self._present.values():
                writers.discard(writer)
            writer.close()

    async def _take(self, line: bytes, writer: asyncio.StreamWriter, accept: Accept) -> dict[str, str]:
        """What is said of a line, once it is on disk."""
        try:
            read = _decoded(line)
            now = datetime.now(UTC)
            delivery = Delivery(
                id=read.id,
                channel=self.settings.name,
                received_at=now,
                body=line.rstrip(b"\r\n"),
                content_type="application/json",
            )
            self._present[read.sender].add(writer)
            await accept([delivery], None)
        except Unreadable as error:
            return {"refused": str(error)}
        except NotAccepted:
            return {"refused": "it could not be kept: try again"}
        return {"kept": read.id}


def _decoded(line: bytes) -> Line:
    try:
        read = _line.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Unreadable('a line is JSON with "id", "from" and "text"') from None
    if (read.latitude is None) != (read.longitude is None):
        raise Unreadable('"latitude" and "longitude" belong together')
    return read


def _photo(content: bytes) -> Attachment:
    return Attachment(
        name=None,
        media_type="application/octet-stream",
        size=len(content),
        digest=sha256(content).hexdigest(),
        reference=PHOTO,
    )


def _write(writer: asyncio.StreamWriter, what: object) -> None:
    writer.write(_encode(what) + b"\n")
