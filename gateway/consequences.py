"""What follows for the case from what its reporter adds to a report. Pure."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from gateway import cases
from gateway.cases import Status
from gateway.casestore import choosing
from gateway.filing import NOISE, Rules, new_case
from gateway.reminding import next_look
from gateway.store.contract import About, CaseChange, CaseRow, NoticeRow, ReportRow, Settlement
from gateway.telling import Reporter
from normalizer.report import Level

#: What of a case follows its report while it is as that report made it.
_FOLLOWS = ("category", "area", "unit", "due_at", "coordinate_by", "act_by", "last_by")


def follow(
    rules: Rules, case: CaseRow, old: ReportRow, reporters: Sequence[Reporter], now: float, settlement: Settlement
) -> dict[str, str]:
    """What becomes of the case that this report opened; what its history says of that."""
    new, _ = reporters[0]
    followed, why = _followed(rules, case, old, new)
    if not followed:
        return {}
    changed = replace(case, **followed)
    changed = replace(changed, remind_at=next_look(changed, rules.clock, now))
    _change(settlement, case, changed, {**followed, "remind_at": changed.remind_at or 0.0})
    categories = rules.book.categories
    settlement.hidden += [case.code] if categories.accuses(changed.category) else []
    settlement.confidential += [case.code] if categories.violates(changed.category) else []
    settlement.filings += [
        one for row, _ in reporters for one in choosing.due(rules.case_stores, changed, row.report, now)
    ]
    if changed.unit != case.unit and NOISE.isdisjoint(new.report.triage):
        settlement.notices += rules.noticing.rows(changed, About.MOVED, now)
    told = {name: followed[name] for name in ("category", "area") if name in followed}
    return told | (why if changed.unit != case.unit else {})


def _followed(rules: Rules, case: CaseRow, old: ReportRow, new: ReportRow) -> tuple[dict[str, Any], dict[str, str]]:
    """What differs in a case that the report opens now, while the case is as the report opened it; and why its unit is
    the one. Who has begun goes on, and what accuses somebody stays where it is."""
    began = case.counted_from or case.opened_at
    before, _ = new_case(rules, old.masked or old.report, began)
    after, why = new_case(rules, new.masked or new.report, began)
    is_begun = case.status != Status.MENUNGGU and rules.routing.may_have(case.unit or "", after.category)
    stays = {"unit"} if is_begun else set()
    if rules.book.categories.accuses(case.category):
        stays = set(_FOLLOWS) - {"area"}
    return {
        name: getattr(after, name) for name in _FOLLOWS if name not in stays and _moves(name, case, before, after)
    }, why


def _moves(name: str, case: CaseRow, before: CaseRow, after: CaseRow) -> bool:
    was, now = getattr(before, name), getattr(after, name)
    return bool(getattr(case, name) == was != now is not None)


def _change(settlement: Settlement, case: CaseRow, changed: CaseRow, followed: dict[str, Any]) -> None:
    """A case that is opened by the same settlement is opened as it is now."""
    opened = next((number for number, one in enumerate(settlement.cases) if one.code == case.code), None)
    if opened is None:
        settlement.changes.append(CaseChange(code=case.code, expected=case.status, **followed))
    else:
        settlement.cases[opened] = changed


def alarm(rules: Rules, case: CaseRow, old: ReportRow, new: ReportRow, now: float) -> list[NoticeRow]:
    """What was no emergency before is one now."""
    levels = (old.report.urgency.level, new.report.urgency.level)
    is_alarm = levels[0] is not Level.EMERGENCY is levels[1] and NOISE.isdisjoint(new.report.triage)
    return rules.noticing.rows(case, About.EMERGENCY, now) if is_alarm and cases.is_open(case) else []
