"""`kanal channels add`: a channel in the settings file, or nothing changed."""

import asyncio
import stat
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway import registry, settings
from gateway.cli.commands import app
from gateway.kit.questions import questions
from tests.gateway.support import running

OWN = """# ours
[gateway]
public_url = "https://kanal.example.go.id"   # behind the proxy

[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { made = "sms" }

[web]
port = 8081
"""
WEBHOOK = ("--set", "fields.text=body", "--set", "proof.shows=token", "--set", "proof.where=path")
SECRET = "rahasia-yang-panjang-sekali"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUMBER", SECRET)
    return tmp_path


def add(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["channels", "add", *words], input=typed)


def _set(key: str, value: str) -> tuple[str, str]:
    return "--set", f"{key}={value}"


def last(file: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(file.read_text())["channels"][-1]
    return table


def test_without_a_kind_they_are_all_listed() -> None:
    done = add()
    assert done.exit_code == 0
    assert {line.split()[0] for line in done.stdout.partition("\n\n")[0].splitlines()} == set(registry.kinds())
    assert all(len(line) > 30 for line in done.stdout.splitlines() if line)


def test_what_is_given_is_written_after_all_else_and_the_file_as_it_was_is_kept(folder: Path) -> None:
    file = folder / "kanal.toml"
    file.write_text(OWN)
    file.chmod(0o640)
    done = add(
        "webhook", "--name", "qlue", *WEBHOOK, "--set", "fields.more.source='qlue'", "--set", "secret=env:SUMBER"
    )
    assert done.exit_code == 0, done.output
    assert file.read_text().startswith(OWN)
    assert last(file) == {
        "name": "qlue",
        "kind": "webhook",
        "secret": {"env": "SUMBER"},
        "fields": {"text": "body", "more": {"source": "'qlue'"}},
        "proof": {"shows": "token", "where": "path"},
    }
    (before,) = folder.glob("kanal.toml.*")
    assert before.read_text() == OWN and before.name in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "  comes in by  https://kanal.example.go.id/in/qlue/SECRET\n" in done.stdout
    assert "its server" not in done.stdout and "public_url" not in done.stdout
    assert "qlue" in [one.name for one in settings.load(file).channels]


def test_without_a_file_one_is_made_of_the_built_in_settings(folder: Path) -> None:
    done = add("webhook", *WEBHOOK, "--set", "secret=made")
    assert done.exit_code == 0, done.output
    channels = {one.name for one in settings.load(folder / "kanal.toml").channels}
    assert {"webhook", "mail-dki", "sms-1708"} <= channels
    assert "set [gateway].public_url" in done.stdout


def test_the_commands_that_follow_look_at_the_file_that_was_written(folder: Path) -> None:
    add("webhook", *WEBHOOK, "--set", "secret=made")
    (folder / "body.json").write_text('{"body": "Banjir"}')
    run = CliRunner()
    assert '"text": "Banjir"' in run.invoke(app, ["channels", "try", "webhook", "body.json"]).stdout
    assert run.invoke(app, ["check"]).stdout.startswith("kanal.toml\n")
    (folder / "kanal.toml").unlink()
    assert run.invoke(app, ["check"]).stdout.startswith("built-in default\n")


def test_a_secret_that_is_typed_gets_a_file_of_its_own(folder: Path) -> None:
    done = add("webhook", *WEBHOOK, "--set", "secret=-", typed=f"{SECRET}\n")
    assert done.exit_code == 0, done.output
    kept = folder / "secrets" / "webhook-secret"
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (f"{SECRET}\n", 0o600)
    assert last(folder / "kanal.toml")["secret"] == {"file": "secrets/webhook-secret"}
    assert SECRET not in done.output + (folder / "kanal.toml").read_text()


def test_who_sits_at_a_terminal_is_asked(folder: Path) -> None:
    answers = ["polda", "body", "n"]
    done = add("webhook", "--ask", *WEBHOOK[2:], "--set", "secret=made", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "fields.text: Its words." in done.stdout
    assert last(folder / "kanal.toml") == {
        "name": "polda",
        "kind": "webhook",
        "secret": {"made": "polda-secret"},
        "fields": {"text": "body"},
        "proof": {"shows": "token", "where": "path"},
    }


def test_who_sits_at_a_terminal_may_go_through_all_there_is(folder: Path) -> None:
    others = [one for one in questions(registry.adapter("form").Settings) if not one.required]
    answers = {"title": "Lapor banjir", "photos": "3"}
    typed = ["banjir", "y", *(answers.get(one.key, "") for one in others)]
    done = add("form", "--ask", typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert last(folder / "kanal.toml") == {"name": "banjir", "kind": "form", "title": "Lapor banjir", "photos": 3}


MAILBOX = {"recipients": "dki@example.go.id", "host": "mail.example.go.id", "username": "dki", "password": "made"}


def test_of_a_mailbox_the_mails_of_years_are_left_alone_unless_they_are_wanted(folder: Path) -> None:
    today = datetime.now().astimezone().date()
    mailbox = [word for key, value in MAILBOX.items() for word in ("--set", f"{key}={value}")]
    done = add("imap", "--offline", *mailbox)
    assert done.exit_code == 0, done.output
    assert f"since = {today}" in done.stdout
    assert last(folder / "kanal.toml")["since"] == today
    mailbox[1] = "recipients=lapor@example.go.id"
    asked = add("imap", "--ask", "--offline", "--name", "lapor", *mailbox, *_set("username", "lapor"), typed="\nn\n")
    assert asked.exit_code == 0, asked.output
    assert "since: Mails that came there before this day" in asked.stdout and f"[{today}]" in asked.stdout
    assert last(folder / "kanal.toml")["since"] == today
    mailbox[1] = "recipients=arsip@example.go.id"
    done = add(
        "imap", "--offline", "--name", "arsip", *mailbox, *_set("username", "arsip"), *_set("since", "2019-01-31")
    )
    assert done.exit_code == 0, done.output
    assert last(folder / "kanal.toml")["since"] == date(2019, 1, 31)


def test_what_is_missing_yet_is_told_and_asked_for(folder: Path) -> None:
    own = registry.adapter("webhook").Settings
    others = [one.key for one in questions(own) if one.key != "fields.text"]
    answers = {"proof.shows": "token", "proof.where": "path", "secret": "made"}
    done = add(
        "webhook", "--ask", typed="\n".join(["polda", "body", "", *(answers.get(key, "") for key in others)]) + "\n"
    )
    assert done.exit_code == 0, done.output
    assert "Something is missing yet" in done.stdout and "how reports come in" in done.stdout
    assert last(folder / "kanal.toml")["secret"] == {"made": "polda-secret"}


def test_a_secret_is_asked_for_and_not_shown(folder: Path) -> None:
    typed = ["sms-2", "08111272206", SECRET, "n"]
    done = add("sms", "--ask", typed="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    assert (folder / "secrets" / "sms-2-secret").read_text() == f"{SECRET}\n"
    assert SECRET not in done.output


WRONG: Mapping[str, tuple[tuple[str, ...], int, str]] = {
    "a kind that there is not": (("webhok",), 2, "did you mean 'webhook'?"),
    "half a setting": (("webhook", "--set", "fields"), 2, "KEY=VALUE"),
    "a secret for all to see": (("webhook", "--set", f"secret={SECRET}"), 2, "secret=env:NAME"),
    "a value in a value": (("webhook", "--set", "timezone=Asia/Jakarta", "--set", "timezone.x=1"), 2, "no table"),
    "a setting that there is not": (("webhook", *WEBHOOK, "--set", "secrt=1"), 1, "did you mean 'secret'?"),
    "a setting that is missing": (("webhook", *WEBHOOK), 1, "secret: is missing"),
    "an expression": (("webhook", *WEBHOOK, "--set", "fields.place=a["), 1, "'a[' ends too soon"),
    "a name that is taken": (("webhook", "--name", "sms", *WEBHOOK, "--set", "secret=made"), 1, "sms"),
    "a variable that is not set": (("webhook", *WEBHOOK, "--set", "secret=env:TIADA"), 1, "TIADA is not set"),
    "a number in words": (("webhook", *WEBHOOK, "--set", "max_size=much"), 1, "must be a whole number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_nothing_is_changed_unless_all_is_right(folder: Path, name: str) -> None:
    words, code, says = WRONG[name]
    (folder / "kanal.toml").write_text(OWN)
    done = add(*words)
    assert (done.exit_code, says in done.output) == (code, True), done.output
    assert SECRET not in done.output
    assert [file.name for file in folder.rglob("*")] == ["kanal.toml"]
    assert (folder / "kanal.toml").read_text() == OWN


def test_a_secret_that_was_typed_for_nothing_is_taken_back(folder: Path) -> None:
    done = add("webhook", *WEBHOOK, "--set", "secret=-", "--set", "x=1", typed=f"{SECRET}\n")
    assert done.exit_code == 1
    assert [file for file in folder.rglob("*") if file.is_file()] == []


def test_a_server_that_cannot_be_used_is_told_and_the_channel_stays(folder: Path) -> None:
    feed = ("--set", "feed.url=http://127.0.0.1:9/", "--set", "fields.text=body", "--set", "fields.id=id")
    done = add("webhook", *feed)
    assert (done.exit_code, "its server  ChannelDown" in done.stdout) == (3, True), done.output
    assert last(folder / "kanal.toml")["feed"] == {"url": "http://127.0.0.1:9/"}
    assert (
        add("webhook", "--name", "other", *feed[:1], "feed.url=http://127.0.0.1:8/", *feed[2:], "--offline").exit_code
        == 0
    )


def test_every_setting_of_every_kind_can_be_asked_for() -> None:
    for kind in registry.kinds():
        asked = list(questions(registry.adapter(kind).Settings))
        assert [one.key for one in asked if not one.about] == []


def test_channels_in_one_list_are_left_to_a_person(folder: Path) -> None:
    (folder / "kanal.toml").write_text("channels = []\n")
    done = add("form")
    assert (done.exit_code, "[[channels]]" in done.output) == (1, True), done.output
    assert (folder / "kanal.toml").read_text() == "channels = []\n"


async def test_a_running_gateway_takes_it_up(folder: Path) -> None:
    file = folder / "kanal.toml"
    file.write_text(OWN.replace("8081", "0").replace("[gateway]", "[gateway]\nworkers = 1\ndrain_seconds = 1"))
    async with running(settings.load(file, make_secrets=True)) as gateway:
        told = await asyncio.to_thread(add, "webhook", *WEBHOOK, "--set", "secret=made")
        assert "kanal reload" in told.stdout and "webhook" not in gateway.app.channels
        done = await asyncio.to_thread(add, "form", "--reload")
        assert done.exit_code == 0, done.output
        assert "The new configuration is in force." in done.stdout
        assert {"webhook", "form"} <= gateway.app.channels.keys()
