"""The bench measures what it says, in small."""

import re
from pathlib import Path

from msgspec.structs import replace
from typer.testing import CliRunner

from tests.duplicates_bench import curves
from tests.duplicates_bench.__main__ import app
from tests.duplicates_bench.clusters import pairs
from tests.duplicates_bench.engine import Seconds
from tests.duplicates_bench.figures import agreements, rows
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.reliability import line, reliability
from tests.duplicates_bench.streaming import run
from tests.duplicates_bench.windows import Figures

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


def test_empty_sets_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "jkt.jsonl").touch()
    result = CliRunner().invoke(app, ["flood", "--data", str(tmp_path), "--wrong", "1", "made"])
    assert "made-up reports are used instead" in result.output
    assert result.exit_code == 0


def test_wrong_links_are_shown_with_their_reasons(tmp_path: Path) -> None:
    text = "Banjir di Jl. Kemang Raya no 12, air setinggi lutut"
    lines = [f'{{"id": "r{n}", "text": "{text}", "cluster_id": "{n}", "lat": -6.2, "lon": 106.8{n}}}' for n in range(3)]
    (tmp_path / "own.jsonl").write_text("\n".join(line.replace("106.8", "106.80000") for line in lines))
    shown = CliRunner().invoke(app, ["--data", str(tmp_path), "--wrong", "1", "own"]).output
    assert shown.count("Kemang Raya") >= 2
    assert re.search(r"^(same|again|retry) [01]\.\d{3}: .*kemang raya", shown, re.MULTILINE)
    assert re.search(r"^  r1 2020-01-01 00:00 \[1\] Banjir", shown, re.MULTILINE)
    assert CliRunner().invoke(app, ["--data", str(tmp_path), "--wrong", "1", "none"]).exit_code == 2


def test_scores_are_compared_with_how_many_are_right() -> None:
    stream = normalised("made", reports(seed=4, count=150), "31")
    done, labels = run(stream, sampled=0), stream.labels
    found = reliability(done.judged, labels)
    assert found is not None
    assert sum(one.count for one in found.bins) == sum(one.verdict.same_as is not None for one in done.judged)
    assert all(0 <= one.observed <= 1 and 0 < one.expected <= 1 for one in found.bins)
    assert 0 < found.error < 0.3
    assert line("made", done.judged, labels).startswith("made scores 0.")
    assert line("made", [], labels) == "made scores: none"


def test_curves_are_drawn(tmp_path: Path) -> None:
    stream = normalised("made", reports(seed=4, count=60), "31")
    assert curves.thresholds(stream, run(stream, sampled=0), tmp_path).read_bytes().startswith(b"\x89PNG")
    found = {10: Figures(), 100: Figures(seconds=[Seconds(1e-4, 1e-4, 1e-4)])}
    assert curves.windows("made", found, tmp_path / "deep").read_bytes().startswith(b"\x89PNG")
