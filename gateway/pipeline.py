"""A batch of deliveries -> reports, cases, replies, talks; a transaction for each run of it.

Each channel has a lane of its own. Judging and settling are done by one lane at a time.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import structlog

from adapters import Fetches
from gateway import cases
from gateway.channels import Channel
from gateway.families import AFTER_CLOSING
from gateway.fetching import wanted
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.lane import Lane, Pairs
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.operations import indexed
from gateway.runs import Piece, Talks, runs
from gateway.step import Step
from gateway.store.contract import BadRow, Claimed, Conflict, Quarantined, Settlement, StoreUnavailable
from gateway.store.filings import WholeStore
from gateway.store.rows import MEDIA
from gateway.talking import means_of, talks_of
from gateway.telling import Telling
from gateway.turning import Means
from gateway.workers import Workers

log = structlog.get_logger()


class Pipeline:
    """`settled(channels)` is told which channels have new replies, news of replies, or files to be fetched."""

    def __init__(
        self,
        store: WholeStore,
        workers: Workers,
        judging: Judging,
        rules: Rules,
        channels: dict[str, Channel],
        settled: Callable[[Iterable[str]], None],
        metrics: Metrics,
        excused: Counter[int],
        attempts: Attempts,
    ) -> None:
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._settled = settled
        self._metrics = metrics
        self._means = {name: self._means_of(channel, attempts) for name, channel in channels.items()}
        self._lanes = {
            name: Lane(name, store, workers, partial(self._settle, name), self._quarantine, excused)
            for name in channels
        }

    def _means_of(self, channel: Channel, attempts: Attempts) -> Means | None:
        bot, telling = self._rules.bot, Telling(self._rules, self._channels, self._store)
        return means_of(self._store, self._rules, bot, channel, telling, attempts, self._metrics) if bot else None

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
        """Each run in one transaction; if that conflicts or cannot be stored, piece by piece."""
        given_up: set[int] = set()
        async with self._judging.turn:
            for run in runs(pairs, self._talks(channel)):
                left = [piece for piece in run if piece.claimed.seq not in given_up]
                if not await self._try_settle(channel, left):
                    given_up |= await self._settle_singly(channel, left)

    async def _settle_singly(self, channel: str, run: Sequence[Piece]) -> set[int]:
        """The deliveries that were given up."""
        given_up: set[int] = set()
        for one in run:
            if not await self._try_settle(channel, [one]) and not await self._try_settle(channel, [one]):
                await self._quarantine(one.claimed, "settle", "it conflicts with what is stored, or cannot be stored")
                given_up.add(one.claimed.seq)
        return given_up

    def _talks(self, channel: str) -> Talks:
        means = self._means[channel]
        return partial(_goes_on_with, partial(talks_of, means) if means else lambda piece: ())

    async def _try_settle(self, channel: str, run: Sequence[Piece]) -> bool:
        step = Step(self._store, self._judging, self._rules, self._channels[channel], self._means[channel])
        try:
            await step.take(run)
            await step.judge()
            self._note_files(channel, step.settlement)
            await self._store.settle(step.settlement)
        except (Conflict, BadRow):
            await self._judging.forget()
            return False
        except StoreUnavailable:
            await self._judging.forget()
            raise
        await self._judging.commit()
        await self._index(step.settlement)
        self._count(channel, step.settlement, run)
        told = {reply.channel for reply in step.settlement.replies}
        if told or step.settlement.statuses or step.settlement.fetches:
            self._settled({channel, *told})
        return True

    def _note_files(self, channel: str, settlement: Settlement) -> None:
        """What lies with the provider is fetched later: no report waits for it."""
        if isinstance(self._channels[channel].adapter, Fetches):
            settlement.fetches += wanted.due(self._rules.key, channel, settlement, time.time())

    async def _index(self, settlement: Settlement) -> None:
        """What citizens changed is compared as it is now."""
        for change in settlement.changes:
            is_open = cases.Status(change.status or change.expected) not in cases.CLOSED
            await indexed(self._judging, self._store.reporters(change.code), is_open)
        withdrawn = {one.report for one in settlement.withdrawn if one.report}
        await self._judging.change(gone=sorted(withdrawn))
        for one in settlement.amended:
            if one.row.report.id in withdrawn:
                continue
            case = self._store.case(one.row.case)
            if case and cases.is_open(case):
                await indexed(self._judging, [(one.row, None)], is_open=True)

    def _count(self, channel: str, settlement: Settlement, run: Sequence[Piece]) -> None:
        verdicts = {link.report: link.kind for link in settlement.links if link.kind != AFTER_CLOSING}
        kinds = Counter(verdicts.get(row.report.id, "new") for row in settlement.reports)
        for kind, count in kinds.items():
            self._metrics.reports.labels(channel, kind).inc(count)
        for bad in settlement.quarantined:
            self._note(channel, bad)
        now, settled = time.time(), self._metrics.settled.labels(channel)
        for piece in run:
            if piece.is_last:
                settled.observe(max(0.0, now - piece.claimed.delivery.received_at.timestamp()))

    async def _quarantine(self, one: Claimed, stage: str, reason: str) -> None:
        bad = Quarantined(one.seq, stage, reason, time.time())
        await self._store.settle(Settlement(quarantined=[bad]))
        self._note(one.delivery.channel, bad)

    def _note(self, channel: str, bad: Quarantined) -> None:
        self._metrics.quarantined.labels(channel, bad.stage).inc()
        log.warning("quarantined", channel=channel, delivery=bad.seq, stage=bad.stage, reason=bad.reason)


def _goes_on_with(talks: Talks, piece: Piece) -> Sequence[str]:
    """Two files of one report make two versions of it, one after the other."""
    delivery = piece.claimed.delivery
    return (f"media {delivery.channel}",) if delivery.content_type == MEDIA else talks(piece)
