"""Looking for people: local times, lines that fit, slips that are refused, and damage told in a sentence."""

import asyncio
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from typer.testing import CliRunner, Result

from adapters import Delivery
from gateway import settings
from gateway.cli.commands import app
from gateway.cli.looking import looking
from gateway.cli.printing import when
from gateway.store.contract import DeliveryState, ReplyState
from gateway.store.rows import INTERNAL
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.support import FLOOD, RINA, SAME_FLOOD, delivery, keep, running, settings_in, sms

SETTINGS = """
[gateway]
data = "data"
timezone = "Asia/Jayapura"
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }
"""
WAY_OUT = """
send_url = "http://127.0.0.1:13013/cgi-bin/sendsms"
username = "kanal"
password = { file = "secret" }
"""
WHY = ("--why", "memeriksa kiriman")
HOST = "laptop-budi.example"
MAIL = f"From: budi@example.org\r\nMessage-ID: <1@{HOST}>\r\n\r\nLampu padam\r\n"


@pytest.fixture
def folder(tmp_path: Path, kept: Path) -> Path:
    """A copy, to damage."""
    shutil.copytree(kept, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped: a flood that two reported, and something unreadable of last week."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "kanal.toml").write_text(SETTINGS)
    bad = delivery("bad", b"message=tanpa+pengirim", "sms", headers={"path": "mo"})

    async def an_afternoon() -> None:
        loaded = settings_in(folder)
        async with running(loaded) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD + "\nsejak tadi pagi", RINA))
        await keep(loaded, [msgspec.structs.replace(bad, received_at=datetime.now(UTC) - timedelta(days=7))])
        async with running(loaded) as gateway:
            await gateway.settled()

    asyncio.run(an_afternoon())
    return folder


def kanal(folder: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "--config", str(folder / "kanal.toml")])
    assert result.exit_code == code, result.output
    return result


def rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in kanal(folder, *words, "--json").stdout.splitlines()]


def code_of(folder: Path) -> str:
    return str(rows(folder, "cases", "list")[0]["code"])


NOW = datetime.now(UTC)
JAYAPURA = ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("at", "looks_like"),
    [
        (NOW.astimezone(JAYAPURA).replace(month=1 if NOW.month > 2 else 12, day=3), r"03 (Jan|Dec) (\d\d:\d\d|\d{4})"),
        (datetime(2019, 12, 31, 15, 0, tzinfo=UTC), "01 Jan 2020"),
        (datetime(2019, 12, 31, 14, 59, tzinfo=UTC), "31 Dec 2019"),
    ],
    ids=["another day", "by the zone already another year", "a minute earlier"],
)
def test_a_time_at_a_glance(at: datetime, looks_like: str) -> None:
    assert re.fullmatch(looks_like, when(at.isoformat(), JAYAPURA))


def test_what_is_of_today_is_told_by_the_hour() -> None:
    assert re.fullmatch(r"\d\d:\d\d", when(datetime.now(UTC).isoformat(), JAYAPURA))


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ("cases", "opened_at"),
        ("reports", "received_at"),
        ("deliveries", "received_at"),
        ("replies", "created_at"),
        ("quarantine", "received_at"),
        ("channels", "last_heard"),
    ],
)
def test_people_see_the_time_of_their_city_and_programs_that_of_the_world(kept: Path, what: str, key: str) -> None:
    first = rows(kept, what, "list")[0]
    assert datetime.fromisoformat(first[key]).utcoffset() == timedelta(0)
    assert f"  {when(first[key], JAYAPURA)}  " in kanal(kept, what, "list").stdout


async def test_a_channel_is_not_heard_by_what_the_gateway_puts_there_itself(tmp_path: Path) -> None:
    came, since = NOW.replace(microsecond=0) - timedelta(days=3), (NOW - timedelta(days=7)).timestamp()
    store = SqliteStore(tmp_path, bytes(32), lambda _death: None)
    try:
        await store.append([Delivery(id="m-1", channel="sms", received_at=came, body=b"banjir")])
        own = [Delivery(id=kind, channel="sms", received_at=NOW, body=b"", content_type=kind) for kind in INTERNAL]
        await store.append(own)
    finally:
        await store.close()
    with Views(tmp_path, lambda: bytes(32)) as views:
        assert len(list(views.deliveries())) == 1 + len(INTERNAL)
        traffic = views.traffic(since)["sms"]
    assert (traffic["came_in"], datetime.fromisoformat(traffic["last_heard"])) == (1, came)


def test_what_is_shown_by_itself_has_the_citys_time_too(kept: Path) -> None:
    shown = kanal(kept, "reports", "show", rows(kept, "reports", "list")[0]["id"]).stdout
    assert re.search(r"^received_at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+09:00$", shown, re.MULTILINE)


@pytest.mark.parametrize(
    "written",
    [
        '[gateway]\ntimezone = "Mars/Olympus"',
        '[gateway]\ntimezone = "/etc"',
        "[gateway]\ntimezone = 7",
        "gateway = 7",
        'channels = "none"',
    ],
)
def test_looking_needs_no_right_settings(folder: Path, written: str) -> None:
    (folder / "wrong.toml").write_text(written)
    with looking(folder / "wrong.toml", folder / "data") as look:
        assert (look.zone.key, look.code_prefix, look.kinds) == ("Asia/Jakarta", "KNL", {})


def on_a_terminal(columns: int, *words: str) -> list[str]:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "LINES": "40"}
    process = subprocess.Popen([sys.executable, "-m", "gateway", *words], stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:  # EIO is how a terminal ends
        os.close(ours)
    assert process.wait(120) == 0, said
    return re.sub(r"\x1b\[[\d;]*m", "", said.decode()).splitlines()


@pytest.mark.parametrize("what", ["cases", "reports", "deliveries", "replies", "quarantine", "channels"])
def test_on_80_columns_a_row_is_a_line_and_no_time_is_cut(kept: Path, what: str) -> None:
    config = str(kept / "kanal.toml")
    header, *lines = on_a_terminal(80, what, "list", "--config", config)
    found = rows(kept, what, "list")
    assert len(lines) == len(found)
    assert max(map(len, [header, *lines])) <= 80
    for line, row in zip(lines, found, strict=True):
        at = row.get("opened_at") or row.get("received_at") or row.get("created_at") or row["last_heard"]
        assert f"  {when(at, JAYAPURA)}  " in line
    if what in {"cases", "reports", "replies"}:
        assert all("…" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cases", "list", "--status", "selesia"], "there is no status 'selesia': did you mean 'selesai'?"),
        (["cases", "list", "--status", "xyz"], "there is no status 'xyz': known here: disposisi, ditolak, estimasi"),
        (["replies", "list", "--state", "deliverd"], "there is no state 'deliverd': did you mean 'delivered'?"),
        (["replies", "list", "--state", "xyz"], f"known here: {', '.join(sorted(ReplyState))}"),
        (["deliveries", "list", "--state", "quarantine"], "did you mean 'quarantined'?"),
        (["deliveries", "list", "--state", "xyz"], f"known here: {', '.join(sorted(DeliveryState))}"),
        (["deliveries", "list", "--channel", "smss"], "there is no channel 'smss': did you mean 'sms'?"),
        (["reports", "list", "--channel", "fax"], "there is no channel 'fax': known here: sms"),
        (["replies", "list", "--channel", "fax"], "there is no channel 'fax': known here: sms"),
        (["quarantine", "list", "--channel", "fax"], "there is no channel 'fax': known here: sms"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_is_not_answered_with_none(kept: Path, words: list[str], says: str) -> None:
    assert says in kanal(kept, *words, code=2).stderr


def test_a_channel_that_only_the_data_know_can_be_listed(folder: Path) -> None:
    (folder / "kanal.toml").write_text('[gateway]\ndata = "data"\n')
    assert len(rows(folder, "reports", "list", "--channel", "sms")) == 2
    assert [(row["channel"], row["state"]) for row in rows(folder, "channels", "list")] == [("sms", "gone")]


def test_a_channel_of_the_settings_by_which_nothing_came_yet_is_empty(folder: Path) -> None:
    (folder / "kanal.toml").write_text(f'{SETTINGS}[[channels]]\nname = "mail"\nkind = "smtp"\n')
    assert kanal(folder, "reports", "list", "--channel", "mail").stdout == "none\n"


@pytest.mark.parametrize(
    "spelt", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ").replace("0", "o")]
)
def test_a_case_is_found_however_its_code_is_spelt(kept: Path, spelt: Callable[[str], str]) -> None:
    code = code_of(kept)
    assert rows(kept, "cases", "show", spelt(code))[0]["code"] == code


def test_only_what_is_in_quarantine_is_shown_of_it(kept: Path) -> None:
    done = str(rows(kept, "deliveries", "list", "--state", "done")[0]["seq"])
    (bad,) = rows(kept, "quarantine", "list")
    for words in (["quarantine", "show", done], ["quarantine", "show", done, "--raw", *WHY]):
        assert f"there is no delivery {done} in quarantine" in kanal(kept, *words, code=1).stderr
    assert kanal(kept, "quarantine", "show", str(bad["seq"]), "--raw", *WHY).stdout == "message=tanpa+pengirim"


async def test_no_view_of_a_report_names_the_senders_host(tmp_path: Path) -> None:
    mailbox = {"name": "mail", "kind": "smtp", "recipients": ["dki@jakarta.go.id"], "smtp": "127.0.0.1:0"}
    loaded = settings_in(tmp_path, mailbox)
    await keep(loaded, [delivery("m3", MAIL.encode(), "mail", content_type="message/rfc822")])
    async with running(loaded) as gateway:
        await gateway.settled()
        (report,) = gateway.all("reports")
        views = [report, gateway.views.report(report["id"]), gateway.views.case_reports(report["case"])]
    assert report["text"].strip() == "Lampu padam"
    assert HOST not in json.dumps(views)


def test_that_bodies_show_who_wrote_is_said_before() -> None:
    said = CliRunner().invoke(app, ["deliveries", "list", "--help"], env={"COLUMNS": "200"}).stdout
    assert "which shows who wrote" in said


def test_changes_as_one_object_for_programs(folder: Path) -> None:
    code = code_of(folder)
    one, other = (report["id"] for report in rows(folder, "reports", "list", "--all"))
    (moved,) = rows(folder, "cases", "move", code, "proses")
    assert moved == {
        "code": code,
        "status": "proses",
        "told": 2,
        "withheld": 0,
        "proof_also_in": [],
        "proof_sent_in": [],
    }
    (parted,) = rows(folder, "cases", "part", code, "--report", other)
    assert (parted["parted_from"], parted["told"]) == (code, 1)
    (joined,) = rows(folder, "cases", "join", parted["code"], code)
    assert joined == {"code": parted["code"], "joined_into": code, "told": 1, "withheld": 0}
    (apart,) = rows(folder, "cases", "part", parted["code"])
    assert (apart["code"], apart["parted_from"]) == (parted["code"], code)
    assert one in json.dumps(rows(folder, "cases", "show", code))


def test_changes_in_words_that_are_true_of_kept_replies_too(folder: Path) -> None:
    code, other = code_of(folder), rows(folder, "reports", "list")[0]["id"]
    assert kanal(folder, "cases", "move", code, "proses").stdout == (
        f"{code} is now 'proses'; 2 replies written, see `kanal replies list`\n"
    )
    said = kanal(folder, "cases", "part", code, "--report", other).stdout
    (new,) = {row["code"] for row in rows(folder, "cases", "list")} - {code}
    assert said == f"{other} of {code} is now case {new}; 1 reply written, see `kanal replies list`\n"
    kanal(folder, "cases", "join", new, code)
    assert kanal(folder, "cases", "part", new).stdout == f"{new} stands apart from {code} again\n"


def test_a_reply_sent_again_in_words_and_as_an_object(folder: Path) -> None:
    (folder / "kanal.toml").write_text(SETTINGS + WAY_OUT)
    one, other = (row["id"] for row in rows(folder, "replies", "list"))
    assert kanal(folder, "replies", "resend", one).stdout == f"{one} is due again\n"
    assert rows(folder, "replies", "resend", other) == [{"reply": other}]
    assert {row["state"] for row in rows(folder, "replies", "list")} == {"due"}


def junk(folder: Path) -> None:
    without_log(folder).write_bytes(b"this is no database, " * 400)


def empty(folder: Path) -> None:
    without_log(folder).write_bytes(b"")


def a_folder(folder: Path) -> None:
    without_log(folder).unlink()
    (folder / "data" / "kanal.db").mkdir()


def torn(folder: Path) -> None:
    file = without_log(folder)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def without_log(folder: Path) -> Path:
    for name in ("kanal.db-wal", "kanal.db-shm"):
        (folder / "data" / name).unlink(missing_ok=True)
    return folder / "data" / "kanal.db"


def short_key(folder: Path) -> None:
    (folder / "data" / "master.key").write_bytes(b"short")


def no_key(folder: Path) -> None:
    (folder / "data" / "master.key").unlink()
    (folder / "data" / "master.key").mkdir()


MOVE = ["cases", "move", "KNL-0000-0000", "proses"]


@pytest.mark.parametrize("words", [["cases", "list"], ["channels", "list"], ["export"], MOVE], ids=" ".join)
@pytest.mark.parametrize("damage", [junk, empty, a_folder, torn])
def test_a_damaged_store_is_told_in_a_sentence(folder: Path, damage: Callable[[Path], None], words: list[str]) -> None:
    damage(folder)
    said = kanal(folder, *words, code=1)
    assert (said.stderr.count("\n"), "Traceback" in said.stderr) == (1, False)
    assert "kanal.db" in said.stderr or "there is no case" in said.stderr


@pytest.mark.parametrize(("damage", "says"), [(short_key, "32 bytes"), (no_key, "master.key")])
def test_a_damaged_key_is_told_in_a_sentence(folder: Path, damage: Callable[[Path], None], says: str) -> None:
    damage(folder)
    said = kanal(folder, *MOVE, code=1).stderr
    assert (says in said, said.count("\n")) == (True, 1)


def test_an_export_that_cannot_be_written_is_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "none" / "laporan.csv"
    assert kanal(folder, "export", "reports", str(file), code=1).stderr == f"{file}: No such file or directory\n"


def test_an_export_without_data_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "none"\n')
    file = tmp_path / "laporan.csv"
    assert "there is no data" in kanal(tmp_path, "export", "reports", str(file), code=1).stderr
    assert not file.exists()


def test_a_folder_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cases", "list", "--data", str(tmp_path / ("x" * 300))])
    assert (result.exit_code, "Traceback" in result.output, result.stderr.count("\n")) == (1, False, 1)


def test_settings_that_are_no_toml_are_told(folder: Path) -> None:
    (folder / "kanal.toml").write_text("[gateway")
    for words in (["cases", "list"], MOVE):
        assert "is not TOML" in kanal(folder, *words, code=2).stderr


def test_our_own_faults_keep_their_trace(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ValueError("ours")

    monkeypatch.setattr(settings, "outline", broken)
    result = CliRunner().invoke(app, ["cases", "list", "--data", str(kept / "data")])
    assert isinstance(result.exception, ValueError)


def test_views_let_go_of_the_store(kept: Path) -> None:
    with Views(kept / "data") as views:
        assert views.knows("sms")
    with pytest.raises(sqlite3.ProgrammingError):
        views.knows("sms")
