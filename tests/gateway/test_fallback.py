"""What a channel cannot say, or failed to say, is said once at another address of the same person."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters import Address
from gateway import control
from gateway.accounts.account import Role
from gateway.contacts import contact_of
from gateway.store.contract import Also, GoneRow, ReplyState, Settlement
from normalizer.message import Message
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    SECRET,
    Row,
    Running,
    keep,
    letter,
    running,
    settings_in,
    sms,
    until,
)
from tests.gateway.test_replies import Kannel, kannel
from tests.poison import poison_installed

MAIL = Address("email", "budi@example.org")
PHONE = Address("phone", RINA)
#: It has no way out.
APP = {"name": "poison", "kind": "poison"}
#: Nobody is there to take its mails, so that they wait.
MAILBOX = {"name": "mail", "kind": "smtp", "recipients": ["dki@jakarta.go.id"], "smtp": "127.0.0.1:0"} | {
    "relay": "127.0.0.1:9",
    "relay_tls": "none",
}


@pytest.fixture(scope="module", autouse=True)
def poison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with poison_installed(tmp_path_factory.mktemp("site")):
        yield


def passed(gateway: Running) -> list[tuple[str, str, str]]:
    """How each reply that is said instead of another is to leave: to whom, by which channel, instead of what."""
    rows = [row for row in gateway.all("replies") if row["instead_of"]]
    assert [row["id"] for row in rows] == [f"f-{row['instead_of']}" for row in rows]
    shown = [gateway.views.reply(row["instead_of"]) for row in rows]
    assert [row and row["passed_on"] for row in shown] == [row["id"] for row in rows]
    return [(row["about"], row["channel"], addressee(gateway, row)) for row in rows]


def addressee(gateway: Running, row: Row) -> str:
    key = gateway.app.store.vault.lookup
    known = {contact_of(key, one).id: one.value for one in (MAIL, PHONE, Address("phone", BUDI))}
    found = gateway.views.connection.execute("SELECT contact FROM replies WHERE id = ?", (row["id"],)).fetchone()
    return known[found[0]]


#: By the text of the message: who else was given, and where it is to be said instead.
KEPT: dict[str, tuple[dict[str, Any], tuple[str, str] | None]] = {
    FLOOD: ({}, ("sms", BUDI)),
    LAMP: ({"also": (MAIL,)}, ("mail", MAIL.value)),
    "Pohon tumbang di Jl. Wijaya": ({"also": (PHONE,)}, ("sms", BUDI)),
    "Sampah menumpuk di Jl. Barito": ({"also": (MAIL,), "automatic": True}, None),
    "Trotoar rusak di Jl. Mahakam": ({"public": True}, ("sms", BUDI)),
}


async def test_the_page_of_a_case_shows_what_left_by_another_way_once(tmp_path: Path) -> None:
    async with kannel() as (server, out), running(settings_in(tmp_path, APP, out, fall_back=["sms"])) as gateway:
        await gateway.app.site.means.accept([letter("m1", FLOOD)], None)
        await until(lambda: server.sent, "the answer to leave")
        (case,) = gateway.all("cases")
        seen = await Visitor(gateway.app, account(Role.OPERATOR)).get(f"/petugas/kasus/{case['code']}")
    assert seen.text.count("Laporan Anda kami terima") == 1
    assert "Tidak ada jalan keluar" not in seen.text
    assert "keluar lewat sms bila pelapor dikenal di sana" in seen.text


async def test_what_a_channel_without_a_way_out_cannot_say(tmp_path: Path) -> None:
    """The channel that is named first has it, and of its addresses the one that it came from."""
    async with kannel() as (server, out):
        loaded = settings_in(tmp_path, APP, out, MAILBOX, fall_back=["mail", "sms"])
        messages = [letter(f"m{number}", text, **KEPT[text][0]) for number, text in enumerate(KEPT)]
        await keep(loaded, messages)
        async with running(loaded) as gateway:
            await gateway.settled()
            await until(lambda: not gateway.app.store.astray(0, 9), "all to be looked at")
            expected = [("received", *where) for _, where in KEPT.values() if where]
            assert passed(gateway) == expected
            await until(lambda: len(server.sent) == 3, "all SMS")
            assert sorted("PIN" in text for _, text in server.sent) == [False, True, True]
            states = [row["state"] for row in gateway.all("replies") if not row["instead_of"]]
            assert states == ["withheld" if more.get("automatic") else "kept" for more, _ in KEPT.values()]
            told = [
                [row["event"] for row in gateway.views.history(report["case"])] for report in gateway.all("reports")
            ]
            assert told == [["opened", "passed_on"] if where else ["opened"] for _, where in KEPT.values()]


@pytest.mark.parametrize("channels", [[], ["mail"]], ids=["no channel is named", "it can write to none of them"])
async def test_what_cannot_be_said_anywhere_is_kept(tmp_path: Path, channels: list[str]) -> None:
    loaded = settings_in(tmp_path, APP, MAILBOX, fall_back=channels)
    await keep(loaded, [letter("m1", FLOOD, also=(PHONE,))])
    async with running(loaded) as gateway:
        await gateway.settled()
        await until(lambda: bool(gateway.app.store.astray(0, 9)) is not bool(channels), "it to be looked at")
        assert gateway.replies() == [("received", "kept")]


async def test_an_application_s_report_is_answered_by_mail_or_sms(tmp_path: Path) -> None:
    """Of those it names: an application itself is asked, and cannot be told."""
    apps = {"name": "apps", "kind": "open311", "open": True}
    async with kannel() as (server, out), running(settings_in(tmp_path, apps, out, fall_back=["sms"])) as gateway:
        report = {"service_code": "banjir", "description": FLOOD, "email": MAIL.value, "phone": RINA}
        assert (await gateway.ask("/in/apps/requests.json", "POST", data=report)).status == 200
        await until(lambda: server.sent, "the SMS")
        ((to, text),) = server.sent
        assert (to, gateway.all("cases")[0]["code"] in text, "PIN" in text) == (RINA, True, True)
        assert passed(gateway) == [("received", "sms", RINA)]


async def test_news_of_the_case_is_said_elsewhere_too(tmp_path: Path) -> None:
    async with kannel() as (server, out):
        loaded = settings_in(tmp_path, APP, out, fall_back=["sms"])
        await keep(loaded, [letter("m1", FLOOD)])
        async with running(loaded) as gateway:
            await until(lambda: len(server.sent) == 1, "the SMS")
            (case,) = gateway.all("cases")
            values = {"code": case["code"], "status": "proses", "actor": "camat"}
            await control.ask(gateway.folder, "move", values)
            await until(lambda: len(server.sent) == 2, "the news")
            assert passed(gateway) == [("received", "sms", BUDI), ("moved", "sms", BUDI)]


Fail = Callable[[Running, Kannel], Awaitable[None]]


async def refused(_gateway: Running, server: Kannel) -> None:
    server.answers = [(400, "no such number"), (400, "no such number")]
    assert server.gate
    server.gate.set()


async def reported_failed(gateway: Running, server: Kannel) -> None:
    """By the provider, after it was taken; and again, as providers do."""
    assert server.gate
    server.gate.set()
    await until(lambda: gateway.replies() == [("received", "sent")], "it to be taken")
    (reply,) = gateway.all("replies")
    for _ in range(2):
        report = f"type=2&reply={reply['id'].encode().hex()}"
        assert (await gateway.ask(f"/in/sms/{SECRET}/dlr?{report}")).status == 200
    server.answers = [(400, "no such number")]


@pytest.mark.parametrize("fails", [refused, reported_failed])
async def test_what_failed_is_said_once_elsewhere_and_no_more(tmp_path: Path, fails: Fail) -> None:
    async with kannel() as (server, out):
        server.gate = asyncio.Event()
        async with running(settings_in(tmp_path, out, fall_back=["sms"])) as gateway:
            await gateway.send(sms("m1", FLOOD))
            await until(lambda: server.sent, "it to be under way")
            await also(gateway, PHONE)
            await fails(gateway, server)
            await until(lambda: len(server.sent) == 2, "the other number to be tried")
            assert [to for to, _ in server.sent] == [BUDI, RINA]
            await until(lambda: of_all(gateway) == ["failed", "failed"], "that to fail, too")
            await asyncio.sleep(0.2)
            assert passed(gateway) == [("received", "sms", RINA)]


async def test_who_has_blocked_us_is_told_elsewhere(tmp_path: Path) -> None:
    async with kannel() as (server, out), running(settings_in(tmp_path, out, fall_back=["sms"])) as gateway:
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: gateway.replies() == [("received", "sent")], "the answer")
        await also(gateway, PHONE)
        budi = contact_of(gateway.app.store.vault.lookup, Address("phone", BUDI))
        await gateway.app.store.settle(Settlement(gone=[GoneRow("sms", budi.id, 0.0)]))
        (case,) = gateway.all("cases")
        await control.ask(gateway.folder, "move", {"code": case["code"], "status": "proses", "actor": "camat"})
        await until(lambda: len(server.sent) == 2, "the news")
        assert [to for to, _ in server.sent] == [BUDI, RINA]
        assert gateway.replies()[1] == ("moved", "failed")


async def also(gateway: Running, address: Address) -> None:
    """The one report there is had been made with this address, too."""
    contact = contact_of(gateway.app.store.vault.lookup, address)
    (report,) = gateway.all("reports")
    await gateway.app.store.settle(Settlement(contacts=[contact], also=[Also(report["id"], contact.id)]))


def of_all(gateway: Running) -> list[str]:
    return [row["state"] for row in gateway.all("replies")]


async def test_nobody_is_written_to_more_often_than_a_day_allows(tmp_path: Path) -> None:
    """Anybody may give anybody's address."""
    loaded = settings_in(tmp_path, APP, MAILBOX, fall_back=["mail"], replies_per_person_per_day=2, workers=1)
    texts = [FLOOD, LAMP, "Pohon tumbang di Jl. Wijaya", "Sampah menumpuk di Jl. Barito"]
    senders = [f"+62811100000{number}" for number in range(4)]
    messages = [letter(f"m{number}", text, senders[number], also=(MAIL,)) for number, text in enumerate(texts)]
    await keep(loaded, messages)
    async with running(loaded) as gateway:
        await gateway.settled()
        await until(lambda: not gateway.app.store.astray(0, 9), "all to be looked at")
        assert passed(gateway) == [("received", "mail", MAIL.value)] * 2
        assert of_all(gateway).count(ReplyState.KEPT) == 4


async def test_what_went_astray_before_channels_were_named_is_said_if_it_is_fresh(tmp_path: Path) -> None:
    before, after = (settings_in(tmp_path, APP, MAILBOX, fall_back=names) for names in ([], ["mail"]))
    await keep(before, [letter("m1", FLOOD, also=(MAIL,)), letter("m2", LAMP, RINA, also=(MAIL,))])
    async with running(before) as gateway:
        await gateway.settled()
        old, _ = gateway.all("replies")
        await gateway.app.store._writer.run(
            lambda connection: connection.execute(
                "UPDATE replies SET created_at = created_at - 90000 WHERE id = ?", (old["id"],)
            )
        )
    async with running(after) as gateway:
        await until(lambda: passed(gateway), "the fresh one")
        assert [row["instead_of"] for row in gateway.all("replies")] == [None, None, gateway.all("replies")[1]["id"]]


def test_an_address_given_in_a_message_is_told_by_no_repr() -> None:
    message = Message(id="m1", channel="app", sender=MAIL, text="Banjir", also=(PHONE,))
    assert RINA not in repr(message)
