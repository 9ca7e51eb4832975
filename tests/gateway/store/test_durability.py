"""How SQLite is used: what is acknowledged is on disk, one connection writes, and a full disk is said so."""

import asyncio
import errno
import os
import queue
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from gateway.store.connecting import FILE, open_fingerprints, open_reader
from gateway.store.contract import BadRow, Settlement, StoreUnavailable
from gateway.store.disk import Disk
from gateway.store.preparing import open_writer
from gateway.store.settle import insert_deliveries
from gateway.store.sqlite import SqliteStore
from gateway.store.writer import Writer
from tests.disk import fill
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, bodies_by_id, case, delivery, opening, report


@asynccontextmanager
async def store_in(folder: Path, deaths: list[BaseException] | None = None) -> AsyncIterator[SqliteStore]:
    died = [] if deaths is None else deaths
    store = SqliteStore(folder, MASTER, died.append)
    try:
        yield store
    finally:
        await store.close()
    assert deaths is not None or died == []


def asked(connection: sqlite3.Connection, pragma: str) -> object:
    return connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def test_the_writing_connection_is_durable(tmp_path: Path) -> None:
    connection = open_writer(tmp_path / FILE, MASTER)
    assert (asked(connection, "journal_mode"), asked(connection, "synchronous")) == ("wal", 2)
    connection.close()


def test_opening_again_changes_no_table(tmp_path: Path) -> None:
    def schema() -> list[object]:
        connection = open_writer(tmp_path / FILE, MASTER)
        found = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        found += connection.execute("SELECT * FROM _sqlite_migrations").fetchall()
        connection.close()
        return found

    assert schema() == schema()


@pytest.mark.parametrize("statement", ["DELETE FROM deliveries", "CREATE TABLE t (a)", "PRAGMA user_version = 7"])
def test_readers_cannot_write(tmp_path: Path, statement: str) -> None:
    writer, reader = open_writer(tmp_path / FILE, MASTER), open_reader(tmp_path / FILE)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute(statement)
    reader.close()
    writer.close()


async def test_readers_never_checkpoint(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        await store.append([delivery("m1")])
        before = (tmp_path / FILE).read_bytes()
        reader = open_reader(tmp_path / FILE)
        with suppress(sqlite3.OperationalError):
            reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.close()
        assert (tmp_path / FILE).read_bytes() == before
    assert not (tmp_path / f"{FILE}-wal").exists()


def test_what_is_no_database_is_said_to_be_unavailable(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnavailable, match="cannot open"):
        open_writer(tmp_path / FILE, MASTER)


@pytest.mark.parametrize(
    ("count", "how", "size", "least", "most"),
    [
        pytest.param(20, "singly", 10, 20, 60, id="each commit is synced before it is acknowledged"),
        pytest.param(2000, "together", 10, 1, 50, id="what comes together is committed together"),
        pytest.param(1, "singly", 300_000, 4, 6, id="a large body, its two directories, and the row"),
    ],
)
def test_syncs_before_the_acknowledgement(
    tmp_path: Path, count: int, how: str, size: int, least: int, most: int
) -> None:
    trace = tmp_path / "trace"
    data = tmp_path / "data"
    data.mkdir()
    module = [sys.executable, "-m", "tests.gateway.store.appending", str(data), str(count), how, str(size)]
    subprocess.run(
        ["strace", "-f", "-o", str(trace), "-e", "trace=fsync,fdatasync,write", *module],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    _, _, rest = trace.read_text(errors="replace").partition('"begin')
    during, _, _ = rest.partition('"acknowledged')
    assert least <= during.count("sync(") <= most


async def test_an_operation_that_fails_costs_only_itself(tmp_path: Path) -> None:
    deaths: list[BaseException] = []
    writer = Writer(open_writer(tmp_path / FILE, MASTER), Disk(tmp_path / FILE), insert_deliveries, deaths.append)

    def put(channel: str, then: type[Exception] | None = None) -> "asyncio.Future[None]":
        def operation(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO cursors(channel, cursor) VALUES (?, '1')", (channel,))
            if then:
                raise then

        return writer.run(operation)

    first = put("one"), put("two", ZeroDivisionError), put("three", sqlite3.ProgrammingError), put("four")
    outcomes = await asyncio.gather(*first, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), ZeroDivisionError, BadRow, type(None)]
    await writer.close()
    connection = open_reader(tmp_path / FILE)
    assert connection.execute("SELECT channel FROM cursors").fetchall() == [("four",), ("one",)]
    connection.close()
    assert deaths == []


async def test_a_dead_writer_is_told(tmp_path: Path) -> None:
    told: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
    connection = open_writer(tmp_path / FILE, MASTER)
    writer = Writer(connection, Disk(tmp_path / FILE), insert_deliveries, told.put)
    writer.run(lambda _: sys.exit("bug"))
    assert isinstance(await asyncio.to_thread(told.get, timeout=60), SystemExit)
    connection.close()


async def test_a_full_disk_under_what_writes_nothing_is_not_the_end(tmp_path: Path) -> None:
    """A transaction may change no row; whether the disk has broken down is then asked of a full one."""
    deaths: list[BaseException] = []
    database = tmp_path / "looked at" / FILE
    database.parent.mkdir()
    database.touch()
    database.with_name(f"{FILE}-wal").symlink_to("/dev/full")
    writer = Writer(open_writer(tmp_path / FILE, MASTER), Disk(database), insert_deliveries, deaths.append)
    assert await writer.run(lambda _: "looked") == "looked"
    await writer.close()
    assert deaths == []


async def test_a_disk_that_fails_to_write_is_the_end(tmp_path: Path) -> None:
    told: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
    store = SqliteStore(tmp_path, MASTER, told.put)
    await store.append([delivery("m1")])
    _break(tmp_path / f"{FILE}-wal")
    lost = asyncio.ensure_future(store.append([delivery("m2")]))
    assert isinstance(await asyncio.to_thread(told.get, timeout=60), sqlite3.OperationalError)
    assert not lost.done()
    lost.cancel()
    await store.close()


def _break(file: Path) -> None:
    """Make every write to an open file fail, as a broken disk would: its descriptors become read-only ones."""
    broken = os.open(os.devnull, os.O_RDONLY)
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if link.readlink() == file:
                os.dup2(broken, int(link.name))
    os.close(broken)


async def test_a_full_disk_is_unavailable_until_there_is_room_again(small_disk: Path) -> None:
    async with store_in(small_disk) as store:
        await store.append([delivery("m1")])
        filler = fill(small_disk)
        appends = [store.append([delivery("m2")]), store.append([delivery("m3"), delivery("m4")])]
        outcomes = await asyncio.gather(*appends, store.settle(opening(1)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
        with pytest.raises(StoreUnavailable):
            await store.append([delivery("large", bytes(1 << 20))])
        assert store.waiting() == {CHANNEL: 1}
        filler.unlink()
        await store.append([delivery("m2"), delivery("large", bytes(1 << 20))])
        await store.settle(Settlement(cases=[case("KNL-1")]))
        assert set(await bodies_by_id(store)) == {"m1", "m2", "large"}
    assert not [file for file in (small_disk / "blobs").rglob("*") if file.is_file() and "." in file.name]
    connection = open_reader(small_disk / FILE)
    assert asked(connection, "integrity_check") == "ok"
    connection.close()


async def test_a_full_disk_loses_no_claim(small_disk: Path) -> None:
    async with store_in(small_disk) as store:
        await store.append([delivery("m1")])
        filler = fill(small_disk)
        with pytest.raises(StoreUnavailable):
            await store.claim(CHANNEL, 9, 9)
        filler.unlink()
        assert [one.tries for one in await store.claim(CHANNEL, 9, 9)] == [1]


def test_a_disk_without_room_cannot_be_opened(small_disk: Path) -> None:
    (small_disk / "blobs").mkdir()
    fill(small_disk)
    with pytest.raises(StoreUnavailable):
        open_writer(small_disk / FILE, MASTER)


async def test_large_bodies_lie_sealed_in_files_of_their_own_once(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        await store.append([delivery("m1", bytes(1 << 20))])
        await store.append([delivery("m1", bytes(1 << 20))])
        (file,) = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
        assert bytes(64) not in file.read_bytes()
        assert await bodies_by_id(store) == {"m1": bytes(1 << 20)}
        assert (file.parent.stat().st_mode & 0o777, (tmp_path / "blobs").stat().st_mode & 0o777) == (0o700, 0o700)
        assert (tmp_path / f"{FILE}-wal").stat().st_size < 1 << 20


async def test_a_blob_that_cannot_be_written_keeps_nothing_of_its_append(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        (tmp_path / "blobs").rmdir()
        (tmp_path / "blobs").write_bytes(b"")
        with pytest.raises(StoreUnavailable) as raised:
            await store.append([delivery("m1"), delivery("large", bytes(1 << 20))])
        assert os.strerror(errno.ENOTDIR) in str(raised.value)
        assert store.waiting() == {}


async def test_the_judge_reads_the_fingerprints_of_open_cases_in_order(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        made = Settlement(cases=[case("KNL-1"), case("KNL-2", closed_at=NOW)])
        made.reports = [report("r-1", "KNL-1"), report("r-2", "KNL-2"), report("r-3", "KNL-1")]
        await store.settle(made)
        assert list(open_fingerprints(tmp_path)) == [b"r-1", b"r-3"]
