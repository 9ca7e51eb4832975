"""Changes a report that is kept, with what follows for its case."""

from gateway import amending
from gateway.amending import Addition
from gateway.filing import Rules
from gateway.store.contract import ReportRow, Settlement, Store
from gateway.telling import Reporter


def change(
    store: Store,
    rules: Rules,
    report: str,
    addition: Addition,
    now: float,
    settlement: Settlement,
    event: str = amending.EVENT,
) -> ReportRow | None:
    """Add to a report; None if its words are gone."""
    case, found = store.case_of(report), store.reporter(report)
    if case is None or found is None or found[1] is None:
        return None
    first = store.first_report(case.code)
    is_first = first == report or first is None
    reporters = store.reporters(case.code) if is_first else _both(store, first or "", found)
    return amending.add(rules, case, reporters, report, addition, now, settlement, event)


def _both(store: Store, first: str, own: Reporter) -> list[Reporter]:
    """Of a case that many reported, who opened it and who talks with us."""
    opened = store.reporter(first)
    return [opened, own] if opened else [own]
