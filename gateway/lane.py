"""A channel's lane: its deliveries are claimed and read in order of arrival; while one batch is settled, the next is
read. A slow channel holds back only itself.

A try is counted only against what is really tried, or repeated crashes would condemn the innocent: nothing is claimed
before it can be read, and what an unfinished batch left, always at the head, is claimed one by one.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

from gateway.filed import Reading
from gateway.store.contract import Claimed, Store, StoreUnavailable
from gateway.store.rows import TIMER
from gateway.workers import ChildLost, NoWorker, Workers

BATCH = 64
BATCH_BYTES = 4 << 20
MOST_TRIES = 3
#: So often may the process end while a delivery is processed: it was perhaps killed for reasons of its own, and a
#: machine that fails again and again mostly fails over the same delivery, the first one after each start.
MOST_ENDS = 8
READ_SECONDS = 2.0
#: Bytes that even a busy machine hands a worker in a further second.
READ_BYTES = 4 << 20

log = structlog.get_logger()
Pairs = list[tuple[Claimed, Reading]]


class Batch(NamedTuple):
    """`readings` is None if the worker was lost over them; `loss` says how."""

    claimed: list[Claimed]
    readings: list[Reading] | None
    loss: str = ""


class Lane:
    """`settle(pairs)` writes what was read; `quarantine(claimed, stage, reason)` sets one delivery aside; `excused`
    counts, by `seq`, the tries that say nothing against a delivery, and outlives the lane."""

    def __init__(
        self,
        channel: str,
        store: Store,
        workers: Workers,
        settle: Callable[[Pairs], Awaitable[None]],
        quarantine: Callable[[Claimed, str, str], Awaitable[None]],
        excused: Counter[int],
    ) -> None:
        self._channel = channel
        self._store = store
        self._workers = workers
        self._settle = settle
        self._quarantine = quarantine
        self._excused = excused
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        self._news.set()

    def stop(self) -> None:
        """Finish what is claimed, and claim no more: `run` returns."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Process what waits, then wait for more; until stopped."""
        await self._workers.started()
        while not self._stopping:
            self._news.clear()
            await self._work_off()
            await self._news.wait()

    async def _work_off(self) -> None:
        """Until nothing waits: what comes after a batch that was read ahead is claimed once more from the head."""
        limit = 1
        ahead: asyncio.Task[Batch] | None = None
        try:
            while (batch := await (ahead or self._fetch(limit))).claimed or ahead:
                ahead = None
                if not batch.claimed:
                    continue
                if limit == BATCH:
                    ahead = asyncio.create_task(self._fetch(BATCH, after=batch.claimed[-1].seq))
                limit = BATCH if await self._process(batch) else 1
                if limit == 1 and ahead:
                    self._excuse(await ahead)
                    ahead = None
        finally:
            if ahead:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def _fetch(self, limit: int, after: int = 0) -> Batch:
        if self._stopping:
            return Batch([], None)
        claimed = await self._store.claim(self._channel, limit, BATCH_BYTES, after)
        for one in claimed:
            if one.lost:
                await self._quarantine(one, "store", "its body is missing from the disk, or damaged")
        batch = Batch(claimed, None)
        try:
            return Batch(claimed, await self._read(claimed))
        except ChildLost as loss:
            log.warning("a worker was lost", channel=self._channel, count=len(claimed), reason=str(loss))
            return Batch(claimed, None, str(loss))
        except NoWorker:
            self._excuse(batch)
            raise

    async def _read(self, claimed: list[Claimed]) -> list[Reading]:
        """Timers hold nothing to read, nor does what was lost. Where a worker was lost, a picture may be why."""
        wanted = [one.delivery for one in claimed if _is_readable(one)]
        look = all(self._tries(one) == 1 for one in claimed)
        seconds = READ_SECONDS + sum(len(one.body) for one in wanted) / READ_BYTES
        found = iter(await self._workers.read(self._channel, wanted, seconds, look) if wanted else ())
        return [next(found) if _is_readable(one) else Reading() for one in claimed]

    async def _process(self, batch: Batch) -> bool:
        """What was tried before comes alone, so that it can spoil nothing but itself. Whether all was new, and done."""
        is_new = self._tries(batch.claimed[0]) == 1
        try:
            if is_new:
                done = await self._attempt(batch)
            else:
                await self._process_alone(batch)
        except StoreUnavailable:
            self._excuse(batch)
            raise
        for one in batch.claimed:
            self._excused.pop(one.seq, None)
        return is_new and done

    async def _process_alone(self, batch: Batch) -> None:
        [one] = batch.claimed
        tries = self._tries(one)
        if tries > MOST_ENDS:
            await self._quarantine(one, "process", f"the process ended {MOST_ENDS} times while it was processed")
        elif not await self._attempt(batch) and tries >= MOST_TRIES:
            await self._quarantine(one, "read", f"reading it failed {tries} times: {batch.loss}")

    async def _attempt(self, batch: Batch) -> bool:
        """False if it could not be read: nothing has changed but the count of tries."""
        if batch.readings is None:
            return False
        pairs = zip(batch.claimed, batch.readings, strict=True)
        await self._settle([(one, reading) for one, reading in pairs if not one.lost])
        return True

    def _tries(self, one: Claimed) -> int:
        return one.tries - self._excused[one.seq]

    def _excuse(self, batch: Batch) -> None:
        """Attempts that the disk or the machine ended, or that were never made, say nothing against a delivery."""
        self._excused.update(one.seq for one in batch.claimed)


def _is_readable(one: Claimed) -> bool:
    return one.delivery.content_type != TIMER and not one.lost
