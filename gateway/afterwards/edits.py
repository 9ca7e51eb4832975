"""A message that its sender changed: the report that it led to says so now, and nothing is answered again."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import replace

from adapters import Adapter, Delivery, Message
from gateway import amending
from gateway.afterwards.ground import Ground
from gateway.bot.words import cut
from gateway.changing import change
from gateway.filed import Filed
from gateway.filing import Rules
from gateway.reportfacts import reads_as_report
from gateway.store.contract import Claimed, Contact, KnownMessage, MessageRow


async def words_before(ground: Ground, adapter: Adapter, message: Message) -> str:
    """What a message that is edited said until now, if its report has others; "" where that is destroyed, or the
    channel reads it otherwise by now."""
    found = original(ground, message)
    if found is None or found.report is None or found.is_alone:
        return ""
    deliveries = await ground.store.deliveries_of(found.report)
    return await asyncio.to_thread(_said, adapter, deliveries, message.replaces)


def _said(adapter: Adapter, deliveries: Sequence[Delivery], name: str | None) -> str:
    """By the last of these that has that message, as it was sent or edited."""
    for delivery in reversed(deliveries):
        with suppress(Exception):  # it was read before: whatever hinders that now, the edit is taken
            for event in adapter.parse(delivery):
                if isinstance(event, Message) and name in {event.id, event.replaces}:
                    return event.text
    return ""


def edited(
    ground: Ground, claimed: Claimed, message: Message, contact: Contact | None, filed: Filed, before: str
) -> bool:
    """Is an edit done with? If not, it is a message like any other. `before`: see `words_before`."""
    found = original(ground, message)
    if found is None or contact is None or found.contact != contact.id:
        return False
    if found.report is None and reads_as_report(filed.report):
        return False
    if found.report and not _changed(ground, message, found, found.report, before):
        return False
    row = MessageRow(message.channel, message.id, claimed.seq, found.report, contact.id, message.replaces)
    ground.settlement.messages.append(row)
    return True


def original(ground: Ground, message: Message) -> KnownMessage | None:
    return ground.store.known_message(message.channel, message.replaces) if message.replaces else None


def _changed(ground: Ground, message: Message, found: KnownMessage, report: str, before: str) -> bool:
    store, rules, _, now, settlement = ground
    is_mere_answer = not found.is_alone and _is_mere_answer(rules, message.text)
    addition = amending.brought(message) if is_mere_answer else amending.edited(message, found.is_alone, before)
    return change(store, rules, report, addition, now, settlement, amending.EDITED) is not None


def _is_mere_answer(rules: Rules, text: str) -> bool:
    """A number or a yes would say nothing beside the report: to what it was an answer is known no more."""
    words = rules.bot.words if rules.bot else None
    return words is not None and bool(words.answer(text) or words.command(text) or words.number(cut(text)) is not None)


def stand_for(ground: Ground, message: Message) -> None:
    """An edit that came before its original stands for it: that changes nothing when it comes."""
    if message.replaces and original(ground, message) is None:
        rows = ground.settlement.messages
        for number, row in enumerate(rows):
            if row.id == message.id:
                rows[number] = replace(row, replaces=message.replaces)
                rows.append(replace(row, id=message.replaces))
                return
