"""Windows are filled with reports of other incidents, and stay as full as they should."""

import pytest
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint, fingerprint
from tests.duplicates_bench import windows
from tests.duplicates_bench.apart import apart
from tests.duplicates_bench.made import START, reports
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.padding import PREFIX, Padding
from tests.duplicates_bench.sustain import A_MINUTE, Full, minutes


@pytest.fixture(scope="module")
def made() -> list[Fingerprint]:
    return [fingerprint(arrival.report) for arrival in normalised("made", reports(seed=5, count=300), "31").arrivals]


def test_padding_is_made_of_the_set_but_of_no_incident_of_it(made: list[Fingerprint]) -> None:
    others = list(Padding(made).between(100.0, 200.0, 500))
    assert others == list(Padding(made).between(100.0, 200.0, 500))
    assert others != list(Padding(made, seed=2).between(100.0, 200.0, 500))
    assert len({other.report for other in others} - {one.report for one in made}) == 500
    assert [other.time for other in others] == sorted(other.time for other in others)
    assert {word for other in others for word in other.words} <= {word for one in made for word in one.words}
    pins = {(one.latitude, one.longitude) for one in made if one.latitude is not None}
    assert pins.isdisjoint((other.latitude, other.longitude) for other in others)
    assert sum(other.latitude is not None for other in others) > 100
    places = {(one.words, one.streets, one.numbers) for one in made}
    assert sum((other.words, other.streets, other.numbers) in places for other in others) < 25


def test_reports_are_measured_among_others() -> None:
    stream = normalised("made", reports(seed=5, count=300), "31")
    found = windows.measure(stream, 400)
    assert len(found.seconds) == 100
    assert 0 < found.labelled.found_reports <= found.labelled.reports <= 100
    assert 0 < found.right_links <= found.links <= 100
    assert found.right_even <= found.even
    assert windows.line("made", 400, found).startswith("made among 400: candidates 0.")
    measures = [row.measure for row in windows.rows(found, 400)]
    assert len(set(measures)) == len(measures) > 8


def test_reports_of_one_moment_are_measured_too() -> None:
    rows = [replace(row, time=START) for row in reports(seed=5, count=30)]
    assert len(windows.measure(normalised("made", rows, "31"), 50).seconds) == 10


def test_what_dies_is_told() -> None:
    with pytest.raises(RuntimeError, match="died"):
        apart(float, exit, 1)


def test_a_full_window_stays_full_and_forgets_what_is_closed(made: list[Fingerprint]) -> None:
    full = Full(made, 2_000)
    index = full.engine.index
    for _ in range(500):
        new, closed, judged, kept = full.come()
        assert len(index) == 2_000
        assert index.get(new.report) == new
        assert index.get(closed) is None
        assert closed not in {old.report for old in index.candidates(new)}
        assert judged > 0
        assert kept >= 0
    assert not any(index.get(f"{PREFIX}{number}") for number in range(1, 501))
    assert all(index.get(f"{PREFIX}{number}") for number in range(501, 2_501))


def test_each_minute_is_of_all_that_came(made: list[Fingerprint]) -> None:
    waited: list[float] = []
    found = list(minutes(Full(made, 200, rate=2), 2, waited.append))
    assert [len(minute.judged) for minute in found] == [2 * A_MINUTE] * 2
    assert len(waited) == 2 * A_MINUTE
    assert all(minute.memory > 1_000_000 for minute in found)
