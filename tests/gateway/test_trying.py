"""`kanal channels try`: what a channel would make of a file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import app

SETTINGS = """
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { made = "sms" }
"""


@pytest.fixture
def tried(tmp_path: Path) -> Path:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    (tmp_path / "body.form").write_bytes(b"sender=%2B628111000001&message=Banjir&id=7")
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["channels", "try", *arguments, "--config", str(folder / "kanal.toml")])


def test_the_message_is_printed_and_nothing_kept(tried: Path) -> None:
    done = run(tried, "sms", str(tried / "body.form"), "--header", "path=mo")
    assert done.exit_code == 0, done.output
    message = json.loads(done.stdout)
    assert (message["text"], message["sender"]["value"]) == ("Banjir", "+628111000001")
    assert sorted(path.name for path in tried.iterdir()) == ["body.form", "kanal.toml"]


WRONG = {
    "a body that cannot be read": (["sms", "kanal.toml"], 1, "sms cannot read it"),
    "a slip of the name": (["smss", "body.form"], 2, "sms"),
    "half a header": (["sms", "body.form", "--header", "path"], 2, "NAME=VALUE"),
    "no such file": (["sms", "nobody.form"], 2, "nobody.form"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(tried: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments, code, says = WRONG[name]
    monkeypatch.chdir(tried)
    done = run(tried, *arguments)
    assert (done.exit_code, says in done.output) == (code, True), done.output
