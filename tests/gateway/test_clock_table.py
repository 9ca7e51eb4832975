"""By when each step of a case is to be taken: over weekends, holidays, months' ends and clocks that are put forward."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway.clock import Clock, Limits, Span
from gateway.workdays import Workdays

JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")

ENDS: dict[str, tuple[str, str, str]] = {
    "hours": ("2026-11-20 23:00", "6 hours", "2026-11-21 05:00"),
    "one hour": ("2026-11-20 10:00", "1 hour", "2026-11-20 11:00"),
    "days go on over weekends": ("2026-11-20 10:00", "7 days", "2026-11-27 10:00"),
    "a day that does not exist each year": ("2028-02-28 10:00", "1 day", "2028-02-29 10:00"),
    "a month": ("2026-11-20 10:00", "1 month", "2026-12-20 10:00"),
    "a month into a shorter one": ("2027-01-31 10:00", "1 month", "2027-02-28 10:00"),
    "a month into a leap day": ("2028-01-31 10:00", "1 month", "2028-02-29 10:00"),
    "months over the year's end": ("2026-11-30 10:00", "3 months", "2027-02-28 10:00"),
    "working days from a Monday": ("2026-11-23 10:00", "4 working days", "2026-11-27 10:00"),
    "working days over a weekend": ("2026-11-20 10:00", "1 working day", "2026-11-23 10:00"),
    "working days from a Saturday": ("2026-11-21 10:00", "1 working day", "2026-11-23 10:00"),
    "Nyepi and Idulfitri in one": ("2026-03-17 10:00", "1 working day", "2026-03-25 10:00"),
    "working days from within Idulfitri": ("2026-03-21 10:00", "2 working days", "2026-03-26 10:00"),
    "Idulfitri of the next year": ("2027-03-05 10:00", "1 working day", "2027-03-16 10:00"),
    "Christmas and New Year": ("2026-12-23 10:00", "5 working days", "2027-01-04 10:00"),
    "a year that is not known: only weekends": ("2035-12-24 10:00", "5 working days", "2035-12-31 10:00"),
}


@pytest.mark.parametrize(("start", "span", "end"), ENDS.values(), ids=ENDS)
def test_when_a_time_ends(start: str, span: str, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=JAKARTA)
    assert Span.of(span).end(begun, Workdays()) == datetime.fromisoformat(end).replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("span", "end"),
    [
        ("6 hours", "2026-03-29T05:00+02:00"),
        ("1 day", "2026-03-29T22:00+02:00"),
        ("1 month", "2026-04-28T22:00+02:00"),
        ("1 working day", "2026-03-30T22:00+02:00"),
    ],
)
def test_where_clocks_are_put_forward_hours_last_as_long_as_ever_and_days_end_at_the_same_time(
    span: str, end: str
) -> None:
    begun = datetime(2026, 3, 28, 22, tzinfo=BERLIN)
    assert Span.of(span).end(begun, Workdays()).timestamp() == datetime.fromisoformat(end).timestamp()


@pytest.mark.parametrize("text", ["", "7", "7 weeks", "0 days", "-1 day", "1.5 days", "7  days", "7 Days", "1000 days"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match='as "6 hours"'):
        Span.of(text)


def test_days_off_of_the_operators_own() -> None:
    election = Workdays(frozenset({date(2026, 11, 25)}))
    assert election.after(date(2026, 11, 24), 1) == date(2026, 11, 26)


def test_a_year_is_known_by_its_decree_or_by_days_that_operators_name() -> None:
    assert list(Workdays().unknown((2026, 2027, 2035))) == [2035]
    assert list(Workdays(frozenset({date(2035, 1, 1)})).unknown((2035,))) == []


def test_a_category_has_its_own_times_and_others_the_usual_ones() -> None:
    usual = Limits(*map(Span.of, ("6 hours", "24 hours", "7 days", "1 month")))
    roads = msgspec.structs.replace(usual, done=Span.of("20 working days"))
    clock = Clock(zone=JAKARTA, others=usual, by_category={"jalan-rusak": roads})
    opened = datetime(2026, 11, 20, 10, tzinfo=JAKARTA).timestamp()
    assert clock.deadlines(opened, "jalan-rusak").done == datetime(2026, 12, 18, 10, tzinfo=JAKARTA).timestamp()
    for category in (None, "pohon"):
        by = clock.deadlines(opened, category)
        assert [round((at - opened) / 3600) for at in msgspec.structs.astuple(by)] == [6, 24, 7 * 24, 30 * 24]
