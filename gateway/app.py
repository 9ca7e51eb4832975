"""Builds the parts from settings and runs them, each channel supervised by itself."""

import asyncio
import os
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from adapters import Listens, Opens
from gateway import channels as channel_module
from gateway import vitals
from gateway.channels import Channel, ChannelStatus, State
from gateway.control import Control, Verb
from gateway.custody import Custody
from gateway.data import DataDirectory
from gateway.describe import describe
from gateway.erasure import Erasing
from gateway.filing import Rules
from gateway.intake import Intake
from gateway.judging import Judging
from gateway.lookup import PATH as LOOKUP_PATH
from gateway.lookup import Lookup
from gateway.master import made_if_new
from gateway.metrics import Backlog, Disk, LastBackup, Metrics
from gateway.operations import Operations
from gateway.pipeline import Pipeline
from gateway.replaying import Replaying
from gateway.replies import Replies
from gateway.retention import Forgetting
from gateway.settings import Settings
from gateway.sockets import Sockets
from gateway.store.sqlite import SqliteStore
from gateway.supervise import supervise
from gateway.sweep import Sweep
from gateway.texts import Texts
from gateway.timers import Timers
from gateway.web import Page, WebServer
from gateway.worker import Setup
from gateway.workers import Workers

EXIT_STORE_DEAD = 74
LISTEN_SECONDS = 10.0

log = structlog.get_logger()


def rules_of(settings: Settings, key: bytes) -> Rules:
    """What filing depends on; `key` is that of pseudonyms. Raises `ConfigError` if a text is wrong."""
    return Rules(
        key=key,
        text=Texts.load(settings.gateway.data / "texts").text,
        code_prefix=settings.gateway.code_prefix,
        areas=settings.gateway.areas,
        deadline_days=settings.gateway.deadline_days,
        replies_per_day=settings.gateway.replies_per_person_per_day,
    )


class App:
    """A gateway from settings and a locked data directory. `process` False leaves deliveries unprocessed."""

    def __init__(self, settings: Settings, directory: DataDirectory, process: bool = True) -> None:
        self.settings = settings
        self._process = process
        self._directory = directory
        self.channels = channel_module.build(settings)
        master = made_if_new(directory.path, settings.gateway.master_key)
        self.store = SqliteStore(directory.path, master, _die)
        rules = rules_of(settings, self.store.vault.lookup)
        self.metrics = Metrics()
        self.judging = Judging(directory.path)
        setup = Setup(settings.source, str(settings.base), str(settings.gateway.data))
        self._workers = Workers(setup, settings.gateway.workers)
        self._replies = Replies(self.store, self.channels, self.metrics)
        self._pipeline = Pipeline(
            self.store, self._workers, self.judging, rules, self.channels, self._replies.wake, self.metrics
        )
        self._intake = Intake(self.store, self.channels, self._pipeline.wake, self.metrics)
        self._operations = Operations(self.store, self.judging, rules, self.channels)
        self._sweep = Sweep(self.store, self.judging, self._pipeline.turn, self._operations)
        self._timers = Timers(self.store, self._pipeline.wake, partial(self._replies.wake, self.channels))
        self._lookup = Lookup(self.store, rules, settings.gateway.timezone)
        self.metrics.registry.register(Backlog(self.store, self.judging, self.channels))
        self.metrics.registry.register(LastBackup(directory.path))
        self.metrics.registry.register(Disk(directory.path))
        self.web = WebServer(settings, self.channels, self._intake.accept, self._pages(), self.metrics)
        self._sockets = Sockets()
        self._custody = Custody(self.store)
        self._erasing = Erasing(self.store, self.judging, settings.gateway.code_prefix, self._pipeline.turn)
        self._replaying = Replaying(
            self.store, self.judging, self._pipeline.turn, self._pipeline.wake, processes=self._process
        )
        self._forgetting = Forgetting(self.store, lambda: [channel.settings for channel in self.channels.values()])
        self._control = Control(directory.path, self._verbs())
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = False

    async def start(self) -> None:
        """Everything up, sockets last. Raises OSError if an address is taken."""
        await self._replies.recover()
        for channel in self.channels.values():
            await self._open(channel)
        if self._process:
            self._run("workers", self._workers.start)
            self._run("judge", self.judging.run)
            self._run("sweep", self._sweep.run)
            self._run("retention", self._forgetting.run)
            self._run("timers", self._timers.run)
            for name in self.channels:
                self._run(f"pipeline {name}", partial(self._pipeline.run, name))
            for name in self._replies.names():
                self._run(f"replies {name}", partial(self._replies.run, name))
        await self._control.start()
        await self.web.start()
        await asyncio.gather(*(self._listen(channel) for channel in self.channels.values()))
        self._ready = True

    async def stop(self) -> None:
        """Drain: stop accepting, let what is under way be kept, finish what can be finished, close the store."""
        self._ready = False
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.store.close)
            stack.push_async_callback(self._workers.close)
            stack.push_async_callback(self.judging.close)
            stack.push_async_callback(self._close_channels)
            stack.push_async_callback(self._end, self._tasks)
            stack.push_async_callback(self._drain)
            stack.push_async_callback(self._control.stop)
            stack.push_async_callback(self.web.stop)
            listeners = [task for task in self._tasks if task.get_name().startswith("listen ")]
            stack.push_async_callback(self._end, listeners)
            stack.callback(self._sockets.release, *self.channels.values())

    def addresses(self) -> list[tuple[Channel, str]]:
        """Where the channels' own listeners listen."""
        return [
            (channel, address)
            for channel in self.channels.values()
            if isinstance(channel.adapter, Listens)
            for address in channel.adapter.addresses()
        ]

    def _run(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(supervise(name, part), name=name))

    async def _open(self, channel: Channel) -> None:
        try:
            if isinstance(channel.adapter, Opens):
                await channel.adapter.open()
            channel.is_now(State.OK)
        except Exception as error:
            channel.is_now(State.DOWN, describe(error))
            log.error("a channel could not be opened", channel=channel.name, error=describe(error))

    async def _listen(self, channel: Channel) -> None:
        """Start a channel's own listener and wait until it accepts; the first failure to bind stops the start."""
        adapter = channel.adapter
        if not isinstance(adapter, Listens):
            return
        ready = asyncio.Event()
        listening = adapter.listen(partial(self._sockets.bind, channel), self._intake.accept, ready.set)
        task = asyncio.create_task(listening, name=f"listen {channel.name}")
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waiting}, timeout=LISTEN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not ready.is_set():
            await task
        self._tasks.append(task)

    async def _drain(self) -> None:
        """Give what is accepted the time to be processed, and what is being sent the time to arrive; what is left is
        done after the next start."""
        until = time.monotonic() + self.settings.gateway.drain_seconds
        while self._process and self._unsettled() and time.monotonic() < until:
            await asyncio.sleep(0.05)
        self._replies.stop()
        sending = [task for task in self._tasks if task.get_name().startswith("replies ")]
        if sending:
            await asyncio.wait(sending, timeout=max(0.0, until - time.monotonic()))

    def _unsettled(self) -> bool:
        """Is there anything left that this gateway would process?"""
        return not self.channels.keys().isdisjoint(self.store.waiting())

    async def _end(self, tasks: Iterable["asyncio.Task[None]"]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _close_channels(self) -> None:
        for channel in self.channels.values():
            if isinstance(channel.adapter, Opens):
                await channel.adapter.close()

    def _pages(self) -> dict[str, Page]:
        return {
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._metrics,
            LOOKUP_PATH: self._look_up,
        }

    async def _healthz(self, _request: web.BaseRequest) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.BaseRequest) -> web.Response:
        if self.store.fault():
            await self.store.try_again()
        why = self.store.fault() if self._ready else "it is starting or stopping"
        return web.Response(status=503, text=f"not ready: {why}\n") if why else web.Response(text="ready\n")

    async def _metrics(self, _request: web.BaseRequest) -> web.Response:
        return web.Response(body=self.metrics.text(), content_type="text/plain", charset="utf-8")

    async def _look_up(self, request: web.BaseRequest) -> web.Response:
        return self._lookup.answer(request, self.web.peer(request))

    def _verbs(self) -> dict[str, Verb]:
        changes: dict[str, Verb] = {"move": self._move, "join": self._operations.join, "part": self._operations.part}
        operations = {name: self._in_turn(change) for name, change in changes.items()}
        return {
            **operations,
            "resend": self._resend,
            "channels": self._statuses,
            "vitals": self._vitals,
            **self._custody.verbs(),
            **self._erasing.verbs(),
            **self._replaying.verbs(),
            **self._forgetting.verbs(),
        }

    async def _move(self, proof: str | None = None, **values: Any) -> object:
        """Bytes come through the control socket in base64."""
        return await self._operations.move(**values, proof=b64decode(proof) if proof else None)

    def _in_turn(self, operation: Verb) -> Verb:
        async def run(**values: object) -> object:
            async with self._pipeline.turn:
                done = await operation(**values)
            self._replies.wake(self.channels)
            return done

        return run

    async def _resend(self, reply: str) -> object:
        done = await self._operations.resend(reply)
        self._replies.hurry([self.store.channel_of(reply) or ""])
        return done

    async def _statuses(self) -> list[ChannelStatus]:
        return [ChannelStatus(one.name, one.state, one.note) for one in self.channels.values()]

    async def _vitals(self) -> vitals.Vitals:
        return await vitals.told(self.store, [self.web.address, *(where for _, where in self.addresses())])


def _die(error: BaseException) -> None:
    """Without its writer the gateway can keep nothing: better to be restarted than to look alive."""
    log.critical("the store's writer died", error=describe(error))
    os._exit(EXIT_STORE_DEAD)
