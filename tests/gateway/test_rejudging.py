"""`kanal duplicates rejudge`: what another model would change is listed, and left to the sweep."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.gateway.incidents import KEY, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD

LATER = datetime.now(UTC) + timedelta(hours=1)


async def filed(folder: Path) -> list[str]:
    """A flood that two reported, which an older model took for two, and a lamp; their ids."""
    async with incidents(folder) as city:
        flood = await city.report(FLOOD, BUDI)
        await city.judging.change(closed=[flood.report.id])
        again, lamp = await city.report(SAME_FLOOD, RINA), await city.report(LAMP, BUDI, at=LATER)
        assert again.case != flood.case
    (folder / "data" / "master.key").write_bytes(KEY)
    return [flood.report.id, again.report.id, lamp.report.id]


def run(folder: Path, *options: str) -> list[dict[str, object]]:
    given = ["duplicates", "rejudge", "--json", "--data", str(folder / "data"), *options]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    return [msgspec.json.decode(line) for line in done.stdout.splitlines()]


def test_a_dry_run_lists_what_would_be_judged_otherwise_and_changes_nothing(tmp_path: Path) -> None:
    _, again, _ = asyncio.run(filed(tmp_path))
    (row,) = run(tmp_path, "--dry-run")
    assert (row["report"], row["now"], str(row["would_be"]).split()[0]) == (again, "new", "same")
    assert "kemang" in str(row["why"])
    assert 0.9 < float(str(row["score"])) <= 1


@pytest.mark.parametrize(
    ("since", "found"), [("2026-01-01", 1), (f"{LATER + timedelta(minutes=1):%Y-%m-%dT%H:%M}Z", 0)]
)
def test_only_what_came_in_since_then_is_listed(tmp_path: Path, since: str, found: int) -> None:
    asyncio.run(filed(tmp_path))
    assert len(run(tmp_path, "--dry-run", "--since", since)) == found


def test_what_is_marked_is_judged_by_the_sweep_and_joined(tmp_path: Path) -> None:
    flood, again, lamp = asyncio.run(filed(tmp_path))
    assert run(tmp_path) == [{"marked": 3}]

    async def swept() -> set[frozenset[str]]:
        async with incidents(tmp_path) as city:
            assert len(city.store.unjudged(9)) == 3
            await city.swept()
            assert city.store.unjudged(9) == []
            return city.partition()

    assert asyncio.run(swept()) == {frozenset({flood, again}), frozenset({lamp})}
    assert run(tmp_path, "--dry-run") == []
