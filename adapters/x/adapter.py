"""The X channel."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from adapters import (
    Attachment,
    Batch,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Get,
    Horizon,
    Receipt,
    Received,
    Reply,
    RequestRefused,
    Unreadable,
    WebRequest,
)
from adapters.ids import digest
from adapters.payload import document
from adapters.x import hook, media, pages
from adapters.x.harvest import Harvest
from adapters.x.reading import Reading
from adapters.x.sending import CAPABILITIES, sent
from adapters.x.settings import XSettings
from adapters.x.spending import Spending

if TYPE_CHECKING:
    from adapters.x.line import Line

#: What X gives out, of mentions and of direct messages.
HORIZON = (Horizon("mention", most=800), Horizon("dm", days=30))
LARGEST_REQUEST = 4_194_304  # bytes


class X:
    """Asks for mentions, replies and direct messages of one account, and hears of them at the channel's own address;
    answers in public or by direct message."""

    kind: ClassVar[str] = "x"
    Settings: ClassVar[type[ChannelSettings]] = XSettings
    capabilities: ClassVar[Capabilities] = CAPABILITIES

    def __init__(self, settings: XSettings) -> None:
        self._settings = settings
        self._reading = Reading(settings.name, settings.account, settings.username)
        self._events = Spending()
        self._line: Line | None = None
        self._harvest: Harvest | None = None

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        found = self._reading.events(document(delivery.body))
        if found is None:
            raise Unreadable("this is nothing that X tells")
        return found

    def source(self) -> str:
        return f"{self._settings.api} account {self._settings.account}"

    async def poll(self, cursor: str | None) -> Batch:
        return await self._open_harvest().batch(cursor)

    def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        return self._open_harvest().backfill(since)

    def horizon(self) -> Sequence[Horizon]:
        return HORIZON if self._settings.direct_messages else HORIZON[:1]

    def can_receive(self) -> bool:
        return self._settings.webhook

    def receive(self, request: WebRequest) -> Received:
        """Raises `RequestRefused`: 403 without proof, otherwise 400, 404, 405 or 413."""
        secret = self._settings.consumer_secret.reveal().strip()
        if not self.can_receive() or request.path.strip("/"):
            raise RequestRefused("no such path", 404)
        if request.method == "GET":
            return Received([], hook.challenged(request, secret))
        if request.method != "POST":
            raise RequestRefused("neither GET nor POST", 405)
        if len(request.body) > min(LARGEST_REQUEST, self._settings.max_size):
            raise RequestRefused("too large", 413)
        hook.prove(request, secret)
        name, at = self._settings.name, request.received_at
        account = self._settings.account
        found = hook.pieces(request.body, account)
        spent = self._events.spent(hook.charged(request.body, account), at)
        return Received([pages.delivery(name, one.kind, one.id, one.body, at) for one in found], spent=spent)

    def app(self) -> str:
        return digest(self.kind, self._settings.consumer_secret.reveal().strip())

    def first_steps(self, web: str) -> Sequence[str]:
        steps = [f"mention @{self._settings.username} on X, or write to it there"]
        return [*steps, f"tell X {web}/in/{self._settings.name}: see docs/x.md"] if self.can_receive() else steps

    async def open(self) -> None:
        from adapters.x.line import Line  # noqa: PLC0415  loads two HTTP clients, which are nothing to who only reads

        self._line = Line(self._settings)
        self._harvest = Harvest(self._line, self._settings)

    async def close(self) -> None:
        if self._line is not None:
            await self._line.close()
            self._line = self._harvest = None

    async def send(self, reply: Reply) -> Receipt:
        return await sent(self._open_line(), reply)

    async def check(self) -> None:
        account, username = await self._open_line().username()
        if account != self._settings.account or username.lower() != self._settings.username.lower():
            raise ChannelDown("the access token is that of another account")

    def hosts(self) -> Sequence[str]:
        return media.hosts(self._settings)

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        return await media.fetched(attachment, get, self._settings)

    def _open_line(self) -> "Line":
        if self._line is None:
            raise ChannelDown("the channel is not open")
        return self._line

    def _open_harvest(self) -> Harvest:
        if self._harvest is None:
            raise ChannelDown("the channel is not open")
        return self._harvest
