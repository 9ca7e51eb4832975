"""`kanal learn categories`: what people decided, kept only where it helps."""

import csv
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from gateway import categories, control, learntfile
from gateway.cli.commands import app
from gateway.learning import Figures, Share
from normalizer.sorting.candidates import candidates
from normalizer.sorting.categories import Categories
from normalizer.sorting.category import MOST, UNDECIDED
from normalizer.sorting.learnt import PEOPLE, Example, learn
from tests.gateway.support import LAMP, RINA, running, settings_in, sms

KNOWN = categories.load(None)
#: What the shipped table knows nothing of, each text in words of its own.
SLIPPERY = [f"oli tumpah licin gang{'abcdefghij'[n % 10] * 5} deret{'klmnopqrst'[n // 10] * 5}" for n in range(60)]
NOISY = [f"mesin las berdentum gang{'abcdefghij'[n % 10] * 5} deret{'klmnopqrst'[n // 10] * 5}" for n in range(60)]


def learn_from(folder: Path, rows: list[tuple[str, str]], *options: str) -> Result:
    with (folder / "labelled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "category"), *rows])
    return kanal(folder, "--from", str(folder / "labelled.csv"), *options)


def kanal(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["learn", "categories", "--data", str(folder), *options])


USEFUL = [*((text, "jalan-rusak") for text in SLIPPERY), *((text, "gangguan-ketertiban") for text in NOISY)]


def test_what_helps_is_kept_and_used_and_can_be_undone(tmp_path: Path) -> None:
    result = learn_from(tmp_path, USEFUL)
    assert result.exit_code == 0 and "kept as version 1" in result.output, result.output
    best = candidates(categories.load(tmp_path), None, "ada oli tumpah, licin")[0]
    assert (best.code, best.score <= UNDECIDED) == ("jalan-rusak", True)
    assert best.reasons[0].startswith("petugas sering memilihnya untuk '")
    assert learn_from(tmp_path, USEFUL).exit_code == 0
    versions = []
    while (model := learntfile.load(tmp_path)) is not None:
        versions.append(model.version)
        assert kanal(tmp_path, "--undo").exit_code == 0
    assert versions == [2, 1]
    assert kanal(tmp_path, "--undo").exit_code == 1


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    assert "without --dry-run it would be kept" in learn_from(tmp_path, USEFUL, "--dry-run").output
    assert learntfile.load(tmp_path) is None


def test_what_does_not_help_is_not_kept(tmp_path: Path) -> None:
    rows = [(f"banjir di gang {'abcdefghij'[n % 10] * 4} {'klmnopqrst'[n // 10] * 4}", "banjir") for n in range(90)]
    result = learn_from(tmp_path, rows)
    assert result.exit_code == 0 and "nothing has changed" in result.output
    assert learntfile.load(tmp_path) is None


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (USEFUL[:5], "5 texts are too few"),
        ([("banjir", "banjirr")], "did you mean 'banjir'"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(tmp_path: Path, rows: list[tuple[str, str]], complaint: str) -> None:
    result = learn_from(tmp_path, rows)
    assert result.exit_code != 0 and complaint in result.output


def test_a_broken_file_is_named_with_the_way_back(tmp_path: Path) -> None:
    (tmp_path / learntfile.FILE).write_text('{"format": 9}')
    result = CliRunner().invoke(app, ["categories", "list", "--data", str(tmp_path)])
    assert result.exit_code == 2 and "kanal learn categories --undo" in result.output
    assert kanal(tmp_path, "--undo").exit_code == 0


def test_a_word_of_few_people_is_not_kept() -> None:
    often = [Example("rahasia bocor", "banjir", "c-1") for _ in range(10)]
    people = [Example("pipa bocor", "air-bersih", f"c-{number}") for number in range(PEOPLE)]
    model = learn([*often, *people], 1, "2026-11-23")
    assert ("rahasia" in model.words, "pipa" in model.words) == (False, True)
    assert "rahasia" not in json.dumps(msgspec.to_builtins(model))


@pytest.mark.parametrize(
    ("mine", "theirs", "better"),
    [((5, 8), (5, 8), False), ((6, 8), (5, 8), True), ((5, 9), (5, 8), True), ((9, 7), (5, 8), False)],
)
def test_better_is_better_in_one_and_worse_in_neither(
    mine: tuple[int, int], theirs: tuple[int, int], better: bool
) -> None:
    one, two = (Figures(*(Share(hits, 10) for hits in each)) for each in (mine, theirs))
    assert one.beats(two) is better


MODEL = learn([Example(text, code) for text, code in USEFUL], 1, "2026-11-23")
TAUGHT = Categories(KNOWN.categories, KNOWN.groups, MODEL)


@given(st.lists(st.sampled_from(["oli", "tumpah", "licin", "mesin", "las", "banjir", "pju", "ke", "9"])).map(" ".join))
def test_candidates_stay_few_ranked_and_bounded(text: str) -> None:
    scores = [one.score for one in candidates(TAUGHT, None, text)]
    assert len(scores) <= MOST and scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)


async def test_what_people_said_of_cases_is_what_is_learnt_from(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", LAMP, RINA))
        (case,) = gateway.all("cases")
        for code in ("banjir", "lampu-jalan"):
            done = {"code": case["code"], "category": code, "why": "foto", "actor": "camat"}
            await control.ask(gateway.folder, "category", done)
        ((text, category, reporter),) = gateway.views.sorted_by_hand()
    assert (text, category) == (LAMP, "lampu-jalan") and reporter
