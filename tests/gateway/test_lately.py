"""Reports of cases that were closed lately are compared with for some days, as many as there is room for."""

import pytest

from dedupe.fingerprint import Fingerprint
from gateway import lately
from gateway.lately import DAY, Lately

NOW = 1_793_500_000.0


def flood(report: str) -> Fingerprint:
    return Fingerprint(report, "p-budi", NOW, words=("banjir", "lutut"), streets=("jl mawar",))


def found(known: Lately, now: float) -> list[tuple[str, bool]]:
    return [(one.report, one.closed) for one in known.candidates(flood("new"), 9, now)]


def test_what_was_closed_is_found_as_closed_until_its_days_are_over() -> None:
    known = Lately(days=2)
    known.close(flood("r-1"), NOW)
    known.close(flood("r-2"), NOW + DAY)
    assert sorted(found(known, NOW + DAY)) == [("r-1", True), ("r-2", True)]
    assert found(known, NOW + 2 * DAY) == [("r-2", True)]
    assert (found(known, NOW + 3 * DAY), len(known)) == ([], 0)


def test_what_is_open_again_or_gone_is_not_found() -> None:
    known = Lately(days=2)
    known.close(flood("r-1"), NOW)
    known.remove("r-1")
    known.remove("r-2")
    assert found(known, NOW) == []


def test_without_days_nothing_is_kept() -> None:
    known = Lately()
    known.close(flood("r-1"), NOW)
    assert len(known) == 0


def test_of_too_many_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lately, "MOST", 3)
    known = Lately(days=2)
    for number in range(5):
        known.close(flood(f"r-{number}"), NOW + number)
    known.close(flood("r-2"), NOW + 9)
    known.close(flood("r-5"), NOW + 10)
    assert sorted(report for report, _ in found(known, NOW + 10)) == ["r-2", "r-4", "r-5"]
