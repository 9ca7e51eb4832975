"""What goes out in a table: cases, or reports with their cases; who reported only where that is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Any, Literal

import msgspec

from gateway.clock import Step
from gateway.store import full
from gateway.store.views import TIMES, Views
from gateway.transfer.table import Cell
from gateway.transfer.writing import Sheet

EVERYTHING = 1 << 62
Row = dict[str, Any]
What = Literal["cases", "reports"]
Seen = Callable[[Mapping[str, Any]], bool]

CASES = (
    "case",
    "status",
    "opened_at",
    "due_at",
    "closed_at",
    "category",
    "area",
    "unit",
    "urgency",
    "reports",
    "what",
    "where",
    "joined_into",
)
REPORTS = (
    "case",
    "status",
    "opened_at",
    "due_at",
    "category",
    "area",
    "unit",
    "report",
    "channel",
    "received_at",
    "reported_at",
    "subject",
    "text",
    "place",
    "latitude",
    "longitude",
)
#: Who reported, and the words as they wrote them.
IDENTITY = ("name", "kind", "address", "also_reached_at")
_OF_CASE = ("status", "opened_at", "due_at", "category", "area", "unit")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases, as in `Views.cases`; of reports those in these cases, of one `channel` if it is named. `since` and
    `until` are seconds since the epoch: when a case was opened, or a report came in."""

    what: What = "reports"
    identity: bool = False
    status: str | None = None
    unsure: bool = False
    category: str | None = None
    area: str | None = None
    unit: str | None = None
    late: tuple[Step, ...] = ()
    urgent: bool = False
    channel: str | None = None
    since: float = 0.0
    until: float = float("inf")

    @property
    def columns(self) -> Sequence[str]:
        if self.what == "cases":
            return CASES
        return (*REPORTS, *IDENTITY) if self.identity else REPORTS


def everything(_case: Mapping[str, Any]) -> bool:
    return True


def rows(views: Views, wanted: Wanted, seen: Seen = everything) -> Iterator[Row]:
    """Oldest first, times in ISO 8601 of UTC, each with every column; only those of cases that are `seen`."""
    if wanted.what == "cases":
        found = (row for row in _cases(views, wanted) if seen(row))
        return (_case(row) for row in found if _is_within(row["opened_at"], wanted))
    return _reports(views, wanted, seen)


def with_identity(views: Views, found: Sequence[Row]) -> Iterator[Row]:
    """These reports with who made them, which is on record by then."""
    return (row | _person(views, row) for row in found)


def write(sheet: Sheet, found: Iterable[Row], columns: Sequence[str], headings: Sequence[str], zone: tzinfo) -> int:
    """Times as the clock of the place shows them; returns how many rows there were."""
    sheet.write(headings)
    count = 0
    for row in found:
        count += 1
        sheet.write([_cell(name, row[name], zone) for name in columns])
    return count


def _cases(views: Views, wanted: Wanted) -> Iterator[Row]:
    return views.cases(
        wanted.status,
        wanted.unsure,
        EVERYTHING,
        newest=False,
        joined=True,
        category=wanted.category,
        area=wanted.area,
        unit=wanted.unit,
        late=wanted.late,
        urgent=wanted.urgent,
    )


def _reports(views: Views, wanted: Wanted, seen: Seen) -> Iterator[Row]:
    cases = {case["code"]: case for case in _cases(views, wanted) if seen(case)}
    for report in views.reports(wanted.channel, limit=EVERYTHING, newest=False):
        case = cases.get(report["case"])
        if case is not None and _is_within(report["received_at"], wanted):
            yield _report(report, case)


def _is_within(at: str, wanted: Wanted) -> bool:
    return wanted.since <= datetime.fromisoformat(at).timestamp() < wanted.until


def _case(case: Mapping[str, Any]) -> Row:
    return {name: case["code" if name == "case" else name] for name in CASES}


def _report(report: Mapping[str, Any], case: Mapping[str, Any]) -> Row:
    place = report.get("place") or {}
    return {
        "case": case["code"],
        **{name: case[name] for name in _OF_CASE},
        "report": report["id"],
        "channel": report["channel"],
        "received_at": report["received_at"],
        "reported_at": report.get("reported_at"),
        "subject": report.get("subject"),
        "text": report["text"],
        "place": place.get("words"),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
    }


def _person(views: Views, row: Row) -> Row:
    """What is sealed of a report; where it was destroyed, what may stand in clear stays."""
    known = full.report(views.connection, views.vault, row["report"])
    place = known.get("place") or {}
    return {
        "subject": known.get("subject", row["subject"]),
        "text": known.get("text", row["text"]),
        "place": place.get("words", row["place"]),
        "name": known["reporter_name"],
        "kind": known["reporter_kind"],
        "address": known["reporter_address"],
        "also_reached_at": ", ".join(known["also_reached_at"]),
    }


def _cell(name: str, value: Any, zone: tzinfo) -> Cell:
    if (name in TIMES or name == "reported_at") and isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, str | int | float | None) else str(value)
