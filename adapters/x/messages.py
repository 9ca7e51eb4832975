"""Direct messages, which X tells in two shapes: as it is asked (API v2), and as it calls (API v1.1). Both have the same
ids. Our own are told as well, by whatever way they were written."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from adapters import Address, Attachment, Event, Message, Sent
from adapters.payload import table, tables, text
from adapters.times import formatted, iso
from adapters.x import posts

Told = Mapping[str, Any]
PREFIX = "dm:"
_BETWEEN_TWO = re.compile(r"(\d+)-(\d+)", re.ASCII)


def asked(channel: str, account: str, told: Told) -> Event | None:
    """`told` is an event of API v2 with what belongs to it. It names no recipient: only who talks with whom."""
    event = table(told, "data")
    known, sender, written = text(event, "id"), text(event, "sender_id"), text(event, "text")
    if not known or not sender or text(event, "event_type") != "MessageCreate":
        return None
    users = {text(one, "id"): one for one in tables(table(told, "includes"), "users")}
    if sender == account:
        to = _other(text(event, "dm_conversation_id"), account)
        return Sent(
            channel, PREFIX + known, posts.address(users.get(to, {}), to) if to else None, html.unescape(written)
        )
    return Message(
        id=PREFIX + known,
        channel=channel,
        sender=posts.address(users.get(sender, {}), sender),
        text=posts.words(written, _links(event, "attachments")),
        attachments=tuple(posts.attachments(event, told)),
        sent_at=iso(text(event, "created_at")),
    )


def called(channel: str, account: str, event: Told, users: Told) -> Event | None:
    """`event` is one of API v1.1, `users` are by id."""
    known, said = text(event, "id"), table(event, "message_create")
    sender, data = text(said, "sender_id"), table(said, "message_data")
    if not known or not sender or text(event, "type") != "message_create":
        return None
    if sender == account:
        to = text(table(said, "target"), "recipient_id")
        return Sent(channel, PREFIX + known, _person(users, to) if to else None, html.unescape(text(data, "text")))
    return Message(
        id=PREFIX + known,
        channel=channel,
        sender=_person(users, sender),
        text=posts.words(text(data, "text"), _links(data, "attachment")),
        attachments=tuple(_files(table(data, "attachment"))),
        sent_at=formatted(text(event, "created_timestamp"), "milliseconds", UTC),
    )


def encrypted(channel: str, event: Told) -> Message | None:
    """Somebody wrote what nobody but X's own programs can read."""
    known, sender = text(event, "id"), text(event, "sender_id")
    if not known or not sender:
        return None
    return Message(
        id=f"chat:{known}",
        channel=channel,
        sender=posts.address({}, sender),
        text="",
        sent_at=formatted(text(event, "created_at_msec"), "milliseconds", UTC),
        doubts=("encrypted",),
    )


def _other(conversation: str, account: str) -> str:
    """The counterpart in a talk of two: "{smaller id}-{larger id}"."""
    between = _BETWEEN_TWO.fullmatch(conversation)
    return next((one for one in between.groups() if one != account), "") if between else ""


def _person(users: Told, known: str) -> Address:
    """The account's table lies within one more, or not."""
    user = table(users, known)
    user = table(user, "data") or user
    return posts.address({"name": text(user, "name"), "username": _username(user)}, known)


def _username(user: Told) -> str:
    return text(user, "username") or text(user, "screen_name")


def _links(told: Told, files: str) -> list[dict[str, Any]]:
    """With a file the last link is to that file alone."""
    found = tables(table(told, "entities"), "urls")
    return [*found[:-1], {**found[-1], "media_key": "-"}] if found and table(told, files) else found


def _files(attachment: Told) -> Iterator[Attachment]:
    media = table(attachment, "media")
    if media:
        variants = tables(table(media, "video_info"), "variants")
        yield posts.attachment(text(media, "type"), text(media, "media_url_https"), variants)
