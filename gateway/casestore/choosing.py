"""Which case stores are given a case, and which of its reports. Pure."""

from collections.abc import Iterable

from gateway.casestore.contract import CaseStoreSettings
from gateway.store.contract import CaseRow, FilingDue
from normalizer.report import Confidentiality, Report


def takes(rule: CaseStoreSettings, case: CaseRow, report: Report) -> bool:
    """Is this report, in this case, for the case store?"""
    return (
        _is_in(case.area, rule.areas)
        and (not rule.categories or case.category in rule.categories)
        and _fits(rule.confidential, report.confidentiality.confidential)
        and _fits(rule.private, report.confidentiality.private)
    )


def due(rules: Iterable[CaseStoreSettings], case: CaseRow, report: Report, now: float) -> list[FilingDue]:
    """Where a case is to be filed because of this report; where it is filed already, that changes nothing."""
    return [FilingDue(case.code, rule.name, now) for rule in rules if takes(rule, case, report)]


def names_reporter(rule: CaseStoreSettings, promised: Confidentiality) -> bool:
    """Is the case store told who made a report of which this was promised?"""
    if rule.identity == "never" or promised.anonymous:
        return False
    return rule.identity == "unless-anonymous" or not promised.confidential


def _is_in(area: str | None, areas: tuple[str, ...]) -> bool:
    return not areas or any(area == one or (area or "").startswith(f"{one}.") for one in areas)


def _fits(wanted: str, holds: bool) -> bool:
    return wanted == "any" or holds is (wanted == "only")
