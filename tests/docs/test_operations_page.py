"""docs/operations.md tells all commands, states and metrics, and no others."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import typer.main
from typer.core import TyperGroup

from gateway.cli.commands import app
from gateway.store.contract import DeliveryState, ReplyState
from tests.end_to_end.kanal import Gateway

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
TYPE = re.compile(r"^# TYPE (kanal_\w+) (\w+)$", re.MULTILINE)
ROW = re.compile(r"^\| `(kanal_\w+)` \| (\w+) \|", re.MULTILINE)


def commands(group: TyperGroup, path: str) -> Iterator[tuple[str, str]]:
    """Every command by its path, with what `--help` says of it."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command.help or ""


def every_command() -> dict[str, str]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return dict(commands(group, "kanal"))


def test_every_command_is_told_of() -> None:
    told = re.findall(r"^\| `(kanal(?: [a-z][a-z-]*)+)[^`]*` \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(every_command())


def test_exit_codes_are_those_that_help_tells() -> None:
    for command, help_ in every_command().items():
        if codes := re.search(r"Exit codes: (.*)\.", " ".join(help_.split())):
            (row,) = re.findall(rf"^\| `{command}\b[^`]*` \|.*\| (.*) \|$", PAGE, re.MULTILINE)
            assert row.replace("`", "") == codes[1]


def test_every_state_is_told_of() -> None:
    told = set(re.findall(r"`(\w+)`", PAGE[PAGE.index("## States") : PAGE.index("## Metrics")]))
    assert {*DeliveryState, *ReplyState} <= told


def test_every_metric_is_told_of(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway, urllib.request.urlopen(f"http://127.0.0.1:{gateway.web}/metrics") as answer:
        shown = TYPE.findall(answer.read().decode())
    assert dict(ROW.findall(PAGE)) == {name: kind for name, kind in shown if not name.endswith("_created")}


def test_the_data_folder_holds_what_is_told(tmp_path: Path) -> None:
    part = PAGE[PAGE.index("## The data folder") :]
    told = {name.rstrip("/") for name in re.findall(r"`([\w.-]+/?)`", part)}
    with Gateway(tmp_path) as gateway:
        held = {path.name for path in (gateway.folder / "data").iterdir()}
    assert held <= told
