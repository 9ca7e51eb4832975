"""A day: by the calendar, or counted from today."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date as Date  # noqa: N812 - `date` is the reader
from datetime import timedelta

from gateway.bot.readers import daywords as said
from gateway.bot.reading import Again, Heard, Reader
from gateway.bot.words import Cut, Words, cut

_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", re.ASCII)
_FIGURES = re.compile(r"\b(\d{1,2})(?: ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4}|\d{2})|/(\d{1,2}))\b", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_MOST_WORDS = 40
_MOST_COUNTED = 10_000


class _Date(Reader[str]):
    """The one day that is said, as an ISO date. Where no year is said, it is the one next to today that fits."""

    gives = str
    hint = "again_date"

    def __init__(self, to_come: bool) -> None:
        self._to_come = to_come

    def read(self, heard: Heard) -> str:
        today = Date.fromisoformat(heard.today)
        found = set(_Days(today, heard.words, self._to_come).of(heard.text))
        if len(found) != 1:
            raise Again
        day = found.pop()
        if day > today and not self._to_come:
            raise Again("again_date_past")
        return day.isoformat()


class _Days:
    """Finds days in a text."""

    def __init__(self, today: Date, words: Words, to_come: bool) -> None:
        self._today = today
        self._words = words
        self._to_come = to_come

    def of(self, text: str) -> Iterator[Date]:
        yield from self._in_figures(text)
        words = cut(_FIGURES.sub(" ", _ISO.sub(" ", text)).replace("'", ""))[:_MOST_WORDS]
        at = 0
        while at < len(words):
            days, length = self._next(words[at:], words[at - 1] if at else "")
            yield from days
            at += length

    def _in_figures(self, text: str) -> Iterator[Date]:
        for year, month, day in _ISO.findall(text):
            yield from self._dated(int(day), int(month), int(year))
        for day, month, year, only in _FIGURES.findall(_ISO.sub(" ", text)):
            months = int(month or only)
            parts = (months, int(day)) if months > 12 else (int(day), months)
            yield from self._dated(*parts, int(year) % 2000 + 2000 if len(year) == 2 else int(year) if year else None)

    def _next(self, words: Cut, before: str) -> tuple[Iterable[Date], int]:
        """The day that begins here, and of how many words it is."""
        if words[0] in said.ONE:
            return self._counted(1, (said.ONE[words[0]], *words[1:]))
        number, length = self._words.number_at(words, 0)
        if number is not None:
            days, more = self._numbered(number, words[length:])
            return days, length + more
        return self._in_words(words, before)

    def _numbered(self, number: int, rest: Cut) -> tuple[Iterable[Date], int]:
        if rest and rest[0] in said.MONTHS:
            years = [int(year) for year in rest[1:2] if _YEAR.fullmatch(year)]
            return self._dated(number, said.MONTHS[rest[0]], *years), 1 + len(years)
        return self._counted(number, rest) if rest else ((), 0)

    def _counted(self, number: int, rest: Cut) -> tuple[Iterable[Date], int]:
        """So many days, weeks or months before or after today; `rest` begins with what is counted."""
        which = next((word for word in rest[1:3] if word != "yang"), "")
        sign = -1 if which in said.AGO else 1 if which in said.TO_COME else 0
        if sign and number <= _MOST_COUNTED and rest[0] in said.MONTHS_COUNTED:
            return self._months_on(sign * number), 2
        if sign and number <= _MOST_COUNTED and rest[0] in said.DAYS:
            return self._days_on(sign * number * said.DAYS[rest[0]]), 2
        return (), 0

    def _in_words(self, words: Cut, before: str) -> tuple[Iterable[Date], int]:
        if len(words) > 1 and words[0] == "hari" and words[1] in said.WEEKDAYS:
            days, length = self._weekday(words[1:], before)
            return days, 1 + length
        for length in range(min(said.LONGEST, len(words)), 0, -1):
            if (ahead := said.NAMED.get(words[:length])) is not None:
                return self._days_on(ahead), length
        if words[0] in said.MONTHS and len(words) > 1 and words[1].isdecimal():
            years = [int(year) for year in words[2:3] if _YEAR.fullmatch(year)]
            return self._dated(int(words[1][:4]), said.MONTHS[words[0]], *years), 2 + len(years)
        if words[0] in said.WEEKDAYS:
            return self._weekday(words, before)
        if (
            words[0] in said.DATED
            and len(words) > 1
            and words[1].isdecimal()
            and not said.MONTHS.keys() & {*words[2:3]}
        ):
            return self._of_month(int(words[1][:4])), 2
        return (), 1

    def _weekday(self, words: Cut, before: str) -> tuple[Iterable[Date], int]:
        """ "senin", "senin lalu", "senin depan", "last Monday"; "malam senin" is the evening before."""
        around = {before, *words[1:2]}
        ahead = (said.WEEKDAYS[words[0]] - self._today.weekday()) % 7
        if around & said.AGO:
            ahead -= 7
        elif around & said.TO_COME:
            ahead = ahead or 7
        elif not self._to_come:
            ahead -= 7 if ahead else 0
        length = 2 if {*words[1:2]} & (said.AGO | said.TO_COME) else 1
        return self._days_on(ahead - (before == "malam")), length

    def _dated(self, day: int, month: int, year: int | None = None) -> Iterator[Date]:
        years = (year,) if year else (self._today.year + ahead for ahead in ((0, 1) if self._to_come else (0, -1)))
        for one in years:
            with suppress(ValueError):
                found = Date(one, month, day)
                if year or self._is_right_way(found):
                    yield found
                    return

    def _of_month(self, day: int) -> Iterator[Date]:
        for months in (0, 1) if self._to_come else (0, -1):
            for one in self._months_on(months):
                with suppress(ValueError):
                    if self._is_right_way(found := one.replace(day=day)):
                        yield found
                        return

    def _is_right_way(self, day: Date) -> bool:
        return day >= self._today if self._to_come else day <= self._today

    def _days_on(self, days: int) -> Iterator[Date]:
        with suppress(OverflowError):
            yield self._today + timedelta(days=days)

    def _months_on(self, months: int) -> Iterator[Date]:
        year, month = divmod(self._today.year * 12 + self._today.month - 1 + months, 12)
        with suppress(ValueError):
            yield Date(year, month + 1, min(self._today.day, monthrange(year, month + 1)[1]))


#: Today or before: when something happened.
date: Reader[str] = _Date(to_come=False)
#: Any day, one without a year in the future.
date_to_come: Reader[str] = _Date(to_come=True)
