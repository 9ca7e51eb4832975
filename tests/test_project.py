"""The project as a package: its lock, its wheel, its commands."""

import os
import re
import stat
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = ("gateway", "adapters", "normalizer", "dedupe")
LOCKS = ("requirements.txt", "requirements-dev.txt")
LOCKED = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; ([^\\\n]+?))?(?: \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+))", re.M
)


def locked(name: str) -> dict[str, str]:
    """Versions by name."""
    return {canonicalize_name(found[1]): found[2] for found in LOCKED.finditer((ROOT / name).read_text())}


def locked_here(name: str) -> set[str]:
    """The names of what this machine needs."""
    found = LOCKED.finditer((ROOT / name).read_text())
    return {one[1] for one in found if one[3] is None or Marker(one[3]).evaluate()}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_nothing_but_pinned_hashed_requirements(name: str) -> None:
    assert LOCKED.sub("", (ROOT / name).read_text()) == ""


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fits_what_the_project_asks_for(name: str) -> None:
    pins = locked(name)
    asked = [Requirement(line) for line in PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]]
    unmet = [str(one) for one in asked if not one.specifier.contains(pins[canonicalize_name(one.name)])]
    assert unmet == []


def test_developers_and_operators_run_the_same_versions() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


def test_no_dependency_is_under_a_licence_that_would_bind_the_project() -> None:
    """LGPL libraries are used as libraries; the GPL itself would reach further."""
    assert [name for name in sorted(locked_here("requirements.txt")) if _is_gpl(name)] == []


def _is_gpl(name: str) -> bool:
    metadata = distribution(name).metadata
    said = [line for field in ("License-Expression", "License", "Classifier") for line in metadata.get_all(field, [])]
    return any(re.search(r"(?<!L)\bA?GPL|(?<!Lesser )General Public", line) for line in said)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_installed_version_is_the_projects() -> None:
    assert version("kanal") == PROJECT["project"]["version"]


@pytest.mark.parametrize("script", [".ci/run", "tests/system.sh"])
def test_a_script_can_be_executed(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR


def test_make_lists_its_targets() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {"install", "run", "test", "demo", "bench", "check"} <= set(re.findall(r"make ([a-z]+)", listed))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = directory.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_and_their_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {f"gateway/_config/{path.relative_to(ROOT / 'config')}" for path in (ROOT / "config").rglob("*.*")}
    assert "gateway/_config/kanal.toml" in names
    assert {f"{package}/py.typed" for package in PACKAGES} | data <= names


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {*PACKAGES, f"kanal-{PROJECT['project']['version']}.dist-info"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel in it; the libraries are borrowed from ours."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=True)
    program = home / "bin/python"
    install = [sys.executable, "-m", "pip", "--python", str(program), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*install, str(wheel)], capture_output=True, check=True)
    borrowed = sysconfig.get_path("purelib", vars={"base": str(home)})
    (Path(borrowed) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        pytest.param(["--help"], "run", id="help"),
        pytest.param(["--version"], PROJECT["project"]["version"], id="version"),
        pytest.param(["check"], "sms", id="the embedded settings and both kinds of channel are found"),
    ],
)
def test_the_installed_command_runs_from_any_folder(
    installed: Path, tmp_path: Path, command: list[str], says: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [installed / "kanal", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


def test_the_installed_command_runs_its_own_code(installed: Path, tmp_path: Path) -> None:
    where = "import gateway, pathlib; print(pathlib.Path(gateway.__file__))"
    done = subprocess.run([installed / "python", "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)
