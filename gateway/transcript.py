"""What was said in a talk, read again from what came in and went out. Pure, but for the keys."""

from collections.abc import Iterator
from typing import Any

from adapters import Address, Message, Sent
from gateway.contacts import contact_of
from gateway.filed import Reading
from gateway.naming import talk_id
from gateway.speaking import PERSON

Row = dict[str, Any]


def heard(key: bytes, talk: str, delivery: Row, reading: Reading) -> Iterator[Row]:
    """A talk's messages in a delivery, and what staff wrote in it by the provider's own app; it may hold those of
    others, too."""
    at = {"at": delivery["received_at"], "from": "citizen", "delivery": delivery["seq"]}
    if reading.error:
        yield at | {"text": "", "error": reading.error}
    for event in reading.events:
        if isinstance(event, Message) and talk in _talks(key, event):
            yield at | {"text": _words(event), "files": len(event.attachments), "public": event.public}
        elif isinstance(event, Sent) and event.to and talk == talk_id(key, event.channel, _person(key, event.to), ""):
            yield at | {"from": PERSON, "text": event.text}


def said(reply: Row, text: str) -> Row:
    who = "person" if reply["about"] == PERSON else "bot"
    row = {"at": reply["created_at"], "from": who, "reply": reply["id"], "text": text}
    return row | {"state": reply["state"], "error": reply["error"]}


def _talks(key: bytes, message: Message) -> Iterator[str]:
    """What was begun in public goes on in the private talk."""
    if message.sender is None:
        return
    contact = _person(key, message.sender)
    for conversation in ("", message.conversation) if message.public else (message.conversation,):
        yield talk_id(key, message.channel, contact, conversation)


def _person(key: bytes, address: Address) -> str:
    return contact_of(key, address).id


def _words(message: Message) -> str:
    """With what stands for words: a pressed button, a pin."""
    pressed = f"[{message.choice}]" if message.choice and not message.text else ""
    pin = f"({message.place.latitude}, {message.place.longitude})" if message.place else ""
    return "\n".join(filter(None, (message.subject, message.text, pressed, pin)))
