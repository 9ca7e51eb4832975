"""All that one configuration makes: the channels, the outside case stores, and what serves them.

A reload builds another lineup beside the one in force, brings it up, and has it take over: each channel as soon as the
old one has finished what it has under way there. Channels and case stores that nothing changes about are in both.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterable
from functools import partial
from socket import socket
from typing import NamedTuple
from zoneinfo import ZoneInfo

from adapters import AppKey, CaseReader, ChannelError, Equipment, Equipped, Problem
from gateway import alarming, channels, stores
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.clamav import Clamd
from gateway.copying import Copying
from gateway.describe import describe
from gateway.errors import NotAvailable
from gateway.fallback import FallBack
from gateway.fetching.queue import Fetching
from gateway.files import Files
from gateway.filing import Rules
from gateway.following import Following
from gateway.forwarder import Forwarder
from gateway.intake import Intake
from gateway.judging import Judging
from gateway.lookup import Attempts, Lookup
from gateway.metrics import Metrics
from gateway.notices import Notices
from gateway.noticing import Wording
from gateway.operations import Operations
from gateway.pipeline import Pipeline
from gateway.polling import Leases, Polling
from gateway.proofs import Proofs
from gateway.replies import Replies
from gateway.seeing import MOST_AT_ONCE, Seeing
from gateway.settings import Settings
from gateway.sockets import NOBODY, Sockets
from gateway.store.filings import WholeStore
from gateway.stores import Outside
from gateway.supervise import end, supervise
from gateway.ways import ways
from gateway.workers import NoWorker, Workers
from gateway.workorders import Setup
from normalizer.book import Book
from normalizer.places.areas import load_names

Part = Callable[[], Awaitable[None]]


class Ground(NamedTuple):
    """What every lineup stands on and none changes. `process` False leaves deliveries unprocessed;
    `replied(channels)` is told which channels have new replies; `excused` is explained in `Lane`; `tasks` are the
    latest of each name."""

    process: bool
    store: WholeStore
    judging: Judging
    metrics: Metrics
    intake: Intake
    replied: Callable[[Iterable[str]], None]
    sockets: Sockets
    leases: Leases
    attempts: Attempts
    log: ChannelLog
    excused: Counter[int]
    tasks: dict[str, "asyncio.Task[None]"]


class Lineup:
    """Building it touches nothing outside. Raises `ConfigError`."""

    def __init__(self, ground: Ground, settings: Settings, rules: Rules, before: "Lineup | None" = None) -> None:
        self.settings = settings
        self.channels: dict[str, Channel] = channels.build(settings, before.channels if before else {})
        for name in ground.store.pauses():
            if name in self.channels:
                self.channels[name].is_held = True
        self.book = rules.book
        self.workers = self._same_workers(before) or _workers(settings, rules.book)
        self.fall_back = FallBack(
            ground.store,
            rules.key,
            [self.channels[name] for name in settings.gateway.fall_back],
            self.channels,
            settings.gateway.replies_per_person_per_day,
            ground.replied,
        )
        self.replies = Replies(
            ground.store,
            self.channels,
            ground.metrics,
            failed=self.fall_back.wake,
            left=self.fall_back.leave,
            channel_log=ground.log,
        )
        self.pipeline = Pipeline(
            ground.store,
            self.workers,
            ground.judging,
            rules,
            self.channels,
            ground.replied,
            ground.metrics,
            ground.excused,
            ground.attempts,
        )
        self.polling = Polling(ground.store, self.channels, ground.intake, ground.metrics, ground.leases, ground.log)
        self.fetching = Fetching(
            ground.store, self.channels, rules.key, ground.intake.take_own, ground.metrics, ground.log
        )
        wording = Wording(rules.text, settings.notices.language, rules.clock.zone, rules.routing)
        self.notices = Notices(
            ground.store,
            rules.noticing,
            ways(settings.notices, self.channels, wording, rules.noticing.ways),
            settings.notices.digest_minutes * 60.0,
            ground.metrics,
        )
        self.alarms = alarming.alarms(ground.store, settings, rules, self.channels, wording, ground.metrics)
        self.stores: dict[str, Outside] = stores.build(settings, before.stores if before else {})
        files = Files(ground.store, self.workers, rules.key, settings.gateway.clamav_required)
        scanner = Clamd(settings.gateway.clamav) if settings.gateway.clamav else None
        self.proofs = Proofs(ground.store, self.workers, rules.key)
        self.copying = Copying(ground.store, files, rules.key, scanner, self.proofs)
        self.forwarder = Forwarder(ground.store, self.stores, files, ground.metrics)
        self.following = Following(
            ground.store,
            ground.judging,
            rules,
            self.channels,
            self.stores,
            ground.replied,
            ground.attempts,
            ground.metrics,
        )
        self.operations = Operations(
            ground.store, ground.judging, rules, self.channels, ground.attempts, ground.metrics
        )
        self.lookup = Lookup(ground.store, rules, settings.gateway.timezone, ground.attempts)
        self.web_sockets: list[socket] = []
        self.rules = rules
        self._zone = ZoneInfo(settings.gateway.timezone)
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._web_place = _place(settings.web.host, settings.web.port)
        self._ground = ground
        self._tasks: list[asyncio.Task[None]] = []

    async def up(self, before: "Lineup | None" = None) -> None:
        """Open and listen with all that is new, the web server's sockets included if it moves.

        Raises `NotAvailable` with all that cannot be had; then nothing of it is left.
        """
        try:
            if before and self.workers is not before.workers and self._ground.process:
                await self._start_workers()
            await asyncio.to_thread(load_names)
            await asyncio.gather(*(one.open() for one in self._channels_beyond(before)))
            await asyncio.gather(*(one.open() for one in self._stores_beyond(before)))
            await self._listen(before)
        except BaseException:
            for sock in self.web_sockets:
                sock.close()
            await self.down(before)
            raise

    async def recover(self) -> None:
        """See to what the last process had under way."""
        for name in self.replies.names():
            await self.replies.recover(name)

    def equip(self) -> None:
        """Give the adapters what they need of the gateway's own, now that this lineup is in force or keys changed."""
        for channel in self.channels.values():
            if isinstance(channel.adapter, Equipped):
                channel.adapter.equip(self._equipment(channel))

    def reader(self, channel: Channel) -> CaseReader:
        """What a channel may see of cases."""
        ground = self._ground
        return Seeing(ground.store, channel, self.rules, self._zone, ground.attempts, self._turns)

    def wake_ways(self, names: Iterable[str]) -> None:
        """There is something new to say on these channels or to fetch by them, or news of what was said."""
        self.replies.wake(names)
        self.fetching.wake(names)
        self.fall_back.wake()

    def run(self) -> None:
        """Ask those that do not come by themselves, process and answer."""
        for name in self.polling.names():
            self._run(f"poll {name}", partial(self.polling.run, name))
        if not self._ground.process:
            return
        for name in self.channels:
            self._run(f"pipeline {name}", partial(self.pipeline.run, name))
        for name in self.replies.names():
            self._run(f"replies {name}", partial(self.replies.recover, name), partial(self.replies.run, name))
        for name in self.fetching.names():
            self._run(f"files of {name}", partial(self.fetching.run, name))
        self._run("fall-back", self.fall_back.run)
        for name in self.notices.names():
            self._run(f"notices {name}", partial(self.notices.run, name))
        self._run("alarms", self.alarms.run)
        self._run("files", self.copying.run)
        for name in self.stores:
            self._run(f"cases {name}", partial(self.forwarder.run, name))
            self._run(f"news {name}", partial(self.following.run, name))

    async def stop_listening(self, kept: "Lineup | None" = None) -> None:
        """Returns once what was under way there is finished, or given up."""
        self._ground.sockets.release(*self._users_beyond(kept))
        await asyncio.gather(*(one.stop_listening() for one in self._channels_beyond(kept)))

    async def down(self, kept: "Lineup | None" = None) -> None:
        """Begin nothing new, finish what is under way, and let go of what the other lineup does not have as well.

        If it is cancelled, it breaks off what is still under way.
        """
        self.polling.stop()
        self.fall_back.stop()
        self.replies.stop()
        self.pipeline.stop()
        self.notices.stop()
        self.alarms.stop()
        self.forwarder.stop()
        self.following.stop()
        self.copying.stop()
        self.fetching.stop()
        try:
            if kept is None or kept.workers is not self.workers:
                await self.workers.close()
            await self.stop_listening(kept)
            if self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            await end(self._tasks)
            await asyncio.gather(*(one.close() for one in self._channels_beyond(kept)))
            await asyncio.gather(*(one.close() for one in self._stores_beyond(kept)))

    def _equipment(self, channel: Channel) -> Equipment:
        keys = (key for key in self._ground.store.api_keys() if key.channel in (None, channel.name))
        return Equipment(
            zone=self._zone,
            text=partial(
                self.rules.text, language=channel.settings.language, number=self.settings.gateway.emergency_number
            ),
            categories=self.rules.book.categories,
            keys=tuple(AppKey(app=k.app, digest=k.digest, per_minute=k.per_minute, per_day=k.per_day) for k in keys),
        )

    def _same_workers(self, before: "Lineup | None") -> Workers | None:
        if before is None or before.settings.gateway != self.settings.gateway or before.book != self.book:
            return None
        return before.workers if before.channels == self.channels else None

    async def _start_workers(self) -> None:
        try:
            await self.workers.start()
        except NoWorker as error:
            raise NotAvailable([Problem("gateway.workers", f"none can be started: {error}")]) from error

    async def _listen(self, before: "Lineup | None") -> None:
        leaving = before._users_beyond(self) if before else NOBODY
        bind = partial(self._ground.sockets.bind, leaving=leaving)
        new = {
            self._where(one): one.listen(
                partial(bind, one), one.within_dates(self._ground.log.accepting(one.name, self._ground.intake.accept))
            )
            for one in self._channels_beyond(before)
        }
        if before is None or before._web_place != self._web_place:
            new["web"] = self._bind_web(bind)
        found = await asyncio.gather(*new.values(), return_exceptions=True)
        if problems := [_problem(where, error) for where, error in zip(new, found, strict=True) if error]:
            raise NotAvailable(problems)

    async def _bind_web(self, bind: Callable[[Hashable, str], Awaitable[list[socket]]]) -> None:
        self.web_sockets = await bind(self._web_place, self._web_place)

    def _users_beyond(self, other: "Lineup | None") -> set[Hashable]:
        """Who has sockets here and not there."""
        users = {self._web_place, *self.channels.values()}
        return users - {other._web_place, *other.channels.values()} if other else users

    def _channels_beyond(self, other: "Lineup | None") -> list[Channel]:
        return [one for one in self.channels.values() if other is None or other.channels.get(one.name) is not one]

    def _stores_beyond(self, other: "Lineup | None") -> list[Outside]:
        return [one for one in self.stores.values() if other is None or other.stores.get(one.name) is not one]

    def _where(self, channel: Channel) -> str:
        return f"channels[{list(self.channels).index(channel.name)}] '{channel.name}'"

    def _run(self, name: str, *parts: Part) -> None:
        task = asyncio.create_task(_in_turn(self._ground.tasks.get(name), name, parts), name=name)
        self._ground.tasks[name] = task
        self._tasks.append(task)


async def _in_turn(earlier: "asyncio.Task[None] | None", name: str, parts: Iterable[Part]) -> None:
    """A lineup begins with a channel when the one before has finished with it."""
    if earlier:
        await asyncio.wait({earlier})
    for part in parts:
        await supervise(name, part)


def _workers(settings: Settings, book: Book) -> Workers:
    setup = Setup(settings.source, str(settings.base), str(settings.gateway.data), book)
    return Workers(setup, settings.gateway.workers)


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _problem(where: str, error: BaseException) -> Problem:
    match error:
        case ChannelError():
            return Problem(where, str(error))
        case OSError():
            return Problem(where, f"cannot listen: {error.strerror or error}")
    return Problem(where, f"cannot listen: {describe(error)}")
