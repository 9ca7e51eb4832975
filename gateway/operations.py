"""What people do with cases: move, place, join and part them, and send a reply again. Each is one transaction."""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clocktime
from hashlib import sha256

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway import cases, moving, placing, sorting
from gateway.casestore import choosing
from gateway.channels import Channel
from gateway.errors import OperationRefused
from gateway.filing import MACHINE, Rules, is_public, new_case
from gateway.judging import Judging
from gateway.moving import Wanted
from gateway.store.contract import (
    About,
    CaseChange,
    CaseRow,
    Conflict,
    HistoryRow,
    Link,
    Moved,
    Settlement,
    Store,
)
from gateway.telling import Reporter, Telling

END_OF_DAY = clocktime(23, 59, 59)
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Operations:
    """Callers that share a running gateway hold the judge's turn. All refuse with `OperationRefused`."""

    def __init__(self, store: Store, judging: Judging, rules: Rules, channels: dict[str, Channel]) -> None:
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._telling = Telling(rules, channels)

    def verbs(self) -> dict[str, Callable[..., Awaitable[object]]]:
        """What commands may ask for, by name."""
        return {
            "move": self.move,
            "place": self.place,
            "join": self.join,
            "part": self.part,
            "category": self.category,
            "resend": self.resend,
        }

    async def move(
        self,
        code: str,
        status: str,
        actor: str,
        unit: str | None = None,
        note: str | None = None,
        proof: bytes | None = None,
        estimate: str | None = None,
        reason: str | None = None,
        force: bool = False,
    ) -> dict[str, object]:
        """Move a case (or the one it was joined into) and tell its reporters. Says which others had this proof.
        `estimate` is the day by whose end it is expected to be done, as in 2026-12-31."""
        case = self.root(code)
        digest = sha256(proof).hexdigest() if proof else None
        wanted = Wanted(
            status=status,
            unit=unit,
            note=note,
            proof=digest,
            estimate_at=self._end_of(estimate) if estimate else None,
            reason=reason,
            force=force,
        )
        family = self._store.joined_into(case.code)
        reporters = self._reporters([case, *family])
        settlement = self._moved(case, family, reporters, wanted, actor)
        reused = [other for other in self._store.proven_by(digest) if other != case.code] if digest else []
        if proof:
            await self._store.keep(proof)
        await self._settle(settlement)
        await indexed(self._judging, reporters, is_open=cases.Status(status) not in cases.CLOSED)
        return {"code": case.code, "status": status, "told": len(settlement.replies), "proof_also_in": reused}

    def _moved(
        self, case: CaseRow, family: Sequence[CaseRow], reporters: Sequence[Reporter], wanted: Wanted, actor: str
    ) -> Settlement:
        try:
            return moving.settlement(
                case,
                family,
                reporters,
                wanted,
                actor=actor,
                now=time.time(),
                rules=self._rules,
                telling=self._telling,
            )
        except cases.MoveRefused as refusal:
            raise OperationRefused(str(refusal)) from None

    def _end_of(self, day: str) -> float:
        try:
            return datetime.combine(date.fromisoformat(day), END_OF_DAY, self._rules.clock.zone).timestamp()
        except ValueError:
            raise OperationRefused(f"'{day}' is no date: write it as 2026-12-31") from None

    async def place(self, code: str, area: str, actor: str, why: str) -> dict[str, object]:
        """Give a case (or the one it was joined into) its area, which may hand it to that area's unit."""
        case = self.root(code)
        family = [case, *self._store.joined_into(case.code)]
        try:
            settlement = placing.settlement(case, area, self._reporters(family), actor, why, time.time(), self._rules)
        except placing.PlaceRefused as refusal:
            raise OperationRefused(str(refusal)) from None
        await self._settle(settlement)
        unit = settlement.changes[0].unit
        return {"code": case.code, "area": area, "name": settlement.history[0].detail["name"], "unit": unit}

    async def join(self, code: str, into: str, actor: str, tell: bool = True) -> dict[str, object]:
        """Make two cases one: the first lives on within the second, and both codes go on working."""
        lesser, greater = self.root(code), self.root(into)
        if lesser.code == greater.code:
            raise OperationRefused(f"{code} and {into} are one case already")
        if not (cases.is_open(lesser) and cases.is_open(greater)):
            raise OperationRefused("only open cases can be joined: move the closed one back to 'menunggu' first")
        accuses = self._rules.book.categories.accuses
        if accuses(lesser.category) and not accuses(greater.category):
            raise OperationRefused(f"{lesser.code} accuses an official: join {greater.code} into it instead")
        now = time.time()
        family = [lesser, *self._store.joined_into(lesser.code)]
        reporters = self._reporters(family) if tell else []
        settlement = Settlement(
            changes=[_change(one, joined_into=greater.code) for one in family],
            confidential=[greater.code] if self._rules.book.categories.violates(greater.category) else [],
            history=[
                _history(lesser.code, now, "joined", actor, {"into": greater.code, "unit": greater.unit or ""}),
                _history(greater.code, now, "joined", actor, {"with": lesser.code}),
            ],
            replies=self._telling.replies(reporters, now, "cases_joined", lesser, other=greater.code),
        )
        await self._settle(settlement)
        return {"code": lesser.code, "joined_into": greater.code, "told": len(settlement.replies)}

    async def category(self, code: str, category: str, why: str, actor: str) -> dict[str, object]:
        """Say what a case (or the one it was joined into) is about: it is timed and routed by that."""
        case = self.root(code)
        reporters = self._reporters([case])
        try:
            settlement = sorting.settlement(
                case, reporters, category, why, actor=actor, now=time.time(), rules=self._rules
            )
        except cases.MoveRefused as refusal:
            raise OperationRefused(str(refusal)) from None
        await self._settle(settlement)
        unit = settlement.changes[0].unit or ""
        return {"code": case.code, "category": category, "unit": unit, "moved": unit != (case.unit or "")}

    async def part(self, code: str, actor: str, report: str | None = None) -> dict[str, object]:
        """Undo a join; or, with `report`, give one report of a case a case of its own, with a new code."""
        case = self.find(code)
        if report is not None:
            return await self._part_report(case, report, actor)
        if not case.joined_into:
            known = ", ".join(row.report.id for row, _ in self._store.reporters(case.code))
            raise OperationRefused(f"{code} is not joined into another case; to part one of its reports: {known}")
        now = time.time()
        settlement = Settlement(
            changes=[_change(case, joined_into="")],
            history=[
                _history(case.code, now, "parted", actor, {"from": case.joined_into}),
                _history(case.joined_into, now, "parted", actor, {"code": case.code}),
            ],
        )
        await self._settle(settlement)
        return {"code": case.code, "parted_from": case.joined_into}

    async def _part_report(self, case: CaseRow, report: str, actor: str) -> dict[str, object]:
        reporters = self._store.reporters(case.code)
        row, contact = next((pair for pair in reporters if pair[0].report.id == report), (None, None))
        if row is None:
            raise OperationRefused(f"{case.code} has no report {report}")
        if len(reporters) == 1:
            raise OperationRefused(f"{report} is the only report of {case.code}")
        now = time.time()
        new, why = new_case(self._rules, row.masked or row.report, case.opened_at)
        pin = cases.new_pin() if contact and not is_public(row.report) else None
        told = {"old": case.code, "new": new.code} | ({"pin": pin} if pin else {})
        settlement = Settlement(
            cases=[new],
            filings=choosing.due(self._rules.case_stores, new, row.report, now),
            moved=[Moved(report, new.code, cases.pin_hash(self._rules.key, report, pin) if pin else None)],
            links=[_parted(report, reporters[0][0].report.id, actor, now)],
            history=[
                _history(case.code, now, "parted", actor, {"report": report, "code": new.code}),
                _history(new.code, now, "opened", actor, {"report": report, "parted_from": case.code, **why}),
            ],
            notices=self._rules.noticing.rows(new, About.NEW, now),
            replies=self._telling.replies([(row, contact)], now, "parted" if pin else "parted_public", new, **told),
        )
        await self._settle(settlement)
        await indexed(self._judging, [(row, contact)], is_open=True)
        return {"code": new.code, "parted_from": case.code, "told": len(settlement.replies)}

    async def join_found(self, code: str, into: str, tell: bool) -> None:
        """What the sweep found to be one incident; if somebody was faster, that is as good."""
        try:
            await self.join(code, into, MACHINE, tell)
        except OperationRefused:
            return

    async def resend(self, reply: str) -> dict[str, object]:
        """Make a reply due again. One that was kept stays so while its channel has no way out."""
        name = self._store.channel_of(reply)
        channel = self._channels.get(name or "")
        if name and not channel:
            raise OperationRefused(f"the channel {name} is not in the settings: put it back into them first")
        if channel and not channel.can_send:
            raise OperationRefused(f"the channel {name} has no way out: give it one in the settings first")
        try:
            await self._store.settle(Settlement(resent=[reply]))
        except Conflict:
            raise OperationRefused(
                f"there is no reply {reply} that waits, failed, was kept, or may not have been sent"
            ) from None
        return {"reply": reply}

    def find(self, code: str) -> CaseRow:
        """By its code, or by the number that a case store gave it."""
        case = self._store.case(_canonical(code, self._rules.code_prefix))
        found = [case] if case else self._store.numbered(code)
        if len(found) > 1:
            raise OperationRefused(f"{code} may be any of {', '.join(one.code for one in found)}: say which")
        if not found:
            raise OperationRefused(f"there is no case {code}")
        return found[0]

    def root(self, code: str) -> CaseRow:
        """The case that this code stands for now."""
        case = self.find(code)
        while case.joined_into:
            case = self.find(case.joined_into)
        return case

    async def _settle(self, settlement: Settlement) -> None:
        try:
            await self._store.settle(settlement)
        except Conflict:
            raise OperationRefused("somebody else changed the case just now: look at it again") from None

    def _reporters(self, family: Iterable[CaseRow]) -> list[Reporter]:
        return [reporter for case in family for reporter in self._store.reporters(case.code)]


async def indexed(judging: Judging, reporters: Sequence[Reporter], is_open: bool) -> None:
    """What is open is compared with what comes in; what is closed is not any more."""
    if is_open:
        await judging.change(opened=list(_compared(reporters)))
    else:
        await judging.change(closed=[row.report.id for row, _ in reporters])


def _compared(reporters: Iterable[Reporter]) -> Iterator[Fingerprint]:
    for row, _ in reporters:
        with suppress(msgspec.DecodeError):  # the disk damaged it
            yield _fingerprint.decode(row.fingerprint)


def _canonical(code: str, prefix: str) -> str:
    found = cases.codes_in(code, prefix)
    return found[0] if found else code.strip().upper()


def _change(case: CaseRow, *, joined_into: str) -> CaseChange:
    return CaseChange(code=case.code, expected=case.status, joined_into=joined_into)


def _history(case: str, at: float, event: str, actor: str, detail: dict[str, str]) -> HistoryRow:
    return HistoryRow(case=case, at=at, event=event, actor=actor, detail=detail)


def _parted(report: str, other: str, actor: str, at: float) -> Link:
    return Link(report=report, kind="parted", other=other, score=0.0, reasons=(), actor=actor, at=at)
