"""What a message in a talk says.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages

A file is told by an address, at which it lies for a while.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters import Attachment, Place
from adapters.graph.files import attachment
from adapters.payload import number, table, tables, text

MOST_ATTACHMENTS = 30
#: What is only the thumb that the application offers, in its three sizes.
THUMBS = frozenset({"369239263222822", "369239343222814", "369239383222810"})
_USUAL: Mapping[str, str] = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mp4",
    "file": "application/octet-stream",
    "story_mention": "image/jpeg",
    "share": "image/jpeg",
    "ig_reel": "video/mp4",
    "reel": "video/mp4",
}
Told = Mapping[str, Any]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    text: str = ""
    choice: str | None = None
    place: Place | None = None
    attachments: tuple[Attachment, ...] = ()
    fields: dict[str, str] = {}


def words(told: Told) -> Words:
    """Of `message`. What the application does not pass on is only named."""
    held = tables(told, "attachments")[:MOST_ATTACHMENTS]
    spoken = text(told, "text") or "\n".join(filter(None, map(_shown, held)))
    return Words(
        text=spoken,
        choice=text(table(told, "quick_reply"), "payload") or None,
        place=next(filter(None, map(_place, held)), None),
        attachments=tuple(filter(None, map(_file, held))),
        fields=_marks(told, held),
    )


def _shown(held: Told) -> str:
    """The words for what is no file: a thumb, a link."""
    payload = table(held, "payload")
    if text(payload, "sticker_id") in THUMBS:
        return "👍"
    if text(held, "type") in {"fallback", "template"}:
        titles = (text(held, "title") or text(payload, "title"), text(held, "url") or text(payload, "url"))
        return "\n".join(filter(None, titles))
    return ""


def _file(held: Told) -> Attachment | None:
    """Stickers are none."""
    kind, payload = text(held, "type"), table(held, "payload")
    if kind not in _USUAL or text(payload, "sticker_id"):
        return None
    return attachment(text(payload, "url"), _USUAL[kind])


def _place(held: Told) -> Place | None:
    told = table(table(held, "payload"), "coordinates")
    latitude = number(told, "lat")
    longitude = number(told, "long")
    if text(held, "type") != "location" or latitude is None or longitude is None:
        return None
    return Place(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _marks(told: Told, held: list[dict[str, Any]]) -> dict[str, str]:
    """What it is beside its words: an answer to a story of ours, a mention in one, something that is not passed on."""
    story = table(table(told, "reply_to"), "story")
    mentioned = any(text(one, "type") == "story_mention" for one in held)
    unsupported = told.get("is_unsupported") is True or any(text(one, "type") == "unsupported_type" for one in held)
    return (
        ({"story": text(story, "id")} if text(story, "id") else {})
        | ({"mentioned": "story"} if mentioned else {})
        | ({"unsupported": "message"} if unsupported else {})
    )
