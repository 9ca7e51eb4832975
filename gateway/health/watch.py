"""Watches every channel: whether it is heard as it should be, whether its server can be used, what outages left out."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import tzinfo
from typing import Protocol

import structlog

from adapters import Listens
from adapters.entering import Offers
from gateway import listening
from gateway.channel_log import ChannelLog, LogStore
from gateway.channels import Channel
from gateway.health.canaries import Canaries
from gateway.health.checks import Checking
from gateway.health.condition import State
from gateway.health.gap import RHYTHM, SHORTEST, STOPPED, cut
from gateway.health.gaps import KEEP_SECONDS, Backfill, Gaps, GapStore
from gateway.health.rhythm import HOUR
from gateway.health.silence import KEPT_HOURS, Silence, Silences
from gateway.health.tally import RAN, Hour, Tally
from gateway.store.contract import StoreUnavailable

TICK_SECONDS = 10.0
WRITE_SECONDS = 60.0
#: Who stood still for longer than so many looks did not run.
LONGEST_TICKS = 2

log = structlog.get_logger()


class HealthStore(GapStore, LogStore, Protocol):
    async def count_hours(self, hours: Sequence[Hour], before: int) -> None: ...

    async def hours(self) -> list[Hour]: ...

    async def forget_gaps(self, before: float) -> None: ...

    def pseudonym(self, *parts: str) -> str: ...


class Watch:
    """`channels` gives those in force; `every` so many seconds all of them are looked at, by `tick`."""

    def __init__(
        self,
        store: HealthStore,
        tally: Tally,
        channels: Callable[[], Mapping[str, Channel]],
        zone: Callable[[], tzinfo],
        backfill: Backfill,
        clock: Callable[[], float] = time.time,
        channel_log: ChannelLog | None = None,
        every: float = TICK_SECONDS,
    ) -> None:
        self._store = store
        self._tally = tally
        self._channels = channels
        self._zone = zone
        self._clock = clock
        self._every = every
        self._silences = Silences(zone)
        self._totals: Counter[str] = Counter()
        self._unwritten: list[Hour] = []
        self._written_at = self._last_tick = 0.0
        self._gaps = Gaps(store, self._totals.__getitem__, backfill)
        self._checking = Checking(channel_log or ChannelLog(store))
        self._canaries = Canaries(store.pseudonym)
        self._judged: dict[str, Silence | None] = {}

    async def run(self) -> None:
        await self.begin()
        try:
            while True:
                await self.tick()
                await asyncio.sleep(self._every)
        finally:
            await self._checking.stop()
            await self._canaries.stop()
            await self._gaps.stop()

    def last_heard(self, channel: str) -> float | None:
        return self._silences.last(channel)

    def hurry(self, channels: Iterable[str]) -> None:
        """A person has changed something about them."""
        for name in channels:
            self._checking.hurry(name)

    def silence(self, channel: str) -> Silence | None:
        """As of the last look; None where the rhythm is not known."""
        return self._judged.get(channel)

    async def begin(self) -> None:
        """Learn what the last process knew; while none ran, nobody was called."""
        now = self._clock()
        self._silences = Silences(self._zone)
        self._silences.add(await self._store.hours())
        await self._gaps.begin()
        stopped_at = self._silences.last(RAN)
        self._last_tick = self._written_at = now
        if stopped_at is not None and now - stopped_at > SHORTEST:
            for channel in self._channels().values():
                is_missed = listening.is_called(channel.adapter) and not channel.rests
                if is_missed and not self._gaps.has(channel.name):
                    await self._gaps.open(channel.name, stopped_at, STOPPED)

    async def tick(self) -> None:
        now = self._clock()
        self._count(now)
        if now - self._written_at >= WRITE_SECONDS:
            await self._write(now)
        for channel in list(self._channels().values()):
            await asyncio.sleep(0)  # a rhythm takes milliseconds to learn
            if channel.rests:
                continue
            self._listen(channel, now)
            self._checking.look(channel, now)
            self._canaries.look(channel, now)
            with suppress(StoreUnavailable):  # it is looked at again
                await self._gaps.look(channel, self.last_heard(channel.name), now)

    def _count(self, now: float) -> None:
        ran = min(max(0.0, now - self._last_tick), LONGEST_TICKS * self._every)
        new = [*self._tally.take(), Hour(RAN, int(now // HOUR), round(ran), now)]
        self._last_tick = now
        self._silences.add(new)
        self._totals.update({one.channel: one.count for one in new})
        self._unwritten += new

    async def _write(self, now: float) -> None:
        """What cannot be written is counted, and written when it can."""
        before = int(now // HOUR) - KEPT_HOURS
        try:
            await self._store.count_hours(self._unwritten, before)
            await self._store.forget_gaps(now - KEEP_SECONDS)
        except StoreUnavailable:
            return
        self._unwritten, self._written_at = [], now
        self._silences.forget(before)

    def _listen(self, channel: Channel, now: float) -> None:
        """One that is known to hear nothing, or has only just begun to again, is not called silent besides."""
        others = [one for one in channel.conditions() if one.of != RHYTHM]
        settled = now - channel.way_in.since >= max(SHORTEST, LONGEST_TICKS * self._every)
        if not _is_heard_by_itself(channel) or not settled or cut(others, self.last_heard(channel.name)):
            return
        silence = self._silences.of(channel.name, now)
        self._judged[channel.name] = silence
        if silence and silence.is_one:
            usual = f"{silence.usual:.0f}" if silence.usual >= 1 else f"{silence.usual:.1f}"
            channel.part(RHYTHM).is_now(State.SILENT, why="silent", since=silence.since, usual=usual)
        else:
            channel.part(RHYTHM).is_now(State.OK)


def _is_heard_by_itself(channel: Channel) -> bool:
    """Do citizens decide when something comes in? Desks and tables have their hours."""
    adapter = channel.adapter
    return bool(listening.asked(adapter)) or listening.is_called(adapter) or isinstance(adapter, Listens | Offers)
