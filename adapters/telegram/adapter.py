"""The Telegram channel."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

import msgspec

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
    Refused,
    Reply,
    RequestRefused,
    Response,
    Unreadable,
    WebRequest,
)
from adapters.ids import digest
from adapters.signing import same
from adapters.telegram import updates
from adapters.telegram.reading import Reading, message_id
from adapters.telegram.settings import API, TelegramSettings

if TYPE_CHECKING:
    from adapters.telegram.client import Client

JSON = "application/json"
PROOF = "X-Telegram-Bot-Api-Secret-Token"
#: An update without a number cannot be confirmed: it comes again, together with what follows it.
UNNUMBERED_SECONDS = 5.0
#: How often it is looked whether Telegram can call.
WATCH_SECONDS = 300.0
DAY = 86_400.0
#: Telegram keeps what nobody took for a day.
HORIZON = (Horizon("message", days=1),)


class _FilePath(msgspec.Struct, frozen=True):
    file_path: str


class _File(msgspec.Struct, frozen=True):
    result: _FilePath


class _Wait(msgspec.Struct, frozen=True):
    retry_after: float


class _Throttled(msgspec.Struct, frozen=True):
    parameters: _Wait


class Telegram:
    """Asks for what citizens write, or is called at the channel's own address; sends by the Bot API."""

    kind: ClassVar[str] = "telegram"
    Settings: ClassVar[type[ChannelSettings]] = TelegramSettings
    capabilities: ClassVar[Capabilities] = Capabilities(text_limit=4096, alphabet="utf-16", choices=8, label_limit=40)

    def __init__(self, settings: TelegramSettings) -> None:
        self._settings = settings
        self._reading = Reading(settings.name, settings.bot, settings.username)
        self._client: Client | None = None
        self._registered = False

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return self._reading.events(updates.update(delivery.body))

    def source(self) -> str:
        """The same for either mode: who asks takes what the webhook of another would bring."""
        return f"{self._settings.api} bot {self._settings.bot}"

    async def poll(self, cursor: str | None) -> Batch:
        """The cursor is the number of the first update to ask for, which tells Telegram to forget those before it, and
        when it was said, in Unix seconds; "" once it has forgotten them, for numbers may begin anew, and lower, after a
        week without any."""
        if self._settings.mode == "webhook":
            return await self._watch(cursor)
        now = datetime.now(UTC)
        came = await self._open_client().updates(_offset(cursor, now.timestamp()))
        deliveries = self._deliveries(came, datetime.now(UTC))
        numbers = [number for body in came if (number := updates.number(body)) is not None]
        wait = UNNUMBERED_SECONDS if came and not numbers else 0.0
        return Batch(deliveries, f"{max(numbers) + 1}@{now.timestamp():.0f}" if numbers else "", wait)

    async def committed(self, batch: Batch) -> None:
        pressed = [press for one in batch.deliveries if (press := updates.pressed(one.body))]
        await asyncio.gather(*map(self._answered, pressed))

    def horizon(self) -> Sequence[Horizon]:
        """https://core.telegram.org/bots/api#getting-updates"""
        return HORIZON

    def can_receive(self) -> bool:
        return self._settings.mode == "webhook"

    def receive(self, request: WebRequest) -> Received:
        """The press of a button is answered by the method that the response calls."""
        self._prove(request)
        press = updates.pressed(request.body)
        kept = self._deliveries([request.body], request.received_at)
        return Received(kept, _answering(press) if press else Response())

    def called_at(self, own: str) -> Sequence[str]:
        """It is registered, and not told by hand."""
        return [self._settings.webhook_url or own]

    def first_steps(self, web: str) -> Sequence[str]:
        name = self._settings.username
        return [f"write to https://t.me/{name}" if name else "write to the bot"]

    async def open(self) -> None:
        from adapters.telegram.client import Client  # noqa: PLC0415  loads much that is nothing to who only reads

        self._client = Client(self._settings)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def send(self, reply: Reply) -> Receipt:
        """A group is told only what is public."""
        place = (reply.public and reply.conversation) or reply.to.value
        if not place.removeprefix("-").isdecimal() or reply.to.kind != "account":
            raise Refused("Telegram only reaches accounts that wrote to the bot")
        chat, number = await self._open_client().send(reply, int(place))
        where = updates.Chat(chat, "private" if place == reply.to.value else "group")
        return Receipt(message_id(self._settings.bot, where, number))

    async def check(self) -> None:
        username = await self._open_client().username()
        if self._settings.username and username.lower() != self._settings.username.lower():
            raise ChannelDown(f"the token is that of another bot: @{username}")

    def hosts(self) -> Sequence[str]:
        return ["api.telegram.org"] if self._settings.api == API else [self._settings.api]

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        """At most 20 MB, says Telegram. The addresses hold the token."""
        asked = f"{self._settings.methods()}/getFile?file_id={quote(attachment.reference or '', safe='')}"
        told = await get(asked, patience=_patience)
        try:
            path = msgspec.json.decode(told, type=_File).result.file_path
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise Refused("Telegram does not say where the file lies") from None
        return await get(f"{self._settings.files()}/{quote(path)}", patience=_patience)

    async def _watch(self, cursor: str | None) -> Batch:
        """Registers the webhook where Telegram has no or another one, and once by each process: its secret may be
        new. Raises `ChannelDown` where Telegram cannot bring what waits."""
        client = self._open_client()
        webhook = await client.webhook()
        if not self._registered or webhook.url != self._settings.webhook_url:
            await client.register()
            self._registered = True
        elif webhook.waiting and webhook.trouble:
            raise ChannelDown(f"Telegram cannot deliver to the webhook: {webhook.trouble}")
        return Batch([], cursor, WATCH_SECONDS)

    async def _answered(self, press: str) -> None:
        with suppress(Refused):  # pressed too long ago
            await self._open_client().answer(press)

    def _prove(self, request: WebRequest) -> None:
        secret = self._settings.secret_token
        if not self.can_receive() or secret is None or request.path.strip("/"):
            raise RequestRefused("no such path", 404)
        if not same(request.headers.get(PROOF, ""), secret.reveal()):
            raise RequestRefused("the secret token is wrong")
        if request.method != "POST":
            raise RequestRefused("not POST", 405)
        if len(request.body) > self._settings.max_size:
            raise RequestRefused("too large", 413)

    def _deliveries(self, came: Sequence[bytes], received_at: datetime) -> Sequence[Delivery]:
        """Each once, without what a group says to others."""
        made = (self._delivery(body, received_at) for body in came if self._is_kept(body))
        return list({one.id: one for one in made}.values())

    def _is_kept(self, body: bytes) -> bool:
        """What cannot be read is: a person may want to know why."""
        try:
            return self._reading.concerns_us(updates.update(body))
        except Unreadable:
            return True

    def _delivery(self, body: bytes, received_at: datetime) -> Delivery:
        """The update's number alone may be one that there was already, before a week without any."""
        number = updates.number(body)
        return Delivery(
            id=f"{'' if number is None else number}:{digest(body.strip().decode('utf-8', 'replace'))[:16]}",
            channel=self._settings.name,
            received_at=received_at,
            body=body,
            content_type=JSON,
        )

    def _open_client(self) -> "Client":
        if self._client is None:
            raise ChannelDown("the channel is not open")
        return self._client


def _offset(cursor: str | None, now: float) -> int | None:
    """None after a day, for which Telegram keeps what waits: all that was kept here is forgotten there by then."""
    number, _, said_at = (cursor or "").partition("@")
    return int(number) if number and now - float(said_at or now) < DAY else None


def _answering(press: str) -> Response:
    """What Telegram makes of a method in the answer to a webhook: https://core.telegram.org/bots/api#making-requests"""
    call = {"method": "answerCallbackQuery", "callback_query_id": press}
    return Response(body=msgspec.json.encode(call), content_type=JSON)


def _patience(body: bytes) -> float | None:
    """The seconds that Telegram wants to be left alone, which it tells by no header."""
    try:
        return msgspec.json.decode(body, type=_Throttled).parameters.retry_after
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
