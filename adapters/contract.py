"""What an adapter is: a `kind`, its `Settings`, a pure `parse`, and one or more ways in and out.

An adapter offers a way simply by having its methods; `isinstance(adapter, Sends)` asks for one. Construction touches
nothing outside.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from socket import socket
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec

from adapters.cases import AppKey, CaseReader
from adapters.settings import ChannelSettings
from normalizer.message import Address, Attachment, Discreet, Event
from normalizer.sorting.categories import NO_CATEGORIES, Categories


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
    """One poll's harvest and where the next one starts, which is asked for after `wait` seconds. `spent` says how much
    of what the provider charges for was used, by its name in `Costs.rates`: {"post_read": 12}. It is kept
    together with the cursor: where a later page fails, what the pages before it brought and cost is a batch by itself.
    `trouble` says in English which part could not be asked, such as one folder of several: the channel is degraded
    until a batch comes without.
    """

    deliveries: Sequence[Delivery]
    cursor: str | None
    wait: float = 0.0
    spent: Mapping[str, int] = {}
    trouble: str = ""


class WebRequest(Discreet, frozen=True, kw_only=True):
    """A request to `/in/<channel>/…`. `path` is what follows the channel's name, without a leading slash; `query` is
    the raw query string; `public_url` is the URL as the outside sees it; `peer` is the client's IP address. Names of
    `headers` are found in any case."""

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
    """What is answered to a web request. `cookies` are the values of its Set-Cookie headers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = {}
    cookies: tuple[str, ...] = ()

    shown = ("status",)


class Received(msgspec.Struct, frozen=True):
    """The deliveries in a proven request, and the answer that is given once they are on disk; `spent` is what the
    provider charges for bringing it, as in `Batch`. `note` says why there are none, if that may be a mistake of the
    operator's."""

    deliveries: Sequence[Delivery]
    response: Response = Response()
    spent: Mapping[str, int] = {}
    note: str = ""


Accept = Callable[[Sequence[Delivery], str | None], Awaitable[None]]
"""`await accept(deliveries, cursor)` returns when they are on disk; raises `NotAccepted` when they are not."""


Bind = Callable[[str], Awaitable[Sequence[socket]]]
"""`await bind(place)` gives the sockets that listen at "host:port", "[IPv6]:port" or the path of a Unix socket; raises
OSError. Whoever serves one closes it; the address may live on in another's hands."""


class NotAccepted(Exception):
    """The deliveries could not be put on disk: tell the channel to try again."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel can carry. `text_limit` is the most that one reply holds, counted as `alphabet` says: "gsm7" in
    septets of an SMS (in the other alphabet as many SMS hold fewer characters), "unicode" in characters, "utf-16" in
    its units, "utf-8" in bytes, "x" in X's weights. `choices` buttons under one reply, or a list of at most
    `list_rows`, with labels of `label_limit` characters; where it has neither, choices are numbered in the text.
    `takes_files`: False where citizens can send none. `links`: False where a link makes a public reply dear.
    `window_seconds`: how long after a citizen's last message it may be written to freely; `templates`: later, by a text
    that the provider has approved; `by_hand_seconds`: or, for so long, by what a person of ours wrote by hand.
    `private_seconds`: how long what somebody said in public can be answered in private, once, although they never wrote
    there. `repeatable`: sending the same reply twice shows it once or costs nothing, so that what was under way at a
    crash may be sent again unasked; `reaches`: kinds of `Address` that it can write to although nobody there has
    written to it before. `openly`: what holds instead for what everybody reads."""

    text_limit: int | None = None
    alphabet: Literal["gsm7", "unicode", "utf-16", "utf-8", "x"] = "unicode"
    choices: int = 0
    list_rows: int = 0
    label_limit: int = 20
    links: bool = True
    window_seconds: float | None = None
    templates: bool = False
    by_hand_seconds: float | None = None
    private_seconds: float | None = None
    attachments: bool = False
    takes_files: bool = True
    threads: bool = False
    private: bool = True
    repeatable: bool = False
    reaches: tuple[str, ...] = ()
    openly: "Capabilities | None" = None

    def where(self, is_public: bool) -> "Capabilities":
        """Those of public replies, or of private ones."""
        return self.openly or self if is_public else self


class Choice(msgspec.Struct, frozen=True):
    """An answer that is offered: `id` (at most 64 bytes of ASCII) comes back as `Message.choice`, `label` is shown."""

    id: str
    label: str


class Reply(Discreet, frozen=True, kw_only=True):
    """Something to say to one citizen. `id` is stable over retries; `subject` and `references` are for channels with
    threads; `choices` only where the channel's capabilities have them; `template` names the approved text to say it by
    where it may not be said freely. `late`: a person wrote it by hand, later than it might be said freely; `opens`: the
    provider's id of what its recipient said in public, to which this is the one answer in private."""

    id: str
    channel: str
    to: Address
    text: str
    conversation: str = ""
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    public: bool = False
    template: str | None = None
    late: bool = False
    opens: str | None = None

    shown = ("id", "channel")


class Receipt(msgspec.Struct, frozen=True):
    """The channel took a reply. `external_id` is its id there; `spent` as of a `Batch`: {"segment": 2}."""

    external_id: str | None = None
    spent: Mapping[str, int] = {}


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


Get = Callable[..., Awaitable[bytes]]
"""`await get(url, headers={}, patience=…)` gives what lies there, of at most as many bytes as the channel's
`max_file_size`. Only the hosts that the adapter names are asked; what redirects elsewhere is not followed, and the
headers, which may hold a token, go to the URL's own host only. Where a provider says by the body of a 429 how long it
wants to be left alone, and not by Retry-After, `patience(body)` reads the seconds, or None. Raises `ChannelDown`,
`Unauthorized` (401), or `Refused` where it is not to be had."""


@runtime_checkable
class Fetches(Protocol):
    """An adapter whose messages name files that lie with the provider: an `Attachment` without a digest, with its
    `size` if the provider tells it, else 0. Its `Settings` derive from `FetchingSettings`. `fetch` gets one by its
    `reference`, soon after the message is on disk; it asks only by `get`. Raises what that raises, or `Refused` where
    there never will be such a file.

    `hosts` are names ("api.telegram.org", "*.whatsapp.net"), which are asked by https and only at public addresses, or
    whole origins ("http://127.0.0.1:8081") that an operator wrote into the settings and that are asked as they are."""

    def hosts(self) -> Sequence[str]: ...

    async def fetch(self, attachment: Attachment, get: Get) -> bytes: ...


#: In `Message.fields`: by what the words can be asked for that the provider left out.
LACKS = "lacks"
#: Likewise, with any value: the words are somebody's name and number as a phone book has them, and tell of nothing.
CARD = "card"


@runtime_checkable
class Completes(Protocol):
    """An adapter that is told of messages without their words, which say so by `LACKS`. `complete` asks for them, only
    by `get`, soon after the message is on disk, and gives the body of a delivery that `parse` makes a Message of which
    `replaces` the first one. Raises what `get` raises, or `Refused` where there never will be any. `hosts` are those of
    `Fetches`."""

    def hosts(self) -> Sequence[str]: ...

    async def complete(self, reference: str, get: Get) -> bytes: ...


@runtime_checkable
class Polls(Protocol):
    """`poll` asks the other side what there is after `cursor`, None the first time; it may wait a minute for something
    to come. Asking twice with the same cursor is harmless: the one that it gives is kept with the deliveries, and only
    then asked with. Raises a `ChannelError`; may be cancelled at any time. `source` says what is asked, for people and
    without secrets, as in "imaps://dki@mail.example/INBOX": one thing is asked by one channel only. It is "" where the
    settings have the other side call instead: then `poll` is not asked."""

    def source(self) -> str: ...

    async def poll(self, cursor: str | None) -> Batch: ...


@runtime_checkable
class Claims(Protocol):
    """An adapter whose source may be called by several names. `claims` says what else belongs to one channel of its
    kind only, for people, such as the addresses whose mail lies in a mailbox: of two channels that claim the same, both
    would bring the same messages."""

    def claims(self) -> Sequence[str]: ...


@runtime_checkable
class Commits(Protocol):
    """`committed` is called once a polled batch is on disk, to do at the other side what must wait for that: flag,
    move, delete, answer a button. It is not called again where it fails or the process ends, and must be harmless if
    it is called twice. Raises a `ChannelError`."""

    async def committed(self, batch: Batch) -> None: ...


@runtime_checkable
class Backfills(Protocol):
    """`backfill` gives what came since a time, whatever the cursor says: what is known already changes nothing. The
    batches have no cursor. Raises a `ChannelError`."""

    def backfill(self, since: datetime) -> AsyncIterator[Batch]: ...


class Horizon(msgspec.Struct, frozen=True):
    """How far back a provider gives something: what came in so many `days`, at most the newest `most`; for `days=0`
    nothing. What it could not bring since nobody took it, it brings again for `brings_days`. `what` it is in
    snake_case, as in "mention" or "dm"."""

    what: str
    days: float | None = None
    most: int | None = None
    brings_days: float = 0.0


@runtime_checkable
class Remembers(Protocol):
    """An adapter whose provider does not give everything back for ever: `horizon` says how far, so that the report of
    an outage can tell what is lost."""

    def horizon(self) -> Sequence[Horizon]: ...


@runtime_checkable
class Receives(Protocol):
    """`receive` does no input or output: it checks the proof and says which deliveries the request holds. Raises
    `RequestRefused`."""

    def receive(self, request: WebRequest) -> Received: ...


@runtime_checkable
class SharesCalls(Protocol):
    """An adapter whose provider has one address for all accounts of an app. Channels whose `app` is the same are each
    handed what is POSTed to any of them, and take what is their own."""

    def app(self) -> str: ...


@runtime_checkable
class CalledAt(Protocol):
    """An adapter that is called at more than its bare address, or at another one. `called_at` gives the addresses that
    the provider is told, whole; `own` is the channel's, without a slash at its end. SECRET stands for the secret."""

    def called_at(self, own: str) -> Sequence[str]: ...


@runtime_checkable
class MayReceive(Protocol):
    """An adapter that is called only if its settings say so: else it is asked, and refuses calls with 404."""

    def can_receive(self) -> bool: ...


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
    """`send` raises a `ChannelError`. `capabilities` are the class's, or an instance's where settings change them."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def send(self, reply: Reply) -> Receipt: ...


@runtime_checkable
class Foresees(Protocol):
    """An adapter by which some replies are free: `foresee` says what sending one would spend, as its receipt would. It
    is asked where no more may be spent."""

    def foresee(self, reply: Reply) -> Mapping[str, int]: ...


@runtime_checkable
class MaySend(Protocol):
    """An adapter whose way out depends on its settings: without a relay it only receives."""

    def can_send(self) -> bool: ...


@runtime_checkable
class Checks(Protocol):
    """`check` proves credentials and reachability without sending anything to a citizen; raises a `ChannelError`. It
    returns False where the settings leave nobody to ask."""

    async def check(self) -> bool | None: ...


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
