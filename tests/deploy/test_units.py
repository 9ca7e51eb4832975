"""The systemd units in config/examples are right in systemd's eyes, and give away little."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks, page

EXAMPLES = ROOT / "config" / "examples"
UNITS = ("kanal.service", "kanal-backup.service", "kanal-backup.timer")
DROP_IN = "kanal.service.d/port-25.conf"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units on a machine that has the program where they say."""
    program = str(Path(sys.executable).parent / "kanal")
    for name in UNITS:
        text = (EXAMPLES / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/kanal/bin/kanal", program))
    return tmp_path


def analyze(units: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze") or "systemd-analyze"
    return subprocess.run([program, *words], cwd=units, capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong(units: Path) -> None:
    done = analyze(units, "verify", "--man=no", *UNITS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


EXPOSURE = {"kanal.service": 15, "kanal-backup.service": 10}


@pytest.mark.parametrize(("unit", "tenths"), EXPOSURE.items())
def test_systemd_calls_the_exposure_low(units: Path, unit: str, tenths: int) -> None:
    done = analyze(units, "security", "--offline=true", f"--threshold={tenths}", "--no-pager", unit)
    assert done.returncode == 0, done.stdout


def test_the_drop_in_for_port_25_adds_that_and_little_else(units: Path) -> None:
    (drop_in,) = [
        one.text for one in blocks(page("docs/deployment.md")) if one.name == f"/etc/systemd/system/{DROP_IN}"
    ]
    (units / DROP_IN).parent.mkdir()
    (units / DROP_IN).write_text(drop_in)
    verified = analyze(units, "verify", "--man=no", "./kanal.service")
    assert (verified.returncode, verified.stderr) == (0, "")
    done = analyze(units, "security", "--offline=true", "--threshold=20", "--no-pager", "./kanal.service")
    assert (done.returncode, "✗ CapabilityBoundingSet=~CAP_NET_(BIND_SERVICE" in done.stdout) == (0, True)


def written(unit: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", (EXAMPLES / unit).read_text(), re.MULTILINE)


def test_the_units_fit_the_production_example() -> None:
    settings = tomllib.loads((EXAMPLES / "production.toml").read_text())["gateway"]
    assert settings["data"] == f"/var/lib/{written('kanal.service', 'StateDirectory')[0]}"
    assert settings["drain_seconds"] < int(written("kanal.service", "TimeoutStopSec")[0])


def test_both_services_are_the_same_user_and_confined_alike() -> None:
    """The backup needs no network and writes elsewhere; all else that keeps the gateway in keeps it in."""
    gateway, backup = (set((EXAMPLES / name).read_text().splitlines()) for name in UNITS[:2])
    own = {"RemoveIPC=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX"}
    keeping_in = re.compile(
        r"(User|Group|UMask|NoNew|Capab|Private|Protect|Proc|Lock|Memory|Remove|Restrict[^P]|System)\w*="
    )
    assert {line for line in gateway if keeping_in.match(line)} - own <= backup
