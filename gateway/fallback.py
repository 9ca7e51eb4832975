"""Says again, once, at another address of the same person what could not be said where it was asked."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import structlog

from adapters import Sends
from gateway import listening
from gateway.channels import Channel
from gateway.filing import MACHINE
from gateway.fitting import fit
from gateway.store.contract import (
    Astray,
    Conflict,
    Contact,
    HistoryRow,
    PassedOn,
    ReplyRow,
    ReplyState,
    Settlement,
    Store,
)

DAY = 86_400.0
#: What went astray longer ago is no news any more, as when channels to fall back on are named for the first time.
FRESH_SECONDS = DAY
AT_ONCE = 64
LONGEST_SLEEP = 60.0

log = structlog.get_logger()


class FallBack:
    """`channels` are those to fall back on, the preferred one first; `most` is how many automatic replies a day one
    address may get; `replied(channels)` is told which of them have new ones."""

    def __init__(
        self, store: Store, channels: Sequence[Channel], most: int, replied: Callable[[Iterable[str]], None]
    ) -> None:
        self.channels = [one for one in channels if listening.reached(one.adapter)]
        self._store = store
        self._most = most
        self._replied = replied
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """A reply has failed, or was kept."""
        self._news.set()

    def stop(self) -> None:
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Until stopped."""
        while not self._stopping:
            self._news.clear()
            found = self._store.astray(time.time() - FRESH_SECONDS, AT_ONCE)
            if found:
                await self._pass_on(found)
            if len(found) < AT_ONCE:
                await self._rest()

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SLEEP):
                await self._news.wait()

    async def _pass_on(self, found: Sequence[Astray]) -> None:
        """All in one transaction; one by one if meanwhile something was said of one of them."""
        now, told = time.time(), Counter[str]()
        settlements = [self._settlement(one, now, told) for one in found]
        try:
            await self._store.settle(_all(settlements))
        except Conflict:
            for settlement in settlements:
                with contextlib.suppress(Conflict):
                    await self._store.settle(settlement)
        self._replied({reply.channel for settlement in settlements for reply in settlement.replies})

    def _settlement(self, astray: Astray, now: float, told: Counter[str]) -> Settlement:
        new = self._instead(astray.reply, astray.addresses, now, told) if astray.reply else None
        passed = PassedOn(astray.id, new.id if new else "")
        return Settlement(passed_on=[passed], replies=[new] if new else [], history=_history(new, now))

    def _instead(
        self, reply: ReplyRow, addresses: Sequence[Contact], now: float, told: Counter[str]
    ) -> ReplyRow | None:
        """`told` counts what is said in the same transaction."""
        for channel, contact in _ways(reply, addresses, self.channels):
            before = self._store.sent_between([contact.id], now - DAY, now).get(contact.id, 0)
            if before + told[contact.id] < self._most:
                told[contact.id] += 1
                return _said_again(reply, channel, contact, now)
        return None


def _ways(
    reply: ReplyRow, addresses: Sequence[Contact], channels: Sequence[Channel]
) -> Iterator[tuple[Channel, Contact]]:
    """Where an attempt has failed, it is not made at that address again."""
    tried = "" if reply.state is ReplyState.KEPT else reply.contact
    for channel in channels:
        for contact in addresses:
            if contact.id != tried and contact.kind in listening.reached(channel.adapter):
                yield channel, contact


def _said_again(reply: ReplyRow, channel: Channel, contact: Contact, now: float) -> ReplyRow:
    """In private, in a conversation of its own."""
    assert isinstance(channel.adapter, Sends)
    return ReplyRow(
        id=f"f-{reply.id}",
        channel=channel.name,
        contact=contact.id,
        case=reply.case,
        about=reply.about,
        text=fit(reply.text, channel.adapter.capabilities),
        state=ReplyState.DUE,
        created_at=now,
        due_at=now,
        subject=reply.subject,
        report=reply.report,
        instead_of=reply.id,
    )


def _history(new: ReplyRow | None, now: float) -> list[HistoryRow]:
    if new is None or new.case is None:
        return []
    detail = {"report": new.report or "", "reply": new.instead_of or "", "by": new.id, "channel": new.channel}
    return [HistoryRow(case=new.case, at=now, event="passed_on", actor=MACHINE, detail=detail)]


def _all(settlements: Sequence[Settlement]) -> Settlement:
    return Settlement(
        passed_on=[one for settlement in settlements for one in settlement.passed_on],
        replies=[one for settlement in settlements for one in settlement.replies],
        history=[one for settlement in settlements for one in settlement.history],
    )
