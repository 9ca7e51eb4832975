"""Tells units of their cases, each notice until it is settled; several that wait for one unit go as one message."""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Sequence

import structlog

from adapters import ChannelDown, ChannelError, Refused, Throttled, Unauthorized
from gateway import retry
from gateway.breaker import Breaker, Patience
from gateway.describe import describe
from gateway.keeping import kept
from gateway.metrics import Metrics
from gateway.noticing import Noticing, Told
from gateway.routing import Unit
from gateway.store.contract import NoticeRow, NoticeState
from gateway.store.notices import Line, NoticeStore
from gateway.ways import Way

LOOK_SECONDS = 0.5
AT_ONCE = 4
#: Of one unit in one message.
MOST = 300
NO_UNIT = "there is no such unit any more"

log = structlog.get_logger()


class Notices:
    """One loop for each way. `hold` is for how many seconds after a notice a unit is told of no other new case."""

    def __init__(
        self,
        store: NoticeStore,
        noticing: Noticing,
        ways: Iterable[Way],
        hold: float,
        metrics: Metrics,
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._noticing = noticing
        self._ways = {way.name: way for way in ways}
        self._hold = hold
        self._metrics = metrics
        self._patience = patience or Patience(take=30.0)
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._stopped = asyncio.Event()

    def names(self) -> Iterable[str]:
        return self._ways

    def hurry(self) -> None:
        """A person has changed something: try now, even where a way was closed."""
        for breaker in self._breakers.values():
            breaker.hurry(time.monotonic())

    def stop(self) -> None:
        """Let what is under way be sent, and begin nothing new: the loops end."""
        self._stopped.set()

    async def run(self, name: str) -> None:
        """Tell in one way until stopped. What had failed when the last process ended is tried at once."""
        way = self._ways[name]
        await way.open()
        try:
            await self._store.hasten_notices(name, time.time())
            while not self._stopped.is_set():
                if not await self._tell_some(way):
                    await self._rest()
        finally:
            await way.close()

    async def _rest(self) -> None:
        """What is new stands in the store, whoever wrote it there."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stopped.wait()

    async def _tell_some(self, way: Way) -> int:
        """How many units were told."""
        now = time.time()
        ready = [line.unit for line in self._store.notice_lines(way.name, now) if self._is_ready(line, now)]
        room = {unit: self._breaker(way, unit).room(time.monotonic()) for unit in ready}
        free = [unit for unit in ready if room[unit]]
        some = free[: min(AT_ONCE, room[free[0]])] if free else []
        await asyncio.gather(*(self._tell(way, unit) for unit in some))
        return len(some)

    def _is_ready(self, line: Line, now: float) -> bool:
        """New cases wait for others for a while after a notice; a clock that was ahead holds nothing up."""
        is_held = not line.urgent and line.sent_at is not None and line.sent_at <= now < line.sent_at + self._hold
        return line.due_at <= now and not is_held

    def _breaker(self, way: Way, unit: str) -> Breaker:
        return self._breakers.setdefault((way.name, "" if way.shared else unit), Breaker(self._patience))

    async def _tell(self, way: Way, code: str) -> None:
        notices = self._store.due_notices(way.name, code, time.time(), MOST)
        told = await self._still_wanted(notices)
        unit = self._noticing.routing.unit(code)
        if told and unit is None:
            await self._settle(notices, NoticeState.FAILED, NO_UNIT)
        elif told and unit:
            await self._conclude(way, code, told, await self._attempt(way, unit, told))

    async def _still_wanted(self, notices: Sequence[NoticeRow]) -> Told:
        """Those that are; the others are withheld."""
        known = await self._store.known_of([notice.case for notice in notices])
        why = {notice.id: self._noticing.is_out_of_date(notice, known.get(notice.case)) for notice in notices}
        for reason in set(why.values()) - {""}:
            await self._settle([one for one in notices if why[one.id] == reason], NoticeState.WITHHELD, reason)
        return [(notice, known[notice.case]) for notice in notices if not why[notice.id]]

    async def _attempt(self, way: Way, unit: Unit, told: Told) -> ChannelError | None:
        try:
            async with asyncio.timeout(self._patience.take):
                await way.tell(unit, told)
        except ChannelError as error:
            return error
        except TimeoutError:
            return ChannelDown(f"it was not taken within {self._patience.take:g} seconds")
        except Exception as error:
            log.error("a notice could not be sent", way=way.name, unit=unit.code, error=describe(error))
            return ChannelDown(type(error).__name__)
        return None

    async def _conclude(self, way: Way, unit: str, told: Told, error: ChannelError | None) -> None:
        notices = [notice for notice, _ in told]
        outcome = NoticeState.SENT if error is None else NoticeState.FAILED
        if error is None or isinstance(error, Refused):
            await self._settle(notices, outcome, str(error or ""))
            await self._worked(way, unit)
        else:
            outcome = NoticeState.DUE
            self._failed(way, unit, error)
            await self._put_off(way, unit, notices, error)
        self._metrics.notice_attempts.labels(way.name, outcome).inc()

    async def _put_off(self, way: Way, unit: str, notices: Sequence[NoticeRow], error: ChannelError) -> None:
        """Credentials that are refused say nothing against a notice; all else is given up some day."""
        now, tries = time.time(), 1 + max(notice.tries for notice in notices)
        over = [
            notice
            for notice in notices
            if not isinstance(error, Unauthorized) and retry.give_up(notice.created_at, now, notice.tries + 1)
        ]
        wait = self._breaker(way, unit).wait(time.monotonic()) or retry.delay(tries, first=self._patience.first)
        await self._settle(over, NoticeState.FAILED, str(error))
        await self._settle([one for one in notices if one not in over], NoticeState.DUE, str(error), now + wait)

    async def _worked(self, way: Way, unit: str) -> None:
        """The other side took a notice, or refused just this one; what had failed is tried now."""
        breaker = self._breaker(way, unit)
        if breaker.is_open:
            log.info("units can be told again", way=way.name)
            await kept(lambda: self._store.hasten_notices(way.name, time.time()))
        breaker.succeeded()
        self._show(way)

    def _failed(self, way: Way, unit: str, error: ChannelError) -> None:
        """An outage is logged once."""
        breaker = self._breaker(way, unit)
        was_open = breaker.is_open
        if isinstance(error, Unauthorized):
            breaker.denied(time.monotonic())
        else:
            breaker.failed(time.monotonic(), error.retry_after if isinstance(error, Throttled) else None)
        if breaker.is_open and not was_open:
            log.error("units cannot be told", way=way.name, unit=unit, reason=str(error))
        self._show(way)

    def _show(self, way: Way) -> None:
        is_open = any(breaker.is_open for (name, _), breaker in self._breakers.items() if name == way.name)
        self._metrics.notices_held_back.labels(way.name).set(is_open)

    async def _settle(
        self, notices: Sequence[NoticeRow], state: NoticeState, error: str, due_at: float | None = None
    ) -> None:
        """Until it is on disk: what was sent is not to be sent again."""
        ids = [notice.id for notice in notices]
        if ids:
            await kept(lambda: self._store.settle_notices(ids, state, time.time(), error, due_at))
