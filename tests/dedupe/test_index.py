"""Candidates are found where a person would look, and the work stays bounded whatever has been reported."""

import pytest
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint
from dedupe.index import BUDGET, KEPT, LIMIT, Index
from dedupe.window import Window
from tests.dedupe.reports import said

HERE = (-6.2615, 106.8106)


def index_of(*reports: Fingerprint) -> Index:
    index = Index()
    for each in reports:
        index.add(each)
    return index


def crowd(size: int) -> list[Fingerprint]:
    """One text said by `size` people at one place, a second apart."""
    one = said("Banjir di Jl Kemang Raya selutut", reporter="c", pin=HERE)
    return [
        replace(one, report=f"crowd{number}", reporter=f"c{number}", time=one.time + number) for number in range(size)
    ]


FOUND_BY = {
    "a rare word": (said("perosok mobil di kolong"), said("truk perosok")),
    "the street": (said("lampu padam di jl bangka"), said("gelap sekali di jl bangka")),
    "the pin": (said("lampu padam", pin=HERE), said("gelap sekali", pin=(-6.2600, 106.8106))),
    "the reporter": (said("lampu padam", reporter="ani"), said("kapan diperbaiki", reporter="ani")),
    "a quoted code": (said("sesuai KNL-7F3K-92QX"), said("tentang KNL-7F3K-92QX")),
    "the same file": (Fingerprint("old", "", 0.0, photos=("ab12",)), Fingerprint("new", "", 9e9, photos=("ab12",))),
    "nearly the same picture": (
        Fingerprint("old", "", 0.0, images=("0f1e2d3c4b5a6978",)),
        Fingerprint("new", "", 0.0, images=("0f1e2d3c4b5a6970", "ffffffffffffffff")),
    ),
    "the problem and the kelurahan": (
        Fingerprint("old", "", 0.0, areas=("31.74.03.1001",), problems=("banjir",)),
        Fingerprint("new", "", 0.0, areas=("31.74.03.1001",), problems=("banjir", "pohon")),
    ),
}


@pytest.mark.parametrize(("old", "new"), FOUND_BY.values(), ids=FOUND_BY.keys())
def test_finds_by(old: Fingerprint, new: Fingerprint) -> None:
    assert index_of(old).candidates(new) == [old]


def test_finds_nothing_where_nothing_is_shared() -> None:
    assert index_of(said("lampu padam di jl bangka", pin=HERE)).candidates(said("pohon tumbang")) == []


def test_finds_a_neighbour_across_the_edge_of_a_cell() -> None:
    old = said("lampu padam", pin=(-6.26100, 106.81))
    assert index_of(old).candidates(said("gelap", pin=(-6.26220, 106.81))) == [old]


def test_a_report_is_no_candidate_of_its_own() -> None:
    old = said("lampu padam di jl bangka")
    assert index_of(old).candidates(old) == []


def test_what_was_removed_is_found_no_more() -> None:
    old = said("lampu padam di jl bangka", reporter="ani", pin=HERE)
    index = index_of(old)
    index.remove(old.report)
    index.remove("never seen")
    assert (len(index), index.get(old.report), index.candidates(said("lampu padam di jl bangka"))) == (0, None, [])


def test_an_amended_report_replaces_itself() -> None:
    old = said("lampu padam")
    amended = replace(said("lampu padam di jl bangka"), report=old.report)
    index = index_of(old, amended)
    assert len(index) == 1
    assert index.get(old.report) == amended
    assert index.candidates(said("rusak di jl bangka")) == [amended]


def test_the_likelier_come_first_and_no_more_than_asked_for() -> None:
    street, house = said("lampu padam di jl bangka"), said("lampu padam di jl bangka no 6")
    index = index_of(house, street, *crowd(50))
    assert index.candidates(said("lampu padam di jl bangka no 6"), limit=2) == [house, street]


def test_of_identical_reports_the_newest_are_preferred() -> None:
    index = index_of(*crowd(1000))
    found = index.candidates(said("Banjir di Jl Kemang Raya selutut", pin=HERE), limit=10)
    assert [each.report for each in found] == [f"crowd{number}" for number in range(999, 989, -1)]


def test_ten_thousand_identical_reports_cost_no_more_than_the_budget() -> None:
    index = index_of(*crowd(10_000))
    index.candidates(said("Banjir di Jl Kemang Raya selutut", reporter="c5", pin=HERE))
    assert KEPT < index.walked <= BUDGET


def test_a_rare_word_is_found_among_ten_thousand_reports_of_a_common_one() -> None:
    old = said("banjir dekat jembatan kewirausahaan")
    index = index_of(old, *crowd(10_000))
    assert old in index.candidates(said("banjir di kewirausahaan"))


def test_the_budget_holds_for_a_report_of_many_common_words() -> None:
    words = tuple(f"word{number}" for number in range(40))
    index = index_of(*(replace(one, words=words) for one in crowd(500)))
    assert len(index.candidates(replace(said(""), words=words))) == LIMIT
    assert index.walked == BUDGET


def test_the_same_number_of_reports_may_come_and_go_forever() -> None:
    index = Index(rows=256)
    for each in crowd(2000):
        index.add(each)
        if len(index) > 100:
            index.remove(f"crowd{int(each.report[5:]) - 100}")
        if int(each.report[5:]) % 100 == 0:
            assert each in index.candidates(replace(each, report="new"))
    assert len(index) == 100
    for number in range(2000):
        index.remove(f"crowd{number}")
    assert (len(index), index.candidates(said("Banjir di Jl Kemang Raya selutut", pin=HERE))) == (0, [])


def test_what_stays_open_is_found_wherever_it_is_moved() -> None:
    index = Index(rows=128)
    reports = [replace(one, words=(*one.words, f"nr{number}")) for number, one in enumerate(crowd(1000))]
    for each in reports:
        index.add(each)
    stays = reports[::9]
    for each in reports:
        if each not in stays:
            index.remove(each.report)
    for _ in range(800):  # what is moved is moved a little with each change
        index.add(replace(reports[0], report="changing"))
    index.remove("changing")
    assert len(index) == len(stays)
    for each in stays:
        assert index.get(each.report) == each
        assert index.candidates(replace(each, report="twin", reporter="twin"), limit=1) == [each]


def test_years_lie_between_and_the_index_is_none_the_worse() -> None:
    old, new = said("pohon tumbang di jl bangka"), said("pohon tumbang di jl bangka", minutes=60 * 24 * 365 * 8)
    assert index_of(old).candidates(new) == [old]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_numbers_that_are_none_are_no_places_and_no_times(number: float) -> None:
    old = Fingerprint("old", "", number, words=("banjir",), latitude=number, longitude=number)
    found = index_of(old).candidates(replace(old, report="new"))
    assert [each.report for each in found] == ["old"]


def test_what_is_loaded_is_found_as_what_is_added() -> None:
    index = Index()
    index.load(crowd(10))
    assert index.get("crowd3") == crowd(10)[3]
    assert len(index.candidates(said("Banjir di Jl Kemang Raya selutut"))) == 10


def test_the_window_tells_how_many_open_reports_use_each_word() -> None:
    index = index_of(said("lampu padam"), said("lampu hilang"), said("pohon tumbang"))
    window = index.window(said("lampu tumbang melintang"))
    assert (window.open, dict(window.seen)) == (3, {"lampu": 2, "tumbang": 1})
    assert index_of().window(said("lampu")) == Window(0)
