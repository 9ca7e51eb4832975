"""A batch of deliveries -> reports, cases, replies; one transaction.

Each channel has a lane of its own: its deliveries are read in a worker process, in order of arrival, and a slow one
holds back only its own channel. Judging and settling are done by one lane at a time.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable

import structlog

from gateway.channels import Channel
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.metrics import Metrics
from gateway.reading import Reading
from gateway.step import Step
from gateway.store.contract import BadRow, Claimed, Conflict, Quarantined, Settlement, Store, StoreUnavailable
from gateway.store.rows import TIMER
from gateway.workers import ChildLost, NoWorker, Workers

BATCH = 64
BATCH_BYTES = 4 << 20
MOST_TRIES = 3
READ_SECONDS = 2.0

log = structlog.get_logger()


class Pipeline:
    """`settled(channels)` is told which channels have new replies."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        judging: Judging,
        rules: Rules,
        channels: dict[str, Channel],
        settled: Callable[[Iterable[str]], None],
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._workers = workers
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._settled = settled
        self._metrics = metrics
        self._excused: Counter[int] = Counter()
        self._turn = asyncio.Lock()
        self._news = {name: asyncio.Event() for name in channels}

    @property
    def turn(self) -> asyncio.Lock:
        """Held by whoever judges and settles: reports in a batch must see what was settled before."""
        return self._turn

    def wake(self, channels: Iterable[str]) -> None:
        for name in channels:
            if name in self._news:
                self._news[name].set()

    async def run(self, channel: str) -> None:
        """A channel's lane: process what waits, then wait for more.

        A try is counted only against what is really tried, or repeated crashes would condemn the innocent: nothing is
        claimed before it can be read, and what an unfinished batch left, always at the head, is claimed one by one.
        """
        await self._workers.started()
        limit = 1
        while True:
            self._news[channel].clear()
            while claimed := await self._store.claim(channel, limit, BATCH_BYTES):
                limit = BATCH if await self._process(channel, claimed) else 1
            await self._news[channel].wait()

    async def _process(self, channel: str, claimed: list[Claimed]) -> bool:
        """What was tried before comes alone, so that it can spoil nothing but itself. Whether all was new, and done."""
        is_new = self._tries(claimed[0]) == 1
        try:
            if is_new:
                done = await self._attempt(channel, claimed)
            else:
                await self._process_alone(channel, claimed[0])
        except (StoreUnavailable, NoWorker):
            self._excused.update(one.seq for one in claimed)
            raise
        for one in claimed:
            self._excused.pop(one.seq, None)
        return is_new and done

    def _tries(self, one: Claimed) -> int:
        """Attempts that the disk or the machine ended say nothing against a delivery."""
        return one.tries - self._excused[one.seq]

    async def _process_alone(self, channel: str, one: Claimed) -> None:
        tries = self._tries(one)
        if tries > MOST_TRIES:
            await self._quarantine(one, "process", f"the process ended {MOST_TRIES} times while it was processed")
        elif not await self._attempt(channel, [one]) and tries >= MOST_TRIES:
            await self._quarantine(one, "read", "the reading process ended or took too long")

    async def _attempt(self, channel: str, claimed: list[Claimed]) -> bool:
        """Read and settle; False if the worker was lost and nothing has changed but the count of tries."""
        timers = [one for one in claimed if one.delivery.content_type == TIMER]
        ordinary = [one for one in claimed if one.delivery.content_type != TIMER]
        try:
            readings = await self._read(channel, ordinary)
        except ChildLost as loss:
            log.warning("a worker was lost", channel=channel, count=len(claimed), reason=str(loss))
            return False
        async with self._turn:
            await self._settle(channel, list(zip(ordinary, readings, strict=True)), timers)
        return True

    async def _read(self, channel: str, claimed: list[Claimed]) -> list[Reading]:
        if not claimed:
            return []
        return await self._workers.read(channel, [one.delivery for one in claimed], READ_SECONDS)

    async def _settle(self, channel: str, read: list[tuple[Claimed, Reading]], timers: list[Claimed]) -> None:
        """All in one transaction; if that conflicts or cannot be stored, one by one."""
        if await self._try_settle(channel, read, timers):
            return
        for one in read:
            if not await self._try_settle(channel, [one], []) and not await self._try_settle(channel, [one], []):
                await self._quarantine(one[0], "settle", "it conflicts with what is stored, or cannot be stored")
        for timer in timers:
            if not await self._try_settle(channel, [], [timer]):
                await self._quarantine(timer, "settle", "a timer that cannot be settled")

    async def _try_settle(self, channel: str, read: list[tuple[Claimed, Reading]], timers: list[Claimed]) -> bool:
        step = Step(self._store, self._judging, self._rules, self._channels[channel])
        try:
            for timer in timers:
                await step.fire(timer)
            for claimed, reading in read:
                await step.take(claimed, reading)
            await step.judge()
            await self._store.settle(step.settlement)
        except (Conflict, BadRow):
            await self._judging.forget()
            return False
        except StoreUnavailable:
            await self._judging.forget()
            raise
        await self._judging.commit()
        self._count(channel, step.settlement, [claimed for claimed, _ in read])
        if step.settlement.replies:
            self._settled([channel])
        return True

    def _count(self, channel: str, settlement: Settlement, claimed: list[Claimed]) -> None:
        verdicts = {link.report: link.kind for link in settlement.links}
        for row in settlement.reports:
            self._metrics.reports.labels(channel, verdicts.get(row.report.id, "new")).inc()
        for bad in settlement.quarantined:
            self._metrics.quarantined.labels(channel, bad.stage).inc()
        now = time.time()
        for one in claimed:
            self._metrics.settled.labels(channel).observe(now - one.delivery.received_at.timestamp())

    async def _quarantine(self, one: Claimed, stage: str, reason: str) -> None:
        self._metrics.quarantined.labels(one.delivery.channel, stage).inc()
        log.warning("quarantined", channel=one.delivery.channel, delivery=one.seq, stage=stage, reason=reason)
        await self._store.settle(Settlement(quarantined=[Quarantined(one.seq, stage, reason, time.time())]))
