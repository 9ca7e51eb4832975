"""From a query to what is asked of the cases. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from adapters import CaseQuery
from adapters.open311 import times
from adapters.open311.faults import fault

#: GeoReport: "a span of 90 days or first 1000 requests returned, whichever is smallest".
SPAN = timedelta(days=90)
MOST = 1_000
MOST_VALUES = 100
#: Of tracking codes from whoever has no key.
MOST_OF_STRANGERS = 50
MOST_PAGES = 10_000

Query = Mapping[str, Sequence[str]]


def one(query: Query, name: str) -> str:
    return next(iter(query.get(name, ())), "")


def listed(query: Query, name: str, most: int = MOST_VALUES) -> tuple[str, ...]:
    """Values divided by commas. Raises `Faulty` for too many."""
    found = tuple(part.strip() for value in query.get(name, ()) for part in value.split(",") if part.strip())
    if len(found) > most:
        raise fault(400, f"{name} has more than {most} values")
    return found


def codes(query: Query, app: str) -> tuple[str, ...]:
    """The tracking codes that are asked for. Raises `Faulty` for too many."""
    return listed(query, "service_request_id", MOST_VALUES if app else MOST_OF_STRANGERS)


def wanted(query: Query, app: str, now: datetime, zone: tzinfo) -> CaseQuery:
    """Raises `Faulty`. A start or end alone is that of ninety days."""
    start, end = _time(query, "start_date", zone), _time(query, "end_date", zone)
    size = _number(query, "page_size", MOST, MOST)
    return CaseQuery(
        since=start or (end or now) - SPAN,
        until=end or (start + SPAN if start else now + timedelta(days=1)),
        app=app,
        categories=tuple(code.lower() for code in listed(query, "service_code")),
        is_open=_is_open(listed(query, "status")),
        limit=size,
        offset=size * (_number(query, "page", 1, MOST_PAGES) - 1),
    )


def _time(query: Query, name: str, zone: tzinfo) -> datetime | None:
    text = one(query, name)
    try:
        return times.read(text, zone) if text else None
    except ValueError:
        raise fault(400, f"{name} is no time in W3C's format, as in 2026-11-22T15:00:00+07:00") from None


def _number(query: Query, name: str, default: int, most: int) -> int:
    text = one(query, name)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise fault(400, f"{name} is no number from 1 to {most}")
    return int(text or default)


def _is_open(statuses: Sequence[str]) -> bool | None:
    known = {status.lower() for status in statuses}
    if not known <= {"open", "closed"}:
        raise fault(400, "status is open or closed")
    return None if len(known) != 1 else known == {"open"}
