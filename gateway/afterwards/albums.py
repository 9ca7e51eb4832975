"""Messages that were sent as one album are one report, however far apart they come in."""

from msgspec.structs import replace

from adapters import Message
from gateway import amending
from gateway.afterwards.ground import Ground
from gateway.changing import change
from gateway.store.contract import Claimed, Contact, MessageRow, ReportRow


def joined(ground: Ground, claimed: Claimed, message: Message, contact: Contact | None) -> ReportRow | None:
    """The report of its album as the message makes it; None if there is none yet."""
    found = _known(ground, message, contact) if message.group and contact else None
    if found is None or contact is None:
        return None
    store, rules, channel, now, settlement = ground
    row = change(store, rules, found, amending.followed(message), now, settlement)
    if row:
        settlement.messages.append(MessageRow(channel, message.id, claimed.seq, found, contact.id))
    return row


def begun(ground: Ground, message: Message, contact: Contact | None) -> None:
    """The first message of an album that led to a report stands for the album."""
    if not message.group or contact is None:
        return
    name = _name(message.group, contact)
    taken = [one for one in ground.settlement.messages if one.id == message.id and one.report]
    if taken and ground.store.known_message(ground.channel, name) is None:
        ground.settlement.messages.append(replace(taken[0], id=name, replaces=message.id))


def _known(ground: Ground, message: Message, contact: Contact) -> str | None:
    found = ground.store.known_message(ground.channel, _name(message.group or "", contact))
    return found.report if found else None


def _name(group: str, contact: Contact) -> str:
    """As no message is called."""
    return "\0".join(("album", contact.id, group))
