"""Keeps the reports of outages, and has what was missed fetched where a provider can be asked for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from msgspec.structs import replace

from adapters import Backfills, Remembers
from gateway import listening
from gateway.channels import Channel
from gateway.errors import OperationRefused
from gateway.health import gap as gapping
from gateway.health.gap import Gap, GapState

#: What comes in so soon after an outage was missed in it.
SETTLE_SECONDS = 60.0
#: Of what came before an outage was noticed, so much is asked for as well.
MARGIN_SECONDS = 300.0
TRY_AGAIN_SECONDS, TRY_FOR_SECONDS = 600.0, 86_400.0
KEEP_SECONDS = 365 * 86_400.0

log = structlog.get_logger()
Backfill = Callable[[str, datetime], Awaitable[dict[str, Any]]]


class GapStore(Protocol):
    async def keep_gap(self, gap: Gap) -> None: ...

    async def drop_gap(self, gap: Gap) -> None: ...

    async def unfinished_gaps(self) -> list[Gap]: ...


class Gaps:
    """`heard(channel)` counts what came in since the start; `backfill` fetches what came since a time."""

    def __init__(self, store: GapStore, heard: Callable[[str], int], backfill: Backfill) -> None:
        self._store = store
        self._heard = heard
        self._backfill = backfill
        self._gaps: dict[str, Gap] = {}
        self._before: dict[str, int] = {}
        self._mended: dict[str, float] = {}
        self._tried: dict[str, float] = {}
        self._filling: dict[str, asyncio.Task[None]] = {}

    async def begin(self) -> None:
        """Go on with those that the last process left."""
        self._gaps = {one.channel: one for one in await self._store.unfinished_gaps()}

    async def look(self, channel: Channel, last: float | None, now: float) -> None:
        """`last` is when it was last heard."""
        cut, gap = gapping.cut(channel.conditions(), last), self._gaps.get(channel.name)
        if gap and gap.state is GapState.FILLING:
            self._fill(channel, gap, now)
        elif cut and gap is None:
            is_silent = cut.of != "way in" and last is not None
            await self.open(channel.name, last if is_silent and last else cut.since, cut.why)
        elif cut:
            self._mended.pop(channel.name, None)
        elif gap and now - self._mended.setdefault(channel.name, _mended_at(channel, gap, now)) >= SETTLE_SECONDS:
            await self._close(channel, gap, self._mended.pop(channel.name))

    def has(self, channel: str) -> bool:
        return channel in self._gaps

    async def open(self, channel: str, began: float, why: str) -> None:
        gap = Gap(channel=channel, began=began, why=why)
        self._before[channel] = self._heard(channel)
        await self._keep(gap)

    async def _close(self, channel: Channel, gap: Gap, ended: float) -> None:
        gap = replace(gap, ended=ended, filled=self._heard(gap.channel) - self._before.pop(gap.channel, 0))
        if ended - gap.began < gapping.SHORTEST:
            await self._store.drop_gap(gap)
            del self._gaps[gap.channel]
        elif isinstance(channel.adapter, Backfills) and not listening.asked(channel.adapter):
            await self._keep(replace(gap, state=GapState.FILLING))
        else:
            await self._over(channel, gap, ended)

    def _fill(self, channel: Channel, gap: Gap, now: float) -> None:
        """What is asked of a provider that polls go on from where they were: nothing else is fetched there."""
        if gap.channel in self._filling or now - self._tried.get(gap.channel, 0.0) < TRY_AGAIN_SECONDS:
            return
        self._tried[gap.channel] = now
        task = asyncio.create_task(self._filled(channel, gap, now))
        self._filling[gap.channel] = task
        task.add_done_callback(lambda _: self._filling.pop(gap.channel, None))

    async def _filled(self, channel: Channel, gap: Gap, now: float) -> None:
        try:
            done = await self._backfill(gap.channel, datetime.fromtimestamp(gap.began - MARGIN_SECONDS, UTC))
        except OperationRefused as refusal:
            if now - (gap.ended or now) > TRY_FOR_SECONDS:
                await self._over(channel, replace(gap, note=str(refusal)), now)
            return
        await self._over(channel, replace(gap, filled=gap.filled + done["new"]), now)

    async def _over(self, channel: Channel, gap: Gap, now: float) -> None:
        horizons = channel.adapter.horizon() if isinstance(channel.adapter, Remembers) else ()
        gap = replace(gap, state=GapState.OVER, lost=tuple(gapping.lost(horizons, gap, gap.filled, now)))
        await self._store.keep_gap(gap)
        del self._gaps[gap.channel]
        seconds = round((gap.ended or now) - gap.began)
        say = log.error if gap.lost or gap.note else log.warning
        say("an outage is over", channel=gap.channel, seconds=seconds, count=gap.filled, reason=gap.note or gap.why)

    async def _keep(self, gap: Gap) -> None:
        await self._store.keep_gap(gap)
        self._gaps[gap.channel] = gap

    async def stop(self) -> None:
        tasks = list(self._filling.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _mended_at(channel: Channel, gap: Gap, now: float) -> float:
    """When it worked again, as far as it tells: a server that cannot be asked may call us all the same."""
    changes = (one.since for one in channel.conditions() if not one.is_cut and gap.began < one.since <= now)
    return max(changes, default=now)
