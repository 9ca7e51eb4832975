"""The WhatsApp channel."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from adapters import (
    Attachment,
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Equipment,
    Event,
    Get,
    Horizon,
    Receipt,
    Reply,
    Unreadable,
)
from adapters.graph.channel import GraphChannel
from adapters.graph.refusals import Codes
from adapters.payload import tables, text
from adapters.whatsapp import media, reading
from adapters.whatsapp.reasons import CODES
from adapters.whatsapp.sending import CAPABILITIES, sending
from adapters.whatsapp.settings import WhatsAppSettings

#: Nothing can be asked for; what could not be brought is brought again for a week.
HORIZON = (Horizon("message", days=0, brings_days=7),)


class WhatsApp(GraphChannel[WhatsAppSettings]):
    """Receives what Meta's webhooks bring at the channel's own address; sends by its Graph API."""

    kind: ClassVar[str] = "whatsapp"
    Settings: ClassVar[type[ChannelSettings]] = WhatsAppSettings
    codes: ClassVar[Codes] = CODES
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, settings: WhatsAppSettings) -> None:
        super().__init__(settings)
        self.capabilities = msgspec.structs.replace(CAPABILITIES, templates=bool(settings.templates))
        self._list_button = "Pilih"

    def equip(self, equipment: Equipment) -> None:
        self._list_button = equipment.text("list_button")

    def others(self, body: bytes) -> Sequence[str]:
        return reading.others(body, self.settings.phone_number_id)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        found = reading.events(delivery, self.settings.phone_number_id)
        if found is None:
            raise Unreadable("this is no webhook of Meta's")
        return found

    def first_steps(self, web: str) -> Sequence[str]:
        return [f"tell Meta {web}/in/{self.settings.name} and the verify_token, then write to the number by WhatsApp"]

    async def send(self, reply: Reply) -> Receipt:
        body = msgspec.json.encode(sending(reply, self.settings, self._list_button))
        told = await self.ask("POST", f"{self.settings.phone_number_id}/messages", body)
        ids = [text(message, "id") for message in tables(told, "messages")]
        if not ids or not ids[0]:
            raise ChannelDown("Meta answers, but not that it accepts the message")
        return Receipt(ids[0], spent=self.foresee(reply))

    def foresee(self, reply: Reply) -> Mapping[str, int]:
        """A template is charged for: what is said within a day costs nothing."""
        return {"template": 1} if reply.template is not None else {}

    async def check(self) -> None:
        told = await self.ask("GET", f"{self.settings.phone_number_id}?fields=id")
        if text(told, "id") != self.settings.phone_number_id:
            raise ChannelDown("what answers at graph_url is not Meta's Graph API")

    def horizon(self) -> Sequence[Horizon]:
        return HORIZON

    def hosts(self) -> Sequence[str]:
        return media.hosts(self.settings)

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        return await media.fetched(attachment, get, self.settings)
