"""What becomes of a case when a person says what it is about. Pure."""

from collections.abc import Sequence

import msgspec

from gateway import cases
from gateway.cases import Status
from gateway.casestore import choosing
from gateway.filing import Rules, confiding
from gateway.reminding import next_look
from gateway.store.contract import About, CaseChange, CaseRow, HistoryRow, Settlement
from gateway.suggest import did_you_mean
from gateway.telling import Reporter
from normalizer.persons.masking import mask

#: The event of a case's history: its detail has the category before ("" for none) and after as `from` and `to`.
EVENT = "category"


def settlement(
    case: CaseRow, reporters: Sequence[Reporter], category: str, why: str, *, actor: str, now: float, rules: Rules
) -> Settlement:
    """Gives an open case its category, the same one or another, and by it its clock and, while nobody has begun, its
    unit. A case that accuses somebody is shown to nobody any more, and who reported a violation stays
    confidential. Raises `MoveRefused`."""
    categories = rules.book.categories
    if categories.get(category) is None:
        hint = did_you_mean(category, categories.categories)
        raise cases.MoveRefused(f"there is no category '{category}': {hint or 'see `kanal categories list`'}")
    if not cases.is_open(case):
        raise cases.MoveRefused("it is closed: move it back to 'menunggu' first", "closed")
    changed, detail = _sorted(case, category, now, rules)
    detail = {"from": case.category or "", "to": category, **detail, "why": mask(why)}
    accuses = categories.accuses(category)
    told = [confiding(row.report, category, categories) for row, _ in reporters]
    return Settlement(
        changes=[_change(case, changed)],
        hidden=[case.code] if accuses else [],
        confidential=[case.code] if categories.violates(category) else [],
        history=[HistoryRow(case=case.code, at=now, event=EVENT, actor=actor, detail=detail)],
        notices=rules.noticing.rows(changed, About.MOVED, now) if changed.unit != case.unit else [],
        filings=[due for one in told for due in choosing.due(rules.case_stores, changed, one, now)],
    )


def _sorted(case: CaseRow, category: str, now: float, rules: Rules) -> tuple[CaseRow, dict[str, str]]:
    """The case as it is then, and what its history says of its unit. An estimate that was given stays."""
    by = rules.clock.deadlines(case.counted_from or case.opened_at, category)
    routed = rules.routing.route(category, case.area)
    stays = case.unit and case.status != Status.MENUNGGU and rules.routing.may_have(case.unit, category)
    changed = msgspec.structs.replace(
        case,
        category=category,
        unit=case.unit if stays else routed.unit.code,
        due_at=case.due_at if case.estimate_at else by.done,
        coordinate_by=by.coordinate,
        act_by=by.act,
        last_by=by.last,
    )
    changed = msgspec.structs.replace(changed, remind_at=next_look(changed, rules.clock, now))
    if changed.unit == case.unit:
        return changed, {}
    return changed, {"unit": routed.unit.code, "routed": f"diteruskan ke {routed.unit.name} karena {routed.why}"}


def _change(case: CaseRow, changed: CaseRow) -> CaseChange:
    return CaseChange(
        code=case.code,
        expected=case.status,
        category=changed.category,
        unit=changed.unit,
        due_at=changed.due_at,
        coordinate_by=changed.coordinate_by,
        act_by=changed.act_by,
        last_by=changed.last_by,
        remind_at=changed.remind_at or 0.0,
    )
