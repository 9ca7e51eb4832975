"""The master key: where it may be, what is wrong with it, and how it is changed."""

import asyncio
import base64
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.settings import Secret
from gateway import master
from gateway.cli.commands import app
from gateway.custody import Custody
from gateway.errors import ConfigError, OperationRefused
from gateway.store.contract import Entry, StoreUnavailable
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.disk import fill
from tests.gateway.store.rows import bodies_by_id, delivery
from tests.gateway.support import FLOOD, keep, running, settings_in, sms

KEY = bytes(range(1, 33))
ROTATED = Entry(actor="camat", action="rotate the master key")


@pytest.mark.parametrize(
    "text",
    [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), f" {KEY.hex()}\n"],
    ids=["hex", "capitals", "base64", "blanks around it"],
)
def test_a_key_of_the_operators_is_read(tmp_path: Path, text: str) -> None:
    assert master.master_key(tmp_path, Secret(text)) == KEY


@pytest.mark.parametrize("text", ["", "rahasia", KEY.hex()[2:], base64.b64encode(KEY + b"x").decode(), "é" * 32])
def test_what_is_no_key_is_a_problem_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("KANAL_MASTER", text or " ")
    with pytest.raises(ConfigError, match="master_key"):
        settings_in(tmp_path, master_key={"env": "KANAL_MASTER"})


def test_a_new_key_is_one_that_is_read(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["secret", "make"]).output
    assert len(master.decoded(made)) == 32
    assert made != CliRunner().invoke(app, ["secret", "make"]).output


async def test_with_a_key_from_the_environment_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANAL_MASTER", KEY.hex())
    loaded = settings_in(tmp_path, master_key={"env": "KANAL_MASTER"})
    async with running(loaded, process=False):
        pass
    assert not (loaded.gateway.data / master.FILE).exists()
    with Views(loaded.gateway.data, lambda: KEY) as views:
        assert list(views.deliveries()) == []


async def opened(folder: Path, key: bytes) -> dict[str, bytes]:
    store = SqliteStore(folder, key, lambda death: None)
    try:
        return await bodies_by_id(store)
    finally:
        await store.close()


async def test_after_a_rotation_the_old_key_opens_nothing_and_the_new_one_all(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, KEY, lambda death: None)
    await store.append([delivery("m1")])
    new = os.urandom(32)
    await store.rotate(new, ROTATED)
    await store.append([delivery("m1"), delivery("m2")])
    await store.close()
    with pytest.raises(StoreUnavailable, match="master key"):
        await opened(tmp_path, KEY)
    assert await opened(tmp_path, new) == {"m1": b"Banjir", "m2": b"Banjir"}


def rotate(*arguments: str | Path) -> str:
    done = CliRunner().invoke(app, ["secret", "rotate", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("runs", [True, False], ids=["while the gateway runs", "while none runs"])
async def test_the_key_beside_the_data_is_replaced(tmp_path: Path, runs: bool) -> None:
    loaded = settings_in(tmp_path)
    folder = loaded.gateway.data
    await keep(loaded, [sms("m1", FLOOD)])
    old = (folder / master.FILE).read_bytes()
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "data"\n')
    arguments = ("--config", tmp_path / "kanal.toml")
    if runs:
        async with running(loaded, process=False) as gateway:
            await asyncio.to_thread(rotate, *arguments)
            await gateway.app.store.append([sms("m2", FLOOD)])
    else:
        await asyncio.to_thread(rotate, *arguments)
        await keep(loaded, [sms("m2", FLOOD)])
    assert (folder / master.FILE).read_bytes() != old
    assert (folder / master.FILE).stat().st_mode & 0o777 == 0o600
    assert sorted(await opened(folder, master.master_key(folder, None))) == ["m1", "m2"]


async def test_a_rotation_that_is_cut_short_leaves_a_key_that_opens(tmp_path: Path) -> None:
    for number, dies_before in enumerate([True, False]):
        folder = tmp_path / str(number)
        folder.mkdir()
        key = master.made_if_new(folder, None)
        store = SqliteStore(folder, key, lambda death: None)
        await store.append([delivery("m1")])
        new = os.urandom(32)
        (folder / master.FILE).write_bytes(new + key)
        if not dies_before:
            await store.rotate(new, ROTATED)
        await store.close()
        assert await opened(folder, master.master_key(folder, None)) == {"m1": b"Banjir"}
        (folder / "kanal.toml").write_text('[gateway]\ndata = "."\n')
        await asyncio.to_thread(rotate, "--config", folder / "kanal.toml")
        assert (folder / master.FILE).stat().st_size == 32


async def test_a_key_that_the_settings_name_is_replaced_by_one_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANAL_MASTER", KEY.hex())
    loaded = settings_in(tmp_path, master_key={"env": "KANAL_MASTER"})
    await keep(loaded, [sms("m1", FLOOD)])
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "data"\nmaster_key = { env = "KANAL_MASTER" }\n')
    arguments = ["secret", "rotate", "--config", str(tmp_path / "kanal.toml")]
    refused = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert (refused.exit_code, "--to FILE" in refused.output) == (1, True)
    said = await asyncio.to_thread(rotate, "--config", tmp_path / "kanal.toml", "--to", tmp_path / "new.key")
    assert "new.key" in said
    new = master.make_file(tmp_path / "new.key")
    assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o600
    assert list(await opened(loaded.gateway.data, new)) == ["m1"]


@pytest.mark.parametrize("when", ["before it is done", "after it is done"])
async def test_whatever_ends_a_rotation_the_file_holds_the_key_that_opens(tmp_path: Path, when: str) -> None:
    store = SqliteStore(tmp_path, master.made_if_new(tmp_path, None), lambda death: None)
    await store.append([delivery("m1")])

    async def cut_short(new: bytes) -> None:
        if when == "after it is done":
            await store.rotate(new, ROTATED)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await master.change(tmp_path, cut_short)
    await store.close()
    assert await opened(tmp_path, master.master_key(tmp_path, None)) == {"m1": b"Banjir"}


async def test_rotations_at_once_follow_one_another(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, master.made_if_new(tmp_path, None), lambda death: None)
    custody = Custody(store, tmp_path)
    await asyncio.gather(*(custody.rotate("camat") for _ in range(5)))
    await store.append([delivery("m1")])
    await store.close()
    assert (tmp_path / master.FILE).stat().st_size == 32
    assert await opened(tmp_path, master.master_key(tmp_path, None)) == {"m1": b"Banjir"}


async def test_on_a_full_disk_the_old_key_goes_on(small_disk: Path) -> None:
    store = SqliteStore(small_disk, master.made_if_new(small_disk, None), lambda death: None)
    await store.append([delivery("m1")])
    filler = fill(small_disk)
    with pytest.raises(OperationRefused, match="was not replaced"):
        await Custody(store, small_disk).rotate("camat")
    filler.unlink()
    await store.close()
    assert await opened(small_disk, master.master_key(small_disk, None)) == {"m1": b"Banjir"}


async def test_a_key_that_is_in_force_is_no_new_one(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, KEY, lambda death: None)
    with pytest.raises(OperationRefused, match="in force already"):
        await Custody(store, tmp_path).rotate("camat", KEY.hex())
    await store.close()
