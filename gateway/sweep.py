"""Has judged again what was filed while the judge was not there, or has changed since."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Kind, Verdict
from gateway.judging import Judging
from gateway.store.contract import Judged, Link, OpenReport, Settlement, Store

AT_ONCE = 32
PAUSE_SECONDS = 2.0

log = structlog.get_logger()
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Sweep:
    """`join(code, into, tell)` makes two cases one."""

    def __init__(self, store: Store, judging: Judging, join: Callable[[str, str, bool], Awaitable[None]]) -> None:
        self._store = store
        self._judging = judging
        self._join_cases = join

    async def run(self) -> None:
        while True:
            more = self._judging.loaded and await self.judge_some()
            await asyncio.sleep(0 if more else PAUSE_SECONDS)

    async def judge_some(self) -> bool:
        """Judge some of the reports that were never compared as they are now; whether any was."""
        async with self._judging.turn:
            found = self._store.unjudged(AT_ONCE)
            judged = False
            for one in found:
                judged = await self._judge(one) or judged
                await asyncio.sleep(0)
            return judged

    async def _judge(self, one: OpenReport) -> bool:
        """What proves to be of an open case joins it; both codes go on working."""
        try:
            compared = _fingerprint.decode(one.fingerprint)
        except msgspec.DecodeError:
            log.error("a report is damaged on the disk: it is compared with no other", report=one.report)
            await self._store.settle(Settlement(judged=[Judged(one.report, one.version)]))
            return True
        [verdict] = await self._judging.verdicts([compared])
        await self._judging.commit()
        if not self._judging.judged:
            return False
        settlement = Settlement(judged=[Judged(one.report, one.version)])
        if verdict.kind is not Kind.NEW:
            settlement.links.append(
                Link(
                    report=one.report,
                    kind=verdict.kind,
                    other=verdict.same_as,
                    score=verdict.score,
                    reasons=verdict.reasons,
                    actor="kanal",
                    at=time.time(),
                )
            )
        if verdict.kind in {Kind.SAME, Kind.AGAIN, Kind.RETRY} and not self._were_parted(one.report, verdict.same_as):
            await self._join(one, verdict)
        await self._store.settle(settlement)
        return True

    def _were_parted(self, report: str, other: str | None) -> bool:
        """Did anybody say that one of them is of another incident, or that they are of two?"""
        return other is not None and (
            self._store.was_parted(report) or self._store.was_parted(other) or self._store.told_apart(report, other)
        )

    async def _join(self, one: OpenReport, verdict: Verdict) -> None:
        """The younger case lives on within the older."""
        found = [self._store.case_of(report) for report in (one.report, verdict.same_as or "")]
        older, *younger = sorted(filter(None, found), key=lambda case: case.opened_at)
        for case in younger:
            await self._join_cases(case.code, older.code, verdict.kind is Kind.SAME)
