"""What several channels hear, as two accounts do that a post names, is filed and answered once, by the first one."""

from collections.abc import Callable

from msgspec.structs import replace

from adapters import Message
from gateway.afterwards import completions
from gateway.afterwards.ground import Ground
from gateway.store.contract import Claimed, Contact, MessageRow

#: No channel is called so.
EVERYWHERE = ""


def heard(
    ground: Ground,
    claimed: Claimed,
    message: Message,
    contact: Contact | None,
    language: str,
    may_answer: Callable[[str], bool],
) -> bool:
    """Has another channel brought it? Then it is only a further name of what that did, and has its words if that had
    none."""
    found = ground.store.known_message(EVERYWHERE, message.known_as) if message.known_as else None
    if found is None:
        return False
    sender = contact.id if contact else None
    row = MessageRow(ground.channel, message.id, claimed.seq, found.report, sender, replaces=message.id)
    ground.settlement.messages.append(row)
    if found.report:
        completions.brought(ground, found.report, message, contact, language, may_answer)
    return True


def begun(ground: Ground, message: Message) -> None:
    """Other channels may hear it, too."""
    taken = [one for one in ground.settlement.messages if (one.channel, one.id) == (ground.channel, message.id)]
    if message.known_as and taken:
        row = replace(taken[0], channel=EVERYWHERE, id=message.known_as, replaces=message.id)
        ground.settlement.messages.append(row)
