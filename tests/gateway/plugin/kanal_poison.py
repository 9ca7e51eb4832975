"""An adapter whose deliveries say what reading them does; installed for the tests as the kind `poison`."""

import base64
import json
import logging
import os
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

import msgspec

from adapters import Address, Attachment, ChannelSettings, Delivery, Event, Message, Received, Unreadable, WebRequest

SENDER = "+6281110000009"
_message = msgspec.json.Decoder(Message)


class PoisonSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing of its own."""


class Poison:
    """A body is a `Message` as JSON, or one of "exit", "spin", "eat", "raise", "refuse" and "nothing".

    A file of a message is in its field of the attachment's reference, in base64; "exit", "raise", "spin" do as above.

    With `KANAL_POISON_REPAIRED` in the environment it is of a later version: what was refused or said nothing is a
    message, and all others say more."""

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
        if "KANAL_POISON_REPAIRED" in os.environ:
            return self._repaired(delivery)
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
            case b"nothing":
                return []
            case body if body.startswith(b"abort "):
                os.abort()
            case body if body.startswith((b"raise ", b"complain ")):
                raise _failure(body.decode())
            case body:
                return [_message.decode(body)]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        while attachment.reference == "spin":
            pass
        if attachment.reference == "exit":
            os._exit(9)
        if attachment.reference == "raise":
            raise RuntimeError("Budi, 08111000001, tells what no log may")
        return base64.b64decode(_message.decode(delivery.body).fields[attachment.reference or ""])

    def _repaired(self, delivery: Delivery) -> Sequence[Event]:
        if delivery.body in {b"refuse", b"nothing"}:
            text = "Lampu padam di Jl. Barito"
            return [Message(id=delivery.id, channel=delivery.channel, sender=Address("phone", SENDER), text=text)]
        message = _message.decode(delivery.body)
        return [msgspec.structs.replace(message, text=f"{message.text} dekat Pasar Santa")]


def _failure(words: str) -> BaseException:
    """Of a library that thinks nothing of quoting what it was given."""
    logging.getLogger("library").error("cannot read %s", words)
    warnings.warn(f"this is deprecated: {words}", stacklevel=1)
    return SystemExit(words) if words.startswith("complain ") else RuntimeError(words)
