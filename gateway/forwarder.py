"""Files cases in outside case stores, and amends them there: each change until the outside has it."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec
import structlog

from gateway.breaker import Breaker, Patience
from gateway.casestore.contract import (
    Amendment,
    CaseStoreDown,
    CaseStoreError,
    CaseStoreRefused,
    Confirms,
    Later,
    Outcome,
    OutgoingCase,
    Refused,
)
from gateway.describe import describe
from gateway.files import Files
from gateway.filing_outcomes import Attempted, Down, Result, left_out, outcome_of
from gateway.health.condition import State
from gateway.keeping import kept
from gateway.metrics import Metrics
from gateway.outgoing import Nothing, Package, Packing
from gateway.store.contract import BadRow
from gateway.store.filings import Filing, FilingOutcome, FilingState, WholeStore
from gateway.stores import Outside

#: Rows are looked for so often: what made them due need not know who files them.
LOOK_SECONDS = 1.0
HOUR = 3600.0
UNKEPT = "what the case store answered cannot be stored"

log = structlog.get_logger()
Work = Callable[[Sequence[Any]], Awaitable[Sequence[Outcome]]]


class Way:
    """The way to one case store. `times` are for all of a batch; `take` is given to each case in it."""

    def __init__(self, outside: Outside, packing: Packing, patience: Patience) -> None:
        self.outside = outside
        self.packing = packing
        self.patience = msgspec.structs.replace(patience, at_once=outside.settings.batch)
        self.breaker = Breaker(self.patience)
        self.news = asyncio.Event()

    @property
    def name(self) -> str:
        return self.outside.name


class Forwarder:
    """One loop for each case store. A filing goes due -> filing -> filed, aside or due again. Durations are those of
    the monotonic clock; only when a filing is due is told by the wall clock, for it outlives the process."""

    def __init__(
        self,
        store: WholeStore,
        stores: dict[str, Outside],
        files: Files,
        metrics: Metrics,
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._ways = {
            name: Way(one, Packing(store, files, one.settings), patience or Patience(first=one.settings.retry_seconds))
            for name, one in stores.items()
        }
        self._stopping = False

    def hurry(self, stores: Iterable[str]) -> None:
        """A person has changed something: try now, even where the way was closed."""
        for name in stores:
            if name in self._ways:
                self._ways[name].breaker.hurry(time.monotonic())
                self._ways[name].news.set()

    async def _recover(self, name: str) -> None:
        """What was under way at the last end is filed again with the same key; what had backed off is due at once."""
        count = await self._store.recover_filings(name, time.time())
        if count:
            log.warning("cases were under way to a case store at the last end", store=name, count=count)
        await self._store.hasten_filings(name, time.time())

    def stop(self) -> None:
        """Finish what is under way, and begin nothing new: the loops end."""
        self._stopping = True
        for way in self._ways.values():
            way.news.set()

    async def run(self, name: str) -> None:
        """File in one case store until stopped."""
        way = self._ways[name]
        self._show(way)
        await self._recover(name)
        while not self._stopping:
            way.news.clear()
            if not await self._file_due(way) and not await self._confirm(way):
                await self._rest(way)
        self._metrics.store_circuit_open.remove(name)

    async def _rest(self, way: Way) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await way.news.wait()

    async def _file_due(self, way: Way) -> bool:
        """False if there is nothing to do now."""
        room, now = way.breaker.room(time.monotonic()), time.time()
        due = self._store.next_filing(way.name)
        if not room or due is None or due > now:
            return False
        claimed = await self._store.claim_filings(way.name, now, room)
        packed = [(filing, self._packed(way, filing)) for filing in claimed]
        nothing = [left_out(filing, packet, now) for filing, packet in packed if isinstance(packet, Nothing)]
        await self._settle(nothing)
        await self._send(way, [(filing, packet) for filing, packet in packed if isinstance(packet, Package)])
        return bool(claimed)

    def _packed(self, way: Way, filing: Filing) -> Package | Nothing:
        """One that cannot be read holds up no other."""
        try:
            return way.packing.pack(filing)
        except Exception as error:
            log.error("a case cannot be read to be filed", store=way.name, case=filing.case, error=describe(error))
            return Nothing(f"it cannot be read: {type(error).__name__}", later=True)

    async def _send(self, way: Way, packets: Sequence[tuple[Filing, Package]]) -> None:
        for kind, work in ((OutgoingCase, way.outside.client.file), (Amendment, way.outside.client.amend)):
            some = [(filing, packet) for filing, packet in packets if isinstance(packet.content, kind)]
            if some:
                await self._attempt(way, work, some)

    async def _attempt(self, way: Way, work: Work, packets: Sequence[tuple[Filing, Package]]) -> None:
        results = await self._results(way, work, [packet.content for _, packet in packets])
        failure = next((one for one in results if isinstance(one, Down)), None)
        is_ill = failure is not None or all(isinstance(one, Later) for one in results)
        if is_ill:
            self._failed(way, failure or Down("it takes nothing"))
        patience = _patience(way)
        outcomes = [
            outcome_of(filing, packet, result, patience, time.time())
            for (filing, packet), result in zip(packets, results, strict=True)
        ]
        for outcome in outcomes:
            self._metrics.filings.labels(way.name, outcome.state).inc()
            if outcome.state is FilingState.ASIDE:
                log.warning("a case is set aside", store=way.name, case=outcome.case, reason=outcome.error)
        await self._settle(outcomes)
        if not is_ill:
            await self._worked(way)
        elif way.breaker.is_open and failure:
            await self._give_up(way, failure)

    async def _results(self, way: Way, work: Work, batch: Sequence[Any]) -> Sequence[Result]:
        try:
            async with asyncio.timeout(way.patience.take * len(batch)):
                found = await work(batch)
            return found if len(found) == len(batch) else [Down("it gave an outcome for some only")] * len(batch)
        except CaseStoreDown as error:
            return [Down(str(error), error.retry_after)] * len(batch)
        except CaseStoreRefused as error:
            return [Refused(str(error))] if len(batch) == 1 else await self._one_by_one(way, work, batch)
        except TimeoutError:
            return [Down(f"it did not answer within {way.patience.take * len(batch):g} seconds")] * len(batch)
        except Exception as error:
            log.error("a case store failed", store=way.name, error=describe(error))
            return [Down(type(error).__name__)] * len(batch)

    async def _one_by_one(self, way: Way, work: Work, batch: Sequence[Any]) -> list[Result]:
        return [result for one in batch for result in await self._results(way, work, [one])]

    def _failed(self, way: Way, failure: Down) -> None:
        """An outage is logged once and its end once."""
        way.breaker.failed(time.monotonic(), failure.retry_after)
        if way.breaker.is_open and way.outside.is_now(State.DOWN, failure.reason):
            log.error("a case store is down: cases wait", store=way.name, reason=failure.reason)
        self._show(way)

    async def _worked(self, way: Way) -> None:
        """What had failed, or was set aside because the outage was so long, is tried before what came later."""
        if way.breaker.is_open:
            await kept(lambda: self._hasten(way))
        way.breaker.succeeded()
        if way.outside.is_now(State.OK):
            log.info("a case store works", store=way.name)
        self._show(way)

    async def _hasten(self, way: Way) -> None:
        await self._store.hasten_filings(way.name, time.time())

    async def _give_up(self, way: Way, failure: Down) -> None:
        """Nobody should think that what waited for days is on its way; once the outage is over it is tried again."""
        before = time.time() - way.outside.settings.give_up_hours * HOUR
        count = await self._store.give_up_filings(way.name, before, failure.reason)
        if count:
            log.error("cases could not be filed for too long and are set aside", store=way.name, count=count)

    async def _confirm(self, way: Way) -> bool:
        """Ask whether it still knows what it took. False if there is nothing to ask now."""
        client, now = way.outside.client, time.time()
        if way.breaker.is_open or not isinstance(client, Confirms):
            return False
        asked = self._store.unconfirmed(way.name, now, way.outside.settings.batch)
        if not asked:
            return False
        try:
            async with asyncio.timeout(way.patience.take * len(asked)):
                missing = set(await client.missing([one.number or "" for one in asked]))
        except (CaseStoreError, TimeoutError) as error:
            self._failed(way, Down(str(error) or type(error).__name__, getattr(error, "retry_after", None)))
            return False
        lost = [one.case for one in asked if one.number in missing]
        if lost:
            log.error(
                "a case store lost cases that it had taken: they are filed again", store=way.name, count=len(lost)
            )
        known = [one.case for one in asked if one.number not in missing]
        await self._store.confirm_filings(way.name, known, lost, now)
        return True

    async def _settle(self, outcomes: Sequence[FilingOutcome]) -> None:
        """Until it is on disk: what was filed must not look as if it were still under way."""
        if outcomes:
            try:
                await kept(lambda: self._store.settle_filings(outcomes))
            except BadRow:
                bare = [msgspec.structs.replace(one, error=UNKEPT, token=None) for one in outcomes]
                await kept(lambda: self._store.settle_filings(bare))

    def _show(self, way: Way) -> None:
        self._metrics.store_circuit_open.labels(way.name).set(way.breaker.is_open)


def _patience(way: Way) -> Attempted:
    settings = way.outside.settings
    return Attempted(
        is_down=way.breaker.is_open,
        wait=way.breaker.wait(time.monotonic()),
        first=way.patience.first,
        give_up=settings.give_up_hours * HOUR,
        confirm=settings.confirm_seconds if isinstance(way.outside.client, Confirms) else 0.0,
    )
