"""`kanal new dialogue` writes a dialogue that can be talked to at once, and passes its own tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app

TALK = """\
pohon tumbang di jalan
depan warung
3
ya
"""


def run(*words: str, folder: Path, typed: str = "") -> str:
    """What is printed."""
    paths = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), str(Path.cwd())]))
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done = CliRunner().invoke(app, ["new", "dialogue", "pohon", "--in", str(tmp_path)])
    assert done.exit_code == 0 and "kanal chat --dialogue pohon" in done.stdout
    return tmp_path


def test_its_own_tests_pass(folder: Path) -> None:
    quiet = ("-p", "no:cacheprovider", "-W", "ignore", "-q")
    assert "2 passed" in run("pytest", *quiet, folder=folder / "kanal-pohon")


def test_it_can_be_talked_to_before_it_is_installed(folder: Path) -> None:
    told = run("gateway", "chat", "--dialogue", "pohon", "--as", "sms", folder=folder, typed=TALK)
    assert "Di mana lampunya?" in told and "  3 Rusak atau roboh\n" in told
    assert told.index("Ada kabel") < told.index("Jangan mendekat") < told.index("Terima kasih.")


def test_a_name_is_taken_once(folder: Path) -> None:
    again = CliRunner().invoke(app, ["new", "dialogue", "pohon", "--in", str(folder)])
    assert again.exit_code == 1 and "is there already" in again.output
    for name in ("Pohon", "class", "../x"):
        assert CliRunner().invoke(app, ["new", "dialogue", name, "--in", str(folder)]).exit_code == 2


def test_what_is_neither_installed_nor_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["chat", "--dialogue", "pohn", "--data", str(tmp_path / "none")])
    assert done.exit_code == 2 and "no folder kanal-pohn" in done.output
