"""`kanal channels backfill`: what came before is fetched while the gateway runs, and what is known stays as it is."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import app
from tests.gateway.support import channel, running, settings_in, sms_channel, until
from tests.poison import installed


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


def kanal(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["channels", "backfill", *map(str, words)])


async def test_what_came_before_is_fetched(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    for number, text in enumerate(("Banjir selutut", "Lampu jalan padam"), 1):
        (box / str(number)).write_text(text)
    loaded = settings_in(tmp_path, channel("folder", "box", folder=str(box)), sms_channel())
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(2), "two reports")
        data = gateway.folder
        done = await asyncio.to_thread(kanal, "box", "--since", "2026-11-01", "--data", data)
        assert (done.exit_code, done.stdout.partition(";")[0]) == (0, "box: 2 fetched since 2026-11-01 00:00"), (
            done.output
        )
        told = await asyncio.to_thread(kanal, "box", "--since", "2026-11-01T08:00+07:00", "--data", data, "--json")
        assert json.loads(told.stdout) == {"channel": "box", "fetched": 2, "new": 0}
        assert len(gateway.all("deliveries")) == 2
        for name, why in {"sms": "nothing earlier can be fetched", "bix": "did you mean 'box'?"}.items():
            refused = await asyncio.to_thread(kanal, name, "--since", "2026-11-01", "--data", data)
            assert (refused.exit_code, why in refused.output) == (1, True)


def test_a_day_that_is_none_and_a_gateway_that_does_not_run(tmp_path: Path) -> None:
    asyncio.run(_made(tmp_path))
    data = tmp_path / "data"
    assert kanal("box", "--since", "kemarin", "--data", data).exit_code == 2
    refused = kanal("box", "--since", "2026-11-01", "--data", data)
    assert (refused.exit_code, "no gateway runs here" in refused.output) == (1, True)


async def _made(folder: Path) -> None:
    async with running(settings_in(folder)):
        pass
