"""When is a channel silent? By its own rhythm, learnt from what it heard by the hour of the week."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.health.rhythm import HOUR, IMPROBABLE, Rhythm, is_silence, learn

ZONE = ZoneInfo("Asia/Jakarta")
#: A Monday at 0:00 in that zone.
MONDAY = datetime(2026, 11, 2, tzinfo=ZONE).timestamp()
WEEK, DAY = 168, 24
Rate = Callable[[int], float]


def office(hour: int) -> float:
    """Twelve an hour on working days from 8 to 17, else one in ten hours."""
    day, at = divmod(hour % WEEK, DAY)
    return 12.0 if day < 5 and 8 <= at < 17 else 0.1


def steady(hour: int) -> float:
    return 12.0


def rare(hour: int) -> float:
    return 0.2


def heard(rate: Rate, weeks: int, seed: int = 1) -> dict[int, int]:
    """By hour since the epoch, up to that Monday: a Poisson process."""
    random, monday = Random(seed), int(MONDAY // HOUR)
    counts = {monday - back: _poisson(random, rate(-back)) for back in range(1, weeks * WEEK + 1)}
    return {hour: count for hour, count in counts.items() if count}


def _poisson(random: Random, rate: float) -> int:
    count, until = 0, random.expovariate(1)
    while until < rate:
        count, until = count + 1, until + random.expovariate(1)
    return count


class Always(dict[int, float]):
    """Somebody was there to listen all the time."""

    def get(self, key: int, default: float | None = None) -> float:  # type: ignore[override]
        return 1.0


def rhythm(rate: Rate, weeks: int = 8) -> Rhythm:
    found = learn(heard(rate, weeks + 1), MONDAY, ZONE)
    assert found is not None
    return found


def noticed_after(rhythm: Rhythm, hour: float) -> float:
    """Hours of silence from that hour of the week on until it is called one."""
    since = MONDAY + hour * HOUR
    return next(
        minutes / 60
        for minutes in range(10, 21 * DAY * 60, 10)
        if is_silence(rhythm.probability(since, since + minutes * 60, Always()), minutes * 60)
    )


@pytest.mark.parametrize(
    ("rate", "hour", "least", "most"),
    [
        pytest.param(steady, 10, 0.8, 3, id="twelve an hour: within three hours"),
        pytest.param(office, 9, 0.8, 3, id="in office hours: within three hours"),
        pytest.param(office, 17, 15.5, 19, id="when the offices close: the next morning, and not in the night"),
        pytest.param(office, 4 * DAY + 17, 40, 67, id="at the week-end: on Monday at the latest, not on Saturday"),
        pytest.param(rare, 0, 48, 110, id="five a day: within a few days"),
    ],
)
def test_a_silence_is_noticed_when_something_should_have_come(rate: Rate, hour: int, least: float, most: float) -> None:
    assert least <= noticed_after(rhythm(rate), hour) <= most


@pytest.mark.parametrize("rate", [steady, office, rare], ids=lambda one: one.__name__)
def test_a_channel_that_goes_on_is_never_silent(rate: Rate) -> None:
    """Weeks of its own rhythm, of which none was learnt from: each hour is looked at."""
    known, later = rhythm(rate), heard(rate, 6, seed=7)
    last, hours = min(later), range(min(later), max(later))
    for hour in hours:
        seconds = (hour - last) * HOUR
        assert not is_silence(known.probability(last * HOUR, hour * HOUR, Always()), seconds), hour - last
        last = hour + 1 if later.get(hour) else last


def flooded(counts: dict[int, int]) -> dict[int, int]:
    """A day of a thousand an hour, just before."""
    monday = int(MONDAY // HOUR)
    return counts | {monday - back: 1000 for back in range(1, DAY + 1)}


@pytest.mark.parametrize("rate", [steady, office, rare], ids=lambda one: one.__name__)
def test_a_flood_right_before_changes_nothing(rate: Rate) -> None:
    calm, wild = rhythm(rate), learn(flooded(heard(rate, 9)), MONDAY, ZONE)
    assert wild is not None
    assert noticed_after(wild, 10) == pytest.approx(noticed_after(calm, 10), rel=0.4)
    assert max(wild.usual) < 2.5 * max(calm.usual)


def test_weeks_in_which_it_was_dead_do_not_make_it_quiet() -> None:
    counts, monday = heard(steady, 9), int(MONDAY // HOUR)
    for back in range(WEEK, 4 * WEEK):
        counts.pop(monday - back, None)
    found = learn(counts, MONDAY, ZONE)
    assert found is not None
    assert found.at(MONDAY) > 9


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({}, id="nothing was ever heard"),
        pytest.param(heard(steady, 1), id="one week"),
        pytest.param(heard(lambda hour: 0.01, 8), id="two or so a week"),
    ],
)
def test_too_little_is_no_rhythm(counts: dict[int, int]) -> None:
    assert learn(counts, MONDAY, ZONE) is None


def test_little_that_is_known_makes_for_patience() -> None:
    much = rhythm(rare)
    little = msgspec.structs.replace(much, known=20)
    assert noticed_after(little, 0) > 1.2 * noticed_after(much, 0)


def test_what_comes_in_bursts_is_given_more_time() -> None:
    random = Random(3)
    counts = heard(lambda hour: 12 * random.expovariate(1), 9)
    wild = learn(counts, MONDAY, ZONE)
    assert wild is not None
    assert noticed_after(wild, 10) > 1.5 * noticed_after(rhythm(steady), 10)


def test_while_nobody_listens_nothing_is_expected() -> None:
    known, until = rhythm(steady), MONDAY + 10 * HOUR
    first = int(MONDAY // HOUR)
    assert known.probability(MONDAY, until, {}) == 1.0
    assert known.probability(MONDAY, until, {first: 1.0}) > IMPROBABLE
    assert known.probability(MONDAY, until, {first + number: 1.0 for number in range(10)}) < IMPROBABLE


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(490_000, 491_500), st.integers(0, 10**6), max_size=60), st.integers(0, 10**7))
def test_probabilities_are_such_whatever_was_heard(counts: dict[int, int], seconds: int) -> None:
    until = 491_501 * HOUR
    known = learn(counts, until, UTC)
    if known is not None:
        assert 0.0 <= known.probability(until, until + seconds, Always()) <= 1.0
        assert all(usual >= 0 for usual in known.usual)
