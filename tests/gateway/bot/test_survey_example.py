"""The survey in docs/examples: a dialogue of another package, played by SMS; and what it leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.chat.packages import importable
from gateway.cli.commands import app
from gateway.store.contract import AnswersRow, Settlement
from tests.gateway.support import BUDI, RINA, settings_in, with_store

PACKAGE = Path(__file__).parents[3] / "docs" / "examples" / "kanal-survei"
WHY = ("--why", "laporan survei triwulan")
AT = 1_772_000_000.0
TALK = "\n".join([*"323434143", "rw", "1", "lewati", "1", "1", "2", "ya", "tidak", "2", "3", "Loketnya ditambah"])


def run(*words: str, folder: Path, path: list[Path], typed: str = "") -> str:
    """What is printed."""
    paths = os.pathsep.join(filter(None, [*map(str, path), os.environ.get("PYTHONPATH", ""), str(Path.cwd())]))
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass() -> None:
    quiet = ("-p", "no:cacheprovider", "-W", "ignore", "-q")
    assert "passed" in run("pytest", *quiet, folder=PACKAGE, path=[])


def test_once_installed_it_is_a_dialogue_like_ours(tmp_path: Path) -> None:
    path = importable(PACKAGE, tmp_path / "beside")
    listed = run("gateway", "dialogues", "list", "--json", folder=tmp_path, path=path)
    (survey,) = (row for row in map(json.loads, listed.splitlines()) if row["name"] == "survei")
    assert (survey["package"], survey["opens"]) == ("kanal-survei", "command survei, survey")


def test_it_is_played_by_sms(tmp_path: Path) -> None:
    (tmp_path / "kanal-survei").symlink_to(PACKAGE)
    typed = f"survei\n{TALK}\n"
    told = run("gateway", "chat", "--dialogue", "survei", "--as", "sms", folder=tmp_path, path=[], typed=typed)
    assert "< Terima kasih, jawaban Anda kami simpan.\n  (1 SMS)\n" in told
    assert told.count(" SMS)") == 21 and "(3 SMS)" not in told


def kanal(folder: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "--config", str(folder / "kanal.toml")])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Of a gateway that has stopped: two answered."""
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "data"\n')
    rows = [
        row("k-1", BUDI, AT, {"waktu": 4, "saran": "=1+1"}),
        row("k-2", RINA, AT + 86_400, {"waktu": None, "saran": "Loketnya ditambah", "kali": 2}),
    ]
    await with_store(settings_in(tmp_path), lambda store: store.settle(Settlement(answers=rows)))
    return tmp_path


def row(identity: str, who: str, at: float, answers: dict[str, object]) -> AnswersRow:
    return AnswersRow(id=identity, dialogue="survei", channel="sms", contact=who, at=at, answers=answers)


def test_what_was_answered_is_exported_for_a_reason_that_is_recorded(folder: Path) -> None:
    assert "--why" in kanal(folder, "dialogues", "answers", "survei", code=2).stderr
    told = kanal(folder, "dialogues", "answers", "survei", "--json", *WHY).stdout
    first, second = map(json.loads, told.splitlines())
    assert (first["answers"], second["answers"]["kali"]) == ({"waktu": 4, "saran": "=1+1"}, 2)
    assert BUDI not in told and first["who"] != second["who"]
    (entry,) = map(json.loads, kanal(folder, "audit", "--json").stdout.splitlines())
    assert (entry["action"], entry["about"], entry["why"]) == ("look at answers", ["answers:survei"], WHY[1])


def test_a_spreadsheet_has_a_column_for_each_answer(folder: Path) -> None:
    head, first, second = kanal(folder, "dialogues", "answers", "survei", "--csv", *WHY).stdout.splitlines()
    assert head == "at,channel,who,waktu,saran,kali"
    assert first.endswith(",4,'=1+1,") and second.endswith(",,Loketnya ditambah,2")


def test_those_of_a_day_on_are_told_and_a_slip_is_refused(folder: Path) -> None:
    since = kanal(folder, "dialogues", "answers", "survei", "--since", "2026-02-26", *WHY).stdout
    assert "Loketnya ditambah" in since and "=1+1" not in since
    assert "write it as" in kanal(folder, "dialogues", "answers", "survei", "--since", "26/2", *WHY, code=2).stderr
    assert "no dialogue 'survey'" in kanal(folder, "dialogues", "answers", "survey", *WHY, code=2).stderr
