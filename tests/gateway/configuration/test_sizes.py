"""What texts cost by SMS, as operators see it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from adapters import ChannelSettings
from gateway import sizes
from gateway.cli import check
from gateway.cli import texts as command
from gateway.texts import LANGUAGES, Texts

SMS = """
[[channels]]
name = "sms-1"
kind = "sms"
number = "1708"
secret = {{ file = "secret" }}
send_url = "http://127.0.0.1:13013/cgi-bin/sendsms"
username = "kanal"
password = {{ file = "secret" }}
{more}
"""
LONG = f"Pesan {'panjang ' * 20}{{code}}, {{pin}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("twenty-four-letters-long")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "kanal-data" / "texts").mkdir(parents=True)
    return tmp_path


def settings(folder: Path, more: str = "") -> str:
    (folder / "kanal.toml").write_text(SMS.format(more=more))
    return str(folder / "kanal.toml")


def changed(folder: Path, line: str) -> None:
    (folder / "kanal-data" / "texts" / "id.toml").write_text(line)


def kanal(*arguments: str) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("check")(check.check)
    app.add_typer(command.app, name="texts")
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize(
    ("line", "length", "alphabet", "segments"),
    [
        ('status_done = "selesai"', 7, "GSM-7", 1),
        ('status_done = "s\\u00e9lesai"', 7, "GSM-7", 1),
        ('status_done = "selesai \\u2713"', 9, "UCS-2", 1),
        (f'status_done = "{"a" * 161}"', 161, "GSM-7", 2),
        (f'status_done = "{"a" * 70}\\u2713"', 71, "UCS-2", 2),
    ],
    ids=["plain", "accented", "a sign", "long", "a long one with a sign"],
)
def test_a_text_is_measured_in_its_alphabet(
    tmp_path: Path, line: str, length: int, alphabet: str, segments: int
) -> None:
    (tmp_path / "id.toml").write_text(line)
    one = sizes.size(Texts.load(tmp_path), "status_done", "id")
    assert (one.length, one.alphabet, one.segments) == (length, alphabet, segments)


def test_what_is_shipped_costs_one_sms_a_text() -> None:
    for language in LANGUAGES:
        settings = ChannelSettings(name="sms", kind="sms", language=language)  # type: ignore[arg-type]
        assert sizes.cost(Texts.load(), settings).dear == ()


def test_check_tells_what_a_conversation_costs_and_which_texts_are_dear(folder: Path) -> None:
    usual = sizes.cost(Texts.load(), ChannelSettings(name="sms", kind="sms")).conversation
    plain = kanal("check", settings(folder)).output.splitlines()
    assert plain[-2:] == [f"  sms-1: a usual conversation takes {usual} SMS of us", "  no problems"]
    changed(folder, f'received = "{LONG}"')
    dear = kanal("check", settings(folder, "costs = { segment = 350.5 }")).output.splitlines()
    assert dear[-3:] == [
        f"  sms-1: a usual conversation takes {usual + 1} SMS of us, which cost {(usual + 1) * 350.5:g}",
        "  sms-1: texts of more than one SMS: received (2)  → kanal texts list --sms",
        "  no problems",
    ]
    (found,) = json.loads(kanal("check", settings(folder), "--json").output)["sms"]
    texts = {"texts": {"received": 2}, "odd": {}}
    assert found == {"channel": "sms-1", "conversation": usual + 1, "price": 0, **texts}


def test_check_tells_of_letters_that_make_an_sms_hold_less(folder: Path) -> None:
    changed(folder, 'received = "Laporan diterima ✓ {code} {pin}[ {days}]"')
    told = kanal("check", settings(folder)).output.splitlines()
    assert told[-2] == (
        "  sms-1: texts not in GSM-7, of which an SMS holds 70 letters: received (1)  → kanal texts list --sms"
    )


def test_the_list_shows_each_text_with_operators_changes(folder: Path) -> None:
    changed(folder, 'status_done = "tuntas"\n[bot]\nyes = "Iya"\n')
    lines = kanal("texts", "list", "-c", settings(folder), "--language", "id").output.splitlines()
    assert len(lines) == 1 + len(Texts.load().values)
    assert [line.split() for line in lines if "status_done" in line or "bot.yes" in line] == [
        ["status_done", "id", "tuntas"],
        ["bot.yes", "id", "Iya"],
    ]
    assert len(kanal("texts", "list", "-c", settings(folder)).output.splitlines()) == 2 * len(lines) - 1


def test_the_list_shows_what_each_text_costs(folder: Path) -> None:
    changed(folder, f'received = "{LONG}"')
    file = settings(folder, "costs = { segment = 350 }")
    found = kanal("texts", "list", "--sms", "-c", file, "--language", "id").output.splitlines()
    assert found[0].split() == ["NAME", "LANGUAGE", "LENGTH", "ALPHABET", "SMS", "PRICE", "TEXT"]
    assert found[1].split()[:6] == ["received", "id", "187", "GSM-7", "2", "700"]
    rows = [json.loads(line) for line in kanal("texts", "list", "--json", "-c", file).output.splitlines()]
    assert {(row["name"], row["language"]): row["price"] for row in rows}["received", "en"] == 350


def test_one_text_is_shown_with_its_values(folder: Path) -> None:
    changed(folder, 'received = "Kode {code}, PIN {pin}"')
    shown = kanal("texts", "show", "received", "-c", settings(folder)).output.splitlines()
    fields = {line.split()[0]: line.split(maxsplit=1)[1] for line in shown}
    assert fields["always_shows"] == "code, pin"
    assert fields["may_show"] == "days"
    assert fields["id.written"] == "Kode {code}, PIN {pin}"
    assert fields["id.segments"] == "1"
    assert fields["en.text"].startswith("We have your report.")
