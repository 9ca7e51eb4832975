"""What is said on Instagram where everybody reads along: comments on what the account shows, and mentions of it.

    https://developers.facebook.com/docs/instagram-platform/webhooks/examples

A comment's id is called "id" or "comment_id", by how the app logs in. Of a mention no more is told than ids.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters import LACKS, Address, Event, Message, Sent
from adapters.graph.files import attachment
from adapters.graph.ids import known_id, nameless
from adapters.graph.times import moment
from adapters.payload import table, text

KIND = "instagram"
#: In a mention, beside its ids: what was asked for by them.
WORDS = "words"
#: Before the ids of a mention, where it is answered.
MENTION = "mention"
_MEDIA: Mapping[str, str] = {"IMAGE": "image/jpeg", "CAROUSEL_ALBUM": "image/jpeg", "VIDEO": "video/mp4"}
Told = Mapping[str, Any]


def comment(told: Told, channel: str, account: str) -> Iterator[Event]:
    """Of the fields "comments" and "live_comments"."""
    known = known_id(told, "id") or known_id(told, "comment_id") or nameless(told)
    author = table(told, "from")
    parent = known_id(told, "parent_id")
    if text(author, "id") == account or text(author, "self_ig_scoped_id"):
        yield Sent(channel, known, None, text(told, "text"))
        return
    yield Message(
        id=known,
        channel=channel,
        sender=_account(author),
        text=text(told, "text"),
        conversation=known,
        sent_at=moment(told.get("timestamp")),
        in_reply_to=parent or None,
        public=True,
        known_as=f"{KIND}:{known}",
    )


def mention(told: Told, channel: str, account: str) -> Iterator[Event]:
    """Of the field "mentions": in a comment, or below a picture. What was asked for replaces what only had ids."""
    media, comment = known_id(told, "media_id"), known_id(told, "comment_id")
    known, where = comment or media, f"{MENTION}:{media}:{comment}"
    if not known:
        return
    if WORDS not in told:
        lacking = {LACKS: where}
        yield Message(
            id=known,
            channel=channel,
            sender=None,
            text="",
            conversation=where,
            fields=lacking,
            public=True,
            known_as=f"{KIND}:{known}",
        )
        return
    said = table(told, WORDS)
    picture = attachment(text(said, "media_url"), _MEDIA.get(text(said, "media_type"), "image/jpeg"))
    yield Message(
        id=f"{known}:words",
        channel=channel,
        sender=_handle(text(said, "username")),
        text=text(said, "text") or text(said, "caption"),
        conversation=where,
        sent_at=moment(said.get("timestamp")),
        attachments=(picture,) if picture else (),
        replaces=known,
        public=True,
    )


def _account(author: Told) -> Address | None:
    known = text(author, "id")
    return Address("account", known, text(author, "username") or None) if known else None


def _handle(name: str) -> Address | None:
    """Of who mentions us no id is told."""
    return Address("handle", name.lower(), name) if name else None
