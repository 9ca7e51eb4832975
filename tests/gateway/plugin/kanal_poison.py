"""An adapter whose deliveries say what reading them does; installed for the tests as the kind `poison`."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

import msgspec

from adapters import ChannelSettings, Delivery, Event, Message, Received, Unreadable, WebRequest

_message = msgspec.json.Decoder(Message)


class PoisonSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing of its own."""


class Poison:
    """A body is a `Message` as JSON, or one of "exit", "spin", "eat", "raise" and "refuse"."""

    kind: ClassVar[str] = "poison"
    Settings: ClassVar[type[ChannelSettings]] = PoisonSettings

    def __init__(self, settings: PoisonSettings) -> None:
        self._settings = settings

    def receive(self, request: WebRequest) -> Received:
        """A web request is a JSON object with a `body` and an `id`, which is taken as it is, whatever its type."""
        asked = json.loads(request.body)
        body, now = asked["body"].encode(), datetime.now(UTC)
        return Received([Delivery(id=asked["id"], channel=self._settings.name, received_at=now, body=body)])

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        match delivery.body:
            case b"exit":
                os._exit(9)
            case b"spin":
                while True:
                    pass
            case b"eat":
                return [bytearray(4 << 30)]  # type: ignore[list-item]
            case b"raise":
                raise RuntimeError("Budi, 08111000001, tells what no log may")
            case b"refuse":
                raise Unreadable("no letter in it")
            case body:
                return [_message.decode(body)]
