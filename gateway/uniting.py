"""How cases become one, and how they are parted again. Pure, but for new codes and PINs."""

from collections.abc import Sequence

from gateway import cases
from gateway.casestore import choosing
from gateway.errors import Refusal
from gateway.filing import Rules, is_public, new_case
from gateway.store.contract import About, CaseChange, CaseRow, HistoryRow, Link, Moved, Settlement
from gateway.telling import Reporter, Telling

#: Kinds of links that people make by hand.
JOINED, PARTED = "joined", "parted"
#: What citizens are told of a join.
TOLD = "cases_joined"


class UnitingRefused(Refusal):
    """These cases cannot be made one, or parted."""


def joined(
    lesser: CaseRow,
    greater: CaseRow,
    family: Sequence[CaseRow],
    told: Sequence[Reporter],
    *,
    actor: str,
    now: float,
    rules: Rules,
    telling: Telling,
) -> Settlement:
    """What makes `lesser`, with its `family` that was joined into it, part of `greater`, and tells those who are to be
    `told`. Raises `UnitingRefused`."""
    _refuse(lesser, greater, rules)
    return Settlement(
        changes=[_change(one, joined_into=greater.code) for one in (lesser, *family)],
        confidential=[greater.code] if rules.book.categories.violates(greater.category) else [],
        history=[
            _history(lesser.code, now, "joined", actor, {"into": greater.code, "unit": greater.unit or ""}),
            _history(greater.code, now, "joined", actor, {"with": lesser.code}),
        ],
        replies=telling.replies(told, now, TOLD, lesser, other=greater.code),
    )


def _refuse(lesser: CaseRow, greater: CaseRow, rules: Rules) -> None:
    if lesser.code == greater.code:
        raise UnitingRefused(f"{lesser.code} and {greater.code} are one case already", "one_case")
    if not (cases.is_open(lesser) and cases.is_open(greater)):
        raise UnitingRefused("only open cases can be joined: move the closed one back to 'menunggu' first", "closed")
    refuse_accusing(lesser, greater, rules)


def refuse_accusing(lesser: CaseRow, greater: CaseRow, rules: Rules) -> None:
    """What accuses an official lives on in no case that does not. Raises `UnitingRefused`."""
    accuses = rules.book.categories.accuses
    if accuses(lesser.category) and not accuses(greater.category):
        raise UnitingRefused(f"{lesser.code} accuses an official: join {greater.code} into it instead", "accusing_join")


def parted(case: CaseRow, followers: Sequence[CaseRow], *, actor: str, now: float) -> Settlement:
    """What makes a case stand for itself that was joined into another; its `followers` had been joined into it before
    that, and go with it. Who has not been told of the join yet is not told."""
    into = case.joined_into or ""
    return Settlement(
        changes=[_change(case, joined_into=""), *(_change(one, joined_into=case.code) for one in followers)],
        history=[
            _history(case.code, now, "parted", actor, {"from": into}),
            _history(into, now, "parted", actor, {"code": case.code}),
        ],
        unsaid=[(case.code, TOLD)],
    )


def report_parted(
    case: CaseRow,
    reporters: Sequence[Reporter],
    report: str,
    *,
    actor: str,
    now: float,
    rules: Rules,
    telling: Telling,
    asked: bool = False,
) -> tuple[CaseRow, Settlement]:
    """The case of its own that a report of this one gets, and what gives it that and tells its reporter of the new
    code, at once where they `asked` for it. Raises `UnitingRefused`."""
    row, contact = next((one for one in reporters if one[0].report.id == report), (None, None))
    if row is None:
        raise UnitingRefused(f"{case.code} has no report {report}")
    if len(reporters) == 1:
        raise UnitingRefused(f"{report} is the only report of {case.code}", "only_report")
    other = next(one.report.id for one, _ in reporters if one.report.id != report)
    new, why = new_case(rules, row.masked or row.report, case.opened_at)
    pin = cases.new_pin() if contact and not is_public(row.report) else None
    said = {"old": case.code, "new": new.code} | ({"pin": pin} if pin else {})
    name = "parted" if pin else "parted_public"
    return new, Settlement(
        cases=[new],
        filings=choosing.due(rules.case_stores, new, row.report, now),
        moved=[Moved(report, new.code, cases.pin_hash(rules.key, report, pin) if pin else None)],
        links=[link(report, other, actor, now)],
        history=[
            _history(case.code, now, "parted", actor, {"report": report, "code": new.code}),
            _history(new.code, now, "opened", actor, {"report": report, "parted_from": case.code, **why}),
        ],
        notices=rules.noticing.rows(new, About.NEW, now),
        replies=telling.replies([(row, contact)], now, name, new, asked=asked, **said),
    )


def _change(case: CaseRow, *, joined_into: str) -> CaseChange:
    return CaseChange(code=case.code, expected=case.status, joined_into=joined_into)


def _history(case: str, at: float, event: str, actor: str, detail: dict[str, str]) -> HistoryRow:
    return HistoryRow(case=case, at=at, event=event, actor=actor, detail=detail)


def link(report: str, other: str, actor: str, at: float, kind: str = PARTED) -> Link:
    """What somebody says of two reports: by `PARTED` they are not joined again."""
    return Link(report=report, kind=kind, other=other, score=0.0, reasons=(), actor=actor, at=at)
