"""The process: one on its data, told to stop it drains, and it ends rather than look alive."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from gateway.data import DataDirectory, InUse
from gateway.master import made_if_new, master_key
from gateway.store.sqlite import SqliteStore
from tests.gateway.support import (
    FLOOD,
    LAMP,
    SECRET,
    keep,
    query,
    running,
    settings_in,
    sms,
    with_store,
)

RUN = [sys.executable, "-m", "gateway", "run", "--json-logs"]


def configured(folder: Path) -> Path:
    settings_in(folder)
    file = folder / "kanal.toml"
    file.write_text(
        '[gateway]\ndata = "data"\nworkers = 1\n[web]\nport = 0\n[[channels]]\nname = "sms"\nkind = "sms"\n'
        'number = "1708"\nsecret = { file = "secret" }\n'
    )
    return file


@asynccontextmanager
async def process(config: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`kanal run`, and the address of its web server."""
    child = await asyncio.create_subprocess_exec(
        *RUN, str(config), stdout=subprocess.PIPE, stderr=subprocess.PIPE, process_group=0
    )
    assert child.stdout is not None
    try:
        address = ""
        while not address.startswith("http://"):
            line = (await asyncio.wait_for(child.stdout.readline(), 30)).decode()
            assert line
            address = line.split()[1] if line.split()[:1] == ["web"] else ""
        yield child, address
    finally:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)
        await child.communicate()


async def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    config = configured(tmp_path)
    async with process(config) as (_, address):
        second = await asyncio.create_subprocess_exec(*RUN, str(config), stderr=subprocess.PIPE)
        _, said = await asyncio.wait_for(second.communicate(), 30)
        assert (second.returncode, b"another kanal process is using" in said) == (1, True)
        with pytest.raises(InUse):
            DataDirectory(tmp_path / "data")
        async with ClientSession() as client, client.get(f"{address}/readyz") as response:
            assert response.status == 200


async def test_sigterm_drains_what_was_accepted(tmp_path: Path) -> None:
    config = configured(tmp_path)
    async with process(config) as (child, address), ClientSession() as client:

        async def send(number: int) -> int:
            path = f"/in/sms/{SECRET}/mo?{query(f'm{number}', f'{LAMP}{number}', f'+62811100{number:05d}')}"
            async with client.get(address + path) as response:
                return response.status

        assert set(await asyncio.gather(*map(send, range(200)))) == {200}
        child.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(child.communicate(), 30)
        assert child.returncode == 0
        assert b"Traceback" not in said
        assert b"+62811100" not in said

    async def look(store: SqliteStore) -> None:
        assert store.waiting() == {}

    await with_store(settings_in(tmp_path), look)


async def test_what_was_accepted_and_not_processed_is_processed_at_the_next_start(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    async with running(loaded, process=False) as gateway:
        response = await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}")
        assert (response.status, gateway.app.store.waiting()) == (200, {"sms": 1})
    async with running(loaded) as gateway:
        await gateway.settled()
        assert len(gateway.all("reports")) == 1


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.35])
async def test_it_stops_at_whatever_moment_of_its_start(tmp_path: Path, seconds: float) -> None:
    loaded = settings_in(tmp_path, drain_seconds=0)
    await keep(loaded, [sms("m1", FLOOD)])
    async with asyncio.timeout(120):
        async with running(loaded):
            await asyncio.sleep(seconds)
    assert len(master_key(loaded.gateway.data, None)) == 32


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    with DataDirectory(tmp_path / "data") as directory:
        key = made_if_new(directory.path, None)
        assert made_if_new(directory.path, None) == key
    assert (tmp_path / "data" / "master.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="restore it from a backup"):
        made_if_new(tmp_path, None)


def test_a_lost_key_is_not_replaced_while_there_are_data_that_need_it(tmp_path: Path) -> None:
    (tmp_path / "kanal.db").write_bytes(b"")
    with pytest.raises(ValueError, match="is missing"):
        made_if_new(tmp_path, None)
    assert not (tmp_path / "master.key").exists()


def test_a_folder_that_others_may_read_becomes_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    with DataDirectory(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
