"""`kanal cases list --late`: which open cases are late, with which step, the latest first."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.store.contract import CaseRow, Settlement
from tests.gateway.support import settings_in, with_store

HOUR, DAY = 3600.0, 86_400.0
NOW = time.time()


def case(code: str, days: float, **changes: Any) -> CaseRow:
    """One that was opened so many days ago, and has had the usual times since."""
    opened = NOW - days * DAY
    row = CaseRow(code=code, status="menunggu", opened_at=opened, due_at=opened + 7 * DAY, what="Banjir", where="")
    times = {"coordinate_by": opened + 6 * HOUR, "act_by": opened + DAY, "last_by": opened + 30 * DAY, "unit": "sda"}
    return msgspec.structs.replace(row, **{**times, **changes})


CASES = (
    case("KNL-NEW", 0.1),
    case("KNL-IDLE", 0.5),
    case("KNL-TAKEN", 2, status="koordinasi", coordinated_at=NOW - DAY, unit="bina-marga"),
    case("KNL-WORKED", 3, status="proses", coordinated_at=NOW - DAY, acted_at=NOW - DAY),
    case("KNL-SLOW", 9, status="proses", coordinated_at=NOW - DAY, acted_at=NOW - DAY),
    case("KNL-HOPE", 9, status="estimasi", coordinated_at=NOW, acted_at=NOW, due_at=NOW + DAY, estimate_at=NOW + DAY),
    case("KNL-LOST", 40, status="proses", coordinated_at=NOW - DAY, acted_at=NOW - DAY),
    case("KNL-SHUT", 40, status="selesai", closed_at=NOW - DAY),
    case("KNL-PART", 40, joined_into="KNL-LOST"),
)
LATE: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "with any step": (("--late",), ["KNL-LOST", "KNL-SLOW", "KNL-TAKEN", "KNL-IDLE"]),
    "not taken up": (("--late", "--step", "coordinate"), ["KNL-IDLE"]),
    "not worked on": (("--step", "act"), ["KNL-TAKEN"]),
    "not done": (("--step", "done"), ["KNL-LOST", "KNL-SLOW"]),
    "beyond the last line": (("--step", "last"), ["KNL-LOST"]),
    "of one unit": (("--late", "--unit", "bina-marga"), ["KNL-TAKEN"]),
    "the latest two": (("--late", "--limit", "2"), ["KNL-LOST", "KNL-SLOW"]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("late")
    asyncio.run(with_store(settings_in(folder), lambda store: store.settle(Settlement(cases=list(CASES)))))
    return folder / "data"


def listed(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["cases", "list", *words, "--data", str(folder)])
    assert done.exit_code == 0, done.output
    return done.stdout


def rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in listed(folder, *words, "--json").splitlines()]


@pytest.mark.parametrize(("words", "codes"), LATE.values(), ids=LATE)
def test_the_late_ones_are_listed_the_latest_first(folder: Path, words: tuple[str, ...], codes: list[str]) -> None:
    assert [row["code"] for row in rows(folder, *words)] == codes


def test_by_how_much_and_with_what_is_told(folder: Path) -> None:
    lost, *_, idle = rows(folder, "--late")
    since = time.time() - NOW
    assert (lost["late_steps"], idle["late_steps"]) == ("done, last", "coordinate")
    assert 32.9 < (lost["late_seconds"] - since) / DAY < 33.1
    assert 5.9 < (idle["late_seconds"] - since) / HOUR < 6.1
    line = next(line for line in listed(folder, "--late").splitlines() if line.startswith("KNL-LOST"))
    assert "33d 0h" in line and "done, last" in line and "sda" in line


def test_a_step_that_there_is_not_is_a_slip(folder: Path) -> None:
    done = CliRunner().invoke(app, ["cases", "list", "--step", "acted", "--data", str(folder)])
    assert (done.exit_code, "did you mean 'act'?" in done.output) == (2, True)
