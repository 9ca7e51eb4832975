"""`kanal doctor`: every fault it looks for, injected for real, is found, and said with what to do about it."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner, Result

from gateway.backup import record
from gateway.backup.record import LastBackup
from gateway.cli.commands import app
from gateway.data import DataDirectory
from tests.disk import fill
from tests.end_to_end.kanal import Gateway, free_port
from tests.gateway.support import LAMP, SECRET, delivery, keep, query, running, settings_in, sms

Row = dict[str, Any]
DAY = 86_400
LARGE = 300_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that was well and has stopped."""
    folder = tmp_path_factory.mktemp("gateway")
    loaded = settings_in(folder)

    async def a_morning() -> None:
        large = query("large", LAMP, filler="x" * LARGE).encode()
        await keep(loaded, [sms("m1", LAMP), delivery("large", large, "sms", headers={"path": "mo"})])
        async with running(loaded) as gateway:
            await gateway.settled()

    asyncio.run(a_morning())
    (folder / "data" / "kanal.db").chmod(0o600)  # as made under the umask of the command
    last = LastBackup(at=time.time(), folder="/srv/backup/kanal-20261101T020000Z", manifest="0" * 64, size=1)
    record.write(folder / "data", last)
    return folder


@pytest.fixture(autouse=True)
def busy_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where other tests run as well, no disk is quick enough for an office."""
    monkeypatch.setattr("gateway.doctor.disk.SLOW_SECONDS", 60)


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy with settings, to make ill."""
    shutil.copytree(kept, tmp_path / "copy")
    write_settings(tmp_path / "copy")
    return tmp_path / "copy"


def write_settings(folder: Path, more: str = "", port: int | None = None) -> None:
    (folder / "kanal.toml").write_text(
        f'[gateway]\ndata = "data"\n[web]\nport = {port or free_port()}\n'
        f'[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\nsecret = {{ file = "secret" }}\n{more}'
    )


def mail(**values: str) -> str:
    lines = "".join(f'{name} = "{value}"\n' for name, value in values.items())
    listener = f"127.0.0.1:{free_port()}"
    return f'[[channels]]\nname = "mail"\nkind = "smtp"\nrecipients = ["a@b.id"]\nsmtp = "{listener}"\n{lines}'


def doctor(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", "--config", str(folder / "kanal.toml"), *options])


def findings(folder: Path, *options: str, code: int | None = None) -> list[Row]:
    ended = doctor(folder, "--json", *options)
    assert code is None or ended.exit_code == code, ended.output
    assert ended.exit_code in (0, 1), ended.output
    return [json.loads(line) for line in ended.stdout.splitlines()]


def ill(found: list[Row]) -> list[tuple[str, str, str]]:
    """What is not well but for the clock, which nothing keeps right where tests run."""
    return [
        (one["check"], one["health"], f"{one['said']} → {one['hint']}")
        for one in found
        if one["health"] != "ok" and one["said"] != "nothing keeps it right"
    ]


def test_a_healthy_gateway_that_has_stopped(folder: Path) -> None:
    found = findings(folder, code=0)
    assert ill(found) == []
    assert {one["check"] for one in found} >= {
        "gateway", "data folder", "disk", "writing", "clock", "ports", "file handles", "master key", "SQLite",
        "writers", "database", "backup", "deliveries", "replies", "quarantine", "channel",
    }  # fmt: skip
    assert {tuple(one) for one in found} == {("check", "health", "said", "hint")}


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    write_settings(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert ill(findings(tmp_path, code=0)) == []
    assert sorted(tmp_path.rglob("*")) == before


def test_it_changes_nothing(folder: Path) -> None:
    def seen() -> dict[str, tuple[int, bytes]]:
        found = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
        return {str(path): (path.stat().st_mode, path.read_bytes()) for path in found}

    (folder / "data").chmod(0o755)
    before = seen()
    findings(folder, "--deep")
    assert (seen(), (folder / "data").stat().st_mode & 0o777) == (before, 0o755)


def test_for_people_it_says_what_to_do(folder: Path) -> None:
    (folder / "data" / "master.key").chmod(0o644)
    said = doctor(folder).stdout
    assert f"fail master key   others may read it (mode -rw-r--r--)\n{' ' * 18}→ chmod 600 " in said
    assert said.splitlines()[-1].startswith("1 wrong, 1 to be seen to")


def test_wrong_settings_are_told_like_by_check(folder: Path) -> None:
    (folder / "kanal.toml").write_text("[gateway]\nworkers = 0\n")
    ended = doctor(folder)
    assert (ended.exit_code, "gateway.workers" in ended.stderr) == (2, True)


# What an operator, a disk or time may do to a data folder.


def open_to_others(data: Path) -> None:
    data.chmod(0o755)


def readable(data: Path) -> None:
    (data / "kanal.db").chmod(0o644)


def half_restored(data: Path) -> None:
    (data / "restoring").touch()


def no_key(data: Path) -> None:
    (data / "master.key").unlink()


def another_key(data: Path) -> None:
    (data / "master.key").write_bytes(bytes(32))


def key_change_cut_short(data: Path) -> None:
    key = (data / "master.key").read_bytes()
    (data / "master.key").write_bytes(bytes(32) + key)


def torn(data: Path) -> None:
    content = (data / "kanal.db").read_bytes()
    (data / "kanal.db").write_bytes(content[:8192] + b"\xff" * 8192 + content[16384:])


def junk(data: Path) -> None:
    (data / "kanal.db").write_bytes(b"this is no database, " * 400)


def body_lost(data: Path) -> None:
    shutil.rmtree(data / "blobs")


def newer(data: Path) -> None:
    sql(data, "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('kanal', 'm999_next', '')")


def upgraded(data: Path) -> None:
    (data / "kanal.db.before-m004_sealed").touch(mode=0o600)


def left_by_an_older(data: Path) -> None:
    sql(data, "DROP TABLE keyring")
    sql(data, "DELETE FROM _sqlite_migrations WHERE name >= 'm004'")


def never_backed_up(data: Path) -> None:
    (data / "backup.json").unlink()


def backed_up(days: float) -> Callable[[Path], None]:
    return lambda data: record.write(data, LastBackup(time.time() - days * DAY, "/srv/backup/x", "0", 10))


def with_state(table: str, state: str) -> Callable[[Path], None]:
    return lambda data: sql(data, f"UPDATE {table} SET state = '{state}' WHERE seq = 1")


def noticed(state: str) -> Callable[[Path], None]:
    columns = 'id, "case", unit, way, about, created_at, due_at, step, state, tries'
    return lambda data: sql(
        data, f"INSERT INTO notices({columns}) VALUES ('t-1', 'K', 'u', 'mail', 'new', 0, 0, '', '{state}', 1)"
    )


def handed_over(data: Path) -> None:
    columns = "id, channel, contact, mode, since, heard_at, version, why, key, sealed"
    sql(
        data,
        f"INSERT INTO talks({columns}) VALUES ('t-1', 'sms', 'p', 'person', {time.time() - 7200}, 0, 1, '', '', '')",
    )


def late(table: str, **values: object) -> Callable[[Path], None]:
    setting = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    return lambda data: sql(data, f"UPDATE {table} SET {setting} WHERE seq = 1")


def sql(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "kanal.db", isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("harm", "options", "check", "health", "says"),
    [
        pytest.param(open_to_others, [], "data folder", "fail", "drwxr-xr-x) → chmod 700", id="folder open to others"),
        pytest.param(readable, [], "data folder", "warn", "kanal.db → chmod -R go=", id="a file open to others"),
        pytest.param(half_restored, [], "gateway", "fail", "→ repeat it: kanal restore", id="half restored"),
        pytest.param(no_key, [], "master key", "fail", "is missing", id="key lost"),
        pytest.param(another_key, [], "master key", "fail", "is not the one", id="another key"),
        pytest.param(key_change_cut_short, [], "master key", "warn", "kanal secret rotate", id="key half changed"),
        pytest.param(torn, [], "database", "fail", "restore a backup", id="torn database"),
        pytest.param(torn, ["--deep"], "database", "fail", "restore a backup", id="torn database, looked at deeply"),
        pytest.param(junk, [], "database", "fail", "not a database", id="no database"),
        pytest.param(body_lost, ["--deep"], "database", "fail", "is lost", id="a body lost"),
        pytest.param(newer, [], "database", "fail", "newer Kanal", id="a newer program was here"),
        pytest.param(upgraded, [], "database", "warn", "rm /", id="copy of an upgrade"),
        pytest.param(never_backed_up, [], "backup", "warn", "→ kanal backup DIR", id="never backed up"),
        pytest.param(backed_up(3), [], "backup", "warn", "3 days ago", id="old backup"),
        pytest.param(backed_up(8), [], "backup", "fail", "8 days ago", id="very old backup"),
        pytest.param(with_state("deliveries", "quarantined"), [], "quarantine", "warn", "tells why", id="quarantine"),
        pytest.param(with_state("replies", "uncertain"), [], "replies", "warn", "resend decides", id="uncertain reply"),
        pytest.param(with_state("replies", "failed"), [], "replies", "warn", "1 replies failed", id="failed reply"),
        pytest.param(noticed("due"), [], "notices", "warn", "1 to units could not be sent so far", id="unit not told"),
        pytest.param(noticed("failed"), [], "notices", "warn", "kanal notices retry", id="unit never told"),
        pytest.param(handed_over, [], "talks", "warn", "the oldest for 2 hours → kanal talks list", id="handed over"),
        pytest.param(
            late("deliveries", state="received", received_at=time.time() - 7200),
            [], "deliveries", "warn", "1 wait, the oldest for 2 hours → start the gateway", id="left unprocessed",
        ),
        pytest.param(
            late("replies", state="due", due_at=time.time() - 7200),
            [], "replies", "warn", "1 wait, the oldest for 2 hours → start the gateway", id="left unsent",
        ),
        pytest.param(
            late("deliveries", received_at=time.time() + DAY + 3600),
            [], "clock", "warn", "came in 1 day from now", id="rows of tomorrow",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    folder: Path, harm: Callable[[Path], None], options: list[str], check: str, health: str, says: str
) -> None:
    harm(folder / "data")
    found = ill(findings(folder, *options, code=int(health == "fail")))
    assert [one for one in found if one[:2] == (check, health) and says in one[2]], found


@pytest.mark.parametrize("harm", [body_lost, upgraded, left_by_an_older], ids=lambda harm: harm.__name__)
def test_one_fault_is_told_once(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder / "data")
    assert len(ill(findings(folder, "--deep"))) == 1


def test_work_of_a_channel_that_is_no_longer_in_the_settings(folder: Path) -> None:
    late("deliveries", state="received", channel="fax", received_at=time.time())(folder / "data")
    (found,) = ill(findings(folder, code=0))
    assert found[2].startswith("fax is not in the settings, but 1 of its deliveries and replies wait → put it back")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_files_of_another_user(folder: Path) -> None:
    os.chown(folder / "data" / "kanal.db", 12345, 12345)
    (found,) = ill(findings(folder, code=1))
    assert ("kanal.db" in found[2], "chown -R" in found[2]) == (True, True)


def test_a_disk_in_memory_that_is_full(folder: Path, small_disk: Path) -> None:
    shutil.copytree(folder / "data", small_disk / "data")
    (small_disk / "data").chmod(0o700)
    found = ill(findings(folder, "--data", str(small_disk / "data"), code=1))
    assert [one[0] for one in found] == ["data folder", "disk"]
    assert "in memory (tmpfs)" in found[0][2]
    fill(small_disk)
    found = ill(findings(folder, "--data", str(small_disk / "data"), code=1))
    assert ("writing", "fail") in {one[:2] for one in found}
    (small_disk / "filler").unlink()


def test_a_disk_that_is_slow(folder: Path) -> None:
    command = [sys.executable, "-m", "gateway", "doctor", "--json", "--config", str(folder / "kanal.toml")]
    trace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=150000"]
    said = subprocess.run([*trace, *command], capture_output=True, text=True, check=False).stdout
    (found,) = ill([json.loads(line) for line in said.splitlines()])
    assert (found[:2], "the disk is slow" in found[2]) == (("writing", "warn"), True)


# Ports, certificates and channels.


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock.getsockname()[1]


def test_a_port_that_another_program_has(folder: Path) -> None:
    with listening() as port:
        write_settings(folder, port=port)
        (found,) = ill(findings(folder, code=1))
    assert (found[0], "ss -ltnp" in found[2], str(port) in found[2]) == ("ports", True, True)


def test_an_address_of_another_machine(folder: Path) -> None:
    write_settings(folder, mail().replace('smtp = "127.0.0.1', 'smtp = "192.0.2.1'))
    (found,) = ill(findings(folder, code=1))
    assert (found[0], "one of this machine's" in found[2]) == ("ports", True)


def test_a_relay_that_does_not_answer(folder: Path) -> None:
    write_settings(folder, mail(relay=f"127.0.0.1:{free_port()}", relay_tls="none"))
    (found,) = ill(findings(folder, code=1))
    assert (found[0], found[2].startswith("mail: ChannelDown")) == ("channel", True)
    assert ill(findings(folder, "--offline", code=0)) == []


def test_a_channel_whose_replies_leave_by_another(folder: Path) -> None:
    write_settings(folder, mail(relay=f"127.0.0.1:{free_port()}", relay_tls="none"))
    file = folder / "kanal.toml"
    file.write_text(file.read_text().replace("[web]", 'fall_back = ["mail"]\n[web]', 1))
    said = [one["said"] for one in findings(folder, "--offline", code=0) if one["check"] == "channel"]
    assert said == ["sms: not running, replies leave by mail", "mail: not running, its server was not asked"]


def certificate(folder: Path, first: timedelta, last: timedelta) -> tuple[Path, Path]:
    """A certificate valid from and until then, counted from now, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lapor.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + first)
        .not_valid_after(now + last)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("lapor.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "certificate.pem", folder / "key.pem"


@pytest.mark.parametrize(
    ("first", "last", "health", "says"),
    [
        pytest.param(-1, 90, "ok", "89 days), for lapor.example", id="valid"),
        pytest.param(-1, 10, "warn", "9 days), for lapor.example → renew it", id="soon over"),
        pytest.param(-90, -1, "fail", "it expired on", id="expired"),
        pytest.param(2, 90, "fail", "not valid before", id="not yet valid"),
    ],
)
def test_certificates_are_looked_at(folder: Path, first: int, last: int, health: str, says: str) -> None:
    shown, key = certificate(folder, timedelta(days=first), timedelta(days=last))
    write_settings(folder, mail(certificate=str(shown), private_key=str(key)))
    (found,) = [one for one in findings(folder) if one["check"] == "certificate"]
    assert (found["health"], says in f"{found['said']} → {found['hint']}") == (health, True), found


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        pytest.param(lambda pem: pem.write_text("nothing"), "must be PEM files", id="no certificate"),
        pytest.param(lambda pem: certificate(pem.parent, timedelta(-1), timedelta(9)), "", id="a new pair"),
        pytest.param(
            lambda pem: (certificate(new := pem.parent / "new", timedelta(-1), timedelta(90)),
                         (new / "certificate.pem").rename(pem)),
            "not of its private key", id="another's",
        ),
    ],
)  # fmt: skip
def test_certificates_fit_their_keys(folder: Path, harm: Callable[[Path], Any], says: str) -> None:
    (folder / "new").mkdir()
    shown, key = certificate(folder, timedelta(days=-1), timedelta(days=90))
    write_settings(folder, mail(certificate=str(shown), private_key=str(key)))
    harm(shown)
    (found,) = [one for one in findings(folder) if one["check"] == "certificate"]
    assert says in f"{found['said']} → {found['hint']}"
    assert (found["health"] == "fail") == bool(says)


# With a gateway that runs.


def test_a_gateway_that_holds_the_folder_but_does_not_answer(folder: Path) -> None:
    with DataDirectory(folder / "data"):
        (found,) = ill(findings(folder, code=1))
    assert (found[0], "does not answer" in found[2]) == ("gateway", True)


@pytest.mark.threat("P0-13")
def test_a_healthy_gateway_that_runs(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        ended = gateway.kanal("doctor", "--json", "--deep")
        found = [json.loads(line) for line in ended.stdout.splitlines()]
        assert [one for one in ill(found) if one[0] not in {"backup", "writing"}] == []
        said = {one["check"]: one["said"] for one in found}
        assert "it runs and answers (process " in said["gateway"]
        assert "writing connection has WAL, synchronous FULL" in said["SQLite"]
        assert said["writers"] == "nobody but the gateway writes to the database"
        ports = [one["said"] for one in found if one["check"] == "ports"]
        assert [one.rpartition(", ")[2] for one in ports] == ["held by the running gateway"] * 2
        with_stranger = doctor_beside_a_stranger(gateway)
    assert ("writers", "fail") in {one[:2] for one in with_stranger}


def doctor_beside_a_stranger(gateway: Gateway) -> list[tuple[str, str, str]]:
    """What is found while another program has the database open as SQLite's shell would."""
    with closing(sqlite3.connect(gateway.folder / "data" / "kanal.db")) as stranger:
        stranger.execute("SELECT count(*) FROM cases").fetchall()
        return ill([json.loads(line) for line in gateway.kanal("doctor", "--json").stdout.splitlines()])


@pytest.mark.threat("P0-13")
def test_one_connection_alone_can_write_and_checkpoint(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        gateway.settled()
        held = [opened for pid in processes() for opened in descriptors(pid, gateway.folder / "data" / "kanal.db")]
    assert len(held) >= 3, "writer, reader and judge were looked at"
    assert held.count(True) == 1


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and int(path.name) != os.getpid()]


def descriptors(pid: int, file: Path) -> Iterator[bool]:
    """For each time a process has a file open: for writing?"""
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            if link.readlink() == file:
                flags = Path(f"/proc/{pid}/fdinfo/{link.name}").read_text().split("flags:")[1].split()[0]
                yield bool(int(flags, 8) & os.O_ACCMODE)


@pytest.mark.threat("P0-13")
@pytest.mark.parametrize("command", [["cases", "list"], ["export"], ["doctor", "--deep"], ["backup"]], ids=" ".join)
def test_commands_that_look_cannot_write_to_the_database(folder: Path, tmp_path: Path, command: list[str]) -> None:
    words = [*command, str(tmp_path)] if command == ["backup"] else command
    trace = ["strace", "-f", "-o", str(tmp_path / "trace"), "-e", "trace=openat"]
    line = [*trace, sys.executable, "-m", "gateway", *words, "--config", str(folder / "kanal.toml")]
    subprocess.run(line, capture_output=True, check=True)
    opened = [one for one in (tmp_path / "trace").read_text().splitlines() if f'{folder}/data/kanal.db"' in one]
    assert opened
    assert [one for one in opened if "O_RDONLY" not in one] == []


async def test_what_a_running_gateway_leaves_too_long(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path)
    write_settings(tmp_path)
    old = datetime.now(UTC) - timedelta(hours=3)
    await keep(loaded, [delivery("old", b"message=x", "sms", headers={"path": "mo"})])
    sql(loaded.gateway.data, f"UPDATE deliveries SET received_at = {old.timestamp()}")
    async with running(loaded, process=False):
        command = [sys.executable, "-m", "gateway", "doctor", "--json", "--config", str(tmp_path / "kanal.toml")]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
    found = ill([json.loads(line) for line in said.splitlines()])
    assert ("deliveries", "fail") in {one[:2] for one in found}
    assert [one for one in found if one[:2] == ("ports", "warn") and "is free, though the gateway runs" in one[2]]
