"""`kanal access`: all that is kept about one person and nothing of anybody else, written for who asks and on record."""

import asyncio
import base64
import json
import shutil
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway import control
from gateway.cli import options
from gateway.cli.commands import app
from gateway.store.connecting import FILE
from gateway.store.contract import MessageRow, Settlement
from gateway.store.sqlite import SqliteStore
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    delivery,
    keep,
    piece,
    running,
    settings_in,
    sms,
    sms_channel,
    with_store,
)

SETTINGS = """
[gateway]
data = "data"
[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }
[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:0"
"""
MAILBOX = {"name": "mail", "kind": "smtp", "recipients": ["dki@jakarta.go.id"], "smtp": "127.0.0.1:0"}
NUMBER, NIK = "0812-3456-7890", "3171234509870003"
WORDS = f"{FLOOD}, hubungi {NUMBER} atau Rumah Sulastri Canary, NIK {NIK}"
SITI = "Siti.Canary@example.org"
PHOTO = bytes(range(128, 256)) * 8
REASON = "permintaan tertulis 12 November"
WHY = ("--why", REASON)
FORM = "application/x-www-form-urlencoded"
NOTHING: dict[str, list[Any]] = {"reports": [], "cases": [], "replies": [], "deliveries": []}


def mail(sender: str, subject: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = f"Siti <{sender}>", "dki@jakarta.go.id", subject
    made.set_content("Pohon tumbang di Jl. Wijaya, lihat foto")
    made.add_attachment(PHOTO, "image", "jpeg", filename="halaman-rumah-siti.jpg", cte="8bit")
    return bytes(made)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped. Budi reported a flood, which Rina did too, and a lamp, of which the
    second half has not come yet; something of his could not be read. Siti wrote two mails. Others wrote, too."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "kanal.toml").write_text(SETTINGS)
    loaded = settings_in(folder, sms_channel(), MAILBOX)

    async def an_afternoon() -> None:
        async with running(loaded) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", WORDS), sms("m2", SAME_FLOOD, RINA))
            code = gateway.all("cases")[0]["code"]
            await control.ask(gateway.folder, "move", {"code": code, "status": "proses", "actor": "camat"})
        bad = f"message=tanpa&from={BUDI.replace('+', '%2B')}".encode()
        await keep(
            loaded,
            [
                piece("m3", LAMP, 1, 2),
                delivery("bad", bad, "sms", headers={"path": "mo"}, content_type=FORM),
                delivery("bad2", b"message=tanpa", "sms", headers={"path": "mo"}, content_type=FORM),
                *(
                    delivery(one, mail(one, "Pohon"), "mail", content_type="message/rfc822", headers={"mail_from": one})
                    for one in (SITI, SITI.lower())
                ),
            ],
        )
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


def access(folder: Path, person: str) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = json.loads(kanal(folder, "access", person, *WHY).stdout)
    return told


def ask(folder: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "data" / FILE)) as connection:
        return [row[0] for row in connection.execute(sql)]


def contact(folder: Path, channel: str = "sms") -> str:
    return str(ask(folder, f"SELECT contact FROM reports WHERE channel = '{channel}' ORDER BY seq")[0])


@pytest.mark.parametrize("person", ["0811-1000-0001", BUDI, "phone:6281110000001", "{id}"])
def test_all_that_is_kept_about_a_person(folder: Path, person: str) -> None:
    told = access(folder, person.format(id=contact(folder)))
    assert told["person"] == [{"id": contact(folder), "kind": "phone", "address": BUDI, "name": None}]
    (flood,) = told["reports"]
    assert (flood["text"], flood["reporter"]) == (WORDS, contact(folder))
    (case,) = told["cases"]
    assert (case["code"], case["status"]) == (flood["case"], "proses")
    assert [line["event"] for line in case["history"]] == ["opened", "moved"]
    assert [reply["about"] for reply in told["replies"]] == ["received", "moved"]
    first, half = told["deliveries"]
    assert (first["number"], first["text"].startswith("sender=%2B6281110000001"), first["headers"]) == (
        1,
        True,
        {"path": "mo"},
    )
    assert "Fatmawati" in half["text"]
    (unsure,) = told["deliveries_that_name_the_person"]
    assert (unsure["number"], unsure["state"], "text" in unsure) == (4, "quarantined", False)
    assert [(one["number"], one["of"]) for one in told["pieces_that_wait_for_others"]] == [(1, 2)]


def test_a_mail_comes_with_its_bytes_and_the_names_of_its_files_whatever_its_capitals(folder: Path) -> None:
    told = access(folder, SITI.upper())
    assert {one["address"] for one in told["person"]} == {SITI, SITI.lower()}
    assert [report["attachments"][0]["name"] for report in told["reports"]] == ["halaman-rumah-siti.jpg"] * 2
    assert PHOTO in base64.b64decode(told["deliveries"][0]["base64"])
    assert told["deliveries"][0]["headers"] == {"mail_from": SITI}


@pytest.mark.threat("P0-30")
@pytest.mark.parametrize(
    ("person", "others"), [(BUDI, [RINA[1:], "Siti", "selutut"]), (RINA, [BUDI[1:], "Siti", NUMBER, NIK, "lutut di"])]
)
def test_of_others_nothing_is_told(folder: Path, person: str, others: list[str]) -> None:
    told = json.dumps(access(folder, person))
    assert [word for word in others if word in told] == []


def test_a_pin_is_for_who_has_it(folder: Path) -> None:
    replies = access(folder, BUDI)["replies"]
    assert "PIN ••••••" in replies[0]["text"]


async def test_of_a_delivery_with_messages_of_others_the_bytes_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    loaded = settings_in(tmp_path, sms_channel(), MAILBOX)
    async with running(loaded) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", WORDS), sms("m2", SAME_FLOOD, RINA))

    async def share(store: SqliteStore) -> None:
        other = MessageRow("sms", "m1-2", 1, None, contact_of_rina)
        await store.settle(Settlement(messages=[other]))

    contact_of_rina = ask(tmp_path, "SELECT contact FROM reports ORDER BY seq DESC")[0]
    await with_store(loaded, share)
    (told,) = (await asyncio.to_thread(access, tmp_path, BUDI))["deliveries"]
    assert ("text" in told, told["left_out"]) == (False, "it holds messages of other people too")


@pytest.mark.threat("P0-33")
def test_who_looked_when_and_why_is_told(folder: Path) -> None:
    report = ask(folder, "SELECT id FROM reports ORDER BY seq")[0]
    kanal(folder, "reports", "show", report, "--full", "--why", "menelepon pelapor")
    kanal(folder, "deliveries", "list", "--json", "--body", "--why", "mencari kiriman")
    kanal(folder, "deliveries", "show", "2", "--raw", "--why", "kiriman orang lain")
    told = access(folder, "0811 1000 0001")["looks"]
    assert [(look["action"], look["about"], look["why"]) for look in told] == [
        ("look at a report", [report, contact(folder)], "menelepon pelapor"),
        ("look at deliveries", ["1", "3", "4"], "mencari kiriman"),
        ("write out what is kept of a person", [contact(folder)], REASON),
    ]
    assert {look["actor"] for look in told} == {options.actor()}


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize("person", [BUDI, "0899-9999-9999", SITI])
def test_asking_is_recorded_also_where_nothing_is_kept(folder: Path, person: str) -> None:
    known = person != "0899-9999-9999"
    kanal(folder, "access", person, *WHY, code=0 if known else 1)
    (entry,) = [json.loads(line) for line in kanal(folder, "audit", "--json").stdout.splitlines()]
    assert (entry["action"], entry["why"]) == ("write out what is kept of a person", REASON)
    assert all(one.startswith("p-") for one in entry["about"])


@pytest.mark.threat("P0-33")
def test_what_cannot_be_recorded_is_not_written(folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "data" / FILE, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
    file = tmp_path / "budi.json"
    refused = kanal(folder, "access", BUDI, *WHY, "--output", str(file), code=1)
    assert ("it cannot be recorded" in refused.stderr, refused.stdout, file.exists()) == (True, "", False)


def test_a_file_is_its_owners_alone_and_never_written_over(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "budi.json"
    done = kanal(folder, "access", BUDI, *WHY, "--output", str(file))
    assert (file.stat().st_mode & 0o777, done.stdout) == (0o600, "")
    assert "1 reports, 1 cases, 2 replies, 2 deliveries" in done.stderr
    before = file.read_bytes()
    assert json.loads(before)["reports"][0]["text"] == WORDS
    assert "is there already" in kanal(folder, "access", RINA, *WHY, "--output", str(file), code=1).stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("person", "why", "code", "says"),
    [
        (BUDI, (), 2, "--why"),
        (BUDI, ("--why", "cek"), 2, "--why"),
        ("Budi", WHY, 2, "neither a phone number nor a mail address"),
        ("+6281399999999", WHY, 1, "nothing is kept of this person"),
        ("p-00000000000000000000", WHY, 1, "nothing is kept of this person"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, tmp_path: Path, person: str, why: tuple[str, ...], code: int, says: str
) -> None:
    file = tmp_path / "out.json"
    assert says in kanal(folder, "access", person, *why, "--output", str(file), code=code).stderr
    assert not file.exists()


async def test_a_running_gateway_goes_on_meanwhile_and_what_waits_is_found(tmp_path: Path) -> None:
    (tmp_path / "kanal.toml").write_text(SETTINGS)
    async with running(settings_in(tmp_path, sms_channel(), MAILBOX), process=False) as gateway:
        await gateway.app.store.append([msgspec.structs.replace(sms("m1", FLOOD), content_type=FORM)])
        told = await asyncio.to_thread(access, tmp_path, BUDI)
    assert {name: told[name] for name in NOTHING} == NOTHING
    (waiting,) = told["deliveries_that_name_the_person"]
    assert (waiting["number"], waiting["state"]) == (1, "received")


def test_what_an_erased_person_still_has_in_the_log_is_told(folder: Path) -> None:
    who = contact(folder)
    access(folder, BUDI)
    kanal(folder, "erase", BUDI, "--yes", "--why", "permintaan warga")
    told = access(folder, who)
    assert {name: told[name] for name in NOTHING} == NOTHING
    looks = [(look["action"], look["why"]) for look in told["looks"]]
    written = "write out what is kept of a person"
    assert looks == [(written, None), ("erase", "permintaan warga"), (written, REASON)]
