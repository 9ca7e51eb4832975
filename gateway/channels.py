"""The channels of a running gateway: each adapter with its settings and how it fares."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import structlog

from adapters import (
    Accept,
    Adapter,
    Bind,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Listens,
    NotAccepted,
    Opens,
    Secret,
)
from gateway import listening, validity
from gateway.describe import describe
from gateway.health.condition import HELD, Condition, State, worst
from gateway.settings import Settings

LISTEN_SECONDS = 10.0

log = structlog.get_logger()


class Channel(Condition):
    """One channel, alive; its own condition is that of its way out."""

    def __init__(
        self,
        settings: ChannelSettings,
        adapter: Adapter,
        mark: bytes = b"",
        clock: Callable[[], float] = time.time,
        zone: tzinfo = UTC,
    ) -> None:
        super().__init__(State.STARTING, settings.name, clock=clock)
        self._parts: dict[str, Condition] = {}
        self.way_in = self.part("way in")
        self.settings = settings
        self.adapter = adapter
        self.mark = mark
        #: In which its first and last day are meant.
        self.zone = zone
        #: A person paused it: nothing is sent.
        self.is_held = False
        #: When the newest canary that came in was made.
        self.canary_at: float | None = None
        #: When it took an answer for the last time.
        self.sent_at: float | None = None
        self._listening: asyncio.Task[None] | None = None
        self._was_opened = False

    @property
    def name(self) -> str:
        return self.settings.name

    def part(self, name: str) -> Condition:
        """How another part of it fares, well unless somebody says otherwise; `name` is that of whoever says so, as in
        `channel.part("costs").is_now(State.DEGRADED, why="cap_near", spent="$41", cap="$150")`."""
        return self._parts.setdefault(name, Condition(State.OK, self.channel, name, self._clock))

    def conditions(self) -> Iterator[Condition]:
        yield self
        yield from self._parts.values()

    @property
    def can_send(self) -> bool:
        return listening.can_answer(self.adapter)

    @property
    def rests(self) -> str:
        """`NOT_YET` or `ENDED` outside its dates, else ""."""
        return validity.outside(self.settings, datetime.fromtimestamp(self._clock(), self.zone).date())

    @property
    def why_it_rests(self) -> str:
        return validity.reason(self.settings, self.rests)

    def within_dates(self, accept: Accept) -> Accept:
        """Whoever delivers at another time is told to try again: their server gives it back in the end."""

        async def accepted(deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
            if self.rests:
                raise NotAccepted(self.why_it_rests)
            await accept(deliveries, cursor)

        return accepted

    async def open(self) -> None:
        """What cannot be opened is down, and keeps nothing else from starting."""
        self._was_opened = True
        try:
            if isinstance(self.adapter, Opens):
                await self.adapter.open()
            self.is_now(State.OK)
        except Exception as error:
            self.is_now(State.DOWN, describe(error), "not_opened")

    async def listen(self, bind: Bind, accept: Accept) -> None:
        """Returns once its own sockets, if it has any, are served. Raises ChannelDown, or what the adapter raises."""
        if not isinstance(self.adapter, Listens):
            return
        ready = asyncio.Event()
        task = asyncio.create_task(self.adapter.listen(bind, accept, ready.set), name=f"listen {self.name}")
        waiting = asyncio.create_task(ready.wait())
        self._listening = task
        await asyncio.wait({task, waiting}, timeout=LISTEN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not ready.is_set():
            await self._failed_to_listen(task)

    async def _failed_to_listen(self, task: "asyncio.Task[None]") -> None:
        if task.done():
            await task
        raise ChannelDown(f"it does not listen after {LISTEN_SECONDS:.0f} seconds")

    async def stop_listening(self) -> None:
        """Returns once what was under way is finished, or given up."""
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def close(self) -> None:
        """Once only, and only if it was opened."""
        if not self._was_opened or not isinstance(self.adapter, Opens):
            return
        self._was_opened = False
        try:
            await self.adapter.close()
        except Exception as error:
            log.error("a channel could not be closed", channel=self.name, error=describe(error))


class ChannelStatus(msgspec.Struct, frozen=True):
    """What a running gateway says of a channel to those who ask over the control socket. `why`, `values` and `note` are
    those of the `Condition` that is worst, in which it is `since` then."""

    name: str
    state: str
    note: str
    why: str = ""
    values: Mapping[str, float | str] = {}
    since: float = 0.0


def status(channel: Channel) -> ChannelStatus:
    """As it is told: that it rests comes first, then that a person paused it."""
    if state := channel.rests:
        return ChannelStatus(channel.name, state, "", state, validity.days(channel.settings))
    if channel.is_held:
        return ChannelStatus(channel.name, HELD, f"nothing is sent until `kanal channels resume {channel.name}`")
    one = worst(channel.conditions())
    return ChannelStatus(channel.name, one.state, one.note, one.why, one.values, one.since)


def build(settings: Settings, before: Mapping[str, Channel] | None = None) -> dict[str, Channel]:
    """Channels by name; those of `before` that are wanted just as they are. Nothing outside is touched.

    Raises `ConfigError`.
    """
    zone = ZoneInfo(settings.gateway.timezone)
    return {one.name: _channel(one, zone, (before or {}).get(one.name)) for one in settings.channels}


def _channel(settings: ChannelSettings, zone: tzinfo, before: Channel | None) -> Channel:
    mark = mark_of(settings)
    if before and (before.mark, before.zone) == (mark, zone):
        return before
    return Channel(settings, listening.built(settings), mark, zone=zone)


def mark_of(settings: msgspec.Struct) -> bytes:
    """Another one if any setting changes, or a file that one names: a certificate is renewed under its old path."""
    return sha256(msgspec.json.encode(settings, enc_hook=_inside)).digest()


def _inside(value: Any) -> Any:
    match value:
        case Secret():
            return value.reveal()
        case Path():
            return str(value), _content(value).hex()
    raise NotImplementedError(f"a setting cannot be of the type {type(value).__name__}")


def _content(file: Path) -> bytes:
    with suppress(OSError):
        return file.read_bytes() if file.is_file() else b""
    return b""
