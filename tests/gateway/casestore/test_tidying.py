"""What is made of what an outside says, before it is kept or shown."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from unicodedata import category

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casestore import News
from gateway.casestore.tidying import tidied

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AT = NOW - timedelta(hours=1)
JAKARTA = timezone(timedelta(hours=7))

PIECES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an order that counts": ({"order": (1 << 63) - 1}, {"order": (1 << 63) - 1}),
    "an order beyond 64 bits": ({"order": 1 << 63}, {"order": None}),
    "an order below them": ({"order": -(1 << 70)}, {"order": None}),
    "the year 1": ({"at": datetime.min.replace(tzinfo=JAKARTA), "id": "n"}, {"at": NOW}),
    "no zone": ({"at": datetime(2026, 11, 22), "id": "n"}, {"at": NOW}),  # noqa: DTZ001
    "a day": ({"estimate": date(2026, 12, 1)}, {"estimate": date(2026, 12, 1)}),
    "a day that is none": ({"estimate": date.min}, {"estimate": None}),
    "a day that never comes": ({"estimate": date.max}, {"estimate": None}),
    "a unit that paints": ({"unit": "Sudin\x1b[31m\r\nSDA"}, {"unit": "Sudin[31m SDA"}),
    "a unit of blanks": ({"unit": " \u200b "}, {"unit": None}),
    "a note of two lines": ({"note": "Pompa\r\njalan\u202e!"}, {"note": "Pompa\njalan!"}),
    "a note without end": ({"note": "x" * 9000}, {"note": "x" * 4000}),
    "a number that paints, and our code": ({"number": "JK1\x1b[2J", "code": "KNL-1"}, {"number": "", "code": "KNL-1"}),
}


def piece(**values: Any) -> News:
    fewest: dict[str, Any] = {"at": AT, "number": "JK1"}
    return News(**fewest | values)


@pytest.mark.threat("P1-40")
@pytest.mark.parametrize(("said", "kept"), PIECES.values(), ids=PIECES.keys())
def test_what_is_kept(said: dict[str, Any], kept: dict[str, Any]) -> None:
    assert tidied([piece(**said)], NOW) == [piece(**said | kept)]


def test_what_names_no_case_is_left_out() -> None:
    assert tidied([piece(number="JK1\nJK2"), piece(number=""), piece(number="JK2")], NOW) == [piece(number="JK2")]


def test_what_has_no_time_and_no_name_is_the_same_when_it_is_told_again() -> None:
    odd = [piece(at=datetime.min.replace(tzinfo=UTC), note=note) for note in ("satu", "dua")]
    first, again = tidied(odd, NOW), tidied(odd, NOW + timedelta(minutes=1))
    assert [one.id for one in first] == [one.id for one in again]
    assert len({one.id for one in first}) == 2


@given(
    st.builds(
        News,
        at=st.datetimes(timezones=st.none() | st.timezones()),
        number=st.text(),
        code=st.text(),
        unit=st.none() | st.text(),
        note=st.none() | st.text(),
        order=st.none() | st.integers(),
        estimate=st.none() | st.dates(),
    )
)
def test_whatever_is_said_can_be_kept_and_shown(said: News) -> None:
    for one in tidied([said], NOW):
        assert msgspec.msgpack.encode(msgspec.structs.replace(one, code=""))
        assert not any(category(c) == "Cc" for c in one.number + (one.unit or ""))
