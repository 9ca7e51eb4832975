"""Adapters that may write to somebody freely for a day after they wrote, as Meta's may; installed for the tests as the
kinds `window`, and `approved` where texts for later are approved."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar

import msgspec
from aiohttp import ClientSession
from msgspec import Meta

from adapters import (
    Capabilities,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    Receipt,
    Received,
    Reply,
    WebRequest,
)

_message = msgspec.json.Decoder(Message)


class WindowSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    send_url: Annotated[str, Meta(description="Replies are posted there as JSON.")]


class Window:
    """A web request's body is a `Message` as JSON."""

    kind: ClassVar[str] = "window"
    Settings: ClassVar[type[ChannelSettings]] = WindowSettings
    capabilities: ClassVar[Capabilities] = Capabilities(window_seconds=86_400, choices=3)

    def __init__(self, settings: WindowSettings) -> None:
        self._settings = settings

    def receive(self, request: WebRequest) -> Received:
        message = _message.decode(request.body)
        kept = Delivery(id=message.id, channel=self._settings.name, received_at=datetime.now(UTC), body=request.body)
        return Received([kept])

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return [_message.decode(delivery.body)]

    async def send(self, reply: Reply) -> Receipt:
        told = {"to": reply.to.value, "text": reply.text, "template": reply.template, "choices": reply.choices}
        async with ClientSession() as client:
            answer = await client.post(self._settings.send_url, json=msgspec.to_builtins(told))
            if answer.status != 200:
                raise ChannelDown(f"status {answer.status}")
        return Receipt()


class Approved(Window):
    kind: ClassVar[str] = "approved"
    capabilities: ClassVar[Capabilities] = Capabilities(window_seconds=86_400, templates=True)
