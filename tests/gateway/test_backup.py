"""Backups: what is in one, that it can be trusted, and that a gateway goes on from it."""

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.backup import copying, making, manifest, record
from gateway.backup.copying import Counted
from gateway.backup.manifest import BackupError, Manifest
from gateway.cli.commands import app
from tests.disk import fill
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD, delivery, keep, query, running, settings_in, sms

LARGE = 300_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped: reports, a text of the office's own, a body that is a file."""
    folder = tmp_path_factory.mktemp("gateway")
    loaded = settings_in(folder)

    async def an_afternoon() -> None:
        async with running(loaded) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP))
        large = query("large", LAMP, filler="x" * LARGE).encode()
        await keep(loaded, [delivery("large", large, "sms", headers={"path": "mo"})])

    asyncio.run(an_afternoon())
    (folder / "data" / "texts").mkdir()
    (folder / "data" / "texts" / "id.toml").write_text('lookup_not_found = "Tidak ada."\n')
    (folder / "data" / "categories.toml").write_text("[categories.rumah-susun]\nhidden = true\n")
    (folder / "data" / "clock.toml").write_text('[times.others]\ndone = "9 days"\n')
    (folder / "data" / "secrets").mkdir()
    (folder / "data" / "secrets" / "sms").write_text("rahasia")
    return folder


@pytest.fixture
def data(kept: Path, tmp_path: Path) -> Path:
    """A copy of its data folder, to change."""
    return shutil.copytree(kept / "data", tmp_path / "data")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where backups are put."""
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def kanal(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def back_up(data: Path, shelf: Path, *options: str) -> Path:
    return Path(json.loads(kanal("backup", shelf, "--data", data, "--json", *options).stdout)["backup"])


def tables(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def files(folder: Path, *below: str) -> dict[str, bytes]:
    found = (path for name in below for path in (folder / name).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.mark.threat("P0-14")
def test_a_restore_brings_back_every_row_and_every_file(data: Path, shelf: Path, tmp_path: Path) -> None:
    backup = back_up(data, shelf)
    kanal("restore", backup, "--data", tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "blobs",
        "categories.toml",
        "clock.toml",
        "kanal.db",
        "texts",
    ]
    restored = tables(tmp_path / "new" / "kanal.db")
    assert restored == tables(data / "kanal.db")
    assert len(restored["deliveries"]) == 4
    assert files(tmp_path / "new", "blobs", "texts") == files(data, "blobs", "texts")
    for name in ("categories.toml", "clock.toml"):
        assert (tmp_path / "new" / name).read_bytes() == (data / name).read_bytes()
    assert len(files(data, "blobs")) == 1


@pytest.mark.threat("P0-14")
async def test_a_gateway_goes_on_from_a_restored_backup(kept: Path, data: Path, shelf: Path, tmp_path: Path) -> None:
    backup = back_up(data, shelf)
    (tmp_path / "new").mkdir()
    loaded = settings_in(tmp_path / "new")
    kanal("restore", backup, "--data", loaded.gateway.data, "--key", kept / "data" / "master.key")
    async with running(loaded) as gateway:
        await gateway.settled()
        codes = [case["code"] for case in gateway.all("cases")]
        pins = re.findall(r"PIN (\d{6})", " ".join(gateway.told()))
        seen = await gateway.ask(f"/lacak/{codes[0]}", params={"pin": pins[0]}, headers={"Accept": "application/json"})
        assert (seen.status, json.loads(seen.text)["report"]) == (200, FLOOD)
        assert "Tidak ada." in (await gateway.ask("/lacak/KNL-0000-0000")).text
        await gateway.send(sms("m1", FLOOD), sms("m4", LAMP, RINA))
        assert [row["text"] for row in gateway.all("reports")] == [FLOOD, SAME_FLOOD, LAMP, LAMP, LAMP]
        assert len(gateway.all("deliveries")) == 5


def test_the_key_and_the_secrets_are_left_out_and_it_is_said(data: Path, shelf: Path) -> None:
    said = kanal("backup", shelf, "--data", data)
    (backup,) = shelf.iterdir()
    assert "THE MASTER KEY IS NOT IN IT" in said.stderr
    assert str(data / "master.key") in said.stderr
    key = (data / "master.key").read_bytes()
    assert [path for path in files(backup, ".") if "secret" in path or "master" in path] == []
    assert [path for path, content in files(backup, ".").items() if key in content] == []


@pytest.mark.threat("P0-31")
def test_a_backup_tells_nobody_who_reported(data: Path, shelf: Path) -> None:
    held = b"".join(files(back_up(data, shelf), ".").values())
    assert b"Jl. Kemang Raya" in held, "what was said stands in clear, masked"
    assert [number for number in (BUDI, RINA) if number.removeprefix("+").encode() in held] == []


def test_the_key_and_the_secrets_are_put_in_where_asked_for(data: Path, shelf: Path, tmp_path: Path) -> None:
    said = kanal("backup", shelf, "--data", data, "--with-keys")
    (backup,) = shelf.iterdir()
    assert "THE MASTER KEY IS IN IT" in said.stderr
    assert kanal("restore", backup, "--data", tmp_path / "new").stderr == ""
    assert files(tmp_path / "new", "secrets") == files(data, "secrets")
    assert (tmp_path / "new" / "master.key").read_bytes() == (data / "master.key").read_bytes()


def test_a_restore_without_them_says_what_is_still_needed(data: Path, shelf: Path, tmp_path: Path) -> None:
    said = kanal("restore", back_up(data, shelf), "--data", tmp_path / "new").stderr
    assert re.findall(r"still needed: (\S+)", said) == [
        f"{tmp_path / 'new'}/master.key",
        f"{tmp_path / 'new'}/secrets:",
    ]
    assert kanal("run", "--data", tmp_path / "new", code=1).stderr.startswith("cannot start: ")


def test_a_backup_is_its_owners_alone_whatever_the_umask(data: Path, shelf: Path, tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        backup = back_up(data, shelf, "--with-keys")
        kanal("restore", backup, "--data", tmp_path / "new")
    finally:
        os.umask(former)
    for top in (backup, tmp_path / "new"):
        assert {path.stat().st_mode & 0o777 for path in [top, *top.rglob("*")] if path.is_dir()} == {0o700}
        assert {path.stat().st_mode & 0o777 for path in top.rglob("*") if path.is_file()} == {0o600}


def test_the_manifest_can_be_checked_without_kanal(data: Path, shelf: Path) -> None:
    backup = back_up(data, shelf)
    checked = subprocess.run(["sha256sum", "--check", "manifest.sha256"], cwd=backup, capture_output=True, check=True)
    assert checked.stdout == b"manifest.json: OK\n"
    told, _ = manifest.read(backup)
    assert told.rows["deliveries"] == 4
    assert {name: len(content) for name, content in files(backup, ".").items() if "manifest" not in name} == {
        name: file.size for name, file in told.files.items()
    }


def flipped(name: str, at: int) -> Callable[[Path], None]:
    def damage(backup: Path) -> None:
        file = found(backup, name)
        content = bytearray(file.read_bytes())
        content[at] ^= 1
        file.write_bytes(content)

    return damage


def found(backup: Path, name: str) -> Path:
    (file,) = (path for path in backup.rglob(name) if path.is_file())
    return file


def cut(name: str) -> Callable[[Path], None]:
    return lambda backup: os.truncate(found(backup, name), found(backup, name).stat().st_size // 2)


def gone(name: str) -> Callable[[Path], None]:
    return lambda backup: found(backup, name).unlink()


def retold(**changes: object) -> Callable[[Path], None]:
    """A manifest that is whole in itself but says something else."""

    def damage(backup: Path) -> None:
        told, _ = manifest.read(backup)
        manifest.write(backup, msgspec.structs.replace(told, **changes))

    return damage


def rewritten(statement: str, **changes: object) -> Callable[[Path], None]:
    """Another database, whose bytes the manifest knows."""

    def damage(backup: Path) -> None:
        with closing(sqlite3.connect(backup / "kanal.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(statement)
        told, _ = manifest.read(backup)
        file = copying.measure(backup / "kanal.db", Counted(quiet, "", 0))
        replaced: Manifest = msgspec.structs.replace(told, files=told.files | {"kanal.db": file}, **changes)
        manifest.write(backup, replaced)

    return damage


def torn(backup: Path) -> None:
    """The manifest knows the bytes, but SQLite cannot read them."""
    content = (backup / "kanal.db").read_bytes()
    (backup / "kanal.db").write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    told, _ = manifest.read(backup)
    file = copying.measure(backup / "kanal.db", Counted(quiet, "", 0))
    manifest.write(backup, msgspec.structs.replace(told, files=told.files | {"kanal.db": file}))


def outside(backup: Path) -> None:
    told, _ = manifest.read(backup)
    strange = told.files | {"../kanal.toml": told.files["kanal.db"]}
    manifest.write(backup, msgspec.structs.replace(told, files=strange))


NEWER = "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('kanal', 'm999_next', '')"
BLOB = "[0-9a-f]" * 64


@pytest.mark.threat("P0-14")
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param(flipped("kanal.db", 70), "kanal.db: its bytes are not", id="a bit of the database's header"),
        pytest.param(flipped("kanal.db", -1), "kanal.db: its bytes are not", id="the database's last bit"),
        pytest.param(flipped(BLOB, 1000), "its bytes are not", id="a bit of a body"),
        pytest.param(flipped("id.toml", 0), "texts/id.toml: its bytes are not", id="a bit of a text"),
        pytest.param(flipped("manifest.json", 40), "manifest.json: it is not as it was", id="a bit of the manifest"),
        pytest.param(flipped("manifest.sha256", 3), "manifest.json: it is not as it was", id="a bit of its digest"),
        pytest.param(cut("kanal.db"), "kanal.db: has", id="half a database"),
        pytest.param(cut(BLOB), "bytes instead of", id="half a body"),
        pytest.param(cut("manifest.json"), "manifest.json: it is not as it was", id="half a manifest"),
        pytest.param(gone("kanal.db"), "kanal.db: No such file", id="no database"),
        pytest.param(gone(BLOB), "No such file", id="a body is missing"),
        pytest.param(gone("manifest.json"), "is no whole backup", id="no manifest"),
        pytest.param(gone("manifest.sha256"), "is no whole backup", id="no digest of it"),
        pytest.param(retold(rows={"deliveries": 5}), "does not hold what the manifest says", id="rows miscounted"),
        pytest.param(retold(format=2), "in a form that this version does not know", id="a newer form"),
        pytest.param(retold(files={}), "it names no database", id="a manifest of nothing"),
        pytest.param(outside, "it names '../kanal.toml'", id="a file outside"),
        pytest.param(torn, "kanal.db: ", id="a database that is none"),
        pytest.param(rewritten("DELETE FROM cases"), "does not hold what the manifest says", id="another database"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_is_restored(
    data: Path, shelf: Path, tmp_path: Path, damage: Callable[[Path], None], says: str
) -> None:
    backup = back_up(data, shelf)
    damage(backup)
    refused = kanal("restore", backup, "--data", tmp_path / "new", code=1)
    assert (says in refused.stderr, "Traceback" in refused.stderr) == (True, False), refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.threat("P2-46")
def test_a_backup_of_a_newer_program_is_refused(data: Path, shelf: Path, tmp_path: Path) -> None:
    backup = of_day(back_up(data, shelf), "0101")
    told, _ = manifest.read(backup)
    rows = told.rows | {"_sqlite_migrations": told.rows["_sqlite_migrations"] + 1}
    rewritten(NEWER, migrations=(*told.migrations, "m999_next"), rows=rows)(backup)
    refused = kanal("restore", backup, "--data", tmp_path / "new", code=1).stderr
    assert ("newer Kanal" in refused, "m999_next" in refused) == (True, True)
    with closing(sqlite3.connect(data / "kanal.db", isolation_level=None)) as connection:
        connection.execute(NEWER)
    assert "newer Kanal" in kanal("backup", shelf, "--data", data, code=1).stderr


@pytest.mark.parametrize("there", ["kanal.db", "master.key", "notes.txt"])
def test_a_restore_never_goes_over_what_is_there(data: Path, shelf: Path, tmp_path: Path, there: str) -> None:
    backup = back_up(data, shelf)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / there).write_text("here already")
    refused = kanal("restore", backup, "--data", tmp_path / "new", code=1).stderr
    assert (there in refused, "is not empty" in refused) == (True, True)
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / there]


@pytest.mark.parametrize("written", [bytes, bytes.hex, b64encode], ids=["as it is made", "in hex", "in base64"])
def test_a_key_is_put_in_however_it_is_written(
    data: Path, shelf: Path, tmp_path: Path, written: Callable[[bytes], str | bytes]
) -> None:
    key = (data / "master.key").read_bytes()
    content = written(key)
    (tmp_path / "key").write_bytes(content if isinstance(content, bytes) else content.encode())
    kanal("restore", back_up(data, shelf), "--data", tmp_path / "new", "--key", tmp_path / "key")
    assert (tmp_path / "new" / "master.key").read_bytes() == key


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [(b"short", 2, "does not hold a master key"), (bytes(32), 1, "the master key is not the one")],
    ids=["none", "another"],
)
def test_a_key_that_does_not_open_the_backup_is_refused(
    data: Path, shelf: Path, tmp_path: Path, content: bytes, code: int, says: str
) -> None:
    (tmp_path / "key").write_bytes(content)
    refused = kanal(
        "restore", back_up(data, shelf), "--data", tmp_path / "new", "--key", tmp_path / "key", code=code
    ).stderr
    assert (says in refused, (tmp_path / "new").exists()) == (True, False)


@pytest.mark.parametrize(
    ("named", "where"),
    [('{ env = "KUNCI" }', "in the environment variable KUNCI"), ('{ file = "/run/kunci" }', "in the file /run/kunci")],
)
def test_a_key_that_the_settings_name_is_told_by_its_place(
    data: Path, shelf: Path, tmp_path: Path, named: str, where: str
) -> None:
    (tmp_path / "kanal.toml").write_text(f'[gateway]\ndata = "data"\nmaster_key = {named}\n')
    with_settings = ("--config", tmp_path / "kanal.toml")
    assert f"THE MASTER KEY IS NOT IN IT: it is {where}." in kanal("backup", shelf, *with_settings).stderr
    (backup,) = shelf.iterdir()
    said = kanal("restore", backup, "--data", tmp_path / "new", *with_settings).stderr
    assert re.findall(r"still needed: (\S+)", said) == [f"{tmp_path / 'new'}/secrets:"]


def test_a_backup_is_made_however_wrong_the_settings_are(data: Path, shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text("[gateway")
    kanal("backup", shelf, "--config", tmp_path / "kanal.toml", "--data", data)
    assert len(list(shelf.iterdir())) == 1


@pytest.mark.parametrize(
    ("where", "says"),
    [("none", "make it first"), ("data/backups", "is in the data folder"), ("data", "is in the data folder")],
)
def test_where_a_backup_would_protect_nobody_it_is_refused(data: Path, tmp_path: Path, where: str, says: str) -> None:
    (data / "backups").mkdir()
    assert says in kanal("backup", tmp_path / where, "--data", data, code=1).stderr


def test_without_data_there_is_nothing_to_back_up(shelf: Path, tmp_path: Path) -> None:
    assert "there is no data" in kanal("backup", shelf, "--data", tmp_path / "none", code=1).stderr


def of_day(backup: Path, day: str) -> Path:
    """A backup as if it had been made on that day."""
    return backup.rename(backup.with_name(f"kanal-2026{day}T000000Z"))


def test_older_backups_of_the_same_data_are_removed_and_no_others(data: Path, shelf: Path, tmp_path: Path) -> None:
    for day in ("0101", "0102", "0103"):
        of_day(back_up(data, shelf), day)
    half = shutil.copytree(shelf / "kanal-20260102T000000Z", shelf / "kanal-20260102T000001Z")
    (half / "manifest.sha256").unlink()
    of_day(back_up(shutil.copytree(data, tmp_path / "other"), shelf), "0104")
    (shelf / "notes.txt").write_text("")
    newest = back_up(data, shelf, "--keep", "2")
    assert sorted(path.name for path in shelf.iterdir()) == [
        "kanal-20260102T000001Z",
        "kanal-20260103T000000Z",
        "kanal-20260104T000000Z",
        newest.name,
        "notes.txt",
    ]


def test_the_newest_backup_is_kept_though_the_clock_was_put_back(data: Path, shelf: Path) -> None:
    shutil.copytree(back_up(data, shelf), shelf / "kanal-20990101T000000Z")
    of_day(next(shelf.glob("kanal-2026*")), "0101")
    newest = back_up(data, shelf, "--keep", "1")
    assert list(shelf.iterdir()) == [newest]


@pytest.mark.parametrize("sync", [1, 5])
def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(data: Path, shelf: Path, sync: int) -> None:
    assert killed_at(sync, "backup", shelf, "--data", data) == -signal.SIGKILL
    (draft,) = shelf.iterdir()
    assert draft.name.startswith(".kanal-")
    assert record.read(data) is None
    draft = draft.rename(shelf / ".kanal-20260101T000000Z.partial")
    of_day(back_up(data, shelf), "0102")
    assert draft.exists()
    two_days_ago = time.time() - 2 * 86_400
    os.utime(draft, (two_days_ago, two_days_ago))
    back_up(data, shelf)
    assert not draft.exists()


def killed_at(sync: int, *words: object) -> int:
    """Run a command that is killed at its so-many-th fsync; how it ended."""
    inject = f"inject=fsync:signal=KILL:when={sync}"
    trace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", inject]
    command = [*trace, sys.executable, "-m", "gateway", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True).returncode


@pytest.mark.parametrize("sync", [1, 5])
def test_a_restore_that_is_killed_is_repeated_before_anything_starts(
    kept: Path, data: Path, shelf: Path, tmp_path: Path, sync: int
) -> None:
    backup, new = back_up(data, shelf), tmp_path / "new"
    assert killed_at(sync, "restore", backup, "--data", new, "--key", data / "master.key") == -signal.SIGKILL
    if (new / "restoring").exists():
        assert "did not finish" in kanal("run", "--data", new, code=1).stderr
    kanal("restore", backup, "--data", new, "--key", data / "master.key")
    assert tables(new / "kanal.db") == tables(data / "kanal.db")
    assert not (new / "restoring").exists()


def test_what_is_purged_while_it_is_copied_is_left_out_and_what_is_lost_is_told(data: Path, shelf: Path) -> None:
    def purge(what: str, done: int, total: int) -> None:
        if (what, done) == ("database", total):
            with closing(sqlite3.connect(data / "kanal.db", isolation_level=None)) as connection:
                connection.execute("DELETE FROM deliveries WHERE blob IS NOT NULL")
            shutil.rmtree(data / "blobs")

    made = making.make(data, shelf, with_keys=False, tell=purge)
    assert (len(made.manifest.missing), made.lost, made.manifest.rows["deliveries"]) == (1, (), 4)


def test_a_body_that_the_data_folder_lost_is_told(data: Path, shelf: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "blobs")
    assert "has lost 1 bodies: blobs/" in kanal("backup", shelf, "--data", data).stderr
    (backup,) = shelf.iterdir()
    assert "1 bodies were not in the data folder" in kanal("restore", backup, "--data", tmp_path / "new").stderr


def test_a_disk_without_room_is_told_before_anything_is_copied(data: Path, small_disk: Path) -> None:
    filler = fill(small_disk, leave=400_000)
    assert "has room for" in kanal("backup", small_disk, "--data", data, code=1).stderr
    assert list(small_disk.iterdir()) == [filler]


@pytest.mark.parametrize("during", ["database", "files", "hashing"])
def test_a_disk_that_fills_up_leaves_nothing_that_looks_like_a_backup(
    data: Path, small_disk: Path, during: str
) -> None:
    def fill_up(what: str, _done: int, _total: int) -> None:
        if what == during:
            fill(small_disk)

    with pytest.raises((BackupError, OSError)):
        making.make(data, small_disk, with_keys=False, tell=fill_up)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


async def test_the_age_of_the_last_backup_can_be_watched(shelf: Path, tmp_path: Path) -> None:
    async with running(settings_in(tmp_path)) as gateway:

        async def told() -> float:
            page = (await gateway.ask("/metrics")).text
            (figure,) = re.findall(r"^kanal_last_backup_timestamp_seconds (\S+)$", page, re.MULTILINE)
            return float(figure)

        assert await told() == 0
        before = time.time()
        command = [sys.executable, "-m", "gateway", "backup", str(shelf), "--data", str(gateway.folder)]
        assert await (await asyncio.create_subprocess_exec(*command)).wait() == 0
        assert before <= await told() <= time.time()
    last = record.read(tmp_path / "data")
    assert last is not None
    assert last.manifest == manifest.read(Path(last.folder))[1]


def test_a_backup_that_fails_is_not_recorded(data: Path, tmp_path: Path) -> None:
    kanal("backup", tmp_path / "none", "--data", data, code=1)
    assert record.read(data) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_root_does_is_left_to_the_gateways_own_user(data: Path, shelf: Path, tmp_path: Path) -> None:
    os.chown(data, 12345, 12345)
    backup = back_up(data, shelf)
    assert (data / "backup.json").stat().st_uid == 12345
    (tmp_path / "new").mkdir()
    os.chown(tmp_path / "new", 12345, 12345)
    kanal("restore", backup, "--data", tmp_path / "new")
    assert {path.stat().st_uid for path in (tmp_path / "new").rglob("*")} == {12345}
