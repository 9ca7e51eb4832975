"""`kanal user`, with a gateway that runs and without, and the link that the first administrator comes in by."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.accounts import tokens
from gateway.cli.commands import app
from gateway.store.connecting import FILE
from tests.gateway.support import channel, running, settings_in

SETTINGS = """\
[gateway]
data = "data"
public_url = "https://kanal.example"
[web]
port = 0
[[channels]]
name = "apps"
kind = "open311"
"""
PAGES = "https://kanal.example/masuk/"


def user(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["user", *arguments, "--config", str(folder / "kanal.toml")])


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    found = (json.loads(line) for line in user(folder, "list", "--json").stdout.splitlines())
    return {row["name"]: row for row in found}


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    async with running(settings_in(tmp_path, channel("open311", "apps")), process=False):
        return tmp_path


def administer(folder: Path) -> None:
    """An account's life."""
    added = user(folder, "add", "rini", "--role", "operator", "--called", "Rini Wahyuni")
    assert (added.exit_code, added.stdout.startswith(PAGES)) == (0, True)
    assert "within 24 hours" in added.stderr
    assert user(folder, "change", "rini", "--role", "unit", "--unit", "inspektorat").exit_code == 0
    assert user(folder, "disable", "rini").exit_code == 0
    assert rows(folder)["rini"]["disabled_at"]
    assert user(folder, "enable", "rini").exit_code == 0
    reset = user(folder, "reset", "rini")
    assert reset.stdout.startswith(PAGES)
    row = rows(folder)["rini"]
    assert (row["display_name"], row["role"], row["unit"]) == ("Rini Wahyuni", "unit", "inspektorat")
    assert (row["password"], row["app"], row["disabled_at"]) == (False, False, None)
    kept = b"".join(file.read_bytes() for file in (folder / "data").glob(f"{FILE}*"))
    links = [result.stdout.strip().removeprefix(PAGES) for result in (added, reset)]
    assert [link for link in links if link.encode() in kept or not link] == []
    assert tokens.digest(links[1]).encode() in kept


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize("runs", [True, False], ids=["while the gateway runs", "while none runs"])
async def test_an_account_is_administered_and_its_links_are_never_kept(folder: Path, runs: bool) -> None:
    loaded = settings_in(folder, channel("open311", "apps"), public_url="https://kanal.example")
    if runs:
        async with running(loaded, process=False):
            await asyncio.to_thread(administer, folder)
    else:
        await asyncio.to_thread(administer, folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["disable", "siapa"], "nobody has an account siapa"),
        (["change", "rini"], "nothing is named that is to change"),
        (["add", "Rini W", "--role", "operator"], "small letters"),
        (["add", "rini", "--role", "raja"], "raja"),
    ],
)
async def test_what_cannot_be_says_why(folder: Path, arguments: list[str], said: str) -> None:
    result = await asyncio.to_thread(user, folder, *arguments)
    assert result.exit_code != 0
    assert said in result.stderr
