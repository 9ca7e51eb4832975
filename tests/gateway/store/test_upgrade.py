"""A store and programs of other versions: forward after a copy, whatever interrupts it, and never back."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.store import pragmas, snapshot, upgrade
from gateway.store.connecting import FILE
from gateway.store.contract import StoreUnavailable
from gateway.store.preparing import open_writer
from gateway.store.views import Views
from tests.disk import fill
from tests.gateway.store.migrating import NEXT
from tests.gateway.store.rows import MASTER

LAST_KNOWN_TO_THE_OLD = "m002_cases"
FIRST_UNKNOWN = "m003_replies"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder that an older program left, with something in it."""
    make_old(tmp_path)
    return tmp_path


def make_old(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        upgrade.apply(connection, stop_before=FIRST_UNKNOWN)
        connection.execute("INSERT INTO cursors(channel, cursor) VALUES ('mail', '7')")
    (folder / "master.key").write_bytes(bytes(32))


def open_store(folder: Path) -> None:
    open_writer(folder / FILE, MASTER).close()


def migrate(folder: Path, fate: str) -> int:
    module = [sys.executable, "-m", "tests.gateway.store.migrating", str(folder), fate]
    return subprocess.run(module, check=False, stderr=subprocess.DEVNULL).returncode


def held(file: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The migrations a database went through, and the rows that it was given in the beginning."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        assert snapshot.faults(connection) == []
        return upgrade.applied(connection), connection.execute("SELECT channel, cursor FROM cursors").fetchall()


def test_an_old_store_is_copied_before_it_is_changed(old: Path) -> None:
    open_store(old)
    (copy,) = upgrade.copies(old)
    assert (copy.name, copy.stat().st_mode & 0o777) == (f"{FILE}.before-{FIRST_UNKNOWN}", 0o600)
    assert held(copy) == (["m001_intake", LAST_KNOWN_TO_THE_OLD], [("mail", "7")])
    names, rows = held(old / FILE)
    assert (names[:3], rows) == (["m001_intake", LAST_KNOWN_TO_THE_OLD, FIRST_UNKNOWN], [("mail", "7")])


def test_a_new_store_and_one_that_is_up_to_date_are_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        open_store(tmp_path)
    assert upgrade.copies(tmp_path) == []


def test_a_copy_of_a_start_that_was_cut_short_is_replaced(old: Path) -> None:
    for name in (f"{FILE}.before-{FIRST_UNKNOWN}", f".{FILE}.before-{FIRST_UNKNOWN}"):
        (old / name).write_bytes(b"half")
    open_store(old)
    assert [held(copy)[1] for copy in upgrade.copies(old)] == [[("mail", "7")]]
    assert not list(old.glob(".kanal.db*"))


def test_without_room_for_the_copy_nothing_is_changed(small_disk: Path) -> None:
    make_old(small_disk)
    filler = fill(small_disk, leave=48 << 10)
    with pytest.raises(StoreUnavailable, match="must be copied before"):
        open_store(small_disk)
    filler.unlink()
    assert upgrade.copies(small_disk) == []
    assert held(small_disk / FILE)[0] == ["m001_intake", LAST_KNOWN_TO_THE_OLD]
    open_store(small_disk)
    assert len(upgrade.copies(small_disk)) == 1


@pytest.mark.threat("P2-46")
@pytest.mark.parametrize("sync", range(1, 6))
def test_a_kill_at_any_sync_of_an_upgrade_is_mended_by_the_next_start(old: Path, sync: int) -> None:
    module = [sys.executable, "-m", "tests.gateway.store.migrating", str(old), "lives"]
    inject = f"inject=fsync,fdatasync:signal=KILL:when={sync}"
    trace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", inject]
    assert subprocess.run([*trace, *module], check=False, stderr=subprocess.DEVNULL).returncode == -9
    assert migrate(old, "lives") == 0
    names, rows = held(old / FILE)
    assert (names[-1], rows) == (NEXT, [])
    assert [held(copy)[1] for copy in upgrade.copies(old)] == [[("mail", "7")]] * len(upgrade.copies(old))
    assert upgrade.copies(old) != []


@pytest.mark.threat("P2-46")
def test_a_migration_that_dies_half_way_has_not_happened(old: Path) -> None:
    assert migrate(old, "dies") == 9
    open_store(old)
    names, rows = held(old / FILE)
    assert (NEXT in names, rows) == (False, [("mail", "7")])
    with closing(sqlite3.connect(old / FILE)) as connection:
        assert "half" not in {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


@pytest.mark.threat("P2-46")
def test_a_store_of_a_newer_program_is_refused_and_left_as_it_is(old: Path) -> None:
    assert migrate(old, "lives") == 0
    before = (old / FILE).read_bytes()
    with pytest.raises(StoreUnavailable, match=f"newer Kanal.*{NEXT}.*install that version"):
        open_store(old)
    with pytest.raises(StoreUnavailable, match="newer Kanal"):
        Views(old)
    assert (old / FILE).read_bytes() == before


@pytest.mark.threat("P2-46")
@pytest.mark.parametrize("command", [["run"], ["cases", "list"], ["export"]], ids=" ".join)
def test_commands_refuse_a_store_of_a_newer_program(old: Path, command: list[str]) -> None:
    assert migrate(old, "lives") == 0
    ended = CliRunner().invoke(app, [*command, "--data", str(old)])
    assert (ended.exit_code, NEXT in ended.stderr, "install that version" in ended.stderr) == (1, True, True)


def test_commands_that_look_say_how_an_old_store_comes_up_to_date(old: Path) -> None:
    ended = CliRunner().invoke(app, ["cases", "list", "--data", str(old)])
    assert (ended.exit_code, "start the gateway once" in ended.stderr) == (1, True)


@pytest.mark.threat("P0-13")
def test_a_store_is_not_opened_where_it_would_not_be_durable() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        with pytest.raises(StoreUnavailable, match=r"local disk; .*power cut"):
            pragmas.assure(connection)
