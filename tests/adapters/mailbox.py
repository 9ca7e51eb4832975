"""What tests do with a mailbox in a real Dovecot."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters import Batch, ChannelError, Delivery, Message
from adapters.imap import Imap
from adapters.testing import opened, settings_of
from tests.adapters.dovecot import Dovecot
from tests.adapters.smtp_running import mail


def emptied(server: Dovecot) -> Dovecot:
    """With an empty mailbox."""
    with server.person() as person:
        for _, _, folder in person.list_folders():
            person.select_folder(folder)
            person.delete_messages(person.search("ALL"))
            person.expunge()
    return server


def numbered(count: int, first: int = 1) -> list[bytes]:
    return [mail(f"Laporan {n}", message_id=f"<{n}@example.org>") for n in range(first, first + count)]


def mailbox(dovecot: Dovecot, **changes: Any) -> Imap:
    return Imap(settings_of(Imap, dovecot.settings(**changes)))


@asynccontextmanager
async def polling(dovecot: Dovecot, **changes: Any) -> AsyncIterator[Imap]:
    async with opened(mailbox(dovecot, **changes)) as adapter:
        yield adapter


async def fetched(adapter: Imap, count: int, cursor: str | None = None) -> tuple[list[Delivery], str | None]:
    """So many deliveries, or more, with the failures on the way left out; and the cursor then."""
    found: list[Delivery] = []
    until = time.monotonic() + 120
    while len(found) < count:
        assert time.monotonic() < until, f"{len(found)} of {count} mails"
        try:
            batch = await asyncio.wait_for(adapter.poll(cursor), 30)
        except ChannelError:
            continue
        found += batch.deliveries
        cursor = batch.cursor
    return found, cursor


def texts(adapter: Imap, deliveries: Sequence[Delivery]) -> list[str]:
    events = [event for one in deliveries for event in adapter.parse(one)]
    return [event.text for event in events if isinstance(event, Message)]


async def waiting(adapter: Imap, cursor: str | None) -> "asyncio.Task[Batch]":
    """A poll that waits for something to come."""
    task = asyncio.create_task(adapter.poll(cursor))
    await asyncio.sleep(0.2)
    return task
