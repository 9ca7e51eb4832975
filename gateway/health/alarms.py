"""Tells whoever looks after the channels that one needs a person, once in each way, and once that it is well again."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import structlog
from msgspec.structs import replace

from adapters import ChannelDown, ChannelError, Refused
from gateway import retry
from gateway.channels import Channel, status
from gateway.describe import describe
from gateway.health.alarm import Alarm, after
from gateway.health.alarmwords import AlarmWords
from gateway.metrics import Metrics
from gateway.routing import Unit
from gateway.store.alarms import AlarmStore
from gateway.store.contract import NoticeState, StoreUnavailable
from gateway.ways import Way

LOOK_SECONDS = 10.0
TAKE_SECONDS = 30.0
FIRST_SECONDS = 30.0

log = structlog.get_logger()


class Alarms:
    """`unit` looks after the channels; without one nobody is told anything."""

    def __init__(
        self,
        store: AlarmStore,
        channels: Mapping[str, Channel],
        ways: Sequence[Way],
        unit: Unit | None,
        words: AlarmWords,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._channels = channels
        self._unit = unit
        self._ways = [way for way in ways if unit and _reached(unit, way.name)]
        self._words = words
        self._metrics = metrics
        self._clock = clock
        self._alarms: dict[str, Alarm] = {}
        self._waits: dict[str, tuple[int, float]] = {}
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        """Until stopped. Nothing is done where there is nobody to be told."""
        if not self._ways:
            return
        for way in self._ways:
            await way.open()
        try:
            await self.begin()
            while not self._stopped.is_set():
                with suppress(StoreUnavailable):  # it is looked at again
                    await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._stopped.wait()
        finally:
            for way in self._ways:
                await way.close()

    async def begin(self) -> None:
        """Go on with what the last process told."""
        self._alarms = {one.channel: one for one in await self._store.alarms()}

    async def look(self) -> None:
        now = self._clock()
        for name in self._alarms.keys() - self._channels.keys():
            await self._drop(name)
        for name, channel in self._channels.items():
            before = self._alarms.get(name)
            changed = max(one.since for one in channel.conditions())
            alarm = after(before, status(channel), changed, now)
            if alarm and alarm is not before:
                await self._keep(alarm)
            elif before and alarm is None:
                await self._drop(name)
        for way in self._ways:
            await self._tell(way, now)
        for alarm in [one for one in self._alarms.values() if one.is_over]:
            await self._drop(alarm.channel)

    async def _tell(self, way: Way, now: float) -> None:
        tries, due = self._waits.get(way.name, (0, 0.0))
        for alarm in [one for one in self._alarms.values() if one.waits_for(way.name)]:
            if now < due:
                return
            error = await self._attempt(way, alarm)
            is_settled = error is None or isinstance(error, Refused)
            self._metrics.notice_attempts.labels(way.name, _outcome(error)).inc()
            if not is_settled:
                if not tries:
                    log.error("who looks after the channels cannot be told", way=way.name, error=str(error))
                self._waits[way.name] = tries + 1, now + retry.delay(tries + 1, first=FIRST_SECONDS)
                return
            if error:
                log.error("who looks after the channels was not told", way=way.name, error=str(error))
            self._waits.pop(way.name, None)
            await self._keep(_knowing(alarm, way.name))

    async def _attempt(self, way: Way, alarm: Alarm) -> ChannelError | None:
        assert self._unit
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await way.say(self._unit, self._words.word(alarm, self._unit))
        except ChannelError as error:
            return error
        except TimeoutError:
            return ChannelDown(f"it was not taken within {TAKE_SECONDS:g} seconds")
        except Exception as error:
            return ChannelDown(describe(error))
        return None

    async def _keep(self, alarm: Alarm) -> None:
        await self._store.keep_alarm(alarm)
        self._alarms[alarm.channel] = alarm

    async def _drop(self, channel: str) -> None:
        await self._store.drop_alarm(channel)
        del self._alarms[channel]


def _reached(unit: Unit, way: str) -> bool:
    return bool(getattr(unit, way))


def _outcome(error: ChannelError | None) -> NoticeState:
    if error is None:
        return NoticeState.SENT
    return NoticeState.FAILED if isinstance(error, Refused) else NoticeState.DUE


def _knowing(alarm: Alarm, way: str) -> Alarm:
    if alarm.ended is None:
        return replace(alarm, told=(*alarm.told, way))
    return replace(alarm, told_end=(*alarm.told_end, way))
