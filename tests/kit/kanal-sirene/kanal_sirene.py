"""The channel sirene, a made-up provider that is asked for what it has, takes answers, and keeps photos for a while."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from adapters import (
    Address,
    Attachment,
    Batch,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    FetchingSettings,
    Get,
    Message,
    Problem,
    Receipt,
    RecipientGone,
    Refused,
    Reply,
    Secret,
    Unreadable,
)
from adapters.calling import Calls
from adapters.hosts import is_web_address
from adapters.refusals import heed

MOST_ALARMS = 8_388_608  # bytes of them


class SireneSettings(FetchingSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account at sirene."""

    token: Annotated[Secret, Meta(description="What sirene knows us by.")]
    url: Annotated[str, Meta(description="Where sirene is.")] = "https://api.sirene.example"

    def problems(self) -> Sequence[Problem]:
        wrong = [] if self.token.reveal() else [Problem("token", "is empty")]
        return wrong if is_web_address(self.url) else [*wrong, Problem("url", "is no address")]


class Alarm(msgspec.Struct, frozen=True):
    """What somebody told. `number` grows by one with each."""

    number: int
    caller: str
    text: str
    photo: str | None = None


class Alarms(msgspec.Struct, frozen=True):
    alarms: tuple[Alarm, ...]


class Sirene(Calls):
    """Asks for alarms by number, and answers callers by name."""

    kind: ClassVar[str] = "sirene"
    provider: ClassVar[str] = "sirene"
    Settings: ClassVar[type[ChannelSettings]] = SireneSettings
    capabilities: ClassVar[Capabilities] = Capabilities(text_limit=500, choices=3)

    def __init__(self, settings: SireneSettings) -> None:
        self._settings = settings

    def source(self) -> str:
        return self._settings.url

    async def poll(self, cursor: str | None) -> Batch:
        body = await self._ask("GET", f"/alarms?after={cursor or 0}")
        try:
            found = msgspec.json.decode(body, type=Alarms).alarms
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise ChannelDown("sirene answers with something else") from None
        last = max((alarm.number for alarm in found), default=int(cursor or 0))
        return Batch([self._delivery(alarm) for alarm in found], str(last), 0 if found else 30)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        try:
            alarm = msgspec.json.decode(delivery.body, type=Alarm)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            raise Unreadable("it is no alarm") from None
        photo = [Attachment(None, "image/jpeg", 0, reference=alarm.photo)] if alarm.photo else []
        message = Message(
            id=str(alarm.number),
            channel=delivery.channel,
            sender=Address("account", alarm.caller),
            text=alarm.text,
            attachments=tuple(photo),
        )
        return [message]

    def hosts(self) -> Sequence[str]:
        return ("photos.sirene.example",)

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        if not (attachment.reference or "").isalnum():
            raise Refused("sirene has no such photo")
        return await get(f"https://photos.sirene.example/{attachment.reference}")

    async def send(self, reply: Reply) -> Receipt:
        labels = [choice.label for choice in reply.choices]
        told = {"to": reply.to.value, "text": reply.text, "buttons": labels, "once": reply.id}
        await self._ask("POST", "/answers", msgspec.json.encode(told))
        return Receipt(external_id=reply.id)

    async def check(self) -> None:
        await self._ask("GET", "/alarms?after=0")

    def _delivery(self, alarm: Alarm) -> Delivery:
        return Delivery(
            id=str(alarm.number),
            channel=self._settings.name,
            received_at=datetime.now(UTC),
            body=msgspec.json.encode(alarm),
            content_type="application/json",
        )

    async def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        headers = {"Authorization": f"Bearer {self._settings.token.reveal()}"}
        answered = await self.call(method, f"{self._settings.url}{path}", body, headers, MOST_ALARMS)
        if answered.status == 404:
            raise RecipientGone("sirene does not know the caller any more")
        heed(self.provider, answered)
        return answered.body
