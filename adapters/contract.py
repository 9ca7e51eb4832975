"""What an adapter is: a `kind`, its `Settings`, a pure `parse`, and one or more ways in and out.

An adapter offers a way simply by having its methods; `isinstance(adapter, Sends)` asks for one. Construction touches
nothing outside.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from socket import socket
from typing import Annotated, Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

from normalizer.message import Address, Attachment, Discreet, Event
from normalizer.sorting.categories import NO_CATEGORIES, Categories


class Secret:
    """A secret from the environment or a file; neither repr, str nor an encoder shows it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every channel has. An adapter's own `Settings` derive from this.

    Each field is described by `Annotated[type, msgspec.Meta(description="…")]`: the reference documentation and the
    JSON Schema are made from it.
    """

    name: Annotated[
        str, Meta(description="Small letters, digits and single '-'; permanent, since every row that is kept has it.")
    ]
    kind: Annotated[str, Meta(description="Which adapter serves it.")]
    language: Annotated[Literal["id", "en"], Meta(description="Language of its replies; [gateway]'s if left out.")] = (
        "id"
    )
    max_size: Annotated[int, Meta(description="Largest message, in bytes.")] = 26_214_400
    keep_raw_days: Annotated[
        int,
        Meta(
            description="Days that what came in is kept byte for byte once it is filed, but no longer than its reports'"
            " full words; 0: for ever.",
            ge=0,
        ),
    ] = 90
    keep_person_days: Annotated[
        int,
        Meta(description="Days that full words and reporters are kept once the case is closed; 0: for ever.", ge=0),
    ] = 730
    after_crash: Annotated[
        Literal["ask", "send-again"] | None,
        Meta(
            description="A reply that was being sent when the process ended may or may not have left: it waits for"
            " `kanal replies resend`, or is sent again; if left out, again only where a repetition is harmless."
        ),
    ] = None

    def problems(self) -> Sequence["Problem"]:
        """What is wrong beyond types: asked once all fields are read."""
        return ()


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a setting: `where` is the key, `hint` what to do about it."""

    where: str
    what: str
    hint: str = ""


class Delivery(Discreet, frozen=True, kw_only=True):
    """What came in, before any parsing.

    `id` is unique in the channel: the provider's, or the SHA-256 of what was sent, or random. `headers` are the few
    facts of the transport that `parse` needs (envelope, query), names in lower case.
    """

    id: str
    channel: str
    received_at: datetime
    body: bytes
    content_type: str = "application/octet-stream"
    headers: dict[str, str] = {}

    shown = ("channel",)


class Batch(msgspec.Struct, frozen=True):
    """One poll's harvest and where the next one starts."""

    deliveries: Sequence[Delivery]
    cursor: str | None


class WebRequest(Discreet, frozen=True, kw_only=True):
    """A request to `/in/<channel>/…`. `path` is what follows the channel's name, without a leading slash; `query` is
    the raw query string; `public_url` is the URL as the outside sees it; `peer` is the client's IP address."""

    method: str
    path: str
    public_url: str
    headers: Mapping[str, str]
    query: str
    body: bytes
    peer: str
    received_at: datetime

    shown = ("method",)


class Response(Discreet, frozen=True, kw_only=True):
    """What is answered to a web request."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = {}

    shown = ("status",)


class Received(msgspec.Struct, frozen=True):
    """The deliveries in a proven request, and the answer that is given once they are on disk."""

    deliveries: Sequence[Delivery]
    response: Response = Response()


Accept = Callable[[Sequence[Delivery], str | None], Awaitable[None]]
"""`await accept(deliveries, cursor)` returns when they are on disk; raises `NotAccepted` when they are not."""


Bind = Callable[[str], Awaitable[Sequence[socket]]]
"""`await bind(place)` gives the sockets that listen at "host:port", "[IPv6]:port" or the path of a Unix socket; raises
OSError. Whoever serves one closes it; the address may live on in another's hands."""


class NotAccepted(Exception):
    """The deliveries could not be put on disk: tell the channel to try again."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel can carry. `text_limit` counts in `alphabet`'s units; `repeatable`: sending the same reply twice
    shows it once or costs nothing, so that what was under way at a crash may be sent again unasked; `reaches`: kinds of
    `Address` that it can write to although nobody there has written to it before."""

    text_limit: int | None = None
    alphabet: Literal["gsm7", "unicode"] = "unicode"
    choices: int = 0
    attachments: bool = False
    threads: bool = False
    private: bool = True
    repeatable: bool = False
    reaches: tuple[str, ...] = ()


class Reply(Discreet, frozen=True, kw_only=True):
    """Something to say to one citizen. `id` is stable over retries; `subject` and `references` are for channels with
    threads."""

    id: str
    channel: str
    to: Address
    text: str
    conversation: str = ""
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    public: bool = False

    shown = ("id", "channel")


class Receipt(msgspec.Struct, frozen=True):
    """The channel took a reply. `external_id` is its id there; `cost` in the channel's units (segments, quota)."""

    external_id: str | None = None
    cost: int = 0


@runtime_checkable
class Adapter(Protocol):
    """What every adapter has. `parse` is pure: same delivery, same events; raises `Unreadable` if nothing can be
    made of it."""

    kind: ClassVar[str]
    Settings: ClassVar[type[ChannelSettings]]

    def __init__(self, settings: Any) -> None: ...

    def parse(self, delivery: Delivery) -> Sequence[Event]: ...


class Unreadable(ValueError):
    """Nothing can be made of a delivery; the message says why, without quoting it."""


@runtime_checkable
class Holds(Protocol):
    """An adapter whose deliveries hold the files that came with a message: `content` gives the bytes of one that
    `parse` found, under the same limits and as pure. Raises `Unreadable` if it is not there."""

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes: ...


@runtime_checkable
class Polls(Protocol):
    async def poll(self, cursor: str | None) -> Batch: ...


@runtime_checkable
class Receives(Protocol):
    """`receive` does no input or output: it checks the proof and says which deliveries the request holds. Raises
    `RequestRefused`."""

    def receive(self, request: WebRequest) -> Received: ...


class SeenReport(Discreet, frozen=True, kw_only=True):
    """What may be shown of a report: its words masked, and nothing of who made it. `category` is a category's code."""

    received_at: datetime
    text: str
    category: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class SeenCase(Discreet, frozen=True, kw_only=True):
    """What may be told of a case. `status` is one of the gateway's own, `says` the same in the citizens' words; only of
    what is public, or was reported by who asks: the `unit` that has it in hand, as people call it, why it takes longer
    (`notice`), and its `report`."""

    code: str
    is_open: bool
    status: str
    says: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime
    unit: str | None = None
    notice: str | None = None
    report: SeenReport | None = None

    shown = ("code", "status")


class SeenMove(Discreet, frozen=True, kw_only=True):
    """A move of a case. `note` is in an officer's words, masked."""

    id: str
    code: str
    at: datetime
    is_open: bool
    status: str
    says: str
    note: str = ""

    shown = ("id", "code", "status")


class CaseQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases or moves: from `since` until before `until`. `categories`: any of these codes; `is_open`: None for
    both. `app` is the application that asks, "" for anybody."""

    since: datetime
    until: datetime
    app: str = ""
    categories: tuple[str, ...] = ()
    is_open: bool | None = None
    limit: int = 1000
    offset: int = 0


class CaseReader(Protocol):
    """Reads of the cases that may be told of to who asks over one channel. Nothing tells who reported."""

    async def cases(self, query: CaseQuery) -> Sequence[SeenCase]:
        """Those that have a report which is public, or came from the application that asks; newest first."""

    async def by_code(self, codes: Sequence[str], app: str, peer: str) -> Sequence[SeenCase]:
        """Of these those that there are; how a private one stands is told to whoever knows its code. Raises
        `RequestRefused` (429) where too many were asked for that are neither public nor the application's own."""

    async def settled(self, delivery: str) -> str | None:
        """The code of the case that a delivery of the channel led to, "" while it is being processed, None if there is
        no such delivery."""

    async def moves(self, query: CaseQuery) -> Sequence[SeenMove]:
        """Of those cases, oldest first. The query's categories and `is_open` are not heeded."""


class AppKey(Discreet, frozen=True, kw_only=True):
    """An application that may report: `digest` is the hex SHA-256 of its key. What is limited by 0 is not limited."""

    app: str
    digest: str
    per_minute: int
    per_day: int

    shown = ("app",)


class Equipment(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter is given of the gateway's own. `text(name)` is a text for citizens in the channel's language."""

    zone: tzinfo
    text: Callable[[str], str]
    categories: Categories = NO_CATEGORIES
    keys: tuple[AppKey, ...] = ()


@runtime_checkable
class Equipped(Protocol):
    """`equip` is called before anything comes in, and again whenever something of it changes. `parse` may run in
    another process, where it is not called."""

    def equip(self, equipment: Equipment) -> None: ...


@runtime_checkable
class Answers(Protocol):
    """`answer` is asked instead of `receive` for GET and HEAD. It only reads. Raises `RequestRefused`."""

    async def answer(self, request: WebRequest, cases: CaseReader) -> Response: ...


@runtime_checkable
class Listens(Protocol):
    """`listen` serves sockets of the channel's own until cancelled; on cancellation it stops accepting, lets what is
    under way finish and returns. It calls `ready()` once it accepts connections. `addresses` says where it listens,
    for people."""

    def addresses(self) -> Sequence[str]: ...

    async def listen(self, bind: Bind, accept: Accept, ready: Callable[[], None]) -> None: ...


@runtime_checkable
class Sends(Protocol):
    """`send` raises a `ChannelError`."""

    capabilities: ClassVar[Capabilities]

    async def send(self, reply: Reply) -> Receipt: ...


@runtime_checkable
class MaySend(Protocol):
    """An adapter whose way out depends on its settings: without a relay it only receives."""

    def can_send(self) -> bool: ...


@runtime_checkable
class Checks(Protocol):
    """`check` proves credentials and reachability without sending anything to a citizen; raises a `ChannelError`."""

    async def check(self) -> None: ...


@runtime_checkable
class Certified(Protocol):
    """An adapter that shows certificates: `certificates` names their PEM files, so that somebody is told in time."""

    def certificates(self) -> Sequence[Path]: ...


@runtime_checkable
class Guides(Protocol):
    """`first_steps` says in a line or two how to send a first message; `web` is the web server's address. No secret
    is in them."""

    def first_steps(self, web: str) -> Sequence[str]: ...


@runtime_checkable
class Opens(Protocol):
    """An adapter that holds a client or connection while the gateway runs."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...
