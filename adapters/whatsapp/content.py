"""What a message says, by its type.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages

A file is told by an id, by which it can be had for seven days.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters import CARD, Attachment, Place
from adapters.payload import document, number, table, tables, text

MEDIA = "media:"
MOST_CONTACTS = 10
MOST_FIELDS = 20

Told = Mapping[str, Any]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    text: str = ""
    choice: str | None = None
    place: Place | None = None
    attachments: tuple[Attachment, ...] = ()
    fields: dict[str, str] = {}


def content(message: Told) -> Content:
    """Of a type that is not known, or that Meta does not pass on, there is only its name."""
    read = _READERS.get(text(message, "type"))
    return read(message) if read else Content(fields={"unsupported": _unsupported(message)})


def _text(message: Told) -> Content:
    return Content(text=text(table(message, "text"), "body"))


def _file(usual: str) -> Callable[[Told], Content]:
    def read(message: Told) -> Content:
        told = table(message, text(message, "type"))
        found = (_attachment(told, usual),) if text(told, "id") else ()
        return Content(text=text(told, "caption"), attachments=found)

    return read


def _attachment(told: Told, usual: str) -> Attachment:
    """How large it is is not told."""
    media_type = text(told, "mime_type").partition(";")[0].strip().lower() or usual
    return Attachment(text(told, "filename") or None, media_type, size=0, reference=f"{MEDIA}{text(told, 'id')}")


def _location(message: Told) -> Content:
    told = table(message, "location")
    latitude, longitude = number(told, "latitude"), number(told, "longitude")
    words = ", ".join(filter(None, (text(told, "name"), text(told, "address")))) or None
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return Content(place=Place(words=words) if words else None)
    return Content(place=Place(latitude, longitude, words=words))


def _sticker(_message: Told) -> Content:
    """A picture that many send, and says no more than a thumb."""
    return Content(fields={"unsupported": "sticker"})


def _contacts(message: Told) -> Content:
    cards = "\n".join(filter(None, map(_card, tables(message, "contacts")[:MOST_CONTACTS])))
    return Content(text=cards, fields={CARD: "yes"})


def _card(person: Told) -> str:
    reached = [text(one, "phone") for one in tables(person, "phones")]
    reached += [text(one, "email") for one in tables(person, "emails")]
    return " ".join(filter(None, (text(table(person, "name"), "formatted_name"), *reached)))


def _interactive(message: Told) -> Content:
    told = table(message, "interactive")
    kind = text(told, "type")
    answer = table(told, kind)
    if kind in {"button_reply", "list_reply"}:
        return Content(text=text(answer, "title"), choice=text(answer, "id") or None)
    return Content(text=text(answer, "body"), fields=_filled(answer))


def _filled(form: Told) -> dict[str, str]:
    """What was entered into one of Meta's own forms ("Flows")."""
    told = document(text(form, "response_json").encode())
    return {name: text(told, name) for name in list(told)[:MOST_FIELDS] if name != "flow_token" and text(told, name)}


def _button(message: Told) -> Content:
    """Below a template. Its payload is none of ours: what counts is what the citizen read on it."""
    return Content(text=text(table(message, "button"), "text"))


def _order(message: Told) -> Content:
    return Content(text=text(table(message, "order"), "text"), fields={"unsupported": "order"})


def _unsupported(message: Told) -> str:
    """What it was, as far as Meta says so."""
    codes = [text(error, "code") for error in tables(message, "errors")]
    named = text(table(message, "unsupported"), "type")
    return next(filter(None, (named, *codes, text(message, "type"))), "message")


_READERS: Mapping[str, Callable[[Told], Content]] = {
    "text": _text,
    "image": _file("image/jpeg"),
    "video": _file("video/mp4"),
    "audio": _file("audio/ogg"),
    "document": _file("application/octet-stream"),
    "sticker": _sticker,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
}
