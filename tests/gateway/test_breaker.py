"""A channel's circuit breaker: when a reply may be tried, and how many at once."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import retry
from gateway.breaker import Breaker, Patience

PATIENCE = Patience(at_once=8, failures=3, first=5.0, longest=600.0, pause=300.0)
pytestmark = pytest.mark.threat("P0-10")


def opened(at: float = 0.0) -> Breaker:
    breaker = Breaker(PATIENCE)
    for _ in range(3):
        breaker.failed(at)
    return breaker


def test_some_failures_in_a_row_open_it_and_a_success_between_them_does_not() -> None:
    breaker = Breaker(PATIENCE)
    for result in (breaker.failed, breaker.failed, lambda _: breaker.succeeded(), breaker.failed, breaker.failed):
        result(0.0)
    assert (breaker.is_open, breaker.room(0.0)) == (False, 8)
    breaker.failed(0.0)
    assert (breaker.is_open, breaker.room(0.0)) == (True, 0)


def test_at_its_time_one_reply_probes() -> None:
    breaker = opened()
    assert 4.0 <= breaker.wait(0.0) <= 6.0
    assert (breaker.room(3.9), breaker.room(6.1)) == (0, 1)


def test_each_failed_probe_makes_the_next_one_later_up_to_the_longest() -> None:
    breaker, now, waits = opened(), 0.0, []
    for _ in range(12):
        waits.append(breaker.wait(now))
        now += waits[-1]
        breaker.failed(now)
    expected = [min(5.0 * 2.0**number, 600.0) for number in range(12)]
    assert all(0.8 * wanted <= wait <= 1.2 * wanted for wait, wanted in zip(waits, expected, strict=True))
    assert len(set(waits[-4:])) == 4  # the jitter


def test_what_fails_late_is_no_probe() -> None:
    breaker = opened()
    due = breaker.wait(0.0)
    for _ in range(5):
        breaker.failed(1.0)
    assert breaker.wait(1.0) == due - 1.0


def test_a_success_closes_it_and_the_pace_grows_with_each() -> None:
    breaker = opened()
    breaker.succeeded()
    assert not breaker.is_open
    paces = [breaker.room(0.0)]
    for _ in range(8):
        breaker.succeeded()
        paces.append(breaker.room(0.0))
    assert paces == [2, 3, 4, 5, 6, 7, 8, 8, 8]


def test_after_a_success_it_is_as_patient_as_at_first() -> None:
    breaker = opened()
    for at in (10.0, 30.0, 80.0):
        breaker.failed(at)
    breaker.succeeded()
    for _ in range(3):
        breaker.failed(100.0)
    assert breaker.wait(100.0) <= 6.0


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        pytest.param(0.0, 4.0, 6.0, id="nothing"),
        pytest.param(90.0, 90.0, 90.0, id="a while"),
        pytest.param(1e9, 3600.0, 3600.0, id="thirty years"),
        pytest.param(float("inf"), 3600.0, 3600.0, id="for ever"),
    ],
)
def test_patience_is_given_at_once_where_it_is_asked_for_and_no_longer_than_an_hour(
    asked: float, least: float, most: float
) -> None:
    breaker = Breaker(PATIENCE)
    breaker.failed(0.0, asked)
    assert least <= breaker.wait(0.0) <= most


def test_one_that_fails_late_and_asks_for_more_patience_is_given_it() -> None:
    breaker = opened()
    breaker.failed(1.0, 60.0)
    assert breaker.wait(1.0) == 60.0
    breaker.failed(2.0, 5.0)
    assert breaker.wait(2.0) == 59.0


@pytest.mark.threat("P0-11")
def test_where_credentials_are_refused_it_pauses_until_a_person_hurries_it() -> None:
    breaker = Breaker(PATIENCE)
    breaker.denied(0.0)
    assert (breaker.wait(0.0), breaker.room(299.0), breaker.room(300.0)) == (300.0, 0, 1)
    breaker.hurry(10.0)
    assert breaker.room(10.0) == 1
    breaker.denied(10.0)
    assert breaker.wait(10.0) == 300.0


def test_to_hurry_a_closed_one_changes_nothing() -> None:
    breaker = Breaker(PATIENCE)
    breaker.hurry(1.0)
    assert (breaker.is_open, breaker.room(1.0)) == (False, 8)


@given(st.lists(st.sampled_from(["failed", "throttled", "denied", "succeeded", "hurry", "time"]), max_size=60))
def test_it_never_locks_a_channel_up(events: list[str]) -> None:
    """Whatever happens, within an hour a reply may be tried, and never more than so many at once."""
    breaker, clock = Breaker(PATIENCE), itertools.count(0.0, 7.0)
    acts: dict[str, Callable[[float], object]] = {
        "failed": breaker.failed,
        "throttled": lambda now: breaker.failed(now, 1e6),
        "denied": breaker.denied,
        "succeeded": lambda _: breaker.succeeded(),
        "hurry": breaker.hurry,
        "time": lambda _: None,
    }
    for event in events:
        now = next(clock)
        acts[event](now)
        assert 0 <= breaker.room(now) <= PATIENCE.at_once
        assert breaker.wait(now) <= 3600.0
        assert breaker.room(now + 3600.0) >= 1
    breaker.succeeded()
    assert not breaker.is_open


DAY = 86_400.0


@pytest.mark.threat("P0-12")
@pytest.mark.parametrize(
    ("age", "tries", "over"),
    [
        pytest.param(4 * DAY, 100, True, id="tried for days"),
        pytest.param(4 * DAY, 99, False, id="too few tries"),
        pytest.param(2 * DAY, 5000, False, id="too young"),
        pytest.param(365 * DAY, 1, False, id="the clock was set a year ahead"),
        pytest.param(-365 * DAY, 5000, False, id="made in the future"),
    ],
)
def test_a_reply_is_given_up_only_after_days_and_many_tries(age: float, tries: int, over: bool) -> None:
    assert retry.give_up(0.0, age, tries) is over


@given(st.integers(0, 10**9))
def test_any_number_of_tries_has_a_next_one(tries: int) -> None:
    assert 4.0 <= retry.delay(tries) <= 1.2 * 3600
