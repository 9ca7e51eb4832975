"""What happens on a page where everybody reads along: posts of visitors, comments, and mentions of the page elsewhere.

    https://developers.facebook.com/docs/graph-api/webhooks/reference/page

All that becomes of a comment has its id; who wrote it may be left out, and stands in one of two shapes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from adapters import LACKS, Address, Attachment, Event, Message, Retracted, Sent
from adapters.graph.files import attachment
from adapters.graph.ids import known_id, nameless
from adapters.graph.times import moment
from adapters.ids import digest
from adapters.payload import table, text

POSTS = frozenset({"status", "post", "photo", "video", "share", "link"})
KIND = "facebook"
ADDED, EDITED, REMOVED = frozenset({"add", ""}), frozenset({"edited", "edit"}), frozenset({"remove", "delete"})
#: Of a mention whose words were asked for.
COMPLETED = "completed"
MOST_PHOTOS = 30
Told = Mapping[str, Any]


def feed(told: Told, channel: str, page: str) -> Iterator[Event]:
    """Of the field "feed". What is hidden or shown again is still what its author said."""
    known = known_id(told, "comment_id") if text(told, "item") == "comment" else known_id(told, "post_id")
    if text(told, "item") not in {"comment", *POSTS} or _is_unpublished(told):
        return
    verb, author = text(told, "verb"), _author(told)
    if author and author.value == page:
        yield from _own(told, channel, known) if verb in ADDED else []
    elif verb in REMOVED:
        yield from [Retracted(channel, known)] if known else []
    elif verb in ADDED:
        yield _said(told, channel, known or nameless(told), author)
    elif verb in EDITED:
        yield _said(told, channel, _version(told, known), author, replaces=known or None)


def mention(told: Told, channel: str, page: str) -> Iterator[Event]:
    """Of the field "mention": somebody has named the page. Words that are left out are asked for, and told by another
    one."""
    known = known_id(told, "comment_id") or known_id(told, "post_id")
    verb, author = text(told, "verb"), _author(told)
    if not known or (author and author.value == page):
        return
    if verb == COMPLETED:
        yield _said(told, channel, f"{known}:words", author, replaces=known)
    elif verb in ADDED:
        message = _said(told, channel, known, author)
        yield message if message.text else replace(message, fields={LACKS: known})


def _said(told: Told, channel: str, known: str, author: Address | None, replaces: str | None = None) -> Message:
    """It is answered where it stands: its conversation is what is commented on."""
    place = known_id(told, "comment_id") or known_id(told, "post_id")
    parent = known_id(told, "parent_id")
    return Message(
        id=known,
        channel=channel,
        sender=author,
        text=_words(told),
        conversation=place or known,
        sent_at=_time(told, replaces is not None),
        attachments=tuple(_files(told)),
        in_reply_to=parent if parent and parent != place else None,
        replaces=replaces,
        public=True,
        known_as=f"{KIND}:{known}",
    )


def _own(told: Told, channel: str, known: str) -> Iterator[Event]:
    """What the page itself comments; to whom is not told."""
    if known and text(told, "item") == "comment":
        yield Sent(channel, known, None, text(told, "message"))


def _author(told: Told) -> Address | None:
    person = table(told, "from")
    known = text(person, "id") or text(told, "sender_id")
    name = text(person, "name") or text(told, "sender_name")
    return Address("account", known, name or None) if known else None


def _words(told: Told) -> str:
    """A link that is shared belongs to them."""
    said, link = text(told, "message"), text(told, "link")
    is_shared = text(told, "item") in {"share", "link"} and link not in said
    return "\n".join(filter(None, (said, link))) if is_shared else said


def _files(told: Told) -> Iterator[Attachment]:
    item, photos = text(told, "item"), told.get("photos")
    shown = [one for one in photos if isinstance(one, str)] if isinstance(photos, list) else []
    shown += [text(told, "photo"), text(told, "link") if item == "photo" else ""]
    for url in list(dict.fromkeys(filter(None, shown)))[:MOST_PHOTOS]:
        yield from filter(None, [attachment(url, "image/jpeg")])
    video = text(told, "video") or (text(told, "link") if item == "video" else "")
    yield from filter(None, [attachment(video, "video/mp4")])


def _is_unpublished(told: Told) -> bool:
    """Told by 0 or by false."""
    return told.get("published") in (0, False)


def _version(told: Told, known: str) -> str:
    """Of an edit, which has the id of what it changes."""
    return f"{known}:{text(told, 'edited_time') or digest(text(told, 'message'), *map(str, _links(told)))}"


def _links(told: Told) -> list[str]:
    return [one.reference or "" for one in _files(told)]


def _time(told: Told, is_edit: bool) -> datetime | None:
    return (moment(told.get("edited_time")) if is_edit else None) or moment(told.get("created_time"))
