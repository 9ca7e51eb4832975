"""What a person says of a message that may be no report: it is one after all, or it is what the triage took it for.

Nothing is deleted: what is no report is closed without a word to its sender, and can be taken back.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from gateway.cases import Status, is_open
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.filing import Rules
from gateway.reminding import next_look
from gateway.store.contract import (
    About,
    CaseChange,
    CaseRow,
    Conflict,
    HistoryRow,
    Settlement,
    Sorted,
    Store,
)
from gateway.store.listing import DOUBTS, NOISE
from gateway.telling import Reporter
from normalizer.report import Kind

EVENT = "sorted"
SORTS = (*Kind, *DOUBTS)

Index = Callable[[Sequence[Reporter], bool], Awaitable[None]]


class Triaging:
    """`index(reporters, is_open)` has reports compared with what comes in, or not any more. Callers that share a
    running gateway hold the judge's turn. All refuse with `OperationRefused`."""

    def __init__(self, store: Store, rules: Rules, index: Index) -> None:
        self._store = store
        self._rules = rules
        self._index = index

    def verbs(self) -> dict[str, Verb]:
        """What pages and commands may ask for, by name."""
        return {"sort": self.sort, "unsort": self.unsort}

    async def sort(self, codes: list[str], sort: str, actor: str) -> dict[str, object]:
        """`sort` is a code of `normalizer.report.Kind`, or a doubt such as "spam". A report gets its clock from now on,
        and its unit is told; a question stays open for an answer; all else is closed. Done for all of them or none."""
        if sort not in SORTS:
            raise OperationRefused(f"'{sort}' is none of {', '.join(SORTS)}")
        now = time.time()
        found = [self._waiting(code) for code in codes]
        settlement = Settlement(
            sorted=[Sorted(case.code, sort) for case in found],
            changes=[self._change(case, sort, now) for case in found if sort != Kind.QUESTION],
            history=[_history(case, sort, actor, now) for case in found],
        )
        if sort == Kind.REPORT:
            settlement.notices = [row for case in found for row in self._rules.noticing.rows(case, About.NEW, now)]
        await self._settle(settlement)
        if sort not in {Kind.REPORT, Kind.QUESTION}:
            await self._index(self._reporters(found), False)
        return {"codes": [case.code for case in found], "sort": sort}

    async def unsort(self, codes: list[str], actor: str) -> dict[str, object]:
        """They wait to be sorted again; what was closed for it is open as before."""
        now = time.time()
        found = [self._sorted(code) for code in codes]
        closed = [case for case in found if not is_open(case)]
        await self._settle(
            Settlement(
                sorted=[Sorted(case.code, "") for case in found],
                changes=[self._reopened(case, now) for case in closed],
                history=[_history(case, "", actor, now) for case in found],
            )
        )
        await self._index(self._reporters(closed), True)
        return {"codes": [case.code for case in found]}

    def _change(self, case: CaseRow, sort: str, now: float) -> CaseChange:
        if sort != Kind.REPORT:
            done = Status.DITOLAK if sort in NOISE else Status.SELESAI
            return CaseChange(code=case.code, expected=case.status, status=done, closed_at=now, remind_at=0.0)
        by = self._rules.clock.deadlines(now, case.category)
        new = replace(case, due_at=by.done, coordinate_by=by.coordinate, act_by=by.act, last_by=by.last)
        return CaseChange(
            code=case.code,
            expected=case.status,
            due_at=new.due_at,
            coordinate_by=new.coordinate_by,
            act_by=new.act_by,
            last_by=new.last_by,
            counted_from=now,
            remind_at=next_look(new, self._rules.clock, now) or 0.0,
        )

    def _reopened(self, case: CaseRow, now: float) -> CaseChange:
        look = next_look(replace(case, status=Status.MENUNGGU, closed_at=None), self._rules.clock, now)
        return CaseChange(
            code=case.code, expected=case.status, status=Status.MENUNGGU, closed_at=0.0, remind_at=look or 0.0
        )

    def _waiting(self, code: str) -> CaseRow:
        """One that nobody has begun to work on."""
        case = self._find(code)
        if case.status != Status.MENUNGGU or case.joined_into:
            raise OperationRefused(f"{code} is worked on already: look at it first", "begun")
        return case

    def _sorted(self, code: str) -> CaseRow:
        """One to which nothing was done since it was sorted."""
        done = [row for row in self._store.history(code) if row.event in {EVENT, "moved"}]
        if not done or done[-1].event != EVENT or not done[-1].detail["as"]:
            raise OperationRefused(f"{code} was not just sorted: look at it first", "not_sorted")
        return self._find(code)

    def _find(self, code: str) -> CaseRow:
        case = self._store.case(code)
        if case is None:
            raise OperationRefused(f"there is no case {code}")
        return case

    def _reporters(self, found: Sequence[CaseRow]) -> list[Reporter]:
        return [reporter for case in found for reporter in self._store.reporters(case.code)]

    async def _settle(self, settlement: Settlement) -> None:
        try:
            await self._store.settle(settlement)
        except Conflict:
            raise OperationRefused("somebody else changed one of them just now: look again", "changed") from None


def _history(case: CaseRow, sort: str, actor: str, now: float) -> HistoryRow:
    return HistoryRow(case=case.code, at=now, event=EVENT, actor=actor, detail={"as": sort})
