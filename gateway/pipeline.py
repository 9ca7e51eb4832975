"""A batch of deliveries -> reports, cases, replies; one transaction.

Each channel has a lane of its own. Judging and settling are done by one lane at a time.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import structlog

from gateway.channels import Channel
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.lane import Lane, Pairs
from gateway.metrics import Metrics
from gateway.step import Step
from gateway.store.contract import BadRow, Claimed, Conflict, Quarantined, Settlement, Store, StoreUnavailable
from gateway.workers import Workers

log = structlog.get_logger()


class Pipeline:
    """`settled(channels)` is told which channels have new replies, or news of replies."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        judging: Judging,
        rules: Rules,
        channels: dict[str, Channel],
        settled: Callable[[Iterable[str]], None],
        metrics: Metrics,
        excused: Counter[int],
    ) -> None:
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._settled = settled
        self._metrics = metrics
        self._lanes = {
            name: Lane(name, store, workers, partial(self._settle, name), self._quarantine, excused)
            for name in channels
        }

    def wake(self, channels: Iterable[str]) -> None:
        for name in channels:
            if name in self._lanes:
                self._lanes[name].wake()

    def stop(self) -> None:
        """Finish what is claimed, and claim no more."""
        for lane in self._lanes.values():
            lane.stop()

    async def run(self, channel: str) -> None:
        """Process a channel's deliveries until stopped."""
        await self._lanes[channel].run()

    async def _settle(self, channel: str, pairs: Pairs) -> None:
        """All in one transaction; if that conflicts or cannot be stored, one by one."""
        async with self._judging.turn:
            if await self._try_settle(channel, pairs):
                return
            for one in pairs:
                if not await self._try_settle(channel, [one]) and not await self._try_settle(channel, [one]):
                    await self._quarantine(one[0], "settle", "it conflicts with what is stored, or cannot be stored")

    async def _try_settle(self, channel: str, pairs: Pairs) -> bool:
        step = Step(self._store, self._judging, self._rules, self._channels[channel])
        try:
            await step.take(pairs)
            await step.judge()
            await self._store.settle(step.settlement)
        except (Conflict, BadRow):
            await self._judging.forget()
            return False
        except StoreUnavailable:
            await self._judging.forget()
            raise
        await self._judging.commit()
        self._count(channel, step.settlement, pairs)
        if step.settlement.replies or step.settlement.statuses:
            self._settled([channel])
        return True

    def _count(self, channel: str, settlement: Settlement, pairs: Pairs) -> None:
        verdicts = {link.report: link.kind for link in settlement.links}
        kinds = Counter(verdicts.get(row.report.id, "new") for row in settlement.reports)
        for kind, count in kinds.items():
            self._metrics.reports.labels(channel, kind).inc(count)
        for bad in settlement.quarantined:
            self._note(channel, bad)
        now, settled = time.time(), self._metrics.settled.labels(channel)
        for claimed, _ in pairs:
            settled.observe(max(0.0, now - claimed.delivery.received_at.timestamp()))

    async def _quarantine(self, one: Claimed, stage: str, reason: str) -> None:
        bad = Quarantined(one.seq, stage, reason, time.time())
        await self._store.settle(Settlement(quarantined=[bad]))
        self._note(one.delivery.channel, bad)

    def _note(self, channel: str, bad: Quarantined) -> None:
        self._metrics.quarantined.labels(channel, bad.stage).inc()
        log.warning("quarantined", channel=channel, delivery=bad.seq, stage=bad.stage, reason=bad.reason)
