"""Says again, once, at another address of the same person what could not be said where it was asked, and in private
what was refused in public; news that failed and can be said nowhere are left to a person."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import structlog
from msgspec.structs import replace

from adapters import Sends
from gateway import listening, unsent
from gateway.bot.splitting import split
from gateway.budget import CAPPED
from gateway.channels import Channel
from gateway.filing import MACHINE
from gateway.keeping import kept
from gateway.replies import GONE
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
    TalkRow,
)
from gateway.telling import PRIVATE

DAY = 86_400.0
#: What went astray longer ago is no news any more, as when channels to fall back on are named for the first time.
FRESH_SECONDS = DAY
AT_ONCE = 64
LONGEST_SLEEP = 60.0

log = structlog.get_logger()


class FallBack:
    """`channels` are those to fall back on, the preferred one first; where there are none, what is kept is left as it
    is. `others` are all by name. `most` is how many automatic replies a day one address may get; `replied(channels)` is
    told which of them have new ones; `key` is that of pseudonyms."""

    def __init__(
        self,
        store: Store,
        key: bytes,
        channels: Sequence[Channel],
        others: Mapping[str, Channel],
        most: int,
        replied: Callable[[Iterable[str]], None],
    ) -> None:
        self._channels = [one for one in channels if listening.reached(one.adapter)]
        self._others = others
        self._store = store
        self._key = key
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
            found = self._store.astray(time.time() - FRESH_SECONDS, AT_ONCE, kept=bool(self._channels))
            if found:
                await self._pass_on(found)
            if len(found) < AT_ONCE:
                await self._rest()

    async def leave(self, reply: ReplyRow) -> None:
        """To a person, who goes on with the talk: what is about no report is said nowhere else."""
        talk = unsent.handed_over(self._store, self._key, reply, time.time())
        if talk:
            with contextlib.suppress(Conflict):  # somebody wrote there meanwhile: the next answer is left, too
                await kept(lambda: self._store.settle(Settlement(talks=[talk])))

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SLEEP):
                await self._news.wait()

    async def _pass_on(self, found: Sequence[Astray]) -> None:
        """All in one transaction; one by one if meanwhile something was said of one of them."""
        now, told, handed = time.time(), Counter[str](), set[str]()
        settlements = [self._settlement(one, now, told, handed) for one in found]
        try:
            await self._store.settle(_all(settlements))
        except Conflict:
            for settlement in settlements:
                with contextlib.suppress(Conflict):
                    await self._store.settle(settlement)
        self._replied({reply.channel for settlement in settlements for reply in settlement.replies})

    def _settlement(self, astray: Astray, now: float, told: Counter[str], handed: set[str]) -> Settlement:
        """`told` counts what is said in the same transaction, `handed` are the talks that are left to a person."""
        new = self._instead(astray.reply, astray.addresses, now, told) if astray.reply else None
        talk = None if new else self._left_to_a_person(astray, now, handed)
        return Settlement(
            passed_on=[PassedOn(astray.id, new.id if new else "")],
            replies=[new] if new else [],
            history=_history(new, now),
            talks=[talk] if talk else [],
        )

    def _left_to_a_person(self, astray: Astray, now: float, handed: set[str]) -> TalkRow | None:
        """The talk that it was to be said in; None if none is to be, or a person goes on there already."""
        if astray.reply is None or not unsent.needs_a_person(astray.reply, astray.first):
            return None
        first = astray.first or astray.reply
        said = replace(first, conversation=PRIVATE) if first.public else first
        talk = unsent.handed_over(self._store, self._key, said, now)
        if talk is None or talk.id in handed:
            return None
        handed.add(talk.id)
        return talk

    def _instead(
        self, reply: ReplyRow, addresses: Sequence[Contact], now: float, told: Counter[str]
    ) -> ReplyRow | None:
        """`told` counts what is said in the same transaction."""
        private = _in_private(reply, addresses, self._others.get(reply.channel))
        for channel, contact in (*private, *_ways(reply, addresses, [one for one in self._channels if not one.rests])):
            before = self._store.sent_between([contact.id], now - DAY, now).get(contact.id, 0)
            if before + told[contact.id] < self._most:
                told[contact.id] += 1
                return _said_again(reply, channel, contact, now)
        return None


def _in_private(
    reply: ReplyRow, addresses: Sequence[Contact], own: Channel | None
) -> Iterator[tuple[Channel, Contact]]:
    """Whoever was not to be answered in public wrote there, and so may be written to."""
    is_refused = reply.public and reply.state is ReplyState.FAILED and reply.error not in {CAPPED, GONE}
    if not is_refused or own is None or not own.can_send:
        return
    assert isinstance(own.adapter, Sends)
    if own.adapter.capabilities.private:
        yield from ((own, contact) for contact in addresses if contact.id == reply.contact)


def _ways(
    reply: ReplyRow, addresses: Sequence[Contact], channels: Sequence[Channel]
) -> Iterator[tuple[Channel, Contact]]:
    """Where an attempt has failed, it is not made at that address again; nor is more than one other tried. A talk goes
    on in its own conversation alone."""
    if reply.instead_of or reply.talk:
        return
    tried = "" if reply.state is ReplyState.KEPT else reply.contact
    for channel in channels:
        for contact in addresses:
            if contact.id != tried and contact.kind in listening.reached(channel.adapter):
                yield channel, contact


def _said_again(reply: ReplyRow, channel: Channel, contact: Contact, now: float) -> ReplyRow:
    """In private, in a conversation of its own, and in one message: one is said instead of one."""
    assert isinstance(channel.adapter, Sends)
    return ReplyRow(
        id=f"f-{reply.id}",
        channel=channel.name,
        contact=contact.id,
        case=reply.case,
        about=reply.about,
        text=split(reply.text, channel.adapter.capabilities, most=1)[0],
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
        talks=[one for settlement in settlements for one in settlement.talks],
    )
