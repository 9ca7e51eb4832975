"""The commands that look: what they print for people and for programs, and how they end."""

import asyncio
import csv
import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from gateway.cli import commands
from gateway.cli.commands import app
from gateway.cli.printing import visible
from gateway.transfer.exporting import REPORTS
from gateway.transfer.table import FORMULA, harmless
from tests.gateway.support import (
    FLOOD,
    RINA,
    SAME_FLOOD,
    SECRET,
    delivery,
    keep,
    running,
    settings_in,
    sms,
)

WHY = ("--why", "memeriksa kiriman")
EVIL = '=HYPERLINK("http://x") \x1b[31mmerah\u202etxt\x07'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped: a flood that two reported, something evil, something unreadable."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\n'
        'secret = { file = "secret" }\n'
    )
    bad = delivery("bad", b"message=tanpa+pengirim", "sms", headers={"path": "mo"})

    async def an_afternoon() -> None:
        loaded = settings_in(folder)
        async with running(loaded) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", EVIL))
        await keep(loaded, [bad])
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


@pytest.mark.parametrize(
    ("words", "count", "shows"),
    [
        (["cases", "list"], 2, "CODE"),
        (["cases", "list", "--status", "menunggu"], 2, "2"),
        (["cases", "list", "--status", "selesai"], 0, "none"),
        (["cases", "list", "--unsure"], 0, "none"),
        (["cases", "list", "--limit", "1"], 1, "STATUS"),
        (["cases", "list", "--category", "banjir"], 0, "none"),
        (["cases", "list", "--unit", "biro-pemerintahan"], 2, "UNIT"),
        (["notices", "list", "--state", "failed"], 0, "none"),
        (["reports", "list"], 3, "REPORT"),
        (["deliveries", "list"], 4, "TRIES"),
        (["deliveries", "list", "--state", "done"], 3, "done"),
        (["quarantine", "list"], 1, "no sender"),
        (["replies", "list"], 3, "kept"),
        (["replies", "list", "--state", "sent"], 0, "none"),
        (["channels", "list"], 1, "stopped"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_list_for_people_and_for_programs(folder: Path, words: list[str], count: int, shows: str) -> None:
    assert len(rows(folder, *words)) == count
    assert shows in kanal(folder, *words).stdout


@pytest.mark.parametrize("what", ["cases", "reports", "deliveries", "replies", "quarantine"])
def test_all_begins_with_the_oldest_and_a_list_with_the_newest(folder: Path, what: str) -> None:
    assert rows(folder, what, "list", "--all") == rows(folder, what, "list")[::-1]


@pytest.mark.parametrize(
    ("what", "key", "shows"),
    [
        ("cases", "code", "history"),
        ("reports", "id", FLOOD),
        ("deliveries", "seq", "received_at"),
        ("replies", "id", "received"),
        ("channels", "channel", "no gateway is running"),
        ("quarantine", "seq", "no sender"),
    ],
)
def test_one_of_them_is_shown(folder: Path, what: str, key: str, shows: str) -> None:
    found = rows(folder, what, "list", *([] if what == "channels" else ["--all"]))[0][key]
    assert shows in kanal(folder, what, "show", str(found)).stdout
    (shown,) = rows(folder, what, "show", str(found))
    assert shown[key] == found


def test_a_case_is_shown_with_its_reports_why_they_are_one_and_its_history(folder: Path) -> None:
    code = rows(folder, "cases", "list", "--all")[0]["code"]
    (shown,) = rows(folder, "cases", "show", code.lower())
    assert [report["text"] for report in shown["case_reports"]] == [FLOOD, SAME_FLOOD]
    assert [link["kind"] for link in shown["case_reports"][1]["links"]] == ["same"]
    assert [line["event"] for line in shown["history"]] == ["opened", "reported"]
    assert "same as r-" in kanal(folder, "cases", "show", code).stdout


def test_no_list_says_who_reported(folder: Path) -> None:
    for what in ("cases", "reports", "replies"):
        assert "6281110000" not in kanal(folder, what, "list", "--json").stdout
    assert "6281110000" not in kanal(folder, "export").stdout


def test_the_body_of_a_delivery_as_it_came(folder: Path) -> None:
    first = rows(folder, "deliveries", "list", "--all", "--body", *WHY)[0]
    assert first["body"].startswith("sender=%2B6281110000001&")
    assert kanal(folder, "deliveries", "show", str(first["seq"]), "--raw", *WHY).stdout == first["body"]
    assert rows(folder, "deliveries", "show", str(first["seq"]), "--body", *WHY) == [first]


@pytest.mark.threat("P2-42")
@pytest.mark.parametrize("words", [["cases", "list"], ["reports", "list"], ["reports", "show"]], ids=" ".join)
def test_control_characters_are_visible(folder: Path, words: list[str]) -> None:
    evil = [row["id"] for row in rows(folder, "reports", "list") if "merah" in row["text"]]
    printed = kanal(folder, *words, *(evil if "show" in words else [])).stdout
    assert "merah" in printed
    assert not [character for character in "\x1b\x07\u202e" if character in printed]


@pytest.mark.threat("P2-42")
@given(st.text())
def test_nothing_that_moves_the_cursor_reaches_a_terminal(text: str) -> None:
    assert all(character.isprintable() for character in visible(text))


def test_an_export_has_every_report_with_its_case(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "laporan.csv"
    assert "3 reports written" in kanal(folder, "export", "reports", str(file)).stderr
    header, *lines = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    assert tuple(header) == REPORTS
    assert [line[REPORTS.index("text")] for line in lines[:2]] == [FLOOD, SAME_FLOOD]
    assert lines[2][REPORTS.index("text")].startswith("'=HYPERLINK")
    assert [row["text"] for row in rows(folder, "export")][:2] == [FLOOD, SAME_FLOOD]


@pytest.mark.threat("P1-27")
@given(st.text() | st.text("=+-@\t\r\n＝＋－＠'\" 1"))
def test_no_cell_is_a_formula(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([harmless(text), harmless(None)])
    ((cell, empty),) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert not cell.startswith(FORMULA)
    assert (cell.removeprefix("'") == text.removeprefix("'"), empty) == (True, "")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["cases", "show", "KNL-0000-0000"], 1, "there is no case"),
        (["reports", "show", "r-0"], 1, "there is no report"),
        (["deliveries", "show", "999"], 1, "there is no delivery"),
        (["deliveries", "show", "999", "--raw", *WHY], 1, "there is no delivery"),
        (["replies", "show", "a-0"], 1, "there is no reply"),
        (["channels", "show", "fax"], 1, "there is no channel"),
        (["replies", "resend", "a-0"], 1, "there is no reply a-0"),
        (["cases", "move", "KNL-0000-0000", "proses"], 1, "there is no case"),
        (["cases", "move", "KNL-0000-0000", "proses", "--proof", "/none"], 2, "Error"),
        (["cases", "list", "--limit", "0"], 2, "Error"),
        (["cases", "paint"], 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_and_ends_with_a_code(folder: Path, words: list[str], code: int, says: str) -> None:
    assert says in kanal(folder, *words, code=code).stderr


@pytest.mark.parametrize("early", ["neighbours", "cli/commands", "store/schema"])
def test_ctrl_c_before_a_command_has_begun_ends_it_quietly(early: str) -> None:
    file = Path(commands.__file__).parents[1] / f"{early}.py"
    inject = "inject=/stat|openat:signal=SIGINT"
    traced = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(file), "-e", "trace=/stat|openat", "-e", inject]
    ended = subprocess.run([*traced, sys.executable, "-m", "gateway", "schema"], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")


def test_without_data_it_says_how_to_begin(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cases", "list", "--data", str(tmp_path)])
    assert (result.exit_code, "kanal run" in result.stderr) == (1, True)


def test_settings_that_are_not_there_are_said_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cases", "list", "--config", str(tmp_path / "none.toml")])
    assert (result.exit_code, "cannot be read" in result.stderr) == (2, True)


def test_a_case_is_moved_with_a_proof_from_the_command_line(folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(folder, tmp_path / "copy")
    code = rows(folder, "cases", "list")[0]["code"]
    proof = tmp_path / "foto.jpg"
    proof.write_bytes(b"foto")
    assert f"{code} is now 'proses'; 1 reply written" in kanal(folder, "cases", "move", code, "proses").stdout
    moved = kanal(folder, "cases", "move", code, "selesai-diusulkan", "--proof", str(proof), "--unit", "dinas-sda")
    assert "is now 'selesai-diusulkan'" in moved.stdout
    assert (
        "from 'selesai-diusulkan' a case can go to" in kanal(folder, "cases", "move", code, "menunggu", code=1).stderr
    )
    (reply,) = [
        row["id"] for row in rows(folder, "replies", "list") if row["case"] == code and "Sumber Daya" in row["text"]
    ]
    assert "the channel sms has no way out" in kanal(folder, "replies", "resend", reply, code=1).stderr
    written = (folder / "kanal.toml").read_text()
    (folder / "kanal.toml").write_text(written.partition("[[channels]]")[0])
    assert "sms is not in the settings" in kanal(folder, "replies", "resend", reply, code=1).stderr
    (folder / "kanal.toml").write_text(written)
    kanal(folder, "cases", "move", code, "proses")
    assert SECRET not in kanal(folder, "cases", "show", code).stdout
