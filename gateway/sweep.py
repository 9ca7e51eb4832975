"""Has judged again what was filed while the judge was not there, or has changed since."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec
import structlog

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import NEW, Kind, Verdict
from gateway import cases, clusters
from gateway.families import AFTER_CLOSING, JOINS, MISFIT, closed_lately, readable, root_of_report
from gateway.filing import MACHINE
from gateway.judgeorders import Ruling
from gateway.judging import Judging
from gateway.store.contract import CaseRow, Judged, Link, OpenReport, Settlement, Store

AT_ONCE = 32
PAUSE_SECONDS = 2.0
#: So many other cases a person is asked about for one report.
MOST_DOUBTS = 3
#: What comes in waits no longer than that for another's judge that is slow.
ROUND_SECONDS = 1.0

log = structlog.get_logger()
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Sweep:
    """`join(code, into, tell)` makes two cases one. `closed_days`: for so long what is alike is linked with a case that
    was closed."""

    def __init__(
        self,
        store: Store,
        judging: Judging,
        join: Callable[[str, str, bool], Awaitable[None]],
        closed_days: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._judging = judging
        self._join_cases = join
        self._closed_days = closed_days

    async def run(self) -> None:
        while True:
            more = self._judging.loaded and await self.judge_some()
            await asyncio.sleep(0 if more else PAUSE_SECONDS)

    async def judge_some(self) -> bool:
        """Judge some of the reports that were never compared as they are now; whether any was."""
        async with self._judging.turn:
            until, judged = time.monotonic() + ROUND_SECONDS, False
            for one in self._store.unjudged(AT_ONCE):
                judged = await self._judge(one) or judged
                await asyncio.sleep(0)
                if time.monotonic() > until:
                    break
            return judged

    async def _judge(self, one: OpenReport) -> bool:
        """What proves to be of an open case joins it; both codes go on working."""
        settlement = Settlement(judged=[Judged(one.report, one.version)])
        try:
            compared = _fingerprint.decode(one.fingerprint)
        except msgspec.DecodeError:
            log.error("a report is damaged on the disk: it is compared with no other", report=one.report)
            await self._store.settle(settlement)
            return True
        case = self._root(one.report)
        if case is None or not cases.is_open(case):  # it is compared with nothing while it is closed
            await self._store.settle(settlement)
            return True
        [ruling] = await self._judging.rulings([compared])
        await self._judging.commit()
        if not self._judging.judged:
            return False
        if misfit := self._misfit(one, compared):
            settlement.links.append(misfit)
        else:
            settlement.links += await self._put(one, ruling)
        await self._store.settle(settlement)
        return True

    async def _put(self, one: OpenReport, ruling: Ruling) -> list[Link]:
        """Join the cases that it proves to be of; the links, of those that a person is asked about the best last."""
        joined: list[Link] = []
        doubts: list[tuple[str, Verdict]] = []
        for found, other in self._elsewhere(one, ruling):
            if self._store.told_apart(one.report, found.same_as or ""):
                continue
            if found.kind in JOINS and await self._join(one, found):
                joined.append(_link(one.report, found))
            elif other.code not in {code for code, _ in doubts} and self._is_news(one.report, found):
                doubts.append((other.code, found))
        asked = [found for _, found in doubts if found.kind in JOINS or not joined][:MOST_DOUBTS]
        said = [_link(one.report, found, Kind.UNSURE) for found in reversed(asked)]
        return [*self._after_closing(one, ruling, bool(joined)), *said, *joined]

    def _elsewhere(self, one: OpenReport, ruling: Ruling) -> Iterator[tuple[Verdict, CaseRow]]:
        """What is said of reports in other open cases, as they stand when it is their turn."""
        for found in (ruling.verdict, *ruling.others):
            own, other = self._root(one.report), self._root(found.same_as or "")
            if own and other and own.code != other.code and cases.is_open(own) and cases.is_open(other):
                yield found, other

    def _is_news(self, report: str, found: Verdict) -> bool:
        """Was just that not asked before?"""
        return self._store.doubt(report, found.same_as or "") != (found.score, found.reasons)

    async def _join(self, one: OpenReport, found: Verdict) -> bool:
        """The younger case lives on within the older, unless one of the reports was parted by hand before, or their
        cases hold together by themselves and contradict each other."""
        own, other = self._root(one.report), self._root(found.same_as or "")
        if own is None or other is None or any(map(self._store.was_parted, (one.report, found.same_as or ""))):
            return False
        if not clusters.may_unite(self._reports(own), self._reports(other)):
            return False
        older, younger = sorted((own, other), key=lambda case: (case.opened_at, case.code))
        await self._join_cases(younger.code, older.code, found.kind is Kind.SAME)
        now = [case and case.code for case in map(self._root, (one.report, found.same_as or ""))]
        return now == [older.code, older.code]

    def _misfit(self, one: OpenReport, compared: Fingerprint) -> Link | None:
        """Where what was added to a report contradicts the one that it was put together with, a person looks: it may
        not be of this case any more."""
        pair = self._store.put_with(one.report) if one.version > 1 else None
        case = self._root(one.report)
        if pair is None or case is None:
            return None
        known = {found.report: found for found in self._reports(case)}
        other = known.get(pair[1] if pair[0] == one.report else pair[0])
        if other is None or not clusters.conflict(compared, other) or clusters.fits(compared, known.values()):
            return None
        return _link(pair[0], msgspec.structs.replace(NEW, same_as=pair[1]), MISFIT)

    def _after_closing(self, one: OpenReport, ruling: Ruling, joined: bool) -> Iterator[Link]:
        found, own = ruling.closed, self._root(one.report)
        if found is None or own is None or joined or len(self._store.compared(own.code)) > 1:
            return
        if closed_lately(self._store, found, self._closed_days(), time.time(), opened_at=own.opened_at):
            yield _link(one.report, found, AFTER_CLOSING)

    def _root(self, report: str) -> CaseRow | None:
        return root_of_report(self._store, report)

    def _reports(self, case: CaseRow) -> Sequence[Fingerprint]:
        return readable(self._store.compared(case.code))


def _link(report: str, verdict: Verdict, kind: str = "") -> Link:
    return Link(
        report=report,
        kind=kind or verdict.kind,
        other=verdict.same_as,
        score=verdict.score,
        reasons=verdict.reasons,
        actor=MACHINE,
        at=time.time(),
    )
