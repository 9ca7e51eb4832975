"""What the dialogue about a new report is told of it, so that it asks only for what is missing."""

from math import ceil
from typing import Any

import msgspec

from adapters import Capabilities
from dedupe.verdict import Kind
from gateway import cases, filing
from gateway.bot.readers.places import areas_named
from gateway.clock import DAY
from gateway.filing import Rules
from gateway.store.contract import CaseRow, ReportRow, Store
from normalizer.normalize import VIOLATION
from normalizer.places.areas import area_name
from normalizer.report import Kind as Written
from normalizer.report import Level, Outcome, Report

MOST_CATEGORIES = 3
#: A category, and a kind of message, of less than this score is in doubt.
SURE_CATEGORY = 0.7
SURE_KIND = 0.5
#: So nobody is asked of which category it is, or of this one, if no other comes near.
CLEAR_CATEGORY, LEADING_CATEGORY = 0.6, 0.5


def surely_about(report: Report) -> str | None:
    """The code of what it is about, if there is not much doubt."""
    best = report.categories[0] if report.categories else None
    return best.code if best and best.score >= SURE_CATEGORY else None


def reads_as_report(report: Report) -> bool:
    best = report.kinds[0] if report.kinds else None
    return best is not None and best.code == Written.REPORT and best.score >= SURE_KIND


def is_clear(report: Report) -> bool:
    """Need nobody be asked what it is about?"""
    best, second = (*(one.score for one in report.categories[:2]), 0.0, 0.0)[:2]
    return best >= CLEAR_CATEGORY or (best >= LEADING_CATEGORY and best >= 2 * second)


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was filed, and how: `verdict` is the judge's kind of it, `same_as` the report that it may be
    the same as; `takes_files`: they may be sent with what is said here; `has_addresses`: its sender can be reached
    elsewhere, too."""

    row: ReportRow
    case: CaseRow
    verdict: str
    same_as: str | None
    language: str
    takes_files: bool
    capabilities: Capabilities
    now: float
    has_addresses: bool = False


def facts(store: Store, rules: Rules, filed: Filing) -> dict[str, Any]:
    """Builtin types only: they are kept with the talk."""
    report = filed.row.report
    other = _other(store, rules, filed) if filed.verdict == Kind.UNSURE else None
    return {
        "kind": _kind(rules, report),
        "place": _place(report).value,
        "street": _street(report),
        "areas": [list(one) for one in areas_named(report.place, rules.book.areas)],
        "number": rules.emergency_number,
        "has_words": bool(report.text.strip() or report.subject),
        "has_photo": any(one.media_type.startswith(("image/", "video/")) for one in report.attachments),
        "categories": _categories(rules, report, filed.language),
        "category_sure": is_clear(report),
        "violation": VIOLATION in report.triage,
        "emergency": report.urgency.level is Level.EMERGENCY,
        "verdict": str(filed.verdict),
        "people": _people(store, filed, other["code"] if other else _joint(store, filed)) if filed.same_as else 1,
        "other": other,
        "can_attach": filed.takes_files,
        "days": ceil(round((filed.case.due_at - filed.now) / DAY, 3)),
        "needs_second_address": filed.capabilities.window_seconds is not None and not filed.has_addresses,
    }


def _people(store: Store, filed: Filing, code: str) -> int:
    """How many reported a case, whether this report of it is kept already or not."""
    return store.people(code) + (store.case_of(filed.row.report.id) is None)


def _kind(rules: Rules, report: Report) -> str:
    """What it surely is; "" if that is in doubt."""
    if courtesy := filing.courtesy(rules, report):
        return courtesy
    best = report.kinds[0] if report.kinds else None
    return best.code if best and best.score >= SURE_KIND else ""


def _street(report: Report) -> str:
    """The street or the landmark that is known already, in normal form."""
    place = report.place
    return next(iter((*place.streets, *place.landmarks)), "") if place else ""


def _place(report: Report) -> Outcome:
    """A pin is a place also where no borders tell whose."""
    place = report.place
    if place and place.outcome is Outcome.UNKNOWN and place.latitude is not None:
        return Outcome.ASSIGNED
    return place.outcome if place else Outcome.UNKNOWN


def _categories(rules: Rules, report: Report, language: str) -> list[list[str]]:
    """The best, with their names; none where there is not much doubt."""
    if is_clear(report):
        return []
    found = (rules.book.categories.get(one.code) for one in report.categories[:MOST_CATEGORIES])
    return [[one.code, one.name.en if language == "en" else one.name.id] for one in found if one]


def _other(store: Store, rules: Rules, filed: Filing) -> dict[str, str] | None:
    """The case that it may be of, in no citizen's words; None if that is closed, or nobody's business."""
    case = _root(store, store.case_of(filed.same_as)) if filed.same_as else None
    accuses = rules.book.categories.accuses
    if case is None or not cases.is_open(case) or accuses(case.category) or accuses(filed.case.category):
        return None
    named = rules.book.categories.get(case.category or "")
    what = (named.name.en if filed.language == "en" else named.name.id) if named else ""
    return {"code": case.code, "what": what, "where": area_name(case.area or "") or ""}


def _joint(store: Store, filed: Filing) -> str:
    root = _root(store, filed.case)
    return root.code if root else filed.case.code


def _root(store: Store, case: CaseRow | None) -> CaseRow | None:
    while case is not None and case.joined_into:
        case = store.case(case.joined_into)
    return case
