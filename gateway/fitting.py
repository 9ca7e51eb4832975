"""One reply for each message that its text takes on its channel. Pure."""

from msgspec.structs import replace

from adapters import Capabilities
from gateway.bot.splitting import split
from gateway.store.contract import ReplyRow


def in_parts(reply: ReplyRow, capabilities: Capabilities) -> list[ReplyRow]:
    """In their order; the first keeps the id, the second has ".2" after it, and so on."""
    parts = split(reply.text, capabilities)
    return [
        replace(reply, id=reply.id if number == 1 else f"{reply.id}.{number}", text=part)
        for number, part in enumerate(parts, 1)
    ]
