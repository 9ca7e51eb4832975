"""News as they may be kept, ordered and shown, whatever an outside says. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

from msgspec.structs import astuple, replace

from gateway.casestore.calling import is_number
from gateway.casestore.contract import News
from gateway.casestore.ordering import dated
from normalizer.words.text import clean, one_line

LONGEST_UNIT, LONGEST_NOTE = 200, 4000
#: What databases and message formats hold of a whole number.
SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1
#: Others stand for no date, as 0001-01-01 does in .NET.
YEARS = range(2000, 2100)


def tidied(news: Iterable[News], now: datetime) -> list[News]:
    """Those that name a case: words readable and on one line, no time that nobody can have meant, no order that is too
    large to count."""
    return [_tidy(one, now) for one in news if is_number(one.number) or one.code]


def _tidy(one: News, now: datetime) -> News:
    at = dated(one.at, now)
    return replace(
        one,
        number=one.number if is_number(one.number) else "",
        at=at,
        unit=one_line(one.unit or "", LONGEST_UNIT) or None,
        note=clean(one.note or "")[:LONGEST_NOTE] or None,
        estimate=_expected(one.estimate),
        order=one.order if one.order is not None and SMALLEST <= one.order <= LARGEST else None,
        id=one.id if one.id or at is one.at else _name(one),
    )


def _expected(day: date | None) -> date | None:
    return day if day and day.year in YEARS else None


def _name(one: News) -> str:
    """What happened at no time would else be new each time that it is told."""
    return sha256(repr(astuple(one)).encode()).hexdigest()
