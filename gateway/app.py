"""The gateway: what lasts from start to stop, and the lineup in force, which a reload replaces."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from adapters import Delivery, Listens, Problem
from gateway import bots, categories, clockfile, triage, units
from gateway.accounts.door import Door
from gateway.accounts.people import People
from gateway.applications import Applications
from gateway.atlases import keeping
from gateway.case_metrics import CaseMetrics
from gateway.casestore.contract import News
from gateway.channel_log import ChannelLog
from gateway.channelorders import ChannelOrders
from gateway.channels import Channel
from gateway.console.cookies import Doorkeeper
from gateway.console.looks import Looks
from gateway.console.means import Means
from gateway.console.pages import ROUTES
from gateway.console.site import Site
from gateway.control import Control
from gateway.cost_metrics import CostMetrics
from gateway.custody import Custody
from gateway.data import DataDirectory
from gateway.describe import describe
from gateway.duplicates import terms
from gateway.erasure import Erasing
from gateway.errors import ConfigError, NotAvailable
from gateway.fetching.orders import FetchOrders
from gateway.filing import Rules
from gateway.filing_metrics import FilingMetrics
from gateway.filings import FilingOrders
from gateway.health.figures import HealthMetrics
from gateway.health.tally import Tally
from gateway.health.watch import Watch
from gateway.intake import Intake
from gateway.judging import Judging
from gateway.lineup import Ground, Lineup
from gateway.lookup import Attempts
from gateway.master import made_if_new
from gateway.metrics import Backlog, Disk, LastBackup, Metrics
from gateway.noticeorders import NoticeOrders
from gateway.noticing import noticing
from gateway.orders import Orders
from gateway.pages import Pages
from gateway.polling import Leases
from gateway.rejudging import Rejudging
from gateway.reloading import Left, Reload, check_place, check_secrets, compared, file_of, tell
from gateway.reminders import Reminding
from gateway.replaying import Replaying
from gateway.retention import Forgetting
from gateway.settings import Settings, again, with_secrets
from gateway.sockets import Sockets
from gateway.store.sqlite import SqliteStore
from gateway.store.standing import waiting
from gateway.supervise import end, supervise
from gateway.sweep import Sweep
from gateway.timers import Timers
from gateway.transfer.orders import RowOrders
from gateway.transfer.running import Imports
from gateway.web import WebServer
from normalizer.book import Book

EXIT_STORE_DEAD = 74
LAST_SECONDS = 3.0  # for a batch to be finished, however short the drain

log = structlog.get_logger()


def rules_of(settings: Settings, key: bytes) -> Rules:
    """What filing depends on; `key` is that of pseudonyms. Raises `ConfigError` if a text, a category, a unit or the
    clock table is wrong."""
    data = settings.gateway.data
    areas = settings.gateway.areas
    book = Book(areas, categories.load(data), atlas=keeping.load(data, areas), signs=triage.load(data))
    routing = units.load(data, book.categories, book.areas)
    clock = clockfile.load(data, ZoneInfo(settings.gateway.timezone), routing, settings.gateway.deadline_days)
    bot = bots.load(data, settings.bot)
    for fault in bot.faults:
        log.warning("a dialogue is not as it should be", where=fault.where, error=fault.what)
    return Rules(
        key=key,
        text=bot.texts.text,
        code_prefix=settings.gateway.code_prefix,
        book=book,
        routing=routing,
        noticing=noticing(routing, settings.notices),
        clock=clock,
        closed_days=settings.duplicates.closed_days,
        withdraws=settings.gateway.taken_back == "withdraw",
        replies_per_day=settings.gateway.replies_per_person_per_day,
        emergency_number=settings.gateway.emergency_number,
        case_stores=settings.case_stores,
        news_hours=settings.bot.news_hours(clock.zone),
        bot=bot,
    )


class App:
    """A gateway from settings and a locked data directory. `process` False leaves deliveries unprocessed."""

    def __init__(self, settings: Settings, directory: DataDirectory, process: bool = True) -> None:
        master = made_if_new(directory.path, settings.gateway.master_key)
        self.store = SqliteStore(directory.path, master, _die)
        self.metrics = Metrics()
        self.judging = Judging(directory.path)
        tally = Tally()
        self._ground = Ground(
            process=process,
            store=self.store,
            judging=self.judging,
            metrics=self.metrics,
            intake=Intake(self.store, self._woken, self.metrics, tally),
            replied=self._replied,
            sockets=Sockets(),
            leases=Leases(),
            attempts=Attempts(),
            log=ChannelLog(self.store),
            excused=Counter(),
            tasks={},
        )
        self._lineup = Lineup(self._ground, settings, self._rules(settings))
        self._sweep = Sweep(self.store, self.judging, self._join_found, lambda: self._lineup.rules.closed_days)
        self._timers = Timers(self.store, self._woken, lambda: self._replied(self.channels))
        self._forgetting = Forgetting(
            self.store,
            lambda: [channel.settings for channel in self.channels.values()],
            lambda: self.settings.gateway.keep_channel_log_days,
        )
        self._watch = Watch(
            self.store,
            tally,
            lambda: self.channels,
            lambda: self._lineup.rules.clock.zone,
            self._backfill,
            channel_log=self._ground.log,
        )
        self.metrics.registry.register(HealthMetrics(self._watch, lambda: self.channels))
        self._reminding = Reminding(self.store, lambda: self._lineup.rules)
        backlog = Backlog(self.store, self.judging, lambda: self.channels)
        self.metrics.registry.register(backlog)
        self.metrics.registry.register(LastBackup(directory.path))
        self.metrics.registry.register(Disk(directory.path))
        of_cases = CaseMetrics(self.metrics.registry, self.store, lambda: self._lineup.rules.routing)
        of_filings = FilingMetrics(self.store, lambda: self._lineup.stores)
        self.metrics.registry.register(of_filings)
        of_costs = CostMetrics(self.store, lambda: self.channels)
        self.metrics.registry.register(of_costs)
        pages = Pages(self.store, self.metrics, (backlog, of_cases, of_filings, of_costs), lambda: self._ready)
        self.door = Door(self.store, lambda: self.settings.console, told=self._logged_in)
        self.people = People(self.store, lambda: self._lineup.rules.routing, self._base)
        rows = RowOrders(self.store, lambda: self.channels, self._take_in, processed=process)
        self._imports = Imports(self.store, directory.path, lambda: self._lineup.rules, rows.take)
        parts = (
            Orders(lambda: self._lineup, self.store, self.judging, self._listens),
            Custody(self.store, directory.path),
            Erasing(self.store, self.judging, lambda: self.settings.gateway.code_prefix),
            Replaying(self.store, self.judging, self._woken, processes=process),
            Rejudging(self.store),
            Applications(self.store, self._equip),
            FilingOrders(self.store, self._hurry),
            NoticeOrders(self.store, self._hurry_notices),
            ChannelOrders(self.store, lambda: self.channels, self._resumed, self._ground.log),
            FetchOrders(self.store, lambda: self.channels, self._refetch),
            rows,
            self.people,
            self._forgetting,
        )
        verbs = {name: verb for part in parts for name, verb in part.verbs().items()}
        self._control = Control(directory.path, verbs | {"reload": self.reload})
        self._looks = Looks(directory.path, lambda: self.store.vault)
        means = Means(
            self.store,
            self._looks,
            lambda: self._lineup,
            self._ground.intake.accept,
            verbs,
            self.judging.alike,
            self.door,
            self._imports,
        )
        self.site = Site(means, ROUTES, Doorkeeper(self.door).session)
        self.web = WebServer(
            self._ground.intake.accept, self.take_news, pages.by_path(), self.metrics, self.site, self._ground.log
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._changing = asyncio.Lock()
        self._ready = self._stopping = False

    @property
    def settings(self) -> Settings:
        """Those in force."""
        return self._lineup.settings

    @property
    def channels(self) -> dict[str, Channel]:
        return self._lineup.channels

    async def start(self) -> None:
        """Everything up, the web server last. Raises `NotAvailable` if an address is taken."""
        async with self._changing:
            await self._lineup.up()
            await self._lineup.recover()  # before the timers put right what lies ahead
            if self._ground.process:
                self._run("workers", self._lineup.workers.start)
                await self.judging.weigh(terms(self.settings.duplicates, self.settings.gateway.data))
                self._run("judge", self.judging.run)
                self._run("sweep", self._sweep.run)
                self._run("retention", self._forgetting.run)
                self._run("timers", self._timers.run)
                self._run("reminders", self._reminding.run)
                self._run("imports", self._imports.run)
            self._run("health", self._watch.run)
            self._run("channel log", self._ground.log.run)
            self._lineup.run()
            await self._control.start()
            self._lineup.equip()
            now = self._lineup
            await self.web.start(now.settings, now.channels, now.reader, now.stores, now.web_sockets)
            self.metrics.configured(well=True)
            self._ready = True

    async def stop(self) -> None:
        """Drain: stop accepting, let what is under way be kept, finish what can be finished, close the store."""
        self._ready = False
        async with self._changing, AsyncExitStack() as stack:
            if self._stopping:
                return
            self._stopping = True
            stack.push_async_callback(self.store.close)
            stack.push_async_callback(self._ground.log.write)
            stack.push_async_callback(self._looks.close)
            stack.push_async_callback(self.judging.close)
            stack.push_async_callback(end, self._tasks)
            stack.push_async_callback(self._drain)
            stack.push_async_callback(self._control.stop)
            stack.push_async_callback(self.web.stop)
            stack.push_async_callback(self._lineup.stop_listening)

    async def reload(self) -> Reload:
        """Read the settings again and put them in force, whole or not at all; what keeps them out is in the answer."""
        async with self._changing:
            try:
                done = await self._reloaded()
            except ConfigError as error:
                done = Reload(file=file_of(self.settings), problems=error.problems)
            except Exception as error:
                problem = Problem("gateway", f"the reload failed: {describe(error)}")
                done = Reload(file=file_of(self.settings), problems=(problem,))
            self.metrics.configured(well=not done.problems)
            tell(done)
            return done

    async def _reloaded(self) -> Reload:
        if self._stopping:
            raise NotAvailable([Problem("gateway", "it is stopping")])
        loaded = await asyncio.to_thread(again, self.settings)
        check_place(self.settings, loaded, self.store)
        check_secrets(self.settings, loaded)
        loaded = await asyncio.to_thread(with_secrets, loaded)
        waits = Left(await self.store.read(waiting), await self.store.waiting_filings())
        new = Lineup(self._ground, loaded, self._rules(loaded), self._lineup)
        await new.up(self._lineup)
        return await self._take_up(new, waits)

    async def _take_up(self, new: Lineup, waits: Left) -> Reload:
        await self.judging.weigh(terms(new.settings.duplicates, new.settings.gateway.data))
        old, self._lineup = self._lineup, new
        if new.web_sockets:
            await self.web.serve(new.web_sockets)
        new.equip()
        self.web.use(new.settings, new.channels, new.reader, new.stores)
        leaving = asyncio.create_task(old.down(new))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        new.run()
        return compared(new.settings, old.settings, old.channels, new.channels, waits)

    def _rules(self, settings: Settings) -> Rules:
        return rules_of(settings, self.store.vault.lookup)

    def _equip(self) -> None:
        self._lineup.equip()

    def _run(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(supervise(name, part), name=name))

    def _hurry_notices(self) -> None:
        self._lineup.notices.hurry()

    def _resumed(self, channels: Iterable[str]) -> None:
        self._lineup.replies.hurry(channels)
        self._lineup.polling.hurry(channels)
        self._watch.hurry(channels)
        self._lineup.fetching.hurry(channels)

    def _refetch(self, channels: Iterable[str]) -> None:
        self._lineup.fetching.hurry(channels)

    async def _backfill(self, channel: str, since: datetime) -> dict[str, object]:
        return await self._lineup.polling.backfill(channel, since)

    def _hurry(self, stores: Iterable[str]) -> None:
        self._lineup.forwarder.hurry(stores)

    async def take_news(self, store: str, news: Sequence[News]) -> None:
        """What an outside case store brought by itself; returns when it is on disk."""
        await self._lineup.following.take(store, news)

    async def _take_in(self, deliveries: Sequence[Delivery]) -> None:
        await self._ground.intake.accept(deliveries, None)

    def _woken(self, channels: Iterable[str]) -> None:
        self._lineup.pipeline.wake(channels)

    def _replied(self, channels: Iterable[str]) -> None:
        self._lineup.wake_ways(channels)

    async def _join_found(self, code: str, into: str, tell: bool) -> None:
        await self._lineup.operations.join_found(code, into, tell)

    async def _drain(self) -> None:
        """Give what is accepted the time to be processed, and what is being sent the time to arrive; what is left is
        done after the next start."""
        until = time.monotonic() + self.settings.gateway.drain_seconds
        while self._ground.process and self._unsettled() and time.monotonic() < until:
            await asyncio.sleep(0.05)
        leaving = {*self._leaving, asyncio.create_task(self._lineup.down())}
        await asyncio.wait(leaving, timeout=max(LAST_SECONDS, until - time.monotonic()))
        await end(leaving)

    def _unsettled(self) -> bool:
        """Is there anything left that this gateway would process?"""
        return not self.channels.keys().isdisjoint(self.store.waiting())

    def _logged_in(self, outcome: str) -> None:
        self.metrics.log_ins.labels(outcome).inc()

    def _base(self) -> str:
        """Where people reach the pages."""
        return self.settings.gateway.public_url or self.web.address

    def _listens(self) -> list[str]:
        """Where connections are taken."""
        listening = (channel.adapter for channel in self.channels.values() if isinstance(channel.adapter, Listens))
        return [self.web.address, *(address for adapter in listening for address in adapter.addresses())]


def _die(error: BaseException) -> None:
    """Without its writer the gateway can keep nothing: better to be restarted than to look alive."""
    log.critical("the store's writer died", error=describe(error))
    os._exit(EXIT_STORE_DEAD)
