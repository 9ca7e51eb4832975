"""The bench measures what it says, in small."""

import re
from pathlib import Path

from msgspec.structs import replace
from typer.testing import CliRunner

from tests.duplicates_bench.__main__ import app
from tests.duplicates_bench.clusters import pairs
from tests.duplicates_bench.figures import agreements, rows
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.streaming import run

LINE = re.compile(r"^(\S+) F1 [01]\.\d{3} P [01]\.\d{3} R [01]\.\d{3} B3 [01]\.\d{3}$", re.MULTILINE)


def test_without_sets_made_up_reports_are_measured(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sets", "--data", str(tmp_path / "none")])
    assert result.exit_code == 0
    assert "made-up reports are used instead" in result.output
    assert LINE.findall(result.output) == ["made", "made-text"]


def test_sentences_are_judged_by_their_twin(tmp_path: Path) -> None:
    texts = ["lampu udah mati bgt", "lampu sudah mati", "mau pesan tiket ka", "ingin memesan tiket ka"]
    lines = [f'{{"id": "{n}", "text": "{text}", "cluster_id": "{n // 2}"}}' for n, text in enumerate(texts)]
    (tmp_path / "stif.jsonl").write_text("\n".join([*lines, "oops"]))
    result = CliRunner().invoke(app, ["sets", "--data", str(tmp_path)])
    assert "stif, line 5 is skipped" in result.output
    assert "stif top-1 1.000" in result.output


def test_made_up_reports_are_always_the_same() -> None:
    made = reports(seed=3, count=200)
    assert made == reports(seed=3, count=200)
    assert len({row.id for row in made}) == len(made)
    assert 20 < len({row.cluster for row in made}) < 180
    floods = sum(bool(re.search("bn?jir|banji|air|kali|genangan", row.text, re.IGNORECASE)) for row in made)
    assert 120 < floods <= 200


def test_a_run_counts_what_candidates_held() -> None:
    stream = normalised("made", reports(seed=4, count=150), "31")
    done = run(stream, sampled=20)
    labels = stream.labels
    assert [one.new.report for one in done.judged] == list(labels)
    held = done.labelled
    assert 0 < held.found_pairs <= held.pairs
    assert held.pairs == pairs(labels)
    assert 0 < held.found_reports <= held.reports < 150
    assert 0 < done.exhaustive.found <= done.exhaustive.alike <= 20
    of_pairs, of_reports = agreements(done, labels)
    assert 0.5 < min(of_pairs.f1, of_reports.f1) <= 1.0
    assert {row.measure for row in rows(done, labels)} >= {"automatic links, right", "for review, right"}


def test_who_closes_leaves_the_window() -> None:
    closed = [replace(row, closed=row.time) for row in reports(seed=4, count=150)]
    done = run(normalised("made", closed, "31"), sampled=0)
    assert done.labelled.pairs == 0
