"""What people do with cases: move, place, join and part them, and send a reply again; with `gateway.talkorders`, what
they do with talks. Each is one transaction."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clocktime
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway import cases, disputing, families, moving, placing, sorting, uniting
from gateway.acknowledging import is_waiting
from gateway.cases import Status
from gateway.channels import Channel
from gateway.control import Verb
from gateway.deciding import Deciding
from gateway.errors import OperationRefused
from gateway.filing import MACHINE, Rules
from gateway.foreseeing import foreseen
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.moving import Wanted
from gateway.rating import Rating
from gateway.store.contract import (
    CaseRow,
    Conflict,
    Link,
    ReplyState,
    Settlement,
)
from gateway.store.filings import WholeStore
from gateway.store.images import As, Seen
from gateway.talkorders import TalkOrders
from gateway.teamwork import Teamwork, changes
from gateway.telling import Reporter, Telling
from gateway.triaging import Triaging

END_OF_DAY = clocktime(23, 59, 59)
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Operations:
    """Callers that share a running gateway hold the judge's turn. All refuse with `OperationRefused`."""

    def __init__(
        self,
        store: WholeStore,
        judging: Judging,
        rules: Rules,
        channels: dict[str, Channel],
        attempts: Attempts,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channels = channels
        self._telling = Telling(rules, channels, store)
        self._talks = TalkOrders(store, rules, channels)
        self._team = Teamwork(store, self.root)
        self._triaging = Triaging(store, rules, partial(indexed, judging))
        self._deciding = Deciding(store, rules, self._join_as, self._unjoin, self._settle)
        self._rating = Rating(store, rules, channels, self._telling, attempts, metrics)

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        of_cases: dict[str, Verb] = {
            "move": self.move,
            "place": self.place,
            "join": self.join,
            "part": self.part,
            "reopen": self.reopen,
            "category": self.category,
            "dispute": self.dispute,
            "resend": self.resend,
            "foresee": self.foresee,
        }
        return of_cases | self._deciding.verbs() | self._triaging.verbs() | self._talks.verbs() | self._team.verbs()

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
        image: str | None = None,
    ) -> dict[str, object]:
        """Move a case (or the one it was joined into) and tell its reporters. Says which others had this proof, and in
        which a citizen had sent it, as far as `image` tells: what it shows, if somebody has looked (see
        `gateway.proofs`). `estimate` is the day by whose end it is expected to be done, as in 2026-12-31."""
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
        case, reporters, settlement = self._moving(code, wanted, actor)
        told = _told(settlement)
        if status == Status.SELESAI:
            self._rating.add(settlement, reporters, time.time())
        seen = self._store.seen_elsewhere(digest, image or "", case.code) if digest else []
        if proof:
            await self._store.keep(proof)
        await self._settle(settlement)
        await indexed(self._judging, reporters, is_open=cases.Status(status) not in cases.CLOSED)
        if digest and image is not None:
            await self._store.know_proof(digest, image)
        return {"code": case.code, "status": status, **told, **_seen(seen)}

    def _moving(self, code: str, wanted: Wanted, actor: str) -> tuple[CaseRow, list[Reporter], Settlement]:
        case = self.root(code)
        family = self._store.joined_into(case.code)
        reporters = self._reporters([case, *family])
        try:
            settlement = moving.settlement(
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
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None
        return case, reporters, settlement

    async def foresee(self, act: str, code: str, actor: str, **values: Any) -> list[dict[str, object]]:
        """What citizens would be told by a "move", "join" or "part" of a report, which is not done: for each text, on
        which channel, to how many, and when it would leave. A `proof` is here only whether there is one. Refused as
        the act itself would be."""
        new = ""
        match act:
            case "move":
                estimate, proof = values.pop("estimate", None), values.pop("proof", False)
                estimate_at = self._end_of(estimate) if estimate else None
                wanted = Wanted(**values, estimate_at=estimate_at, proof="given" if proof else None)
                _, reporters, settlement = self._moving(code, wanted, actor)
                if wanted.status == Status.SELESAI:
                    self._rating.add(settlement, reporters, time.time())
            case "join":
                _, _, settlement = self._joining(code, values["into"], actor)
            case "part":
                parted, settlement = self._parting(self.find(code), values["report"], actor)
                new = parted.code
            case _:
                raise OperationRefused(f"nothing is foreseen of '{act}'")
        return [one.shown() for one in foreseen(settlement.replies, new)]

    def refuse_changed(self, code: str, seen: int) -> None:
        """Refuses where more happened to a case than somebody saw who wants to do something about it."""
        if changes(one.event for one in self._store.history(self.root(code).code)) != seen:
            raise OperationRefused("somebody else changed the case meanwhile: look at it again", "changed")

    def _end_of(self, day: str) -> float:
        try:
            return datetime.combine(date.fromisoformat(day), END_OF_DAY, self._rules.clock.zone).timestamp()
        except ValueError:
            raise OperationRefused(f"'{day}' is no date: write it as 2026-12-31") from None

    async def dispute(self, code: str, report: str, reason: str) -> dict[str, object]:
        """Open a case again of which who made this report says that it is not done."""
        case = self.root(code)
        family = self._store.joined_into(case.code)
        reporters = self._reporters([case, *family])
        if not disputing.may(case, self._store.history(case.code)):
            raise OperationRefused(f"{case.code} cannot be opened again by who reported it: move it", "not_opened")
        settlement = disputing.settlement(
            case, family, reporters, report, reason, now=time.time(), rules=self._rules, telling=self._telling
        )
        await self._settle(settlement)
        await indexed(self._judging, reporters, is_open=True)
        return {"code": case.code, "status": settlement.history[0].detail["to"], **_told(settlement)}

    async def place(self, code: str, area: str, actor: str, why: str) -> dict[str, object]:
        """Give a case (or the one it was joined into) its area, which may hand it to that area's unit."""
        case = self.root(code)
        family = [case, *self._store.joined_into(case.code)]
        try:
            settlement = placing.settlement(case, area, self._reporters(family), actor, why, time.time(), self._rules)
        except placing.PlaceRefused as refusal:
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None
        await self._settle(settlement)
        unit = settlement.changes[0].unit
        return {"code": case.code, "area": area, "name": settlement.history[0].detail["name"], "unit": unit}

    async def join(self, code: str, into: str, actor: str, tell: bool = True) -> dict[str, object]:
        """Make two cases one: the first lives on within the second, and both codes go on working. That a person did so
        is remembered of their first reports."""
        said = self._said(self.root(code), self.root(into), actor, uniting.JOINED) if actor != MACHINE else []
        return await self._join_as(code, into, actor, tell, said)

    def _said(self, case: CaseRow, other: CaseRow, actor: str, kind: str) -> list[Link]:
        """What a person says of two cases by what they do with them: a pair to learn from."""
        one, two = self._store.first_report(case.code), self._store.first_report(other.code)
        return [uniting.link(one, two, actor, time.time(), kind)] if one and two else []

    async def _join_as(self, code: str, into: str, actor: str, tell: bool, links: Sequence[Link]) -> dict[str, object]:
        """With what a person says of their reports."""
        lesser, greater, settlement = self._joining(code, into, actor, tell)
        settlement.links += links
        await self._settle(settlement)
        return {"code": lesser.code, "joined_into": greater.code, **_told(settlement)}

    def _joining(self, code: str, into: str, actor: str, tell: bool = True) -> tuple[CaseRow, CaseRow, Settlement]:
        lesser, greater = self.root(code), self.root(into)
        family = self._store.joined_into(lesser.code)
        reporters = self._untold(lesser, greater, self._acknowledged([lesser, *family])) if tell else []
        try:
            settlement = uniting.joined(
                lesser,
                greater,
                family,
                reporters,
                actor=actor,
                now=time.time(),
                rules=self._rules,
                telling=self._telling,
            )
        except uniting.UnitingRefused as refusal:
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None
        return lesser, greater, settlement

    async def category(self, code: str, category: str, why: str, actor: str) -> dict[str, object]:
        """Say what a case (or the one it was joined into) is about: it is timed and routed by that."""
        case = self.root(code)
        reporters = self._reporters([case])
        try:
            settlement = sorting.settlement(
                case, reporters, category, why, actor=actor, now=time.time(), rules=self._rules
            )
        except cases.MoveRefused as refusal:
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None
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
        into = self.find(case.joined_into)
        return await self._stand_alone(case, actor, self._said(case, into, actor, uniting.PARTED))

    async def _unjoin(self, code: str, actor: str) -> dict[str, object]:
        """Part a case from another as if they had never been joined: nothing is said of them."""
        return await self._stand_alone(self.find(code), actor, [])

    async def _stand_alone(self, case: CaseRow, actor: str, links: Sequence[Link]) -> dict[str, object]:
        followers = families.followers(self._store, case)
        settlement = uniting.parted(case, followers, actor=actor, now=time.time())
        settlement.links += links
        await self._settle(settlement)
        return {"code": case.code, "parted_from": case.joined_into}

    async def _part_report(self, case: CaseRow, report: str, actor: str) -> dict[str, object]:
        new, settlement = self._parting(case, report, actor)
        parted = [one for one in self._store.reporters(case.code) if one[0].report.id == report]
        await self._settle(settlement)
        await indexed(self._judging, parted, is_open=True)
        return {"code": new.code, "parted_from": case.code, **_told(settlement)}

    def _parting(self, case: CaseRow, report: str, actor: str) -> tuple[CaseRow, Settlement]:
        reporters = self._store.reporters(case.code)
        try:
            return uniting.report_parted(
                case,
                reporters,
                report,
                actor=actor,
                now=time.time(),
                rules=self._rules,
                telling=self._telling,
            )
        except uniting.UnitingRefused as refusal:
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None

    async def reopen(self, code: str, into: str, actor: str) -> dict[str, object]:
        """Open a closed case again, as what was reported since is of the same incident, and make that part of it."""
        lesser, closed = self.root(code), self.root(into)
        try:
            uniting.refuse_accusing(lesser, closed, self._rules)
        except uniting.UnitingRefused as refusal:
            raise OperationRefused(str(refusal), getattr(refusal, "name", "")) from None
        if not cases.is_open(lesser):
            raise OperationRefused(f"{lesser.code} is closed by now", "closed")
        if not cases.is_open(closed):
            await self.move(closed.code, Status.MENUNGGU, actor)
        return await self.join(lesser.code, closed.code, actor)

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
            raise OperationRefused("somebody else changed the case just now: look at it again", "changed") from None

    def _acknowledged(self, family: Iterable[CaseRow]) -> list[Reporter]:
        """Who waits to be told that their report was taken in is told then what it was joined with."""
        reporters = self._reporters(family)
        return [one for one in reporters if not is_waiting(self._store, self._rules.key, one[0].report)]

    def _untold(self, lesser: CaseRow, greater: CaseRow, reporters: Iterable[Reporter]) -> list[Reporter]:
        """Those who were not told already that these two are one, before they were parted again."""
        joined = (one for one in self._store.history(lesser.code) if one.event == "joined")
        moments = [one.at for one in joined if one.detail.get("into") == greater.code]
        told = self._store.told(lesser.code, uniting.TOLD, moments) if moments else set()
        return [(row, to) for row, to in reporters if to is None or (to.id, row.report.channel) not in told]

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


def _seen(found: Iterable[Seen]) -> dict[str, object]:
    """The codes of the cases that the same photo proves, and of those that a citizen sent it in."""
    codes: dict[As, dict[str, None]] = {sort: {} for sort in As}
    for one in found:
        codes[one.there][one.code] = None
    return {"proof_also_in": list(codes[As.PROOF]), "proof_sent_in": list(codes[As.PHOTO])}


def _told(settlement: Settlement) -> dict[str, object]:
    """How many replies are said, and how many not, as who would hear them wrote STOP or has no answers left."""
    withheld = sum(one.state is ReplyState.WITHHELD for one in settlement.replies)
    return {"told": len(settlement.replies) - withheld, "withheld": withheld}
