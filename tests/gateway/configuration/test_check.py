"""`kanal check` as an operator sees it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from gateway import asking
from gateway.cli import check

Write = Callable[[str], Path]
pytestmark = pytest.mark.usefixtures("fax")

FAX = """
[[channels]]
name = "fax-balai-kota"
kind = "fax"
number = "021345"
listen = "127.0.0.1:5000"
token = { env = "FAX_TOKEN" }
"""
FIRST = "channels[0] 'fax-balai-kota'"


def kanal_check(*arguments: str | Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("check")(check.check)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_good_file_shows_what_listens_where(write: Write) -> None:
    file = write(FAX)
    result = kanal_check(file)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            str(file),
            "  web                  http://127.0.0.1:8080",
            "  fax-balai-kota  fax  fax://127.0.0.1:5000   replies are kept, not sent",
            "  no problems",
        ],
    )


def test_a_channel_without_a_way_out_shows_by_which_replies_leave(write: Write) -> None:
    mail = {"recipients": '["dki@jakarta.go.id"]', "smtp": '"127.0.0.1:8025"', "relay": '"127.0.0.1:25"'}
    lines = "".join(f"{name} = {value}\n" for name, value in mail.items())
    channel = f'[[channels]]\nname = "mail"\nkind = "smtp"\nrelay_tls = "none"\n{lines}'
    result = kanal_check(write(f'[gateway]\nfall_back = ["mail"]\n{FAX}{channel}'))
    assert result.exit_code == 0, result.output
    assert re.search("fax-balai-kota .* replies leave by mail", result.output)
    assert re.search("mail .* answers", result.output)


def test_problems_stand_in_columns_and_are_counted(write: Write) -> None:
    file = write(FAX.replace("FAX_TOKEN", "FAX_UNSET").replace("number", "numbr"))
    result = kanal_check(file)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            str(file),
            f"  {FIRST}: unknown key 'numbr'                               → did you mean 'number'?",
            f"  {FIRST}: number: is missing                                → The number that is dialled.",
            f'  {FIRST}: token: environment variable FAX_UNSET is not set  → export it, or use {{ file = "PATH" }}',
            "  3 problems",
        ],
    )


def test_warnings_do_not_fail(write: Write, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("good")
    (tmp_path / "token").chmod(0o644)
    result = kanal_check(write(FAX.replace('env = "FAX_TOKEN"', 'file = "token"')))
    assert result.exit_code == 0
    assert "token: every user of this machine can read" in result.output
    assert result.output.splitlines()[-1] == "  1 warning"


@pytest.mark.parametrize(
    ("kept", "warned"),
    [
        ("keep_raw_days = 0", True),
        ("keep_raw_days = 731", True),
        ("keep_raw_days = 730", False),
        ("keep_raw_days = 9\nkeep_person_days = 8", True),
        ("keep_raw_days = 0\nkeep_person_days = 0", False),
        ("", False),
    ],
)
def test_bytes_that_are_kept_longer_than_who_sent_them_are_warned_of(
    write: Write, monkeypatch: pytest.MonkeyPatch, kept: str, warned: bool
) -> None:
    monkeypatch.setenv("FAX_TOKEN", "good")
    result = kanal_check(write(f"{FAX}\n{kept}"))
    assert (result.exit_code, "keep_raw_days: 0 or more than keep_person_days" in result.output) == (0, warned)


@pytest.mark.parametrize("how", ["option", "short option", "environment"])
def test_file_and_data_folder_are_named_as_for_the_other_commands(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    file, data = write(FAX), tmp_path / "elsewhere"
    (data / "texts").mkdir(parents=True)
    (data / "texts/id.toml").write_text('recieved = "Baik."')
    if how == "environment":
        monkeypatch.setenv("KANAL_CONFIG", str(file))
        monkeypatch.setenv("KANAL_DATA", str(data))
    arguments: dict[str, list[str | Path]] = {"option": [file, "--data", data], "short option": [file, "-d", data]}
    result = kanal_check(*arguments.get(how, []))
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            str(file),
            f"  {data}/texts/id.toml: recieved: no text has this name  → did you mean 'received'?",
            "  1 problem",
        ],
    )


@pytest.mark.parametrize(("areas", "exit_code"), [("31", 0), ("33.18", 0), ("99", 1), ("31.99", 1)], ids=str)
def test_areas_are_looked_for_among_all_there_are(write: Write, areas: str, exit_code: int) -> None:
    result = kanal_check(write(f'[gateway]\nareas = "{areas}"\n{FAX}'))
    assert result.exit_code == exit_code
    assert (f"gateway.areas: no province or city has the code '{areas}'" in result.output) == bool(exit_code)


def test_texts_and_areas_are_told_of_beside_all_else(write: Write, tmp_path: Path) -> None:
    (tmp_path / "kanal-data/texts").mkdir(parents=True)
    (tmp_path / "kanal-data/texts/en.toml").write_text("received = 1")
    result = kanal_check(write(f'[gateway]\nareas = "99"\nworkers = 0\n{FAX}'))
    assert result.output.splitlines()[-1] == "  3 problems"


def test_a_missing_file(tmp_path: Path) -> None:
    result = kanal_check(tmp_path / "nowhere.toml")
    assert result.exit_code == 2
    assert "nowhere.toml: cannot be read: No such file or directory" in result.output


def test_json(write: Write) -> None:
    file = write(FAX + "pagse = 1\n")
    result = kanal_check(file, "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "file": str(file),
        "problems": [
            {
                "where": "channels[0] 'fax-balai-kota'",
                "what": "unknown key 'pagse'",
                "hint": "did you mean 'pages'?",
            }
        ],
        "absent": [],
        "warnings": [],
        "web": "",
        "channels": [],
        "case_stores": [],
        "sms": [],
        "hint": "",
        "exit_code": 1,
    }


@pytest.mark.parametrize(
    ("token", "exit_code", "said"),
    [
        ("good", 0, "online: ok"),
        ("bad", 3, "online: Unauthorized: the provider does not know us"),
        ("slow", 3, "online: no answer within 0 seconds"),
        ("broken", 3, "online: the adapter failed with KeyError"),
    ],
)
def test_online_asks_each_channel(
    write: Write, monkeypatch: pytest.MonkeyPatch, token: str, exit_code: int, said: str
) -> None:
    monkeypatch.setenv("FAX_TOKEN", token)
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", 0.05)
    result = kanal_check(write(FAX), "--online")
    assert (result.exit_code, said in result.output) == (exit_code, True)
    assert f"'{token}'" not in result.output


def test_the_built_in_default_needs_nothing_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = kanal_check()
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "  no problems")
    assert [line.split()[:2] for line in result.output.splitlines()[1:-1]] == [
        ["web", "http://127.0.0.1:8080"],
        ["mail-dki", "smtp"],
        ["sms-1708", "sms"],
        ["sms-08111272206", "sms"],
        ["desk", "desk"],
        ["balai-warga", "form"],
        ["tabel", "table"],
        ["apps", "open311"],
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize(
    ("tables", "warned_of"),
    [
        ('[web]\nhost = "0.0.0.0"\n', "web.host: is reached without https"),
        ('[gateway]\npublic_url = "http://kanal.example"\n', "gateway.public_url: is not https"),
        ('[web]\nhost = "0.0.0.0"\n[gateway]\npublic_url = "https://kanal.example"\n', ""),
        ('[gateway]\npublic_url = "http://localhost:8080"\n', ""),
        ("", ""),
    ],
    ids=["open to the network", "http from outside", "https before it", "http on this machine", "as shipped"],
)
def test_passwords_that_can_be_read_on_their_way_are_warned_of(write: Write, tables: str, warned_of: str) -> None:
    said = kanal_check(write(tables + FAX)).output
    assert (warned_of in said, "without https" in said or "not https" in said) == (True, bool(warned_of))
