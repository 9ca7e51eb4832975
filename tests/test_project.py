"""The project as a package: its lock, its wheel, its commands."""

import os
import re
import shutil
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
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


def built(project: Path, directory: Path) -> Path:
    """The project's wheel, in an empty directory."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, cwd=project, capture_output=True, check=True)
    (made,) = directory.glob("*.whl")
    return made


def add(programs: Path, wheel: Path) -> None:
    """Install it, and nothing that it needs."""
    install = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, "--quiet", str(wheel)], capture_output=True, check=True)


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
    add(home / "bin", wheel)
    borrowed = sysconfig.get_path("purelib", vars={"base": str(home)})
    (Path(borrowed) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a folder, and without what our own environment adds to where Python looks."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


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
    done = run(installed / "kanal", *command, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


def test_the_installed_command_runs_its_own_code(installed: Path, tmp_path: Path) -> None:
    where = "import gateway, pathlib; print(pathlib.Path(gateway.__file__))"
    done = run(installed / "python", "-c", where, folder=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


OTHERS = ROOT / "tests" / "kit" / "kanal-sirene"


@pytest.fixture(scope="module")
def packages(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of somebody else's and one that `kanal new adapter` wrote, both installed."""
    folder = tmp_path_factory.mktemp("packages")
    shutil.copytree(OTHERS, folder / OTHERS.name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    assert run(installed / "kanal", "new", "adapter", "dinas", folder=folder).returncode == 0
    for number, package in enumerate(sorted(folder.iterdir())):
        add(installed, built(package, tmp_path_factory.mktemp(f"wheel-{number}")))
    return folder


def test_adapters_of_others_are_as_strictly_typed_as_ours(installed: Path, packages: Path) -> None:
    files = [str(file) for file in packages.rglob("*.py") if file.name != "conftest.py"]
    assert len(files) == 4
    done = run(
        installed / "python", "-m", "mypy", "--strict", "--cache-dir", packages / "cache", *files, folder=packages
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["kanal-dinas", "kanal-sirene"])
def test_adapters_of_others_pass_the_suite_beside_the_wheel(installed: Path, packages: Path, package: str) -> None:
    options = (
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-p",
        "no:schemathesis",
        "-W",
        "error",
        "--import-mode=importlib",
    )
    done = run(installed / "python", "-m", "pytest", "-q", *options, "tests", folder=packages / package)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_adapters_of_others_are_kinds_of_channel(installed: Path, packages: Path, tmp_path: Path) -> None:
    done = run(installed / "kanal", "channels", "add", folder=tmp_path)
    assert {"dinas", "sirene", "sms"} <= {line.split()[0] for line in done.stdout.splitlines() if line}, done.stderr
    words = ("channels", "add", "sirene", "--set", "token=made", "--offline")
    done = run(installed / "kanal", *words, folder=tmp_path)
    assert (done.returncode, "https://api.sirene.example" in done.stdout) == (0, True), done.stdout + done.stderr
