"""The clock of a case: by when it is to be taken up, worked on, done, and closed at the very latest. Pure.

Sources: SE 61/2018 (an OPD coordinates within 6 hours, the lurah acts within 24), SE 40/2019 (times per kind), and the
city's press (done within 7 days; not within a month has consequences).
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from gateway.workdays import Workdays
from normalizer.sorting.categories import Slug

HOUR, DAY = 3600.0, 86_400.0


class Step(StrEnum):
    """What is to happen in time, in this order."""

    COORDINATE = "coordinate"
    ACT = "act"
    DONE = "done"
    LAST = "last"


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"


_SECONDS = {Unit.HOURS: HOUR, Unit.DAYS: DAY, Unit.WORKING_DAYS: 1.4 * DAY, Unit.MONTHS: 30 * DAY}
_SPAN = re.compile(r"([1-9]\d{0,2}) (hour|day|working day|month)s?")


class Span(msgspec.Struct, frozen=True):
    """A time as people write it: "6 hours", "7 days", "5 working days", "1 month"."""

    count: int
    unit: Unit

    @classmethod
    def of(cls, text: str) -> "Span":
        """Raises ValueError."""
        if not (found := _SPAN.fullmatch(text)):
            raise ValueError('write it as "6 hours", "7 days", "5 working days" or "1 month"')
        return cls(int(found[1]), Unit(found[2] + "s"))

    @property
    def usual_seconds(self) -> float:
        """About how long it is."""
        return self.count * _SECONDS[self.unit]

    def end(self, start: datetime, workdays: Workdays) -> datetime:
        """Days and months end at the same time of day as they began; working days begin with the one after `start`,
        and a month ends with the last day of one that is shorter."""
        match self.unit:
            case Unit.HOURS:
                return (start.astimezone(UTC) + timedelta(hours=self.count)).astimezone(start.tzinfo)
            case Unit.DAYS:
                return start + timedelta(days=self.count)
            case Unit.WORKING_DAYS:
                return datetime.combine(workdays.after(start.date(), self.count), start.timetz())
            case Unit.MONTHS:
                return _months_on(start, self.count)


class Limits(msgspec.Struct, frozen=True):
    """How long each step may take, from the opening of a case."""

    coordinate: Span
    act: Span
    done: Span
    last: Span


class Deadlines(msgspec.Struct, frozen=True):
    """By when each step is to be taken, in seconds since the epoch."""

    coordinate: float
    act: float
    done: float
    last: float


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """When a step's time is up by so many per cent (`at`) and it is still to be taken, these roles are told: by the
    next full hour if that is `urgent`, else with the day's digest. See `gateway.roles` for what a role is."""

    code: Slug
    step: Step
    at: Annotated[int, Meta(ge=1, le=1000)]
    tell: Annotated[tuple[str, ...], Meta(min_length=1)]
    urgent: bool = False
    hidden: bool = False


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of every category that has its own, and those of all others; `digest_at` is a time of day."""

    zone: ZoneInfo
    others: Limits
    by_category: Mapping[str, Limits] = {}
    workdays: Workdays = Workdays()
    reminders: tuple[Reminder, ...] = ()
    digest_at: time = time(7)

    def deadlines(self, opened_at: float, category: str | None = None) -> Deadlines:
        limits = self.by_category.get(category or "", self.others)
        return _deadlines(opened_at, self.zone, limits, self.workdays)

    def unknown_years(self, now: float) -> list[int]:
        """Those that working days from now on reach into and of which no holiday is known."""
        rows = map(msgspec.structs.astuple, (self.others, *self.by_category.values()))
        spans: list[Span] = [span for row in rows for span in row]
        longest = max((span.usual_seconds for span in spans if span.unit is Unit.WORKING_DAYS), default=None)
        if longest is None:
            return []
        first, last = (datetime.fromtimestamp(at, self.zone).year for at in (now, now + longest))
        return list(self.workdays.unknown(range(first, last + 1)))


@lru_cache(maxsize=256)
def _deadlines(opened_at: float, zone: ZoneInfo, limits: Limits, workdays: Workdays) -> Deadlines:
    """Kept, for all cases of a batch are opened at the same time."""
    start = datetime.fromtimestamp(opened_at, zone)
    return Deadlines(*(span.end(start, workdays).timestamp() for span in msgspec.structs.astuple(limits)))


def _months_on(start: datetime, count: int) -> datetime:
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
