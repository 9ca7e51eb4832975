"""docs/import.md: every column, the settings and the commands that it shows."""

import re
import tomllib

from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.transfer import wording
from gateway.transfer.headings import KEEP
from tests.docs.blocks import blocks, page

PAGE = page("docs/import.md")


def test_every_column_is_told_of() -> None:
    rows = re.findall(r"^\| (`.+?) \| ", PAGE, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {*wording.load().columns, KEEP}


def test_what_it_shows_of_settings_and_commands_is_right() -> None:
    shown = blocks(PAGE)
    [channel, columns] = [tomllib.loads(block.text) for block in shown if block.language == "toml"]
    assert channel["channels"][0]["kind"] == "table"
    assert columns["columns"].keys() <= wording.load().columns.keys()
    options = "".join(
        CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).stdout for name in ("import", "export")
    )
    commands = [line for block in shown if block.language == "sh" for line in block.commands()]
    assert [option for line in commands for option in re.findall(r"--\w+", line) if option not in options] == []
