"""`kanal keys`, with a gateway that runs and without."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.commands import app
from gateway.store.connecting import FILE
from tests.gateway.support import channel, running, settings_in

SETTINGS = '[gateway]\ndata = "data"\n[web]\nport = 0\n[[channels]]\nname = "apps"\nkind = "open311"\n'


def keys(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments, "--config", str(folder / "kanal.toml")])


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in keys(folder, "list", "--json").stdout.splitlines()]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    async with running(settings_in(tmp_path, channel("open311", "apps")), process=False):
        return tmp_path


@pytest.mark.parametrize("runs", [True, False], ids=["while the gateway runs", "while none runs"])
async def test_a_key_is_shown_once_and_never_kept(folder: Path, runs: bool) -> None:
    def add_and_revoke() -> None:
        added = keys(folder, "add", "jaki", "--per-minute", "60", "--channel", "apps")
        secret = added.stdout.strip()
        assert (added.exit_code, secret.startswith("kanal_"), len(secret) > 40) == (0, True, True)
        assert "jaki" in added.stderr
        (row,) = rows(folder)
        assert (row["app"], row["channel"], row["per_minute"], row["revoked_at"]) == ("jaki", "apps", 60, None)
        assert keys(folder, "revoke", "jaki").exit_code == 0
        assert rows(folder)[0]["revoked_at"]
        kept = b"".join(file.read_bytes() for file in (folder / "data").glob(f"{FILE}*"))
        assert secret.encode() not in kept
        assert secret not in keys(folder, "list").stdout

    if runs:
        async with running(settings_in(folder, channel("open311", "apps")), process=False):
            await asyncio.to_thread(add_and_revoke)
    else:
        await asyncio.to_thread(add_and_revoke)


async def test_for_programs_it_is_one_object(folder: Path) -> None:
    made = json.loads((await asyncio.to_thread(keys, folder, "add", "jaki", "--json")).stdout)
    assert made.pop("key").startswith("kanal_")
    assert made == {"app": "jaki", "channel": None, "per_minute": 600, "per_day": 20000}


async def test_what_cannot_be_done_is_told(folder: Path) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        done = keys(folder, *arguments)
        return done.exit_code, done.stderr.splitlines()[0]

    def ask() -> list[tuple[int, str]]:
        keys(folder, "add", "jaki")
        wrong = (
            ["add", "jaki"],
            ["add", "JAKI app"],
            ["add", "qlue", "--channel", "app"],
            ["revoke", "qlue"],
            ["add", "qlue", "--per-day", "-1"],
        )
        return [told(*arguments) for arguments in wrong]

    twice, name, channel_, unknown, limit = await asyncio.to_thread(ask)
    assert twice == (1, "jaki has a key already: revoke it first, or take another name")
    assert name[0] == 2
    assert "small letters" in name[1]
    assert channel_ == (2, "there is no channel 'app': did you mean 'apps'?")
    assert unknown == (1, "there is no application qlue that has a key")
    assert limit[0] == 2
