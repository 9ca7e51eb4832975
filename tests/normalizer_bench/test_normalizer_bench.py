"""The bench measures what it says: halves do not leak, intervals are Wilson's, a missing folder is named."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from tests.normalizer_bench import alignment, speed, tokens
from tests.normalizer_bench.__main__ import app
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, share, wilson
from tests.normalizer_bench.sections import SECTIONS

DIVERSE = [f"laporan nomor {first} tentang {second}" for first in "abcdefgh" for second in "ijklmnop"]


def test_halves_are_the_same_in_any_order() -> None:
    split = dict(zip(DIVERSE, halves(DIVERSE), strict=True))
    assert dict(zip(DIVERSE[::-1], halves(DIVERSE[::-1]), strict=True)) == split
    assert set(halves(["banjir", "lampu mati", "jalan rusak", "pohon tumbang", "sampah"])) == set(HALVES)


@pytest.mark.parametrize(
    "twins",
    [
        pytest.param(("Banjir 35 cm di jalan Mawar!", "banjir 50 cm di jalan mawar"), id="the same words"),
        pytest.param(
            ("PJU di Melati utara padam, mohon segera diperbaiki", "PJU di Anggrek padam, mohon segera diperbaiki"),
            id="a template",
        ),
        pytest.param(("12", "!!!"), id="no words"),
    ],
)
def test_what_is_nearly_the_same_stays_in_one_half(twins: tuple[str, str]) -> None:
    other = ["lampu mati", "jalan rusak", *(f"{first}{second} lagi" for first in "xyz" for second in "uvw")]
    first, second = halves([*twins, *other])[:2]
    assert first == second


def test_what_is_labelled_alike_stays_in_one_half() -> None:
    texts = [letter * 3 for letter in "abcdefghij"]
    assert len(set(halves(texts, together=["one"] * 10))) == 1


# By hand from the formula (Wilson 1927).
@pytest.mark.parametrize(
    ("hits", "count", "expected"), [(0, 10, (0.0, 0.278)), (8, 10, (0.490, 0.943)), (0, 0, (0, 1))]
)
def test_wilson(hits: int, count: int, expected: tuple[float, float]) -> None:
    assert wilson(hits, count) == pytest.approx(expected, abs=0.001)


def test_a_goal_of_nothing_counted_is_neither_met_nor_missed() -> None:
    assert share("x", 0, 0, goal=Goal(0.8)).met is None
    assert share("x", 8, 10, goal=Goal(0.8)).met
    assert share("x", 1, 100, goal=Goal(0.01, below=True)).met is False


def test_speed_is_of_whole_rounds() -> None:
    rows = list(speed.measure(Path(), rounds=3, short=4, mails=2))
    assert [(row.measure, row.count) for row in rows] == [("short reports", 12), ("usual mails", 6), ("pins", 12)]
    assert all(row.value > 0 for row in rows)


def stif(folder: Path, pairs: list[tuple[str, str]]) -> Path:
    """A folder with these informal and formal sentences."""
    (folder / tokens.FILE).parent.mkdir()
    lines = [
        {"id": f"s-{number}-{kind}", "text": text, "cluster_id": f"c{number}"}
        for number, texts in enumerate(pairs)
        for kind, text in zip("if", texts, strict=True)
    ]
    (folder / tokens.FILE).write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return folder


def test_tokens_are_counted_where_one_stands_for_one(tmp_path: Path) -> None:
    pairs = [("lampu udah mati xxxuserxxx , makasih", "lampu sudah mati xxxuserxxx . terima kasih")] * 2
    pairs += [("mau bisa2 lagi pln", "ingin bisa - bisa lagi pln")]
    found: Counter[str] = Counter()
    for row in tokens.measure(stif(tmp_path, pairs)):
        found[row.measure] += row.count
        found[f"{row.measure}, right"] += round(row.value * row.count)
    assert (found["every replacement"], found["every replacement, right"]) == (6, 5)
    assert (found["right tokens spoilt"], found["right tokens spoilt, right"]) == (6, 0)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("yg", "yang", True), ("udah", "sudah", True), ("cepet", "cepat", True), ("mau", "ingin", False)],
)
def test_variants_are_one_word(first: str, second: str, same: bool) -> None:
    assert alignment.variant(first, second) is same


def test_each_section_says_what_it_measures() -> None:
    assert all(section.TITLE and section.__doc__ for section in SECTIONS.values())


def test_an_unknown_section_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(app, ["sped"])
    assert result.exit_code == 2
    assert "speed" in result.output


@pytest.mark.parametrize(
    ("informal", "formal", "expected"),
    [
        ("gak bs login", "aplikasi tidak dapat login", [(0, 1), (1, 2), (2, 3)]),
        ("tolong cek saldo", "tolong periksa saldo", [(0, 0), (1, 1), (2, 2)]),
        ("wah nih orang", "orang tersebut sekali", [(2, 0)]),
        ("", "orang", []),
    ],
    ids=["what annotators often put", "alone between two pairs", "other words", "nothing"],
)
def test_words_find_their_own(informal: str, formal: str, expected: list[tuple[int, int]]) -> None:
    near = alignment.nearness([(["gak", "bs", "login"], ["tidak", "dapat", "login"])] * 3)
    assert alignment.aligned(informal.split(), formal.split(), near) == expected
