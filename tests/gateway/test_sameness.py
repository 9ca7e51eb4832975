"""Pairs of reports that people labelled: read from a file, made of what came in one after the other, and counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedupe.fingerprint import Fingerprint
from gateway.sameness.examples import Example, of_officers, of_reports
from gateway.sameness.figures import Scored, figures
from gateway.sameness.file import NotLabelled, compared, read
from gateway.store.labelled import LabelledPair
from normalizer.book import Book

LINE = '{"id": 1, "text": "lampu padam", "cluster_id": "a", "time": "2026-11-23T16:00:00+07:00"}'


def known(name: str, time: float = 0.0) -> Fingerprint:
    return Fingerprint(name, "", time, words=("lampu", "padam"))


def test_a_file_is_read_in_the_order_of_time(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    earlier = (
        '{"id": "x", "text": "Banjir di Jl. Kemang Raya RT 3", "cluster_id": 7, "time": "2026-11-23T08:00:00",'
        ' "lat": -6.26, "lon": 106.81, "accuracy": 8, "category": "banjir", "reporter": "rina", "channel": "sms"}'
    )
    file.write_text(f"{LINE}\n\n{earlier}\n")
    (flood, one), (lamp, other) = compared(read(file), Book("31"))
    assert (flood.report, one, lamp.report, other) == ("x", "7", "1", "a")
    assert flood.time == datetime(2026, 11, 23, 8, tzinfo=UTC).timestamp()
    assert (flood.streets, flood.numbers, flood.category) == (("jl kemang raya",), ("rt 3",), "banjir")
    assert (flood.latitude, flood.longitude, flood.accuracy) == (-6.26, 106.81, 8.0)
    assert flood.reporter and flood.reporter != "rina" and lamp.reporter == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("rahasia", "line 2: is no JSON", id="no JSON"),
        pytest.param('{"id": 2, "text": "rahasia", "cluster_id": 1}', "missing required field `time`", id="no time"),
        pytest.param(LINE.replace("2026-", "rahasia-"), "line 2: its time is no ISO 8601", id="no such time"),
        pytest.param(LINE, "line 2: its id was there before", id="twice"),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_line_alone(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(f"{LINE}\n{line}\n")
    with pytest.raises(NotLabelled, match=said) as refused:
        read(file)
    assert "rahasia" not in str(refused.value)


def test_each_report_is_paired_with_what_was_there_before() -> None:
    reports = [(known("r-1"), "a"), (known("r-2", 9.0), "b"), (Fingerprint("r-3", "", 10.0, words=("banjir",)), "a")]
    made = [one for found in of_reports(reports) for one in found]
    pairs = [(one.new.report, one.old.report, one.same, one.window.open) for one in made]
    assert pairs == [("r-2", "r-1", False, 1), ("r-3", "r-1", True, 2)], "also where the index finds nothing"


def test_what_officers_said_hangs_together() -> None:
    said = [
        LabelledPair(known("r-2", 2.0), known("r-1", 1.0), same=True, at=0.0),
        LabelledPair(known("r-2", 2.0), known("r-3", 3.0), same=False, at=0.0),
        LabelledPair(known("r-8", 8.0), known("r-9", 9.0), same=True, at=0.0),
    ]
    made = of_officers(said)
    assert [(one.new.report, one.old.report, one.same) for one in made] == [
        ("r-2", "r-1", True),
        ("r-3", "r-2", False),
        ("r-9", "r-8", True),
    ]
    assert made[0].incident == made[1].incident != made[2].incident
    assert made[0].is_held_back == made[1].is_held_back


def test_about_one_in_three_is_held_back() -> None:
    examples = [Example(known("r-1"), known("r-2"), True, f"c-{number}") for number in range(3000)]
    assert 900 < sum(one.is_held_back for one in examples) < 1100


SCORED = [Scored(True, 0.95), Scored(False, 0.93), Scored(True, 0.5), Scored(False, 0.1), Scored(False, 0.1)]


def test_figures_are_of_what_is_above_the_threshold() -> None:
    found = figures(SCORED, 0.9)
    assert (found.count, found.precision, found.recall) == (5, 0.5, 0.5)
    assert [(one.count, round(one.said, 3), one.true) for one in found.bins] == [
        (2, 0.1, 0),
        (1, 0.5, 1),
        (2, 0.94, 0.5),
    ]
    assert figures([], 0.9).loss == 0 and figures(SCORED, 0.99).precision == 0


@pytest.mark.parametrize(
    ("other", "is_no_worse"),
    [
        pytest.param(SCORED, True, id="the same"),
        pytest.param([*SCORED[:1], Scored(False, 0.3), *SCORED[2:]], False, id="one wrong link less"),
        pytest.param([*SCORED[:2], Scored(True, 0.91), *SCORED[3:]], False, id="one right link more"),
        pytest.param([*SCORED[:3], Scored(False, 0.7), Scored(False, 0.7)], True, id="less sure of what is another"),
    ],
)
def test_one_is_no_worse_that_is_as_sure_as_precise_and_as_complete(other: list[Scored], is_no_worse: bool) -> None:
    assert figures(SCORED, 0.9).is_no_worse(figures(other, 0.9)) is is_no_worse


def test_links_are_precise_enough_that_are_right_98_times_in_100() -> None:
    before = figures([Scored(True, 0.95)] * 400 + [Scored(True, 0.8)] * 400, 0.9)
    more = [Scored(True, 0.99)] * 790 + [Scored(True, 0.85)] * 10
    assert figures([*more, *[Scored(False, 0.91)] * 10], 0.9).is_no_worse(before)
    assert not figures([*more, *[Scored(False, 0.91)] * 30], 0.9).is_no_worse(before)
