"""Working days in Indonesia. Pure.

Holidays and joint leave (cuti bersama) are lokal-id's, from the yearly decree of three ministers (SKB 3 Menteri), which
comes out about September of the year before. Of years it does not know only weekends are free, and whatever days are
named besides.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

import msgspec

ONE = timedelta(days=1)
SATURDAY = 5


class Workdays(msgspec.Struct, frozen=True):
    """`free` are days off besides those of the decree."""

    free: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.free and day not in _holidays(day.year)

    def after(self, day: date, count: int) -> date:
        """The working day that is the `count`-th after `day`, which itself does not count."""
        while count:
            day += ONE
            count -= self.is_working(day)
        return day

    def unknown(self, years: Iterable[int]) -> Iterator[int]:
        """Those years of which no holiday is known."""
        yield from (year for year in years if not _holidays(year) and year not in {day.year for day in self.free})


@cache
def _holidays(year: int) -> frozenset[date]:
    from normalizer.lokal import HOLIDAY_YEARS, get_holidays  # noqa: PLC0415  (slow to load)

    found = get_holidays(year).holidays if year in HOLIDAY_YEARS else []
    return frozenset(date.fromisoformat(one.date) for one in found)
