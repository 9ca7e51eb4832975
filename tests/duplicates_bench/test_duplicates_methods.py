"""The methods beside ours do what they are known for."""

import pytest

from dedupe.fingerprint import Fingerprint
from tests.duplicates_bench import beside
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.methods import METHODS, Method, Nearest
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.streaming import run


def said(report: str, words: str, pin: tuple[float, float] | None = None, time: float = 0) -> Fingerprint:
    north, east = pin or (None, None)
    made = tuple(sorted(words.split()))
    return Fingerprint(report, "", time, made, latitude=north, longitude=east, category="banjir")


OPEN = (
    said("flood", "air banjir kemang lutut melati tinggi", (-6.2, 106.8), 1),
    said("newer", "bangka lampu padam", (-6.2015, 106.8), 2),
    said("far", "bangka pohon tumbang", (-6.2030, 106.8), 3),
)


@pytest.mark.parametrize("name", METHODS)
def test_the_nearest_is_found_until_it_is_closed(name: str) -> None:
    method = METHODS[name]()
    new = said("new", "air banjir kemang lutut melati setinggi", (-6.2, 106.8), 4)
    assert method.nearest(new) is None
    for old in OPEN:
        method.add(old)
    expected = "newer" if name == "FixMyStreet's rule" else "flood"
    found = method.nearest(new)
    assert (found and found.report) == expected
    method.remove(expected)
    again = method.nearest(new)
    assert (again and again.report) != expected


def test_the_rule_wants_the_same_category_and_a_pin() -> None:
    method: Method = METHODS["FixMyStreet's rule"]()
    method.add(OPEN[0])
    method.add(said("nowhere", "banjir"))
    assert method.nearest(said("new", "x", (-6.2022, 106.8))) == Nearest("flood", 1.0)
    assert method.nearest(said("new", "x", (-6.2023, 106.8))) is None
    assert method.nearest(said("new", "x", (-6.2, 106.8022))) == Nearest("flood", 1.0)
    assert method.nearest(said("new", "x", (-6.2, 106.8024))) is None
    assert method.nearest(said("new", "banjir")) is None


def test_each_method_is_shown_at_its_best() -> None:
    stream = normalised("made", reports(seed=6, count=80), "31")
    found = beside.agreement(stream, run(stream, sampled=0))
    assert list(found) == [beside.OURS, *METHODS]
    ours = found[beside.OURS][0].value
    for name in METHODS:
        f1, precision, recall, _, ratio = (row.value for row in found[name])
        assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
        assert ratio == pytest.approx(ours / f1)


def test_methods_are_timed_among_as_many() -> None:
    stream = normalised("made", reports(seed=6, count=40), "31")
    found = beside.costs(stream, 300, ["FixMyStreet's rule"])
    assert list(found) == [beside.OURS, "FixMyStreet's rule"]
    assert all(rows[0].value > 0 for rows in found.values())
