"""Dates as people and spreadsheets write them in Indonesia: day before month, month names, serial numbers. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from gateway.transfer.table import Cell, words

_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8,
    "agt": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_ZONES = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "z": 0}
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"(?P<zone>wib|wita|wit|utc|gmt|z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?"
_TIME = rf"(?:[\s,t]+{_CLOCK}\s*{_ZONE})?"
_NUMBERS = re.compile(rf"(?P<first>\d{{1,2}})[/.\-\s](?P<second_>\d{{1,2}})[/.\-\s](?P<year>\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[/.\-](?P<second_>\d{{1,2}})[/.\-](?P<first>\d{{1,2}}){_TIME}")
_NAMED = re.compile(rf"(?P<first>\d{{1,2}})[\s.\-/]*(?P<name>[a-z]{{3,9}})[\s.,\-/]*(?P<year>\d{{4}}|\d{{2}}){_TIME}")
_NAME_FIRST = re.compile(rf"(?P<name>[a-z]{{3,9}})\.?\s+(?P<first>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_TIME}")
_CLOCK_ALONE = re.compile(rf"{_CLOCK}\s*{_ZONE}")
_NOISE = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur?"
                    r"|sun)(?:day)?\b[\s,.]*|\b(?:pukul|pkl|jam)\b\.?")  # fmt: skip
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
#: Days since 1899-12-30 that Excel counts from 1982 to 2064.
_SERIALS = (30_000, 60_000)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 Excel knows no zones
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = _DAY = timedelta(days=1)


def month_first(cells: Iterable[Cell]) -> bool:
    """Does a column write the month before the day? Only where it must."""
    found = [match for cell in cells if (match := _NUMBERS.fullmatch(_plain(words(cell))))]
    return any(int(one["second_"]) > 12 for one in found) and all(int(one["first"]) <= 12 for one in found)


def day(cell: Cell, zone: tzinfo, american: bool = False) -> datetime | None:
    """The moment that a cell names, aware; midnight where it tells only the day. None if it cannot be read."""
    match cell:
        case datetime():
            return _aware(cell, zone)
        case date():
            return datetime.combine(cell, time(), zone)
        case bool():
            return None
        case int() | float():
            return _from_serial(float(cell), zone)
    return _written(words(cell), zone, american)


def clock(cell: Cell) -> time | None:
    """The time of day that a cell names; None if it cannot be read."""
    match cell:
        case datetime() | time():
            return time(cell.hour, cell.minute, cell.second)
        case timedelta():
            return _of_day((cell % _DAY).total_seconds())
        case int() | float() if 0 <= cell < 1:
            return _of_day(cell * 86_400)
    found = _CLOCK_ALONE.fullmatch(_plain(words(cell)))
    try:
        return _time_of(found) if found else None
    except ValueError:
        return None


def is_likely(at: datetime, now: datetime) -> bool:
    return _EARLIEST <= at <= now + _AHEAD


def _of_day(seconds: float) -> time:
    return (_EPOCH + timedelta(seconds=round(seconds))).time()


def _plain(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text.casefold()).split())


def _written(text: str, zone: tzinfo, american: bool) -> datetime | None:
    plain = _plain(text[:60])
    if _SERIAL.fullmatch(plain):
        return _from_serial(float(plain.replace(",", ".")), zone)
    for pattern in (_YEAR_FIRST, _NUMBERS, _NAMED, _NAME_FIRST):
        if found := pattern.fullmatch(plain):
            return _moment(found, zone, american and pattern is _NUMBERS)
    return None


def _moment(found: "re.Match[str]", zone: tzinfo, american: bool) -> datetime | None:
    parts = found.groupdict()
    first, year = int(parts["first"]), int(parts["year"])
    second = _MONTHS.get(parts["name"][:3], 0) if parts.get("name") else int(parts["second_"])
    day_, month = (second, first) if american else (first, second)
    try:
        at = _time_of(found) if parts["hour"] else time()
        return datetime.combine(date(year + 2000 if year < 100 else year, month, day_), at, _zone(found, zone))
    except ValueError:
        return None


def _time_of(found: "re.Match[str]") -> time:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return time(hour, int(found["minute"]), int(found["second"] or 0))


def _zone(found: "re.Match[str]", zone: tzinfo) -> tzinfo:
    named = (found["zone"] or "").strip()
    if not named:
        return zone
    if named in _ZONES:
        return timezone(timedelta(hours=_ZONES[named]))
    sign, digits = re.fullmatch(r"(?:utc|gmt)?([+-])([\d:]+)", named).groups()  # type: ignore[union-attr] # matched
    hours, minutes = (
        digits.split(":") if ":" in digits else (digits[:-2] or digits, digits[-2:] if len(digits) > 2 else "0")
    )
    return timezone((1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes)))


def _from_serial(days: float, zone: tzinfo) -> datetime | None:
    """ECMA-376, 18.17.4.1: days since 1899-12-30 as the clock of the place shows them."""
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        return None
    return (_EPOCH + timedelta(seconds=round(days * 86_400))).replace(tzinfo=zone)


def _aware(at: datetime, zone: tzinfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)
