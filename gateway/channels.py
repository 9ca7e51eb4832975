"""The channels of a running gateway: each adapter with its settings and how it fares."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import structlog

from adapters import Accept, Adapter, Bind, ChannelDown, ChannelSettings, Listens, Opens, Secret
from gateway import listening
from gateway.describe import describe
from gateway.settings import Settings

LISTEN_SECONDS = 10.0

log = structlog.get_logger()


class State(StrEnum):
    """STARTING is not open yet; DOWN cannot be reached; PAUSED waits for a person (credentials refused)."""

    STARTING = "starting"
    OK = "ok"
    DOWN = "down"
    PAUSED = "paused"


class Channel:
    """One channel, alive. `note` says in words what is wrong, without personal data."""

    def __init__(self, settings: ChannelSettings, adapter: Adapter, mark: bytes = b"") -> None:
        self.settings = settings
        self.adapter = adapter
        self.mark = mark
        self.state = State.STARTING
        self.note = ""
        self._listening: asyncio.Task[None] | None = None
        self._was_opened = False

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def can_send(self) -> bool:
        return listening.can_answer(self.adapter)

    def is_now(self, state: State, note: str = "") -> bool:
        """Take on a state; whether that is a change, so that an outage is logged once and its end once."""
        changed = state is not self.state
        self.state, self.note = state, note
        return changed

    async def open(self) -> None:
        """What cannot be opened is down, and keeps nothing else from starting."""
        self._was_opened = True
        try:
            if isinstance(self.adapter, Opens):
                await self.adapter.open()
            self.is_now(State.OK)
        except Exception as error:
            self.is_now(State.DOWN, describe(error))
            log.error("a channel could not be opened", channel=self.name, error=describe(error))

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
    """What a running gateway says of a channel to those who ask over the control socket."""

    name: str
    state: str
    note: str


def build(settings: Settings, before: Mapping[str, Channel] | None = None) -> dict[str, Channel]:
    """Channels by name; those of `before` that are wanted just as they are. Nothing outside is touched.

    Raises `ConfigError`.
    """
    return {one.name: _channel(one, (before or {}).get(one.name)) for one in settings.channels}


def _channel(settings: ChannelSettings, before: Channel | None) -> Channel:
    mark = mark_of(settings)
    unchanged = before is not None and before.mark == mark
    return before if before and unchanged else Channel(settings, listening.built(settings), mark)


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
