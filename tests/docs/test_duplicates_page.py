"""docs/duplicates.md: its programs run as they stand there, and its fields, kinds and commands are the code's."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dedupe.photos import NEAR
from dedupe.verdict import NEW, Kind
from dedupe.window import Window
from gateway.cli.commands import app
from gateway.judges import Guarded
from gateway.sameness.file import Labelled
from gateway.store.images import MOST_CASES
from tests.docs.blocks import blocks, page
from tests.duplicates_bench.__main__ import app as bench
from tests.duplicates_bench.sections import Section

PAGE = page("docs/duplicates.md")
ALONE, JUDGE = [block.text for block in blocks(PAGE) if block.language == "python"]
[PROJECT] = [tomllib.loads(block.text)["project"] for block in blocks(PAGE) if block.language == "toml"]


def ran(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(program, "docs/duplicates.md", "exec"), names)
    return names


def test_the_package_is_used_alone_as_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    ran(ALONE)
    assert "kemang raya" in capsys.readouterr().out


def test_the_judge_that_is_shown_is_one() -> None:
    [[name, where]] = PROJECT["entry-points"]["kanal.judges"].items()
    assert (name, where) == ("timbang", "kanal_timbang:judge")
    shown, alone = ran(JUDGE)["judge"], ran(ALONE)
    report, old = alone["again"], alone["first"]
    verdict = Guarded(shown).judge(report, [old], Window())
    assert (verdict.kind, verdict.same_as) == (Kind.SAME, old.report)
    assert Guarded(shown).judge(alone["lamp"], [old], Window()) == NEW


def test_the_kinds_and_fields_are_the_codes_own() -> None:
    kinds = re.findall(r"^\| `([a-z]+)` \| (?!from|a report)", PAGE.split("## What is compared")[0], re.MULTILINE)
    assert kinds == list(Kind)
    table = PAGE.split("| field | |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", table)) - {"time"} == set(Labelled.__struct_fields__) - {"time"}


def test_the_numbers_are_the_codes_own() -> None:
    assert f"at most {NEAR} other\nbits" in PAGE
    assert MOST_CASES == 5 and "more than five other cases" in PAGE


@pytest.mark.parametrize(
    "command",
    [
        line
        for block in blocks(PAGE)
        if block.language == "sh"
        for line in block.commands()
        if line.startswith("kanal ")
    ],
)
def test_the_commands_are_there(command: str, tmp_path: Path) -> None:
    words = command.split()[1:]
    done = CliRunner().invoke(app, [*words[:2], "--help"])
    assert done.exit_code == 0, done.output
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.output)
    assert all(option in plain for option in words if option.startswith("--"))


def test_all_that_is_measured_is_told() -> None:
    told = PAGE[PAGE.index("## Measuring") :]
    assert set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == set(Section)
    options = typer.main.get_command(bench).params
    names = {name for option in options for name in option.opts}
    assert set(re.findall(r"--[a-z]+", told)) <= names
