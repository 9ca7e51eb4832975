"""What a person says of two reports that the judge was unsure of: they are of one incident, or not. Both is remembered,
and can be taken back."""

import time
from collections.abc import Awaitable, Callable, Sequence

from gateway import cases
from gateway.cases import is_open
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.filing import Rules
from gateway.store.contract import CaseRow, HistoryRow, Link, Settlement, Store

SAME, DIFFERENT, UNDECIDED = "same", "different", "undecided"
EVENT = "told apart"

Join = Callable[[str, str, str, bool, Sequence[Link]], Awaitable[dict[str, object]]]


class Deciding:
    """`join` makes the first case part of the second, `part` undoes that, `settle` refuses what has changed."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        join: Join,
        part: Callable[[str, str], Awaitable[dict[str, object]]],
        settle: Callable[[Settlement], Awaitable[None]],
    ) -> None:
        self._store = store
        self._rules = rules
        self._join = join
        self._part = part
        self._settle = settle

    def verbs(self) -> dict[str, Verb]:
        """What pages and commands may ask for, by name."""
        return {"same": self.same, "different": self.different, "keep": self.keep, "undecide": self.undecide}

    async def same(self, report: str, other: str, actor: str, tell: bool = True) -> dict[str, object]:
        """The younger case lives on within the older, but one that accuses somebody takes in the other."""
        lesser, greater = self._in_order(*self._roots(report, other))
        return await self._join(lesser.code, greater.code, actor, tell, [self._link(SAME, report, other, actor)])

    async def keep(self, report: str, other: str, actor: str) -> dict[str, object]:
        """What is in one case is of one incident, although what was added to one of the reports contradicts that."""
        one, two = self._roots(report, other)
        if one.code != two.code:
            raise OperationRefused(f"{report} and {other} are in two cases by now", "two_cases")
        link = Link(report=report, kind=SAME, other=other, score=0.0, reasons=(), actor=actor, at=time.time())
        await self._settle(Settlement(links=[link]))
        return {"codes": [one.code]}

    async def different(self, report: str, other: str, actor: str) -> dict[str, object]:
        """The two cases are not asked about again, nor joined by the machine."""
        one, two = self._roots(report, other)
        if one.code == two.code:
            raise OperationRefused(f"both reports are in {one.code} by now: part it first", "one_case")
        link = self._link(DIFFERENT, report, other, actor)
        history = [_history(one.code, two.code, actor, link.at), _history(two.code, one.code, actor, link.at)]
        await self._settle(Settlement(links=[link], history=history))
        return {"codes": [one.code, two.code]}

    async def undecide(self, report: str, other: str, actor: str) -> dict[str, object]:
        """Take back what was decided last of these two: what was joined for it is parted."""
        link = self._link(UNDECIDED, report, other, actor)
        one, two = (self._case(name) for name in (report, other))
        joined = next((case for case, by in ((one, two), (two, one)) if case.joined_into == _root(by)), None)
        if joined:
            await self._part(joined.code, actor)
        await self._settle(Settlement(links=[link]))
        return {"codes": [one.code, two.code]}

    def _in_order(self, one: CaseRow, two: CaseRow) -> tuple[CaseRow, CaseRow]:
        accuses = self._rules.book.categories.accuses
        if accuses(one.category) is not accuses(two.category):
            return (two, one) if accuses(one.category) else (one, two)
        return (one, two) if one.opened_at > two.opened_at else (two, one)

    def _roots(self, report: str, other: str) -> tuple[CaseRow, CaseRow]:
        one, two = (self._open(self._case(name)) for name in (report, other))
        return one, two

    def _open(self, case: CaseRow) -> CaseRow:
        root = self._store.case(case.joined_into) if case.joined_into else case
        if root is None or not is_open(root):
            why = f"{_root(case)} is closed by now: move it back to '{cases.Status.MENUNGGU}' first"
            raise OperationRefused(why, "closed")
        return root

    def _case(self, report: str) -> CaseRow:
        found = self._store.case_of(report)
        if found is None:
            raise OperationRefused(f"there is no report {report}")
        return found

    def _link(self, kind: str, report: str, other: str, actor: str) -> Link:
        """With what the judge had said: a pair to learn from."""
        doubt = self._store.doubt(report, other)
        if doubt is None:
            raise OperationRefused(f"the judge was never unsure of {report} and {other}")
        score, reasons = doubt
        return Link(report=report, kind=kind, other=other, score=score, reasons=reasons, actor=actor, at=time.time())


def _root(case: CaseRow) -> str:
    return case.joined_into or case.code


def _history(code: str, other: str, actor: str, at: float) -> HistoryRow:
    return HistoryRow(case=code, at=at, event=EVENT, actor=actor, detail={"code": other})
