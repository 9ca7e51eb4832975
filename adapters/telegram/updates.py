"""The few fields of the Bot API's Update that are read; whatever else there is, and comes to be, is left aside.

Their reprs show nothing: all of it is personal.
"""

from typing import TypeVar

import msgspec

from adapters import Unreadable, patient
from normalizer.message import Discreet

T = TypeVar("T")

#: What the bot asks Telegram for.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")


class User(Discreet, frozen=True):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""


class Chat(Discreet, frozen=True):
    id: int
    type: str = "private"


class File(Discreet, frozen=True):
    file_id: str
    file_size: int | None = None
    mime_type: str | None = None
    file_name: str | None = None


class Location(Discreet, frozen=True):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None


class Venue(Discreet, frozen=True):
    title: str = ""
    address: str = ""


class Contact(Discreet, frozen=True):
    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int | None = None


class Sticker(Discreet, frozen=True):
    emoji: str = ""


class Entity(Discreet, frozen=True):
    user: User | None = None


class Replied(Discreet, frozen=True):
    """The message that is replied to."""

    message_id: int
    sender: User | None = msgspec.field(default=None, name="from")


class Said(Discreet, frozen=True, kw_only=True):
    """A Message. Of `photo` the largest comes last."""

    message_id: int
    chat: Chat
    sender: User | None = msgspec.field(default=None, name="from")
    date: int = 0
    edit_date: int | None = None
    text: str = ""
    caption: str = ""
    entities: tuple[Entity, ...] = ()
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[File, ...] = ()
    document: File | None = None
    voice: File | None = None
    video: File | None = None
    audio: File | None = None
    video_note: File | None = None
    sticker: Sticker | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Contact | None = None
    media_group_id: str | None = None
    reply_to_message: Replied | None = None
    is_automatic_forward: bool = False


class Press(Discreet, frozen=True, kw_only=True):
    """A CallbackQuery: a button was pressed."""

    id: str
    sender: User = msgspec.field(name="from")
    message: Said | None = None
    data: str | None = None


class Standing(Discreet, frozen=True):
    status: str


class Member(Discreet, frozen=True, kw_only=True):
    """A ChatMemberUpdated: what the bot may do in a chat has changed."""

    chat: Chat
    sender: User = msgspec.field(name="from")
    new_chat_member: Standing


class Update(Discreet, frozen=True, kw_only=True):
    update_id: int
    message: Said | None = None
    edited_message: Said | None = None
    callback_query: Press | None = None
    my_chat_member: Member | None = None


class Pressed(Discreet, frozen=True):
    id: str


class _Numbered(Discreet, frozen=True):
    update_id: int


class _Pressing(Discreet, frozen=True):
    callback_query: Pressed | None = None


def update(body: bytes) -> Update:
    """Raises `Unreadable`."""
    return _read(body, Update)


def number(body: bytes) -> int | None:
    """Of an update, whatever else is in it; None where it has none."""
    try:
        return _read(body, _Numbered).update_id
    except Unreadable:
        return None


def pressed(body: bytes) -> str | None:
    """The id of the press of a button that is to be answered, if an update is that."""
    try:
        press = _read(body, _Pressing).callback_query
    except Unreadable:
        return None
    return press.id if press else None


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError):
        return _patiently(body, kind)


def _patiently(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(patient.read(body), kind)
    except (ValueError, RecursionError):
        raise Unreadable("this is no update of the Bot API") from None
