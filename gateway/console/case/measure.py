"""How a channel carries a text: in how many messages, and at what cost."""

from collections.abc import Sequence
from typing import NamedTuple

from adapters import Capabilities, Sends
from gateway.bot import measuring
from gateway.bot.splitting import split
from gateway.console.case.reading import Row
from gateway.console.visit import Visit
from normalizer.words import gsm7


class Measured(NamedTuple):
    """A text as its channel will carry it: in `parts`, each a message; `sms` is what it costs there, 0 where messages
    cost alike; `is_wide`: letters in it make each SMS hold less. `is_mute`: the channel has no way out; it may leave by
    `others`, to who is known there."""

    parts: Sequence[str]
    length: int
    sms: int
    is_wide: bool
    is_mute: bool
    others: Sequence[str]


def measured(visit: Visit, row: Row, text: str) -> Measured:
    channel = visit.means.lineup.channels.get(row["channel"])
    adapter = channel.adapter if channel else None
    can = adapter.capabilities if isinstance(adapter, Sends) else Capabilities()
    parts = split(text, can) if text.strip() else ()
    is_sms = can.alphabet == "gsm7"
    return Measured(
        parts=parts,
        length=len(text.strip()),
        sms=sum(measuring.cost(part, can) for part in parts) if is_sms else 0,
        is_wide=is_sms and not gsm7.fits(text),
        is_mute=channel is None or not channel.can_send,
        others=visit.means.settings.gateway.fall_back,
    )
