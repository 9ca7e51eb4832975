"""The channel fax: what its provider posts, one message at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from adapters import (
    Address,
    ChannelSettings,
    Delivery,
    Event,
    Message,
    Problem,
    Received,
    RequestRefused,
    Secret,
    Unreadable,
    WebRequest,
)
from adapters.patient import read
from adapters.signing import same
from normalizer.persons.identity import phone


class FaxSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account at the provider of fax."""

    token: Annotated[Secret, Meta(description="What the provider shows in the header X-Token: 16 or more characters.")]

    def problems(self) -> Sequence[Problem]:
        short = len(self.token.reveal()) < 16
        return [Problem("token", "is too short", "agree on 16 or more characters")] if short else []


class Posted(msgspec.Struct, frozen=True):
    """What the provider posts. `id` stays the same when it posts again."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    number: str
    text: str
    at: datetime | None = None


class Fax:
    """Receives at any path, with the token as proof."""

    kind: ClassVar[str] = "fax"
    Settings: ClassVar[type[ChannelSettings]] = FaxSettings

    def __init__(self, settings: FaxSettings) -> None:
        self._settings = settings

    def receive(self, request: WebRequest) -> Received:
        """Raises `RequestRefused`: 403 without proof, 413 if too large, 400 if it is not what the provider posts."""
        if not same(request.headers.get("X-Token", ""), self._settings.token.reveal()):
            raise RequestRefused("the token is missing or wrong")
        if len(request.body) > self._settings.max_size:
            raise RequestRefused("too large", 413)
        try:
            posted = _read(request.body)
        except Unreadable as error:
            raise RequestRefused(str(error), 400) from None
        delivery = Delivery(
            id=posted.id,
            channel=self._settings.name,
            received_at=request.received_at,
            body=request.body,
            content_type="application/json",
        )
        return Received([delivery])

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        posted = _read(delivery.body)
        message = Message(
            id=posted.id,
            channel=delivery.channel,
            sender=Address("phone", phone(posted.number) or posted.number),
            text=posted.text,
            sent_at=posted.at,
        )
        return [message]


def _read(body: bytes) -> Posted:
    try:
        return msgspec.convert(read(body), Posted)
    except msgspec.ValidationError:
        raise Unreadable("it is not what the provider posts") from None
