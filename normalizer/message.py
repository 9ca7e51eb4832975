"""What an adapter makes of a delivery: the kinds of event, in one vocabulary for all channels.

All types are frozen. Their reprs carry neither names, addresses nor words of citizens, so that a traceback or a log
line that shows one gives nobody away.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec


class Discreet(msgspec.Struct, frozen=True):
    """A struct whose repr shows only the fields named in `shown`."""

    shown: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown)
        return f"{type(self).__name__}({fields})"


class Address(Discreet, frozen=True):
    """Who can be reached where: `kind` is "phone" (E.164 or short code), "email", "handle", "account" ...

    `value` is in the channel's canonical spelling, so that equal persons compare equal; `name` is what they call
    themselves.
    """

    kind: str
    value: str
    name: str | None = None

    shown = ("kind",)


class Place(Discreet, frozen=True):
    """Where, as the channel gave it: a pin (WGS 84 degrees, accuracy in metres) or words, or both. `area` is the code
    of the area that the citizen, or the clerk for them, chose from a list."""

    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    words: str | None = None
    area: str | None = None


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """The office and clerk who took a report down."""

    office: str
    clerk: str


class Attachment(Discreet, frozen=True):
    """A file that came with a message.

    `size` is in bytes, 0 where the provider does not tell; `name` is None where it has none.
    `digest` is the hex SHA-256 of its bytes where they are known already. `reference` says where the bytes are:
    "part:3" is the fourth leaf of the delivery's own MIME tree, anything else the provider's identifier.

    Once its bytes were looked at (see `normalizer.filetype`), `media_type` is what they are, `claimed` what the sender
    called them instead, and `doubts` are of "cut" (not looked at: too many or too large), "mislabelled", "polyglot" and
    "lost" (it could not be fetched from where it lay).
    Of a picture `width` and `height` are in pixels as it is to be seen, `image_hash` is alike for pictures that look
    alike (16 hex digits, see `normalizer.picture`), and `taken_at` is what the camera says, naive where it does not
    name its zone.
    """

    name: str | None
    media_type: str
    size: int
    digest: str | None = None
    reference: str | None = None
    claimed: str | None = None
    width: int | None = None
    height: int | None = None
    image_hash: str | None = None
    taken_at: datetime | None = None
    doubts: tuple[str, ...] = ()

    shown = ("media_type", "size")


class Aside(Discreet, frozen=True, kw_only=True):
    """A stretch of the message that is not the citizen's own report: `kind` is "quote", "signature" or "forwarded"
    (the headers of what was forwarded)."""

    kind: str
    text: str

    shown = ("kind",)


class Part(msgspec.Struct, frozen=True):
    """One piece of a longer text: all pieces of one text share `reference`; `number` counts from 1 to `of`."""

    reference: str
    number: int
    of: int


class Message(Discreet, frozen=True, kw_only=True, tag=True):
    """Something a citizen said.

    `id` is unique in its channel: the provider's, plus version for edits. `conversation` names a thread within the
    channel ("" is the private talk with the sender). `in_reply_to` and `references` are provider ids of earlier
    messages, newest last. `choice` is the id of the offered answer that was pressed. `automatic` marks bounces,
    out-of-office and list mail: reported but never answered.
    `anonymous`, `confidential` and `public` are what its sender was promised (see `normalizer.report.Confidentiality`).
    `doubts` are short names of what is wrong with it ("forged-sender", "spam", "cut"): reported, never answered if any
    of them is in `normalizer.report.UNANSWERED`. `also` are further addresses that the sender gave in it, to be
    reached by where the channel has no way out or fails; nobody has proven whose they are. `asides` stood beside
    `text`. `joins` is the tracking code of the case that its sender says it is about. `receipt`: its sender is shown
    code and PIN on the page where it was entered, so it has a PIN even if nobody is known to be told it.
    `group` is shared by what was sent as one album. `overheard`: it was said to others, and counts only if another
    message of its `group` was said to us; else its delivery, in which it is alone, is soon destroyed. `known_as` is its
    id wherever it is heard: what another channel has brought already is the same, and is not filed again.
    """

    id: str
    channel: str
    sender: Address | None
    text: str
    conversation: str = ""
    sent_at: datetime | None = None
    subject: str | None = None
    place: Place | None = None
    attachments: tuple[Attachment, ...] = ()
    fields: dict[str, str] = {}
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    replaces: str | None = None
    part: Part | None = None
    group: str | None = None
    automatic: bool = False
    public: bool = False
    anonymous: bool = False
    confidential: bool = True
    doubts: tuple[str, ...] = ()
    also: tuple[Address, ...] = ()
    asides: tuple[Aside, ...] = ()
    choice: str | None = None
    desk: Desk | None = None
    joins: str = ""
    receipt: bool = False
    overheard: bool = False
    known_as: str = ""

    shown = ("id", "channel")


class Retracted(msgspec.Struct, frozen=True, tag=True):
    """A message its sender took back; `message` is the provider's id of it."""

    channel: str
    message: str


class Sent(Discreet, frozen=True, tag=True):
    """A message that went out to `to` by another way than ours, or an echo of our own; `message` is the provider's id
    of it."""

    channel: str
    message: str
    to: Address | None = None
    text: str = ""

    shown = ("channel", "message")


class Gone(Discreet, frozen=True, tag=True):
    """Somebody has blocked us, or left: nothing can be said to them before they write again."""

    channel: str
    sender: Address

    shown = ("channel",)


class Delivered(StrEnum):
    """What a channel can say of a reply, in the order in which it happens; the last one that holds wins."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Status(msgspec.Struct, frozen=True, tag=True):
    """The channel's word on a reply; `reply` is our id of it or, failing that, the channel's own."""

    channel: str
    reply: str
    state: Delivered
    reason: str | None = None


Event = Message | Retracted | Sent | Gone | Status
