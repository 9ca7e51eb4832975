"""News of outside case stores become moves of our cases, and their reporters are told.

News are on disk before anything is done with them, or said to whoever brought them. What came before is not taken
twice; what is older than what was taken over before is only noted.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from datetime import time as clocktime
from hashlib import sha256

import msgspec
import structlog

from adapters import NotAccepted
from gateway import cases, hearing, moving, retry
from gateway.casestore.contract import CaseStoreError, News
from gateway.channels import Channel
from gateway.describe import describe
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.moving import Wanted
from gateway.operations import indexed
from gateway.rating import Rating
from gateway.store.contract import BadRow, CaseRow, Conflict, Heard, HistoryRow, Settlement, StoreUnavailable
from gateway.store.filings import NewsRow, WholeStore
from gateway.stores import Outside
from gateway.telling import Reporter, Telling
from normalizer.persons.masking import mask

AT_ONCE = 64
MOST_PAGES = 50
MOST_TRIES = 3
ASK_SECONDS = 60.0
LONGEST_SECONDS = 600.0
DAY = 86_400.0
#: So long news wait for a case that nobody knows.
UNKNOWN_DAYS = 90
#: In a move's history, where an outside case store told of it.
HAPPENED_AT = "happened at"
END_OF_DAY = clocktime(23, 59, 59)

log = structlog.get_logger()


class Following:
    """One loop for each case store; `replied(channels)` is told which channels have new replies."""

    def __init__(
        self,
        store: WholeStore,
        judging: Judging,
        rules: Rules,
        channels: dict[str, Channel],
        stores: dict[str, Outside],
        replied: Callable[[Iterable[str]], None],
        attempts: Attempts,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._stores = stores
        self._replied = replied
        self._telling = Telling(rules, channels, store)
        self._rating = Rating(store, rules, channels, self._telling, attempts, metrics)
        self._news = {name: asyncio.Event() for name in stores}
        self._failures = dict.fromkeys(stores, 0)
        self._stopping = False

    def stop(self) -> None:
        self._stopping = True
        for event in self._news.values():
            event.set()

    async def take(self, name: str, news: Sequence[News]) -> None:
        """Keep news that a case store brought by itself; returns when they are on disk. Raises `NotAccepted`, or
        `BadRow` where none of them ever can be."""
        try:
            kept = await hearing.keep(self._store, name, news, None)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        if news and not kept:
            raise BadRow("of these news none can be kept")
        if name in self._news:
            self._news[name].set()

    async def run(self, name: str) -> None:
        """Ask for news and take them over until stopped."""
        asked_at = forgot_at = -DAY
        while not self._stopping:
            self._news[name].clear()
            if time.monotonic() - asked_at >= self._pause(name):
                await self._ask(self._stores[name])
                asked_at = time.monotonic()
            await self.take_over(name)
            if time.monotonic() - forgot_at >= DAY:
                await self._store.forget_news(time.time() - UNKNOWN_DAYS * DAY)
                forgot_at = time.monotonic()
            await self._rest(name)

    async def _rest(self, name: str) -> None:
        """What waited for a number is due without anybody being told."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(self._pause(name), 1.0)):
                await self._news[name].wait()

    def _pause(self, name: str) -> float:
        failures, settings = self._failures[name], self._stores[name].settings
        if not failures:
            return settings.poll_seconds
        return retry.delay(failures, first=settings.retry_seconds, longest=LONGEST_SECONDS)

    async def _ask(self, outside: Outside) -> None:
        """An outage is logged once and its end once."""
        try:
            await self._ask_all(outside)
            problem = ""
        except CaseStoreError as error:
            problem = str(error)
        except TimeoutError:
            problem = f"it did not answer within {ASK_SECONDS:g} seconds"
        except Exception as error:
            problem = describe(error)
        before = self._failures[outside.name]
        if problem and not before:
            log.error("a case store tells no news", store=outside.name, reason=problem)
        if before and not problem:
            log.info("a case store tells news again", store=outside.name)
        self._failures[outside.name] = before + 1 if problem else 0

    async def _ask_all(self, outside: Outside) -> None:
        """Page by page; where to go on is kept with what came before it."""
        for _ in range(MOST_PAGES):
            cursor = self._store.news_cursor(outside.name)
            async with asyncio.timeout(ASK_SECONDS):
                news, following = await outside.client.news(cursor)
            if news or following != cursor:
                await hearing.keep(self._store, outside.name, news, following)
            if not news or following == cursor:
                return

    async def take_over(self, name: str) -> None:
        """All that wait, in the order in which they came."""
        while rows := await self._store.due_news(name, AT_ONCE):
            unknown = [row.seq for row in rows if not await self._guarded(name, row)]
            if unknown:
                await self._store.set_news_aside(unknown)

    async def _guarded(self, name: str, row: NewsRow) -> bool:
        """What cannot be taken over stays aside, and stops nothing that came after it."""
        try:
            return await self._taken(name, row)
        except StoreUnavailable:
            raise
        except Exception as error:
            log.error("news could not be taken over and are set aside", store=name, error=describe(error))
            return False

    async def _taken(self, name: str, row: NewsRow) -> bool:
        """False if nobody knows the case."""
        for _ in range(MOST_TRIES):
            try:
                async with self._judging.turn:
                    return await self._take(name, row)
            except Conflict:
                continue
        raise Conflict("news meet a case that changes all the time")

    async def _take(self, name: str, row: NewsRow) -> bool:
        """All that they lead to is one transaction, also where the outside made one case of several of ours."""
        found = self._cases(name, row.news)
        if not found:
            return False
        if row.news.proof:
            await self._store.keep(row.news.proof)
        whole = Settlement(told_by=name)
        for case in {root.code: root for root in map(self._root, found)}.values():
            is_late = self._is_late(name, row.news, found) or self._is_overtaken(name, row.news, case)
            self._follow(name, row, case, is_late, whole)
        whole.heard = [Heard(row.seq, name, case.code, _stamp(row.news)) for case in found]
        await self._store.settle(whole)
        await self._index(whole)
        self._replied({reply.channel for reply in whole.replies})
        return True

    def _cases(self, name: str, news: News) -> list[CaseRow]:
        """Those that have the number there, else the one that has our code, if it was ever filed there."""
        found = self._store.numbered(news.number, name) if news.number else []
        if not found and news.code and self._store.filed_in(name, news.code):
            found = [case] if (case := self._store.case(news.code)) else []
        return found

    def _is_late(self, name: str, news: News, found: Sequence[CaseRow]) -> bool:
        """Is something newer known of them?"""
        stamps = [self._store.stamp(name, case.code) for case in found]
        return any(newest is not None and _stamp(news) < newest for newest in stamps)

    def _is_overtaken(self, name: str, news: News, case: CaseRow) -> bool:
        """Was the case moved since by somebody else: an officer, or another case store?"""
        return any(news.at.timestamp() < _moved_at(move) for move in self._store.moves_beside(name, case.code))

    def _follow(self, name: str, row: NewsRow, case: CaseRow, is_late: bool, whole: Settlement) -> None:
        now = time.time()
        found = None if is_late else self._moved(name, row.news, case, now)
        if found is None:
            whole.history.append(_noted(name, case, row.news, now, is_late))
            return
        whole.add(found)

    def _moved(self, name: str, news: News, case: CaseRow, now: float) -> Settlement | None:
        """None if they say nothing new of the case. A unit that may not have it does not get it; the rest holds."""
        family = self._store.joined_into(case.code)
        reporters = self._reporters([case, *family])
        wanted = self._wanted(case, news)
        for one in (wanted, msgspec.structs.replace(wanted, unit=None)):
            with contextlib.suppress(cases.MoveRefused):
                found = moving.settlement(
                    case,
                    family,
                    reporters,
                    one,
                    actor=name,
                    now=now,
                    rules=self._rules,
                    telling=self._telling,
                )
                if one.status == cases.Status.SELESAI:
                    self._rating.add(found, reporters, now)
                return _dated(found, news.at)
        return None

    async def _index(self, whole: Settlement) -> None:
        for change in whole.changes:
            is_open = cases.Status(change.status or change.expected) not in cases.CLOSED
            await indexed(self._judging, self._store.reporters(change.code), is_open)

    def _reporters(self, family: Sequence[CaseRow]) -> list[Reporter]:
        return [one for case in family for one in self._store.reporters(case.code)]

    def _wanted(self, case: CaseRow, news: News) -> Wanted:
        """What is said beside an estimate is its reason, and so told once."""
        day, zone = news.estimate, self._rules.clock.zone
        return Wanted(
            status=news.status or case.status,
            unit=news.unit,
            note=None if day else news.note,
            proof=sha256(news.proof).hexdigest() if news.proof else None,
            estimate_at=datetime.combine(day, END_OF_DAY, zone).timestamp() if day else None,
            reason=news.note if day else None,
            outside=True,
        )

    def _root(self, case: CaseRow) -> CaseRow:
        while case.joined_into and (into := self._store.case(case.joined_into)):
            case = into
        return case


def _stamp(news: News) -> float:
    return float(news.order) if news.order is not None else news.at.timestamp()


def _dated(found: Settlement, at: datetime) -> Settlement:
    """Its moves say when they happened, which may be long before they were heard of."""
    found.history = [
        msgspec.structs.replace(row, detail=row.detail | {HAPPENED_AT: at.isoformat()}) for row in found.history
    ]
    return found


def _moved_at(move: HistoryRow) -> float:
    told = move.detail.get(HAPPENED_AT)
    return datetime.fromisoformat(told).timestamp() if told else move.at


def _noted(name: str, case: CaseRow, news: News, now: float, is_late: bool) -> HistoryRow:
    """What does not change the case stands in its history all the same."""
    told = {
        "status": news.status,
        "unit": news.unit,
        "note": mask(news.note) if news.note else None,
        "late": "newer news came before" if is_late else None,
    }
    detail = {key: value for key, value in told.items() if value}
    return HistoryRow(case=case.code, at=now, event="news", actor=name, detail=detail)
