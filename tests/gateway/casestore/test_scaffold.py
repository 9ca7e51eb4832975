"""`kanal new case-store` writes a case store that works, is found by its entry point, and passes its own tests."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app

SETTINGS = """
[[case_stores]]
name = "dinas"
kind = "dinas"
url = "https://dinas.example/api"
token = { env = "TOKEN" }
"""


def run(*words: str, folder: Path, path: list[Path]) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([*map(str, path), os.environ.get("PYTHONPATH", ""), str(Path.cwd())])
    environment = os.environ | {"PYTHONPATH": paths, "TOKEN": "rahasia"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    done = CliRunner().invoke(app, ["new", "case-store", "dinas", "--in", str(tmp_path)])
    assert done.exit_code == 0
    return tmp_path / "kanal-dinas"


def test_its_own_tests_pass(package: Path) -> None:
    done = run("pytest", "-p", "no:cacheprovider", "-q", folder=package, path=[package])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_once_installed_it_is_a_kind_of_case_store(package: Path, tmp_path: Path) -> None:
    """As an installer would leave it, which needs a network."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    info = tmp_path / "kanal_dinas-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    ((group, kinds),) = project["entry-points"].items()
    lines = "\n".join(f"{kind} = {where}" for kind, where in kinds.items())
    (info / "entry_points.txt").write_text(f"[{group}]\n{lines}\n")
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    done = run("gateway", "check", "kanal.toml", folder=tmp_path, path=[package, tmp_path])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dinas" in done.stdout and "is given cases" in done.stdout


def test_nothing_of_the_one_it_was_made_from_is_left(package: Path) -> None:
    texts = [file.read_text() for file in package.rglob("*.*") if file.is_file()]
    assert len(texts) == 4
    assert not any("crm" in text.lower() or "skeleton" in text for text in texts)


@pytest.mark.parametrize("name", ["Dinas", "dinas-1", "1", ""])
def test_a_name_must_be_one_of_python_too(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(app, ["new", "case-store", name, "--in", str(tmp_path)])
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])


def test_what_is_there_is_not_written_over(package: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["new", "case-store", "dinas", "--in", str(tmp_path)])
    assert (done.exit_code, "is there already" in done.output) == (1, True)
