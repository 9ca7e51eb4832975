"""`kanal new adapter` writes a channel that works, is found by its entry point, and passes its own tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.poison import installed

SETTINGS = """
[[channels]]
name = "surat"
kind = "dinas"
token = { env = "TOKEN" }
"""


def run(*words: str, folder: Path, path: list[Path]) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([*map(str, path), os.environ.get("PYTHONPATH", ""), str(Path.cwd())])
    environment = os.environ | {"PYTHONPATH": paths, "TOKEN": "rahasia-yang-panjang"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    done = CliRunner().invoke(app, ["new", "adapter", "dinas", "--in", str(folder)])
    assert done.exit_code == 0 and "kanal channels add dinas" in done.stdout
    return folder / "kanal-dinas"


def test_its_own_tests_pass(package: Path) -> None:
    done = run("pytest", "-p", "no:cacheprovider", "-W", "ignore", "-q", folder=package, path=[package])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout and "skipped" not in done.stdout


def test_once_installed_it_is_a_kind_of_channel(package: Path, tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    (tmp_path / "site").mkdir()
    with installed(tmp_path / "site", "kanal-dinas", dinas="kanal_dinas:Dinas"):
        done = run("gateway", "check", "kanal.toml", folder=tmp_path, path=[package, tmp_path / "site"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/in/surat " in done.stdout


def test_nothing_of_the_one_it_was_made_from_is_left(package: Path) -> None:
    files = [file for file in package.rglob("*.*") if file.is_file() and "__pycache__" not in file.parts]
    assert sorted(str(file.relative_to(package)) for file in files) == [
        "README.md",
        "kanal_dinas.py",
        "pyproject.toml",
        "tests/conftest.py",
        "tests/payloads/posted.events.json",
        "tests/payloads/posted.json",
        "tests/test_kanal_dinas.py",
    ]
    assert not any("fax" in (text := file.read_text().lower()) or "skeleton" in text for file in files)


@pytest.mark.parametrize("name", ["Dinas", "dinas-1", "1", "", "class", "sms"])
def test_a_name_must_be_one_of_python_too_and_free(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(app, ["new", "adapter", name, "--in", str(tmp_path)])
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_what_is_there_is_not_written_over(package: Path) -> None:
    done = CliRunner().invoke(app, ["new", "adapter", "dinas", "--in", str(package.parent)])
    assert (done.exit_code, "is there already" in done.output) == (1, True)
