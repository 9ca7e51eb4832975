"""What one item of a talk tells, on Messenger and in Instagram's direct messages.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
    https://developers.facebook.com/docs/instagram-platform/webhooks

Nobody's name is in it; who somebody is is told by an id that they have for one account of ours alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters import Address, Delivered, Event, Message, Retracted, Sent, Status
from adapters.graph.ids import known_id, nameless
from adapters.graph.times import moment
from adapters.graph.words import Words, words
from adapters.payload import table, tables, text
from normalizer.report import ELSEWHERE

Told = Mapping[str, Any]


def said(item: Told, channel: str, account: str, app: str = "", is_ours: bool = True) -> Iterator[Event]:
    """The events of an item. `account` and `app` are ours; `is_ours`: the talk is, and not another application's."""
    if app and text(table(item, "message"), "app_id") == app:
        return  # what we said ourselves
    for kind, read in _READERS.items():
        if isinstance(item.get(kind), dict):
            yield from read(item, channel, account, is_ours)


def person(known: str) -> Address | None:
    return Address("account", known) if known else None


def _message(item: Told, channel: str, account: str, is_ours: bool) -> Iterator[Event]:
    told = table(item, "message")
    known, sender = known_id(told, "mid"), text(table(item, "sender"), "id")
    if not told or told.get("is_self") is True:
        return
    if told.get("is_echo") is True or sender == account:
        yield from _echo(item, told, channel, known)
    elif told.get("is_deleted") is True:
        yield from [Retracted(channel, known)] if known else []
    else:
        yield _said(item, words(told), channel, known or nameless(item), is_ours)


def _said(item: Told, said: Words, channel: str, known: str, is_ours: bool) -> Message:
    quoted = table(table(item, "message"), "reply_to")
    return Message(
        id=known,
        channel=channel,
        sender=person(text(table(item, "sender"), "id")),
        text=said.text,
        sent_at=moment(item.get("timestamp")),
        place=said.place,
        attachments=said.attachments,
        fields=said.fields,
        in_reply_to=known_id(quoted, "mid") or None,
        choice=said.choice,
        doubts=() if is_ours else (ELSEWHERE,),
    )


def _echo(item: Told, told: Told, channel: str, known: str) -> Iterator[Event]:
    """What our account said, by us or by whoever writes in its inbox."""
    if known and told.get("is_deleted") is not True:
        yield Sent(channel, known, person(text(table(item, "recipient"), "id")), words(told).text)


def _pressed(item: Told, channel: str, account: str, is_ours: bool) -> Iterator[Event]:
    """A button below a message, or "Get started": its label is what the citizen said."""
    told = table(item, "postback")
    if text(table(item, "sender"), "id") == account:
        return
    pressed = Words(text=text(told, "title"), choice=text(told, "payload") or None)
    yield _said(item, pressed, channel, known_id(told, "mid") or nameless(item), is_ours)


def _edited(item: Told, channel: str, account: str, is_ours: bool) -> Iterator[Event]:
    """It has the id of what was edited, and counts how often it was."""
    told = table(item, "message_edit")
    original, sender = known_id(told, "mid"), text(table(item, "sender"), "id")
    if original and sender != account:
        yield Message(
            id=f"{original}:{text(told, 'num_edit') or nameless(told)}",
            channel=channel,
            sender=person(sender),
            text=text(told, "text"),
            sent_at=moment(item.get("timestamp")),
            replaces=original,
            doubts=() if is_ours else (ELSEWHERE,),
        )


def _delivered(item: Told, channel: str, account: str, is_ours: bool) -> Iterator[Event]:
    mids = table(item, "delivery").get("mids")
    for known in mids if isinstance(mids, list) else []:
        if isinstance(known, str) and known:
            yield Status(channel, known_id({"mid": known}, "mid"), Delivered.DELIVERED)


def _read(item: Told, channel: str, account: str, is_ours: bool) -> Iterator[Event]:
    """Instagram says which message. Messenger says until when all were read, which names none."""
    if known := known_id(table(item, "read"), "mid"):
        yield Status(channel, known, Delivered.READ)


def items(entry: Told) -> Iterator[tuple[Told, bool]]:
    """Those of an entry, and whether their talk is ours."""
    yield from ((one, True) for one in tables(entry, "messaging"))
    yield from ((one, False) for one in tables(entry, "standby"))


_READERS = {
    "message": _message,
    "postback": _pressed,
    "message_edit": _edited,
    "delivery": _delivered,
    "read": _read,
}
