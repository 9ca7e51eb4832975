"""Asks the channels that do not come by themselves: what they give is put on disk together with where to go on."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from datetime import datetime

import structlog

from adapters import Backfills, Batch, ChannelError, Commits, NotAccepted, Polls, Throttled, Unauthorized
from gateway import listening, retry, spending
from gateway.budget import CAPPED, Budget
from gateway.channel_log import ChannelLog, Talk
from gateway.channels import Channel
from gateway.describe import describe
from gateway.errors import OperationRefused
from gateway.health.condition import State
from gateway.intake import Intake
from gateway.metrics import Metrics
from gateway.store.contract import BadRow, Store
from gateway.suggest import did_you_mean

FIRST, LONGEST = 1.0, 300.0
#: Credentials that were refused are tried again as often, for they may be mended at the other side.
UNAUTHORIZED_SECONDS = 900.0
STORE_SECONDS = 1.0
#: So often a channel outside its dates is looked at.
LOOK_SECONDS = 60.0

log = structlog.get_logger()


class Leases(defaultdict[str, asyncio.Lock]):
    """By what is asked: who asks it now. They outlive a reload, so that the same is never asked twice at once."""

    def __init__(self) -> None:
        super().__init__(asyncio.Lock)


class Polling:
    """`run(name)` asks one channel until stopped."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        intake: Intake,
        metrics: Metrics,
        leases: Leases,
        channel_log: ChannelLog,
    ) -> None:
        self._log = channel_log
        self._budget = Budget(store)
        self._store = store
        self._channels = {name: one for name, one in channels.items() if listening.asked(one.adapter)}
        self._known = frozenset(channels)
        self._backfilled = {name: one for name, one in channels.items() if isinstance(one.adapter, Backfills)}
        self._accept = intake.accept
        self._metrics = metrics
        self._leases = leases
        self._stopped = asyncio.Event()
        self._hurried = {name: asyncio.Event() for name in self._channels}
        #: By channel: how many deliveries a backfill that is under way has fetched.
        self.fetched: dict[str, int] = {}

    def names(self) -> tuple[str, ...]:
        return tuple(self._channels)

    def stop(self) -> None:
        """Finish what is being put on disk, and ask no more: `run` returns."""
        self._stopped.set()

    def hurry(self, names: Iterable[str]) -> None:
        """A person has changed something: ask now, even where it failed."""
        for name in self._hurried.keys() & set(names):
            self._hurried[name].set()

    async def run(self, name: str) -> None:
        channel = self._channels[name]
        adapter = channel.adapter
        assert isinstance(adapter, Polls)
        async with self._leases[adapter.source()]:
            await self._ask_for_ever(channel, adapter)
        self._hide(name)

    async def _ask_for_ever(self, channel: Channel, adapter: Polls) -> None:
        cursor, kept, tries = await self._where_to_go_on(channel, adapter), None, 0
        while not self._stopped.is_set():
            if channel.rests:
                await self._rest(channel, LOOK_SECONDS)
                continue
            if self._budget.look(channel) >= 1:
                await self._rest(channel, self._budget.wait(channel, 0.0))
                continue
            try:
                with self._log.exchange(channel.name, "poll") as talk:
                    batch = await self._until_stopped(adapter.poll(cursor))
                    talk.brought(batch.deliveries if batch else ())
                    if batch is None:
                        return
                    await self._keep(channel, batch, kept)
            except NotAccepted:
                return  # only when it is to stop
            except ChannelError as error:
                tries += 1
                await self._failed(channel, error, tries)
                continue
            except Exception as error:
                tries += 1
                log.error("an adapter failed while polling", channel=channel.name, error=describe(error))
                await self._failed(channel, ChannelError(type(error).__name__), tries)
                continue
            tries, cursor, kept = 0, batch.cursor, batch.cursor
            self._worked(channel, batch.trouble)
            await self._committed(channel, batch)
            await self._rest(channel, self._budget.wait(channel, batch.wait))

    async def _where_to_go_on(self, channel: Channel, adapter: Polls) -> str | None:
        """Nothing that was said of another bot, mailbox or feed counts here; it is kept for whoever goes back to it."""
        cursor = await self._store.cursor(channel.name, adapter.source())
        if cursor is None and await self._store.asked_another(channel.name, adapter.source()):
            log.warning(
                "this channel asks something else than it did: what is there is read from its beginning",
                channel=channel.name,
            )
        return cursor

    async def _until_stopped(self, asking: Awaitable[Batch]) -> Batch | None:
        """None if there is to be no more asking."""
        asked = asyncio.ensure_future(asking)
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({asked, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else None
        finally:
            for task in (asked, stopped):
                task.cancel()
            await asyncio.gather(asked, stopped, return_exceptions=True)

    async def _keep(self, channel: Channel, batch: Batch, known: str | None) -> None:
        """Until it is on disk, together with its cursor: what is asked for again would be the same."""
        if not batch.deliveries and not batch.spent and batch.cursor == known:
            return
        while True:
            try:
                await self._accept_all(channel, batch)
            except NotAccepted:
                if self._stopped.is_set():
                    raise
                await asyncio.sleep(STORE_SECONDS)
            else:
                return

    async def _accept_all(self, channel: Channel, batch: Batch) -> None:
        """What can never be stored does not keep the others from it."""
        source = channel.adapter.source() if isinstance(channel.adapter, Polls) else ""
        spent = spending.spendings(channel.settings, batch.spent, time.time())
        try:
            await self._accept(batch.deliveries, batch.cursor, channel.name, spent, source)
        except BadRow as error:
            log.error("what was polled cannot be stored", channel=channel.name, reason=str(error))
            for one in batch.deliveries:
                with contextlib.suppress(BadRow):
                    await self._accept([one], None)
            await self._accept([], batch.cursor, channel.name, spent, source)

    async def _committed(self, channel: Channel, batch: Batch) -> None:
        if not isinstance(channel.adapter, Commits):
            return
        try:
            await channel.adapter.committed(batch)
        except Exception as error:
            log.warning("what follows a poll failed", channel=channel.name, error=describe(error))

    async def _failed(self, channel: Channel, error: ChannelError, tries: int) -> None:
        is_ours = isinstance(error, Unauthorized)
        asked = error.retry_after if isinstance(error, Throttled) else None
        wait = UNAUTHORIZED_SECONDS if is_ours else retry.delay(tries, asked, first=FIRST, longest=LONGEST)
        if is_ours:
            channel.way_in.is_now(State.PAUSED, str(error), "unauthorized")
        elif asked is None:
            channel.way_in.is_now(State.DOWN, str(error), "not_asked")
        else:
            channel.way_in.is_now(State.DEGRADED, str(error), "throttled", until=time.time() + wait)
        self._metrics.poll_failing.labels(channel.name).set(1)
        await self._rest(channel, wait)

    def _worked(self, channel: Channel, trouble: str) -> None:
        if trouble:
            channel.way_in.is_now(State.DEGRADED, trouble, "in_part")
        else:
            channel.way_in.is_now(State.OK)
        self._metrics.poll_failing.labels(channel.name).set(0)
        self._metrics.polled_at.labels(channel.name).set(time.time())

    def _hide(self, name: str) -> None:
        """There may be no such channel any more."""
        for gauge in (self._metrics.poll_failing, self._metrics.polled_at):
            with contextlib.suppress(KeyError):
                gauge.remove(name)

    async def _rest(self, channel: Channel, seconds: float) -> None:
        hurried = self._hurried[channel.name]
        waits = [asyncio.ensure_future(one.wait()) for one in (hurried, self._stopped)]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        hurried.clear()

    async def backfill(self, channel: str, since: datetime) -> dict[str, object]:
        """Fetch what came since a time, beside the polling; says how many deliveries there were, and how many of them
        were new: what is known already is not kept again."""
        if channel not in self._known:
            raise OperationRefused(
                f"there is no channel '{channel}': {did_you_mean(channel, self._known)}".rstrip(": ")
            )
        known = self._backfilled.get(channel)
        if known is None or not isinstance(known.adapter, Backfills):
            raise OperationRefused(f"nothing earlier can be fetched by '{channel}'")
        if channel in self.fetched:
            raise OperationRefused(f"what came earlier by '{channel}' is being fetched already")
        if self._budget.look(known) >= 1:
            raise OperationRefused(f"{CAPPED}: raise it, or wait for the next month")
        self.fetched[channel] = 0
        try:
            with self._log.exchange(channel, "backfill") as talk:
                new = await self._fetch_all(known, known.adapter.backfill(since), talk)
        except ChannelError as error:
            raise OperationRefused(
                f"{type(error).__name__} after {self.fetched[channel]} were fetched: {error}"
            ) from None
        except NotAccepted as error:
            raise OperationRefused(
                f"it cannot be written, after {self.fetched[channel]} were fetched: {error}"
            ) from None
        finally:
            count = self.fetched.pop(channel)
        return {"channel": channel, "fetched": count, "new": new}

    async def _fetch_all(self, channel: Channel, batches: AsyncIterator[Batch], talk: Talk) -> int:
        """How many were not known."""
        new = 0
        async for batch in batches:
            talk.brought(batch.deliveries)
            ids = {one.id for one in batch.deliveries}
            new += len(ids - self._store.known_deliveries(channel.name, list(ids)))
            await self._accept_all(channel, batch)
            self.fetched[channel.name] += len(batch.deliveries)
        return new
