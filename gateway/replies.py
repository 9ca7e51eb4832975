"""Sends due replies, each until settled."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable

import structlog

from adapters import ChannelDown, ChannelError, Receipt, RecipientGone, Refused, Reply, Sends, Throttled, Unauthorized
from gateway import retry, spending
from gateway.breaker import Breaker, Patience
from gateway.budget import CAPPED, Budget
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.describe import describe
from gateway.filing import ENCRYPTED
from gateway.health.condition import State
from gateway.health.partly import Partly
from gateway.keeping import kept
from gateway.metrics import Metrics
from gateway.occasions import Occasions
from gateway.pacing import Pacing
from gateway.store.contract import BadRow, Contact, ReplyOutcome, ReplyRow, ReplyState, Store

LONGEST_SLEEP = 60.0
#: Who may be written to so soon is waited for.
LONGEST_TURN = 3.0
SHUT = "they wrote too long ago to be written to freely, and the channel has no approved texts for that"
GONE = "they have blocked us, or left"
UNKEPT = "what the channel answered cannot be stored"

log = structlog.get_logger()


class _Way:
    """A channel's way out."""

    def __init__(self, channel: Channel, patience: Patience) -> None:
        self.channel = channel
        self.name = channel.name
        self.breaker = Breaker(patience)
        self.pacing = Pacing(channel.settings.limits)
        self.partly = Partly()
        self.news = asyncio.Event()
        self.under_way: set[asyncio.Task[None]] = set()
        #: What failed and waits for its next try is to be tried now.
        self.is_hurried = False

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
    `failed()` is called when one is given up, `left(reply)` when it is about no report and would
    have cost too much, or said how else to write."""

    def __init__(
        self,
        store: Store,
        channels: dict[str, Channel],
        metrics: Metrics,
        patience: Patience | None = None,
        failed: Callable[[], None] = lambda: None,
        left: Callable[[ReplyRow], Awaitable[None]] | None = None,
        channel_log: ChannelLog | None = None,
    ) -> None:
        self._log = channel_log or ChannelLog(store)
        self._budget = Budget(store)
        self._store = store
        self._metrics = metrics
        self._patience = patience or Patience()
        self._ways = {name: _Way(channel, self._patience) for name, channel in channels.items() if channel.can_send}
        self._given_up = failed
        self._left = left
        self._occasions = Occasions(store)
        self._stopping = False

    def names(self) -> Iterable[str]:
        return self._ways

    def wake(self, channels: Iterable[str]) -> None:
        for name in channels:
            if name in self._ways:
                self._ways[name].news.set()

    def hurry(self, channels: Iterable[str]) -> None:
        """A person has changed something: try now what waits, even where the way out was closed."""
        for name in channels:
            if name in self._ways:
                self._ways[name].breaker.hurry(time.monotonic())
                self._ways[name].is_hurried = True
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
        await self._remember(way)
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

    async def _remember(self, way: _Way) -> None:
        """What left lately counts, whoever sent it."""
        if way.pacing.memory:
            now, ago = time.time(), time.monotonic()
            left = await self._store.left_since(way.name, now - way.pacing.memory)
            way.pacing.remember([(ago - max(0.0, now - at), public) for at, public in left])

    async def _begin(self, way: _Way) -> None:
        if way.is_hurried:
            way.is_hurried = False
            await kept(lambda: self._store.hasten_replies(way.name, time.time()))
        self._budget.look(way.channel)
        if way.partly.is_over(time.monotonic()):
            way.channel.part("answers").is_now(State.OK)
        for public in (False, True) if way.pacing.is_split else (None,):
            free = self._free(way, bool(public))
            if free > 0 and not self._stopping and not way.channel.is_held:
                for reply, contact in await self._store.claim_replies(way.name, time.time(), free, public):
                    way.pacing.took(reply.public, time.monotonic())
                    way.begin(self._deliver(way, reply, contact))

    def _free(self, way: _Way, public: bool) -> int:
        now = time.monotonic()
        return way.pacing.room(public, now, way.breaker.room(now) - len(way.under_way))

    async def _rest(self, way: _Way) -> None:
        """Until there is news, or a reply may be tried."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(LONGEST_SLEEP, max(0.05, self._seconds(way)))):
                await way.news.wait()

    def _seconds(self, way: _Way) -> float:
        if way.channel.is_held:
            return LONGEST_SLEEP
        now = time.monotonic()
        if way.breaker.room(now) <= len(way.under_way):
            return way.breaker.wait(now) or LONGEST_SLEEP
        due = self._store.next_due(way.name)
        return LONGEST_SLEEP if due is None else max(due - time.time(), way.pacing.wait(now))

    async def _deliver(self, way: _Way, reply: ReplyRow, contact: Contact) -> None:
        if not await self._turn(way, reply):
            return
        allowed = None if way.channel.rests else self._occasions.of(way.channel, reply)
        said = allowed.said(reply, contact) if allowed else None
        asked = said if said and self._budget.allows(way.channel, said) else None
        result = await self._attempt(way.channel, asked) if asked else self._refusal(way.channel, reply, said)
        if not isinstance(result, Receipt | Refused):
            self._failed(way, result)
        elif isinstance(result, Receipt):
            way.channel.sent_at = time.time()
        outcome = self._outcome(way, reply, result)
        self._metrics.attempts.labels(way.name, outcome.state).inc()
        await self._settle(outcome)
        if outcome.state is ReplyState.FAILED:
            self._given_up()
        if self._left and _is_left(reply, outcome):
            await self._left(reply)
        if asked and isinstance(result, Receipt | Refused):
            await self._worked(way)

    async def _turn(self, way: _Way, reply: ReplyRow) -> bool:
        """Is it one's turn in its conversation? A short time is waited; one that would take longer is due later."""
        conversation, now = reply.conversation or reply.contact, time.monotonic()
        wait = way.pacing.turn(conversation, reply.public, now)
        if wait > LONGEST_TURN:
            due_at = time.time() + wait
            await self._settle(ReplyOutcome(id=reply.id, state=ReplyState.DUE, at=time.time(), due_at=due_at))
            return False
        way.pacing.spoke(conversation, reply.public, now + wait)
        await asyncio.sleep(wait)
        return True

    def _refusal(self, channel: Channel, reply: ReplyRow, said: Reply | None) -> Refused:
        if channel.rests:
            return Refused(channel.why_it_rests)
        if said:
            return Refused(CAPPED)
        is_gone = self._store.is_gone(reply.channel, reply.contact)
        return RecipientGone(GONE) if is_gone else Refused(SHUT)

    async def _settle(self, outcome: ReplyOutcome) -> None:
        try:
            await kept(lambda: self._store.settle_reply(outcome))
        except BadRow:
            bare = ReplyOutcome(id=outcome.id, state=outcome.state, at=outcome.at, due_at=outcome.due_at, error=UNKEPT)
            await kept(lambda: self._store.settle_reply(bare))

    async def _attempt(self, channel: Channel, reply: Reply) -> Receipt | ChannelError:
        assert isinstance(channel.adapter, Sends)
        try:
            with self._log.exchange(channel.name, "send", reply.id):
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
        way.channel.is_now(State.OK)
        self._show(way)

    def _failed(self, way: _Way, error: ChannelError) -> None:
        if isinstance(error, Unauthorized):
            way.breaker.denied(time.monotonic())
        else:
            way.breaker.failed(time.monotonic(), error.retry_after if isinstance(error, Throttled) else None)
        is_ours = isinstance(error, Unauthorized)
        if way.breaker.is_open and is_ours:
            way.channel.is_now(State.PAUSED, str(error), "unauthorized")
        elif way.breaker.is_open:
            way.channel.is_now(State.DOWN, str(error), "not_sent")
        elif way.partly.failed(time.monotonic()):
            way.channel.part("answers").is_now(State.DEGRADED, str(error), "partly_sent")
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
                id=reply.id,
                state=ReplyState.SENT,
                at=now,
                external_id=result.external_id,
                spent=spending.spendings(way.channel.settings, result.spent, now),
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


def _is_left(reply: ReplyRow, outcome: ReplyOutcome) -> bool:
    """Is somebody who has reported nothing left without what no person would see to otherwise?"""
    is_over = outcome.state is ReplyState.FAILED and reply.report is None
    return is_over and (outcome.error == CAPPED or reply.about == ENCRYPTED)


def _is_over(reply: ReplyRow, error: ChannelError, now: float) -> bool:
    """Is there no point in trying again? Credentials that are refused say nothing against a reply."""
    is_ours = isinstance(error, Unauthorized)
    return isinstance(error, Refused) or (not is_ours and retry.give_up(reply.created_at, now, reply.tries + 1))
