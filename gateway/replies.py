"""Sends due replies, each until settled."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable

import structlog

from adapters import ChannelDown, ChannelError, Receipt, Refused, Reply, Sends, Throttled, Unauthorized
from gateway import retry
from gateway.breaker import Breaker, Patience
from gateway.channels import Channel, State
from gateway.describe import describe
from gateway.keeping import kept
from gateway.metrics import Metrics
from gateway.store.contract import BadRow, Contact, ReplyOutcome, ReplyRow, ReplyState, Store
from normalizer.message import Address

LONGEST_SLEEP = 60.0
UNKEPT = "what the channel answered cannot be stored"

log = structlog.get_logger()


class _Way:
    """A channel's way out."""

    def __init__(self, channel: Channel, patience: Patience) -> None:
        self.channel = channel
        self.name = channel.name
        self.breaker = Breaker(patience)
        self.news = asyncio.Event()
        self.under_way: set[asyncio.Task[None]] = set()

    def begin(self, delivery: Awaitable[None]) -> None:
        task = asyncio.ensure_future(delivery)
        self.under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.under_way.discard(task)
        self.news.set()


class Replies:
    """One loop for each channel that can send. A reply goes due -> sending -> sent, failed or due again. Durations are
    those of the monotonic clock; only when a reply is due is told by the wall clock, for it outlives the process.
    `failed()` is called when one is given up."""

    def __init__(
        self,
        store: Store,
        channels: dict[str, Channel],
        metrics: Metrics,
        patience: Patience | None = None,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._patience = patience or Patience()
        self._ways = {name: _Way(channel, self._patience) for name, channel in channels.items() if channel.can_send}
        self._given_up = failed
        self._stopping = False

    def names(self) -> Iterable[str]:
        return self._ways

    def wake(self, channels: Iterable[str]) -> None:
        for name in channels:
            if name in self._ways:
                self._ways[name].news.set()

    def hurry(self, channels: Iterable[str]) -> None:
        """A person has changed something: try now, even where the way out was closed."""
        for name in channels:
            if name in self._ways:
                self._ways[name].breaker.hurry(time.monotonic())
        self.wake(channels)

    async def recover(self, name: str) -> None:
        """What was under way at the last end is sent again or left to a person, by the channel's `after_crash`; what
        had backed off is due at once."""
        state = ReplyState.DUE if _sends_again(self._ways[name].channel) else ReplyState.UNCERTAIN
        count = await self._store.recover_replies(name, state, time.time())
        if count:
            log.warning("replies were under way at the last end", channel=name, count=count, state=state)
        await self._store.hasten_replies(name, time.time())

    def stop(self) -> None:
        """Let what is under way be sent, and begin nothing new: the loops end."""
        self._stopping = True
        self.wake(self._ways)

    async def run(self, name: str) -> None:
        """Send a channel's replies until stopped."""
        way = self._ways[name]
        self._show(way)
        try:
            while not self._stopping:
                way.news.clear()
                await self._begin(way)
                await self._rest(way)
            await asyncio.gather(*way.under_way)
            self._hide(way)
        except asyncio.CancelledError:
            for task in way.under_way:
                task.cancel()
            await asyncio.gather(*way.under_way, return_exceptions=True)
            raise

    async def _begin(self, way: _Way) -> None:
        free = way.breaker.room(time.monotonic()) - len(way.under_way)
        if free > 0 and not self._stopping:
            for reply, contact in await self._store.claim_replies(way.name, time.time(), free):
                way.begin(self._deliver(way, reply, contact))

    async def _rest(self, way: _Way) -> None:
        """Until there is news, or a reply may be tried."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(LONGEST_SLEEP, max(0.05, self._seconds(way)))):
                await way.news.wait()

    def _seconds(self, way: _Way) -> float:
        now = time.monotonic()
        if way.breaker.room(now) <= len(way.under_way):
            return way.breaker.wait(now) or LONGEST_SLEEP
        due = self._store.next_due(way.name)
        return LONGEST_SLEEP if due is None else due - time.time()

    async def _deliver(self, way: _Way, reply: ReplyRow, contact: Contact) -> None:
        result = await self._attempt(way.channel, _reply(reply, contact))
        if not isinstance(result, Receipt | Refused):
            self._failed(way, result)
        outcome = self._outcome(way, reply, result)
        self._metrics.attempts.labels(way.name, outcome.state).inc()
        await self._settle(outcome)
        if outcome.state is ReplyState.FAILED:
            self._given_up()
        if isinstance(result, Receipt | Refused):
            await self._worked(way)

    async def _settle(self, outcome: ReplyOutcome) -> None:
        try:
            await kept(lambda: self._store.settle_reply(outcome))
        except BadRow:
            bare = ReplyOutcome(id=outcome.id, state=outcome.state, at=outcome.at, due_at=outcome.due_at, error=UNKEPT)
            await kept(lambda: self._store.settle_reply(bare))

    async def _attempt(self, channel: Channel, reply: Reply) -> Receipt | ChannelError:
        assert isinstance(channel.adapter, Sends)
        try:
            async with asyncio.timeout(self._patience.take):
                return await channel.adapter.send(reply)
        except ChannelError as error:
            return error
        except TimeoutError:
            return ChannelDown(f"it was not taken within {self._patience.take:g} seconds")
        except Exception as error:
            log.error("an adapter failed while sending", channel=channel.name, reply=reply.id, error=describe(error))
            return ChannelDown(type(error).__name__)

    async def _worked(self, way: _Way) -> None:
        """The other side took a reply, or refused just this one. What had failed leaves before what came later."""
        if way.breaker.is_open:
            await kept(lambda: self._store.hasten_replies(way.name, time.time()))
        way.breaker.succeeded()
        if way.channel.is_now(State.OK):
            log.info("the way out works", channel=way.name)
        self._show(way)

    def _failed(self, way: _Way, error: ChannelError) -> None:
        """An outage is logged once and its end once."""
        if isinstance(error, Unauthorized):
            way.breaker.denied(time.monotonic())
        else:
            way.breaker.failed(time.monotonic(), error.retry_after if isinstance(error, Throttled) else None)
        state = State.PAUSED if isinstance(error, Unauthorized) else State.DOWN
        if way.breaker.is_open and way.channel.is_now(state, str(error)):
            log.error("the way out is closed", channel=way.name, state=state, reason=str(error))
        self._show(way)

    def _show(self, way: _Way) -> None:
        self._metrics.circuit_open.labels(way.name).set(way.breaker.is_open)
        self._metrics.unauthorized.labels(way.name).set(way.channel.state is State.PAUSED)

    def _hide(self, way: _Way) -> None:
        """There may be no such channel any more."""
        for gauge in (self._metrics.circuit_open, self._metrics.unauthorized):
            gauge.remove(way.name)

    def _outcome(self, way: _Way, reply: ReplyRow, result: Receipt | ChannelError) -> ReplyOutcome:
        now, tries = time.time(), reply.tries + 1
        if isinstance(result, Receipt):
            return ReplyOutcome(
                id=reply.id, state=ReplyState.SENT, at=now, external_id=result.external_id, cost=result.cost
            )
        if _is_over(reply, result, now):
            log.warning("a reply has failed", channel=way.name, reply=reply.id, tries=tries, reason=str(result))
            return ReplyOutcome(id=reply.id, state=ReplyState.FAILED, at=now, error=str(result))
        due_at = now + (way.breaker.wait(time.monotonic()) or retry.delay(tries, first=self._patience.first))
        return ReplyOutcome(id=reply.id, state=ReplyState.DUE, at=now, due_at=due_at, error=str(result))


def _sends_again(channel: Channel) -> bool:
    """By its settings; otherwise where a repetition is harmless."""
    assert isinstance(channel.adapter, Sends)
    chosen = channel.settings.after_crash
    return channel.adapter.capabilities.repeatable if chosen is None else chosen == "send-again"


def _is_over(reply: ReplyRow, error: ChannelError, now: float) -> bool:
    """Is there no point in trying again? Credentials that are refused say nothing against a reply."""
    is_ours = isinstance(error, Unauthorized)
    return isinstance(error, Refused) or (not is_ours and retry.give_up(reply.created_at, now, reply.tries + 1))


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
