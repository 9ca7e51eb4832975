"""`kanal purge`, with a gateway that runs and without; the gateway's own, each day."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.gateway.support import FLOOD, LAMP, RINA, keep, running, settings_in, sms, sms_channel, with_store

OLD = "UPDATE deliveries SET received_at = received_at - 91 * 86400 WHERE seq = 1"


def purge(folder: Path, *arguments: str) -> dict[str, int]:
    done = CliRunner().invoke(app, ["purge", "--json", "--config", str(folder / "kanal.toml"), *arguments])
    assert done.exit_code == 0, done.output
    counts: dict[str, int] = json.loads(done.output)
    return counts


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Two filed SMS, of which the first came in 91 days ago."""
    loaded = settings_in(tmp_path)
    (tmp_path / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[web]\nport = 0\n'
        '[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\nsecret = { file = "secret" }\n'
    )
    await keep(loaded, [sms("m1", FLOOD), sms("m2", LAMP, RINA)])
    async with running(loaded) as gateway:
        await gateway.settled()
    await with_store(loaded, lambda store: store._writer.run(lambda connection: connection.execute(OLD)))
    return tmp_path


@pytest.mark.parametrize("runs", [True, False], ids=["while the gateway runs", "while none runs"])
async def test_it_says_and_does_what_is_due(folder: Path, runs: bool) -> None:
    nothing = {"deliveries": 0, "reports": 0, "replies": 0, "contacts": 0, "talks": 0, "answers": 0, "files": 0}
    loaded = settings_in(folder, sms_channel(keep_raw_days=90))

    async def purge_twice() -> None:
        assert await asyncio.to_thread(purge, folder, "--dry-run") == nothing | {"deliveries": 1}
        assert await asyncio.to_thread(purge, folder) == nothing | {"deliveries": 1}
        assert await asyncio.to_thread(purge, folder) == nothing

    if runs:
        async with running(loaded, process=False):
            await purge_twice()
    else:
        await purge_twice()


async def test_a_gateway_does_it_by_itself(folder: Path) -> None:
    async with running(settings_in(folder)) as gateway:
        async with asyncio.timeout(120):
            while "body" in gateway.deliveries()[0]:
                await asyncio.sleep(0.05)
        assert "Banjir" not in str(gateway.deliveries()[0])
        assert "Lampu" in str(gateway.deliveries()[1])
        assert len(gateway.all("reports")) == 2
