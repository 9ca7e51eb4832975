"""Looks at who reported: nothing is opened without a reason, and each look is in the audit log before it is shown."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import options
from gateway.cli.commands import app
from gateway.cli.looks import numbers
from gateway.data import DataDirectory
from gateway.store.connecting import FILE
from tests.disk import fill
from tests.gateway.support import BUDI, FLOOD, RINA, SAME_FLOOD, Row, Running, delivery, keep, running, settings_in, sms

SETTINGS = """
[gateway]
data = "data"
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }
"""
NUMBER = "0812-3456-7890"
WORDS = f"{FLOOD}, hubungi {NUMBER}"
REASON = "menelepon pelapor tentang pompa"
WHY = ("--why", REASON)
FULL = ("--full", *WHY)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped: a flood that two reported, and something unreadable."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "kanal.toml").write_text(SETTINGS)

    async def an_afternoon() -> None:
        loaded = settings_in(folder)
        async with running(loaded) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", WORDS), sms("m2", SAME_FLOOD, RINA))
        await keep(loaded, [delivery("bad", f"message=tanpa+{BUDI}".encode(), "sms", headers={"path": "mo"})])
        async with running(loaded) as gateway:
            await gateway.settled()

    asyncio.run(an_afternoon())
    return folder


@pytest.fixture
def folder(tmp_path: Path, kept: Path) -> Path:
    shutil.copytree(kept, tmp_path / "copy")
    return tmp_path / "copy"


def kanal(folder: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "--config", str(folder / "kanal.toml")])
    assert result.exit_code == code, result.output
    return result


def rows(folder: Path, *words: str) -> list[Row]:
    return [json.loads(line) for line in kanal(folder, *words, "--json").stdout.splitlines()]


def log(folder: Path) -> list[tuple[str, list[str], str]]:
    """What is in the audit log, oldest first."""
    found = rows(folder, "audit", "--all")
    assert {entry["actor"] for entry in found} <= {options.actor()}
    return [(entry["action"], entry["about"], entry["why"]) for entry in found]


class Ids(NamedTuple):
    """What is kept, by name."""

    code: str
    reports: list[str]
    replies: list[str]
    contacts: list[str]


def ids(folder: Path) -> Ids:
    with closing(sqlite3.connect(folder / "data" / FILE)) as connection:

        def column(sql: str) -> list[Any]:
            return [row[0] for row in connection.execute(sql)]

        return Ids(
            column("SELECT code FROM cases")[0],
            column("SELECT id FROM reports ORDER BY seq"),
            column("SELECT id FROM replies ORDER BY seq"),
            column("SELECT contact FROM reports ORDER BY seq"),
        )


def looks(known: Ids) -> dict[str, tuple[list[str], list[str], str, list[str]]]:
    """Every command that opens what is sealed: without and with the option, what it records, and what it is about."""
    code, (one, other), (reply, _), (budi, rina) = known
    return {
        "a report": (["reports", "show", one], ["--full"], "look at a report", [one, budi]),
        "a case": (["cases", "show", code], ["--full"], "look at a case", [code, one, other, budi, rina]),
        "a reply": (["replies", "show", reply], ["--full"], "look at a reply", [reply, budi]),
        "deliveries": (["deliveries", "list"], ["--body", "--json"], "look at deliveries", ["1-3"]),
        "a delivery": (["deliveries", "show", "1"], ["--body"], "look at a delivery", ["1"]),
        "its bytes": (["deliveries", "show", "1"], ["--raw"], "look at a delivery", ["1"]),
        "one in quarantine": (["quarantine", "show", "3"], ["--body"], "look at a delivery", ["3"]),
        "its bytes, in quarantine": (["quarantine", "show", "3"], ["--raw"], "look at a delivery", ["3"]),
    }


LOOKS = list(looks(Ids("", ["", ""], ["", ""], ["", ""])))


def tells(said: str, *words: str) -> bool:
    digits = said.replace("-", "").replace("%2B", "+")
    return any(word.replace("-", "") in digits for word in words)


@pytest.mark.threat("P0-33")
@pytest.mark.threat("P0-30")
@pytest.mark.parametrize("look", LOOKS)
def test_what_is_sealed_is_shown_for_a_reason_that_is_recorded_with_name(folder: Path, look: str) -> None:
    words, option, action, about = looks(ids(folder))[look]
    closed = kanal(folder, *words)
    assert not tells(closed.stdout, BUDI[1:], RINA[1:], NUMBER)
    assert log(folder) == []
    opened = kanal(folder, *words, *option, *WHY)
    assert tells(opened.stdout, BUDI[1:])
    assert log(folder) == [(action, about, REASON)]


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("why", [(), ("--why", ""), ("--why", "        "), ("--why", "cek"), ("--why", "x" * 1001)])
def test_without_a_reason_nothing_is_shown(kept: Path, look: str, why: Sequence[str]) -> None:
    words, option, *_ = looks(ids(kept))[look]
    refused = kanal(kept, *words, *option, *why, code=2)
    assert (refused.stdout, "--why" in refused.stderr, log(kept)) == ("", True, [])


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize("look", LOOKS)
def test_what_cannot_be_recorded_is_not_shown(folder: Path, look: str) -> None:
    words, option, *_ = looks(ids(folder))[look]
    with closing(sqlite3.connect(folder / "data" / FILE, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
    refused = kanal(folder, *words, *option, *WHY, code=1)
    assert (refused.stdout, "it cannot be recorded, so it is not shown" in refused.stderr) == ("", True)


@pytest.mark.threat("P0-33")
def test_on_a_full_disk_nothing_is_shown(small_disk: Path, kept: Path) -> None:
    folder = small_disk / "gateway"
    shutil.copytree(kept, folder)
    fill(small_disk)
    one = ids(folder).reports[0]
    refused = kanal(folder, "reports", "show", one, *FULL, code=1)
    assert (tells(refused.output, BUDI), "Traceback" in refused.output) == (False, False)


@pytest.mark.threat("P0-33")
async def test_a_look_is_recorded_by_the_running_gateway(tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", WORDS))
        (report,) = gateway.all("reports")
        shown = await asyncio.to_thread(rows, tmp_path, "reports", "show", report["id"], *FULL)
        assert shown[0]["reporter_address"] == BUDI
        assert await asyncio.to_thread(log, tmp_path) == [("look at a report", [report["id"], _p(gateway)], REASON)]


def _p(gateway: Running) -> str:
    ((contact,),) = gateway.views.connection.execute("SELECT contact FROM reports").fetchall()
    return str(contact)


def test_two_who_look_at_once_are_both_recorded(folder: Path) -> None:
    command = [sys.executable, "-m", "gateway", "deliveries", "show", "1", "--raw", *WHY]
    command += ["--config", str(folder / "kanal.toml")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    assert all(b"sender=" in process.communicate(timeout=300)[0] for process in both)
    assert log(folder) == [("look at a delivery", ["1"], REASON)] * 3


def test_while_another_holds_the_data_and_does_not_answer_nothing_is_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.cli.looks.PAUSE", 0.0)
    with DataDirectory(folder / "data"):
        refused = kanal(folder, "deliveries", "show", "1", "--raw", *WHY, code=1)
    assert (refused.stdout, options.NO_ANSWER in refused.stderr) == ("", True)


def test_looking_needs_no_right_settings(folder: Path) -> None:
    (folder / "kanal.toml").write_text('[gateway]\ndata = "data"\nlanguage = "xx"\n[[channels]]\nkind = "?"\n')
    assert tells(kanal(folder, "deliveries", "show", "1", "--raw", *WHY).stdout, BUDI)
    assert len(log(folder)) == 1


def test_a_report_in_full(folder: Path) -> None:
    one = ids(folder).reports[0]
    (masked,), (shown,) = rows(folder, "reports", "show", one), rows(folder, "reports", "show", one, *FULL)
    assert (NUMBER in masked["text"], shown["text"]) == (False, WORDS)
    (mark,) = shown["personal"]
    assert (WORDS[mark["start"] : mark["end"]], mark["kind"]) == (NUMBER, "telepon")
    assert [shown[f"reporter{part}"] for part in ("", "_kind", "_address", "_name")] == [
        ids(folder).contacts[0],
        "phone",
        BUDI,
        None,
    ]


def test_a_case_in_full_names_who_made_each_report(folder: Path) -> None:
    known = ids(folder)
    (shown,) = rows(folder, "cases", "show", known.code, *FULL)
    assert [report["reporter_address"] for report in shown["case_reports"]] == [BUDI, RINA]
    said = kanal(folder, "cases", "show", known.code, *FULL).stdout
    assert f"by phone {BUDI}" in said
    assert NUMBER in said


def test_a_kept_reply_in_full_has_its_pin_and_whom_it_is_for_and_one_that_was_sent_has_no_pin(folder: Path) -> None:
    reply = ids(folder).replies[0]
    masked = kanal(folder, "replies", "show", reply).stdout
    assert "PIN ••••••" in masked
    assert "PIN ••••••" in kanal(folder, "replies", "list").stdout
    (shown,) = rows(folder, "replies", "show", reply, *FULL)
    assert (shown["to_address"], "••••••" in shown["text"]) == (BUDI, False)
    with closing(sqlite3.connect(folder / "data" / FILE, isolation_level=None)) as connection:
        connection.execute("UPDATE replies SET state = 'sent'")
    (shown,) = rows(folder, "replies", "show", reply, *FULL)
    assert (shown["to_address"], "PIN ••••••" in shown["text"]) == (BUDI, True)


@pytest.mark.parametrize("words", [["deliveries", "show", "1", "--raw"], ["reports", "show", "{report}", "--full"]])
def test_what_was_destroyed_is_said_to_be_gone(folder: Path, words: list[str]) -> None:
    one = ids(folder).reports[0]
    with closing(sqlite3.connect(folder / "data" / FILE, isolation_level=None)) as connection:
        for table in ("deliveries", "reports", "contacts"):
            connection.execute(f"UPDATE {table} SET key = NULL, sealed = NULL")
    result = CliRunner().invoke(
        app, [*(word.format(report=one) for word in words), *WHY, "--config", str(folder / "kanal.toml")]
    )
    assert (tells(result.output, BUDI), "Traceback" in result.output, result.exit_code in {0, 1}) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("seqs", "told"),
    [([], []), ([7], ["7"]), ([3, 2, 1], ["1-3"]), ([5, 1, 2, 9], ["1-2", "5", "9"]), ([4, 4], ["4"])],
)
def test_numbers_of_deliveries_are_told_in_short(seqs: list[int], told: list[str]) -> None:
    assert numbers(seqs) == told


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Path:
    """A folder in which somebody looked at everything, once."""
    folder = tmp_path_factory.mktemp("looked") / "copy"
    shutil.copytree(kept, folder)
    for words, option, *_ in looks(ids(folder)).values():
        kanal(folder, *words, *option, *WHY)
    return folder


@pytest.mark.parametrize(
    ("options_", "seqs"),
    [
        ((), [8, 7, 6, 5, 4, 3, 2, 1]),
        (("--all",), [1, 2, 3, 4, 5, 6, 7, 8]),
        (("--limit", "2"), [8, 7]),
        (("--about", "1"), [6, 5, 4]),
        (("--about", "2"), [4]),
        (("--about", "12"), []),
        (("--about", "{code}"), [2]),
        (("--about", "{report}"), [2, 1]),
        (("--about", "{reply}"), [3]),
        (("--about", "{budi}", "--all"), [1, 2, 3, 4, 5, 6, 7, 8]),
        (("--about", "{rina}"), [4, 2]),
        (("--actor", "{me}", "--limit", "1"), [8]),
        (("--actor", "nobody"), []),
    ],
)
def test_the_log_is_listed(looked: Path, options_: Sequence[str], seqs: list[int]) -> None:
    known = ids(looked)
    values = {"code": known.code.lower().replace("-", ""), "report": known.reports[0], "reply": known.replies[0]}
    values |= {"budi": known.contacts[0], "rina": known.contacts[1], "me": options.actor()}
    found = rows(looked, "audit", *(option.format(**values) for option in options_))
    assert [entry["seq"] for entry in found] == seqs


def test_the_log_shows_reasons_without_those_whom_they_name(folder: Path) -> None:
    kanal(folder, "reports", "show", ids(folder).reports[0], "--full", "--why", f"asked by Ibu Rina, {RINA}")
    (entry,) = rows(folder, "audit")
    assert entry["why"] == "asked by Ibu [nama], [telepon]"


def test_the_log_for_people_has_a_hash_to_write_down(looked: Path) -> None:
    head = rows(looked, "audit", "--limit", "1")[0]["chain"]
    said = kanal(looked, "audit")
    assert (REASON in said.stdout, f"newest hash {head}" in said.stderr) == (True, True)
    assert f"8 entries, whole; newest hash {head}" in kanal(looked, "audit", "--verify").stdout
    earlier = rows(looked, "audit", "--all")[2]["chain"]
    assert "whole; that hash is of number 3" in kanal(looked, "audit", "--verify", "--head", earlier.upper()).stdout
    (state,) = rows(looked, "audit", "--verify", "--head", earlier)
    assert state == {"entries": 8, "broken_at": None, "head": head, "head_at": 3}


def test_an_empty_log_is_whole(kept: Path) -> None:
    assert "0 entries, whole; newest hash none" in kanal(kept, "audit", "--verify").stdout


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize(
    ("statements", "head", "says"),
    [
        (["UPDATE audit SET actor = 'x' WHERE seq = 3"], False, "8 entries, broken: number 3 was changed"),
        (["DELETE FROM audit WHERE seq = 8"], False, "7 entries, broken: number 8 was"),
        (["DELETE FROM audit WHERE seq > 5", "UPDATE sqlite_sequence SET seq = 5"], True, "none has that hash"),
    ],
    ids=["changed", "cut off", "cut off without a trace"],
)
def test_what_was_done_to_the_log_is_told(
    looked: Path, tmp_path: Path, statements: list[str], head: bool, says: str
) -> None:
    folder = shutil.copytree(looked, tmp_path / "copy")
    written_down = rows(folder, "audit", "--limit", "1")[0]["chain"]
    with closing(sqlite3.connect(folder / "data" / FILE, isolation_level=None)) as connection:
        for statement in ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", *statements]:
            connection.execute(statement)
    checked = kanal(folder, "audit", "--verify", *(["--head", written_down] if head else []), code=1)
    assert says in checked.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--head", "ab"], "--head goes with --verify"), (["--about", "p-1"], "the id of a contact")],
)
def test_slips_are_told(kept: Path, words: list[str], says: str) -> None:
    assert says in kanal(kept, "audit", *words, code=2).stderr


def test_who_looked_is_not_for_the_environment_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    before = options.actor()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody-else")
    assert (options.actor(), before) == (before, options.actor())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_who_became_somebody_else_is_still_known() -> None:
    """As `sudo -u kanal` does, after a login, which is what sets the login's user."""
    script = (
        "import os; from gateway.cli import options; open('/proc/self/loginuid', 'w').write('1'); os.setuid(65534);"
        " print(options.actor())"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.stdout == "daemon as nobody\n", ended.stderr
