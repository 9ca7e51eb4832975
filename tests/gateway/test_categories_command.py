"""`kanal categories`: the table, and what it makes of a text."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import app


def kanal(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["categories", *words, "--data", str(folder)])


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_the_list_is_the_shipped_table_with_the_operators_own_on_top(tmp_path: Path) -> None:
    (tmp_path / "categories.toml").write_text(
        '[categories.banjir]\nkeywords = ["air pasang"]\n'
        '[categories.kolam]\nname = { id = "Kolam renang", en = "Pools" }\ngroup = "umum"\nhints = ["berenang"]\n'
    )
    found = {row["code"]: row for row in lines(kanal(tmp_path, "list", "--json"))}
    assert (found["banjir"]["words"], found["kolam"]["hints"]) == ("air pasang", "berenang")
    assert found["pungutan-liar"]["accuses"] is True
    assert "Kolam renang" in kanal(tmp_path, "list").output


def test_a_text_is_ranked_with_its_reasons(tmp_path: Path) -> None:
    best = lines(kanal(tmp_path, "rank", "Lampu jalan mati sejak kemarin", "--json"))[0]
    assert (best["code"], best["why"]) == ("lampu-jalan", "'lampu jalan mati' disebut")


def test_a_senders_choice_is_taken_into_account(tmp_path: Path) -> None:
    found = lines(kanal(tmp_path, "rank", "Lampu jalan mati", "--category", "gedung-pemerintah", "--json"))
    assert [row["code"] for row in found[:2]] == ["gedung-pemerintah", "lampu-jalan"]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('[categories.banjir]\nhints = ["Air"]', "write 'air'"),
        ('[categories.banjir]\nkeywords = ["??"]', "'??' has no words"),
    ],
)
def test_words_that_can_never_be_found_are_refused(tmp_path: Path, table: str, complaint: str) -> None:
    (tmp_path / "categories.toml").write_text(table)
    result = kanal(tmp_path, "list")
    assert result.exit_code == 2 and complaint in result.output


def test_an_unknown_category_is_a_slip(tmp_path: Path) -> None:
    result = kanal(tmp_path, "rank", "banjir", "--category", "banjirr")
    assert result.exit_code == 2 and "did you mean 'banjir'" in result.output
