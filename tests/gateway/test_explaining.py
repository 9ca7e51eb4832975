"""`kanal duplicates explain`: why two reports are taken for one incident, or are not."""

import asyncio
from math import exp
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import app
from tests.gateway.incidents import KEY, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA

SAME_FLOOD = f"{FLOOD}, tolong"


async def filed(folder: Path) -> tuple[list[str], list[str]]:
    """Two reports of a flood and one of a lamp: their ids, and the codes of their cases."""
    async with incidents(folder) as city:
        rows = [await city.report(FLOOD, BUDI), await city.report(SAME_FLOOD, RINA), await city.report(LAMP, BUDI)]
    (folder / "data" / "master.key").write_bytes(KEY)
    return [row.report.id for row in rows], [row.case for row in rows]


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["duplicates", "explain", "--data", str(folder / "data"), *arguments])


def test_what_each_feature_adds_makes_the_probability(tmp_path: Path) -> None:
    (flood, again, _), _ = asyncio.run(filed(tmp_path))
    done = run(tmp_path, again, flood, "--json")
    assert done.exit_code == 0, done.output
    found = msgspec.json.decode(done.stdout)
    assert (found["new"], found["old"], found["window"]) == (again, flood, 3)
    total = found["bias"] + sum(one["value"] * one["weight"] for one in found["features"])
    assert 1 / (1 + exp(-total)) == pytest.approx(found["score"], abs=1e-6)
    assert (found["verdict"]["kind"], found["verdict"]["same_as"]) == ("same", flood)
    assert any("kemang" in reason for reason in found["reasons"])


def test_cases_are_explained_by_their_most_alike_reports(tmp_path: Path) -> None:
    _, (flood, _, lamp) = asyncio.run(filed(tmp_path))
    done = run(tmp_path, flood, lamp)
    assert done.exit_code == 0, done.output
    assert "verdict   new" in done.stdout and "reasons " in done.stdout
    assert all(code in done.stdout for code in (flood, lamp)) and "FEATURE" in done.stdout
    assert BUDI not in done.stdout


def test_what_cannot_be_compared_is_told(tmp_path: Path) -> None:
    (flood, again, _), (case, *_) = asyncio.run(filed(tmp_path))
    assert "there is no report or case KNL-AAAA-AAAA" in run(tmp_path, flood, "KNL-AAAA-AAAA").output
    assert "are the same" in run(tmp_path, flood, flood).output
    assert "are the same" in run(tmp_path, case, case).output
    assert "a probability of" in run(tmp_path, case, again).output
