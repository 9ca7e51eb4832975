"""A channel whose files lie with a provider, installed for the tests as the kind `provider`."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar
from urllib.parse import quote

import msgspec
from msgspec import Meta

from adapters import Attachment, ChannelSettings, Delivery, Event, FetchingSettings, Get, Message, Received, WebRequest

_message = msgspec.json.Decoder(Message)


class ProviderSettings(FetchingSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: Annotated[str, Meta(description="Where the files are.")]


class Provider:
    """A web request is a JSON object with an `id`, a `body`, which is a `Message` as JSON, and perhaps the `type` that
    it pretends to be of, and `headers`. With `KANAL_PROVIDER_REPAIRED` in the environment messages say more."""

    kind: ClassVar[str] = "provider"
    Settings: ClassVar[type[ChannelSettings]] = ProviderSettings

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings

    def receive(self, request: WebRequest) -> Received:
        asked = json.loads(request.body)
        delivery = Delivery(
            id=asked["id"],
            channel=self._settings.name,
            received_at=datetime.now(UTC),
            body=asked["body"].encode(),
            content_type=asked.get("type", "application/json"),
            headers=asked.get("headers", {}),
        )
        return Received([delivery])

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        message = _message.decode(delivery.body)
        said = f"{message.text} dekat Pasar Santa" if "KANAL_PROVIDER_REPAIRED" in os.environ else message.text
        return [msgspec.structs.replace(message, text=said)]

    def hosts(self) -> Sequence[str]:
        return [self._settings.url]

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        if attachment.reference == "bug":
            raise KeyError("Budi, 08111000001, tells what no log may")
        return await get(f"{self._settings.url}/{quote(attachment.reference or '')}", {"Authorization": "secret"})
