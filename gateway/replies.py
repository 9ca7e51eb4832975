"""Sends due replies, each until settled."""

import asyncio
import contextlib
import time
from collections.abc import Iterable

import structlog

from adapters import ChannelDown, ChannelError, Receipt, Refused, Reply, Sends, Throttled, Unauthorized
from gateway import retry
from gateway.channels import Channel, State
from gateway.describe import describe
from gateway.metrics import Metrics
from gateway.store.contract import Contact, ReplyOutcome, ReplyRow, ReplyState, Store, StoreUnavailable
from normalizer.message import Address

AT_ONCE = 8
SEND_SECONDS = 60.0
PAUSE_SECONDS = 300.0
LONGEST_SLEEP = 60.0
STORE_SECONDS = 1.0

log = structlog.get_logger()


class Replies:
    """One loop for each channel that can send. A reply goes due -> sending -> sent, failed or due again."""

    def __init__(self, store: Store, channels: dict[str, Channel], metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._channels = {name: channel for name, channel in channels.items() if channel.can_send}
        self._news = {name: asyncio.Event() for name in self._channels}
        self._stopping = False

    def names(self) -> Iterable[str]:
        return self._channels

    def wake(self, channels: Iterable[str]) -> None:
        for name in channels:
            if name in self._news:
                self._news[name].set()

    async def recover(self) -> None:
        """What was under way at the last end is sent again where that is harmless, else a person decides."""
        for name, channel in self._channels.items():
            assert isinstance(channel.adapter, Sends)
            again = channel.adapter.capabilities.repeatable
            state = ReplyState.DUE if again else ReplyState.UNCERTAIN
            count = await self._store.recover_replies(name, state, time.time())
            if count:
                log.warning("replies were under way at the last end", channel=name, count=count, state=state)

    def stop(self) -> None:
        """Let what is under way be sent, and begin nothing new: the loops end."""
        self._stopping = True
        self.wake(self._channels)

    async def run(self, name: str) -> None:
        """Send a channel's replies until stopped."""
        channel = self._channels[name]
        while not self._stopping:
            self._news[name].clear()
            while not self._stopping and (due := await self._store.claim_replies(name, time.time(), AT_ONCE)):
                await asyncio.gather(*(self._deliver(channel, reply, contact) for reply, contact in due))
                if channel.state is State.PAUSED:
                    await asyncio.sleep(PAUSE_SECONDS)
            await self._sleep(name)

    async def _sleep(self, name: str) -> None:
        due = self._store.next_due(name)
        seconds = LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, max(0.05, due - time.time()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news[name].wait()

    async def _deliver(self, channel: Channel, reply: ReplyRow, contact: Contact) -> None:
        adapter = channel.adapter
        assert isinstance(adapter, Sends)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                receipt = await adapter.send(_reply(reply, contact))
        except ChannelError as error:
            outcome = self._failed(channel, reply, error)
        except Exception as error:
            log.error("an adapter failed while sending", channel=channel.name, reply=reply.id, error=describe(error))
            outcome = self._failed(channel, reply, ChannelDown(type(error).__name__))
        else:
            outcome = self._sent(channel, reply, receipt)
        self._metrics.attempts.labels(channel.name, outcome.state).inc()
        await self._settle(outcome)

    async def _settle(self, outcome: ReplyOutcome) -> None:
        """Until it is on disk: what was sent must not be sent again, nor look as if it were still under way."""
        while True:
            try:
                return await self._store.settle_reply(outcome)
            except StoreUnavailable:
                await asyncio.sleep(STORE_SECONDS)

    def _sent(self, channel: Channel, reply: ReplyRow, receipt: Receipt) -> ReplyOutcome:
        if channel.is_now(State.OK):
            log.info("the way out works", channel=channel.name)
        return ReplyOutcome(
            id=reply.id,
            state=ReplyState.SENT,
            at=time.time(),
            external_id=receipt.external_id,
            cost=receipt.cost,
        )

    def _failed(self, channel: Channel, reply: ReplyRow, error: ChannelError) -> ReplyOutcome:
        now = time.time()
        if isinstance(error, Refused) or retry.give_up(reply.created_at, now):
            log.warning("a reply was refused", channel=channel.name, reply=reply.id, reason=str(error))
            return ReplyOutcome(id=reply.id, state=ReplyState.FAILED, at=now, error=str(error))
        paused = isinstance(error, Unauthorized)
        if channel.is_now(State.PAUSED if paused else State.DOWN, str(error)):
            log.error("the way out is closed", channel=channel.name, state=channel.state, reason=str(error))
        asked = error.retry_after if isinstance(error, Throttled) else None
        return ReplyOutcome(
            id=reply.id,
            state=ReplyState.DUE,
            at=now,
            due_at=now + retry.delay(reply.tries + 1, asked),
            error=str(error),
        )


def _reply(row: ReplyRow, contact: Contact) -> Reply:
    return Reply(
        id=row.id,
        channel=row.channel,
        to=Address(contact.kind, contact.value, contact.name),
        text=row.text,
        conversation=row.conversation,
        subject=row.subject,
        in_reply_to=row.in_reply_to,
        references=row.references,
        public=row.public,
    )
