"""How a case moves: what is refused, what changes, and what its reporters are told. Pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gateway import cases
from gateway.cases import Status
from gateway.clock import Clock, Deadlines
from gateway.filing import Rules
from gateway.noticing import Noticing
from gateway.routing import Routing
from gateway.store.contract import About, CaseChange, CaseRow, HistoryRow, NoticeRow, Settlement
from gateway.suggest import did_you_mean
from gateway.telling import Reporter, Telling
from normalizer.persons.masking import mask

#: Whoever has brought a case here has begun to work on it, or said why not.
ACTING = frozenset(Status) - {Status.MENUNGGU, Status.KOORDINASI, Status.DISPOSISI}
#: Where there is still something to be expected.
EXPECTED = frozenset(Status) - cases.CLOSED - {Status.SELESAI_DIUSULKAN}
_ESTIMATE = "an estimate needs its date and reason: add --estimate DATE --reason TEXT"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A move that somebody asks for. `estimate_at` is by when it is now expected to be done, `proof` a file's digest;
    `force` lets an estimate lie beyond the last line. What comes from `outside` has happened: any status may follow
    any other, and nothing has to be given with it."""

    status: str
    unit: str | None = None
    note: str | None = None
    proof: str | None = None
    estimate_at: float | None = None
    reason: str | None = None
    force: bool = False
    outside: bool = False


def settlement(
    case: CaseRow,
    family: Sequence[CaseRow],
    reporters: Sequence[Reporter],
    wanted: Wanted,
    *,
    actor: str,
    now: float,
    rules: Rules,
    telling: Telling,
) -> Settlement:
    """What moves `case`, that no other was joined from, with its `family`, which was joined into it, and tells all
    their `reporters`. Raises `MoveRefused`."""
    wanted = msgspec.structs.replace(wanted, unit=_unit(case, wanted, rules.routing))
    refuse(case, wanted, now, rules.clock)
    if wanted.unit and not rules.routing.may_have(wanted.unit, case.category):
        raise cases.MoveRefused(
            f"it accuses an official: it is not for an office of its area, as {wanted.unit} is", "accuses"
        )
    alone = Wanted(status=wanted.status)
    return Settlement(
        changes=[change(case, wanted, now, rules.clock), *(change(one, alone, now, rules.clock) for one in family)],
        history=[_history(case, wanted, actor, now, rules.clock)],
        notices=_notices(case, wanted, now, rules.noticing),
        replies=telling.replies(
            reporters,
            now,
            "moved",
            case,
            status=wanted.status,
            unit=rules.routing.name(wanted.unit or case.unit or ""),
            until=_date(wanted.estimate_at, rules.clock, "%d/%m/%Y"),
            why=(wanted.reason or "").rstrip(". "),
            note=wanted.note or "",
        ),
    )


def _notices(case: CaseRow, wanted: Wanted, now: float, noticing: Noticing) -> list[NoticeRow]:
    """Whoever is handed a case is told, and whoever has one that is opened again."""
    is_handed_on = wanted.unit not in (None, case.unit)
    is_opened = not cases.is_open(case) and Status(wanted.status) not in cases.CLOSED
    if not (is_handed_on or is_opened) or Status(wanted.status) in cases.CLOSED:
        return []
    return noticing.rows(case, About.MOVED, now, unit=wanted.unit or "")


def refuse(case: CaseRow, wanted: Wanted, now: float, clock: Clock) -> None:
    """Raises `MoveRefused` if the case may not move so."""
    before, to = Status(case.status), _status(wanted.status)
    if before == to:
        _refuse_the_same(case, wanted)
    elif not wanted.outside and to not in cases.MOVES[before]:
        raise cases.MoveRefused(f"from '{before}' a case can go to: {', '.join(cases.MOVES[before])}")
    if not wanted.outside:
        _refuse_incomplete(to, wanted)
        _refuse_estimate(case, to, wanted, now, clock)


def change(case: CaseRow, wanted: Wanted, now: float, clock: Clock) -> CaseChange:
    """What becomes of the case's row. One that is opened again begins anew."""
    to = Status(wanted.status)
    made = CaseChange(
        code=case.code,
        expected=case.status,
        status=to,
        unit=wanted.unit,
        closed_at=now if to in cases.CLOSED else 0.0,
        coordinated_at=_first(case.coordinated_at, now, to is not Status.MENUNGGU),
        acted_at=_first(case.acted_at, now, to in ACTING),
        remind_at=now if to not in cases.CLOSED else 0.0,
    )
    if not cases.is_open(case) and to not in cases.CLOSED:
        made = _begun_anew(made, case, to, clock.deadlines(now, case.category), now)
    if wanted.estimate_at is None:
        return made
    return msgspec.structs.replace(
        made,
        due_at=wanted.estimate_at,
        first_due_at=case.first_due_at or case.due_at,
        estimate_at=wanted.estimate_at,
        estimate_reason=mask(wanted.reason) if wanted.reason else "",
    )


def _unit(case: CaseRow, wanted: Wanted, routing: Routing) -> str | None:
    """The unit's code; of one that there is in each area, the office in the case's. A name from outside that is none of
    ours is kept."""
    if wanted.unit and (unit := routing.unit(wanted.unit, case.area or "")):
        return unit.code
    if wanted.unit is None or wanted.outside:
        return wanted.unit
    if wanted.unit in routing.units:
        raise cases.MoveRefused(
            f"there is a '{wanted.unit}' in each area: say which, as in {wanted.unit}-31.74", "unit"
        )
    raise cases.MoveRefused(f"there is no unit '{wanted.unit}': {did_you_mean(wanted.unit, routing.units)}", "unit")


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError:
        raise cases.MoveRefused(f"there is no status '{name}'; there are: {', '.join(Status)}") from None


def _refuse_the_same(case: CaseRow, wanted: Wanted) -> None:
    """Within its status a case may be handed on, be given another estimate, or have something said of it."""
    is_handed_on = wanted.unit is not None and wanted.unit != case.unit
    if not cases.is_open(case) or not (is_handed_on or wanted.estimate_at or wanted.note):
        moves = ", ".join(cases.MOVES[Status(case.status)])
        raise cases.MoveRefused(f"it is '{case.status}' already; from there a case can go to: {moves}")


def _refuse_incomplete(to: Status, wanted: Wanted) -> None:
    if to is Status.SELESAI_DIUSULKAN and not wanted.proof:
        raise cases.MoveRefused("a proof is needed to propose that a case is done: add --proof FILE")
    if to is Status.DITOLAK and not wanted.note:
        raise cases.MoveRefused("the citizen is told why: add --note")
    if (to is Status.ESTIMASI or wanted.estimate_at or wanted.reason) and not (wanted.estimate_at and wanted.reason):
        raise cases.MoveRefused(_ESTIMATE)


def _refuse_estimate(case: CaseRow, to: Status, wanted: Wanted, now: float, clock: Clock) -> None:
    if wanted.estimate_at is None:
        return
    if to not in EXPECTED:
        raise cases.MoveRefused(
            f"there is nothing to expect of a case that is '{to}': leave out --estimate", "nothing_expected"
        )
    if wanted.estimate_at <= now:
        raise cases.MoveRefused("an estimate lies in the future", "past")
    if case.last_by is not None and wanted.estimate_at > case.last_by and not wanted.force:
        last = _date(case.last_by, clock)
        raise cases.MoveRefused(
            f"the last line of this case is {last}: give an earlier --estimate, or add --force", "last_line"
        )


def _first(already: float | None, now: float, is_now: bool) -> float | None:
    """When it happened for the first time, if that is now."""
    return now if is_now and already is None else None


def _begun_anew(made: CaseChange, case: CaseRow, to: Status, by: Deadlines, now: float) -> CaseChange:
    return msgspec.structs.replace(
        made,
        due_at=by.done,
        first_due_at=case.first_due_at or case.due_at,
        coordinate_by=by.coordinate,
        act_by=by.act,
        last_by=by.last,
        counted_from=now,
        estimate_at=0.0,
        estimate_reason="",
        coordinated_at=now if to is not Status.MENUNGGU else 0.0,
        acted_at=now if to in ACTING else 0.0,
    )


def _history(case: CaseRow, wanted: Wanted, actor: str, now: float, clock: Clock) -> HistoryRow:
    """An officer's own words are in the replies, which are sealed; here they are masked."""
    is_forced = wanted.force and wanted.estimate_at and case.last_by and wanted.estimate_at > case.last_by
    detail = {
        "from": case.status,
        "to": wanted.status,
        "unit": wanted.unit,
        "estimate": _date(wanted.estimate_at, clock),
        "reason": mask(wanted.reason) if wanted.reason else None,
        "beyond": "the last line" if is_forced else None,
        "note": mask(wanted.note) if wanted.note else None,
        "proof": wanted.proof,
    }
    told = {name: value for name, value in detail.items() if value}
    return HistoryRow(case=case.code, at=now, event="moved", actor=actor, detail=told)


def _date(at: float | None, clock: Clock, form: str = "%Y-%m-%d") -> str:
    return datetime.fromtimestamp(at, clock.zone).strftime(form) if at is not None else ""
