"""The Containerfile in config/examples, as far as it can be tried where no image can be pulled."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.docs.blocks import ROOT
from tests.end_to_end.kanal import Gateway, free_port

TEXT = (ROOT / "config" / "examples" / "Containerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def written(instruction: str) -> list[str]:
    """What stands after an instruction, wherever it is, lines that go on joined."""
    return re.findall(rf"^{instruction} (.*)$", TEXT.replace("\\\n", ""), re.MULTILINE)


def copied() -> Iterator[str]:
    """What is copied from the checkout."""
    for words in (line.split() for line in written("COPY") if not line.startswith("--from=")):
        yield from words[:-1]


def wheel(folder: Path, into: Path) -> set[str]:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(into)]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    (built,) = into.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_what_is_copied_is_all_that_the_wheel_is_made_of(tmp_path: Path) -> None:
    build = tmp_path / "build"
    build.mkdir()
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, build / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, build)
    assert wheel(build, tmp_path / "copied") == wheel(ROOT, tmp_path / "whole")


def test_both_stages_stand_on_a_python_that_the_project_supports() -> None:
    images = [line.split()[0] for line in written("FROM")]
    assert len(images) == 2 and len(set(images)) == 1
    version = re.fullmatch(r"python:(\d+\.\d+)-slim", images[0])
    assert version and SpecifierSet(PROJECT["requires-python"]).contains(version[1])


def test_libraries_are_installed_from_the_hashed_lock_and_nothing_else_is() -> None:
    installed = [line for line in written("RUN") if line.startswith("pip ")]
    assert [("--require-hashes" in line, "--no-deps" in line) for line in installed] == [(True, False), (False, True)]
    assert installed[0].endswith("--requirement requirements.txt")


def test_it_runs_as_an_ordinary_user_who_owns_the_volume() -> None:
    (user,), (volume,) = written("USER"), written("VOLUME")
    made = next(line for line in written("RUN") if "useradd" in line)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user) and f"--uid {user.split(':')[0]}" in made
    assert f"--owner=kanal --group=kanal --mode=0700 {volume}" in made


def test_it_starts_a_command_that_there_is() -> None:
    command = [*json.loads(written("ENTRYPOINT")[0]), *json.loads(written("CMD")[0])]
    assert command[0] in PROJECT["scripts"]
    options = [word for word in command if word.startswith("--")]
    told = subprocess.run(
        [sys.executable, "-m", "gateway", command[1], "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert [word for word in options if word not in told] == []


def test_its_health_check_tells_a_living_gateway_from_none(tmp_path: Path) -> None:
    (check,) = written(r"HEALTHCHECK .*CMD")
    with Gateway(tmp_path) as gateway:
        assert [health(check, port) for port in (gateway.web, free_port())] == [0, 1]


def health(check: str, port: int) -> int:
    command = json.loads(check.replace(":8080/", f":{port}/"))
    return subprocess.run([sys.executable, *command[1:]], capture_output=True, check=False).returncode
