"""What a webhook of Meta's tells about one of our numbers.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference
    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_message_echoes

One request may hold a thousand changes, of several numbers and of kinds that are not for us.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from adapters import Delivered, Delivery, Event, Gone, Message, Retracted, Sent, Status, times
from adapters.payload import document, table, tables, text
from adapters.whatsapp.content import Content, content
from adapters.whatsapp.people import person, sender
from adapters.whatsapp.reasons import reason

ACCOUNT = "whatsapp_business_account"
LONGEST_ID = 300
#: Types of messages that say nothing: a reaction to one, the first look at the talk.
_SILENT = frozenset({"reaction", "request_welcome"})
_STATES: Mapping[str, Delivered] = {
    "sent": Delivered.SENT,
    "delivered": Delivered.DELIVERED,
    "read": Delivered.READ,
    "played": Delivered.READ,
    "failed": Delivered.FAILED,
}
Told = Mapping[str, Any]


class _Metadata(msgspec.Struct, frozen=True):
    phone_number_id: str | None = None


class _Value(msgspec.Struct, frozen=True):
    metadata: _Metadata = _Metadata()


class _Change(msgspec.Struct, frozen=True):
    value: _Value = _Value()


class _Entry(msgspec.Struct, frozen=True):
    changes: list[_Change] = []


class _Webhook(msgspec.Struct, frozen=True):
    entry: list[_Entry] = []


_numbers = msgspec.json.Decoder(_Webhook)


def others(body: bytes, phone_number_id: str) -> Sequence[str]:
    """The other numbers of ours that all of it is for, by their ids. Cheap, for it is asked before the answer."""
    try:
        told = _numbers.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ()
    named = [change.value.metadata.phone_number_id for entry in told.entry for change in entry.changes]
    known = [one for one in named if one is not None]
    return () if len(known) < len(named) or phone_number_id in known else known


def events(delivery: Delivery, phone_number_id: str) -> list[Event] | None:
    """None where it is no webhook."""
    told = document(delivery.body)
    if not isinstance(told.get("entry"), list):
        return None
    changes = [change for entry in tables(told, "entry") for change in tables(entry, "changes")]
    if text(told, "object") != ACCOUNT:
        return []
    return [event for change in changes for event in _events(change, delivery, phone_number_id)]


def _events(change: Told, delivery: Delivery, phone_number_id: str) -> Iterator[Event]:
    value, channel = table(change, "value"), delivery.channel
    if text(table(value, "metadata"), "phone_number_id") != phone_number_id:
        return
    match text(change, "field"):
        case "messages":
            for message in tables(value, "messages"):
                yield from _said(message, value, channel)
            for status in tables(value, "statuses"):
                yield from _status(status, channel)
        case "smb_message_echoes":
            for message in tables(value, "message_echoes"):
                yield from _echo(message, channel)


def _said(message: Told, value: Told, channel: str) -> Iterator[Event]:
    match text(message, "type"):
        case "revoke":
            if original := _id(table(message, "revoke"), "original_message_id"):
                yield Retracted(channel, original)
        case "edit":
            edit = table(message, "edit")
            replaces = _id(edit, "original_message_id") or None
            yield _message(message, table(edit, "message"), value, channel, replaces)
        case "system":
            yield from _moved(table(message, "system"), message, channel)
        case kind if kind not in _SILENT:
            yield _message(message, message, value, channel)


def _message(outer: Told, inner: Told, value: Told, channel: str, replaces: str | None = None) -> Message:
    """`outer` says who and when, `inner` what: of an edit they are two."""
    who, said, context = sender(outer, value), content(inner), table(outer, "context") or table(inner, "context")
    group = text(outer, "group_id")
    return Message(
        id=_id(outer, "id") or _digest(json.dumps(outer, sort_keys=True)),
        channel=channel,
        sender=who.address,
        also=who.also,
        text=said.text,
        conversation=group,
        public=bool(group),
        sent_at=times.seconds(text(outer, "timestamp")),
        place=said.place,
        attachments=said.attachments,
        fields=said.fields | _marks(outer, context),
        in_reply_to=_id(context, "id") or None,
        replaces=replaces,
        choice=said.choice,
    )


def _marks(message: Told, context: Told) -> dict[str, str]:
    """Was it passed on, and did an advertisement lead to it?"""
    referral = table(message, "referral")
    came_by = text(referral, "source_url") or text(referral, "headline")
    often, once = (context.get(name) is True for name in ("frequently_forwarded", "forwarded"))
    forwarded = {"forwarded": "often" if often else "once"} if often or once else {}
    return forwarded | ({"referral": came_by} if came_by else {})


def _moved(told: Told, message: Told, channel: str) -> Iterator[Event]:
    """Who changed their number is not reached at the old one any more, which may become somebody else's; what they
    write from the new one is a talk of its own. A new id of the same number changes nothing that was told us."""
    old = person([text(message, "from"), text(message, "from_user_id")]).address
    if old and text(told, "type") in {"user_changed_number", "customer_changed_number"}:
        yield Gone(channel, old)


def _status(status: Told, channel: str) -> Iterator[Event]:
    """`biz_opaque_callback_data` is the id that we gave the reply."""
    reply = text(status, "biz_opaque_callback_data") or text(status, "id")
    state = _STATES.get(text(status, "status"))
    if reply and state:
        why = reason(tables(status, "errors")) if state is Delivered.FAILED else None
        yield Status(channel, reply, state, why)


def _echo(message: Told, channel: str) -> Iterator[Event]:
    """What a person wrote in WhatsApp's own application on our number's phone."""
    if text(message, "type") not in {"edit", "revoke", *_SILENT} and (known := _id(message, "id")):
        to = person([text(message, "to"), text(message, "to_user_id")]).address
        yield Sent(channel, known, to, _spoken(content(message)))


def _spoken(said: Content) -> str:
    return said.text or (said.place and said.place.words) or ""


def _id(told: Told, name: str) -> str:
    """Or the digest of one that is too long to be one of Meta's."""
    known = text(told, name)
    return known if len(known) <= LONGEST_ID else _digest(known)


def _digest(known: str) -> str:
    return hashlib.sha256(known.encode()).hexdigest()
