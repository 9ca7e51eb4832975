"""Fetches what is due, a few files at once by each channel, each until it is there or given up; and so the words of
messages that a provider left out.

What is under way when the process ends is fetched again: its delivery has the same id, and is kept once.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog

from adapters import ChannelError, Completes, Delivery, Fetches, NotAccepted, Refused, Throttled, Unauthorized
from gateway import retry
from gateway.breaker import Breaker, Patience
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.fetching import media
from gateway.fetching.client import Unwilling
from gateway.fetching.fetcher import Fetcher
from gateway.keeping import kept
from gateway.metrics import Metrics
from gateway.store.fetches import LONGEST_SECONDS, Fetch, FetchState
from gateway.store.filings import WholeStore
from gateway.supervise import end

#: Providers keep a file for a week or longer. A clock that is set ahead alone ends nothing.
GIVE_UP_SECONDS = 7 * 86_400.0
UNWILLING_SECONDS = 86_400.0
FEWEST_TRIES = 20
PATIENCE = Patience(at_once=4, failures=4, longest=600.0, pause=900.0)
LONGEST_SLEEP, BUSY_SLEEP = 60.0, 1.0
STORE_SECONDS = 1.0

log = structlog.get_logger()
#: As the intake does, but for what the gateway makes itself.
Take = Callable[[Sequence[Delivery]], Awaitable[None]]


class _Way:
    """A channel's way to its files."""

    def __init__(self, channel: Channel, fetcher: Fetcher, patience: Patience) -> None:
        self.name = channel.name
        self.fetcher = fetcher
        self.breaker = Breaker(patience)
        self.news = asyncio.Event()
        self.under_way: dict[str, asyncio.Task[None]] = {}
        self.is_failing = False
        #: Files that our credentials were refused for, since one was there last.
        self.refused: set[str] = set()
        self.is_hurried = True  # what had backed off before a start
        self.broken: BaseException | None = None

    def begin(self, fetch: Fetch, trying: Awaitable[None]) -> None:
        task = asyncio.ensure_future(trying)
        self.under_way[fetch.id] = task
        task.add_done_callback(partial(self._ended, fetch.id))

    def _ended(self, fetch: str, task: "asyncio.Task[None]") -> None:
        del self.under_way[fetch]
        self.broken = self.broken or (None if task.cancelled() else task.exception())
        self.news.set()


class Fetching:
    """One loop for each channel whose files lie elsewhere."""

    def __init__(
        self,
        store: WholeStore,
        channels: Mapping[str, Channel],
        key: bytes,
        take: Take,
        metrics: Metrics,
        channel_log: ChannelLog,
        patience: Patience = PATIENCE,
    ) -> None:
        self._store = store
        self._take = take
        self._metrics = metrics
        self._patience = patience
        self._ways = {
            name: _Way(one, Fetcher(store, one, key, channel_log), patience)
            for name, one in channels.items()
            if isinstance(one.adapter, Fetches | Completes)
        }
        self._large = asyncio.Lock()
        self._stopping = False

    def names(self) -> Iterable[str]:
        return self._ways

    def wake(self, channels: Iterable[str]) -> None:
        for name in self._ways.keys() & set(channels):
            self._ways[name].news.set()

    def hurry(self, channels: Iterable[str]) -> None:
        """A person has changed something: try now, even what had failed."""
        for name in self._ways.keys() & set(channels):
            self._ways[name].is_hurried = True
            self._ways[name].news.set()

    def stop(self) -> None:
        """Begin nothing new, and leave what is under way: the loops end."""
        self._stopping = True
        for way in self._ways.values():
            way.news.set()

    async def run(self, name: str) -> None:
        """Fetch a channel's files until stopped. Raises what went wrong that is nobody's fault but ours."""
        way = self._ways[name]
        way.broken = None
        try:
            while not self._stopping:
                way.news.clear()
                await self._hasten(way)
                self._begin(way)
                await self._sleep(way)
                if way.broken:
                    raise way.broken
        finally:
            await end(list(way.under_way.values()))
            self._hide(name)

    async def _hasten(self, way: _Way) -> None:
        if way.is_hurried:
            way.is_hurried = False
            way.breaker.hurry(time.monotonic())
            await self._store.hasten_fetches(way.name, time.time())

    def _begin(self, way: _Way) -> None:
        room = way.breaker.room(time.monotonic()) - len(way.under_way)
        if room <= 0:
            return
        due = self._store.due_fetches(way.name, time.time(), room + len(way.under_way))
        for fetch in [one for one in due if one.id not in way.under_way][:room]:
            way.begin(fetch, self._try(way, fetch))

    async def _sleep(self, way: _Way) -> None:
        """Until something ended, is due, or is new."""
        wait = way.breaker.wait(time.monotonic()) or self._next(way)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(way.news.wait(), min(wait, LONGEST_SLEEP))

    def _next(self, way: _Way) -> float:
        if way.under_way:  # and these are due, too
            return BUSY_SLEEP
        due = self._store.next_fetch(way.name)
        return LONGEST_SLEEP if due is None else max(0.0, due - time.time())

    async def _try(self, way: _Way, fetch: Fetch) -> None:
        wanted = way.fetcher.find(fetch)
        if wanted is None:
            await kept(lambda: self._store.end_fetch(fetch.id))
            return
        async with contextlib.AsyncExitStack() as turn:
            await self._outcome(
                way, fetch, way.fetcher.fetch(fetch, wanted, partial(turn.enter_async_context, self._large))
            )

    async def _outcome(self, way: _Way, fetch: Fetch, fetching: Awaitable[Delivery]) -> None:
        try:
            found = await fetching
        except Refused as error:
            self._worked(way)
            await self._give_up(way, fetch, error)
        except Unwilling as error:
            self._worked(way)
            await self._later(way, fetch, error)
        except ChannelError as error:
            self._failed(way, fetch, error)
            await self._later(way, fetch, error)
        else:
            self._worked(way)
            await self._keep(fetch, found)
            self._metrics.fetches.labels(way.name, "fetched").inc()

    async def _later(self, way: _Way, fetch: Fetch, error: ChannelError) -> None:
        now = time.time()
        longest = UNWILLING_SECONDS if isinstance(error, Unwilling) else GIVE_UP_SECONDS
        if fetch.tries + 1 >= FEWEST_TRIES and now - fetch.since > longest:
            await self._give_up(way, fetch, error)
            return
        asked = error.retry_after if isinstance(error, Throttled) else None
        wait = retry.delay(fetch.tries + 1, asked, first=self._patience.first, longest=LONGEST_SECONDS)
        await kept(lambda: self._store.put_off_fetch(fetch.id, now + wait, str(error)))
        self._metrics.fetches.labels(way.name, "failed").inc()

    async def _give_up(self, way: _Way, fetch: Fetch, error: ChannelError) -> None:
        log.warning("a file cannot be had", channel=way.name, report=fetch.report, reason=str(error))
        await self._keep(fetch, media.lost(fetch, str(error), datetime.now(UTC)))
        self._metrics.fetches.labels(way.name, "lost").inc()

    async def _keep(self, fetch: Fetch, delivery: Delivery) -> None:
        """Until it is on disk: who has the file may not have it for long."""
        while True:
            try:
                await self._take([delivery])
            except NotAccepted:
                await asyncio.sleep(STORE_SECONDS)
            else:
                break
        await kept(lambda: self._store.end_fetch(fetch.id, FetchState.FETCHED))

    def _worked(self, way: _Way) -> None:
        way.refused.clear()
        way.breaker.succeeded()
        if way.is_failing:
            way.is_failing, way.is_hurried = False, True
            log.info("files can be fetched again", channel=way.name)
        self._metrics.fetch_failing.labels(way.name).set(0)

    def _failed(self, way: _Way, fetch: Fetch, error: ChannelError) -> None:
        """An outage is logged once and its end once. One file that is refused us says nothing of the others yet."""
        now = time.monotonic()
        if isinstance(error, Unauthorized):
            way.refused.add(fetch.id)
            if len(way.refused) >= self._patience.failures:
                way.breaker.denied(now)
        else:
            way.breaker.failed(now, error.retry_after if isinstance(error, Throttled) else None)
        if way.breaker.is_open and not way.is_failing:
            way.is_failing = True
            log.error("files cannot be fetched", channel=way.name, reason=str(error))
        self._metrics.fetch_failing.labels(way.name).set(way.is_failing)

    def _hide(self, name: str) -> None:
        """There may be no such channel any more."""
        with contextlib.suppress(KeyError):
            self._metrics.fetch_failing.remove(name)
