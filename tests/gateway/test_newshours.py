"""Citizens are told what they did not ask for at decent hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from gateway.newshours import ANY_TIME, NewsHours

JAKARTA = ZoneInfo("Asia/Jakarta")
DAY = NewsHours(time(7), time(21), JAKARTA)
NIGHT = NewsHours(time(22), time(2), JAKARTA)
ALWAYS = NewsHours(time(7), time(7), JAKARTA)

WHEN: dict[str, tuple[NewsHours, str, str]] = {
    "by day": (DAY, "2026-03-02T12:00", "2026-03-02T12:00"),
    "at their beginning": (DAY, "2026-03-02T07:00", "2026-03-02T07:00"),
    "early": (DAY, "2026-03-02T06:59", "2026-03-02T07:00"),
    "at their end": (DAY, "2026-03-02T21:00", "2026-03-03T07:00"),
    "at midnight": (DAY, "2026-03-03T00:00", "2026-03-03T07:00"),
    "over midnight": (NIGHT, "2026-03-03T01:00", "2026-03-03T01:00"),
    "before those over midnight": (NIGHT, "2026-03-03T12:00", "2026-03-03T22:00"),
    "at any time": (ALWAYS, "2026-03-03T03:00", "2026-03-03T03:00"),
    "of nobody's choice": (ANY_TIME, "2026-03-03T03:00", "2026-03-03T03:00"),
}


@pytest.mark.parametrize(("hours", "now", "then"), WHEN.values(), ids=WHEN)
def test_news_are_told_now_or_when_their_hours_begin(hours: NewsHours, now: str, then: str) -> None:
    at, expected = (datetime.fromisoformat(one).replace(tzinfo=JAKARTA).timestamp() for one in (now, then))
    assert hours.next(at) == expected
