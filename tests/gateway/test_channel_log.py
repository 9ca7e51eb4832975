"""The channel log: every exchange with a provider, how it ended, and which message or reply it was about."""

import asyncio
import json
import smtplib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientError
from typer.testing import CliRunner

from adapters import (
    ChannelDown,
    Delivery,
    Listens,
    NotAccepted,
    RecipientGone,
    Refused,
    RequestRefused,
    Throttled,
    Unauthorized,
    answering,
    noted,
)
from adapters.imap import faults
from adapters.testing.standins.telegram import Telegram
from gateway.channel_log import MOST_WAITING, ChannelLog
from gateway.cli.commands import app
from gateway.store.contract import Exchange, StoreUnavailable
from tests.end_to_end.relay import Relay
from tests.end_to_end.telegram_bot import bot
from tests.gateway.support import BUDI, FLOOD, LAMP, channel, letter, query, running, settings_in, sms, until
from tests.gateway.test_costs import TEXTS, box
from tests.gateway.test_replies import kannel
from tests.poison import installed


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


class Memory:
    """A store that keeps what it is given, unless it is told to be full."""

    def __init__(self) -> None:
        self.kept: list[Exchange] = []
        self.is_full = False

    async def log_exchanges(self, new: Sequence[Exchange]) -> None:
        if self.is_full:
            raise StoreUnavailable("full")
        self.kept += new


async def kanal(*words: object) -> str:
    done = await asyncio.to_thread(CliRunner().invoke, app, ["channels", "log", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(
    ("error", "outcome", "note"),
    [
        (ChannelDown("no answer"), "down", "no answer"),
        (Throttled("slowly", 5.0), "throttled", "slowly"),
        (Unauthorized("who?"), "unauthorized", "who?"),
        (Refused("never"), "refused", "never"),
        (RecipientGone("left"), "gone", "left"),
        (RequestRefused("no proof"), "refused", "no proof"),
        (TimeoutError(), "down", "no answer in time"),
        (ValueError(f"cannot read {BUDI}"), "failed", "ValueError in test_channel_log.py"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
async def test_how_it_ended_is_told_in_words_that_give_nobody_away(error: Exception, outcome: str, note: str) -> None:
    store = Memory()
    log = ChannelLog(store)
    with pytest.raises(type(error)), log.exchange("sms", "send", "a-1"):
        raise error
    await log.write()
    assert [(one.outcome, one.note.partition(":")[0], one.reply) for one in store.kept] == [(outcome, note, "a-1")]


@pytest.mark.parametrize(
    ("headers", "request_"),
    [
        ({"x-fb-trace-id": "AbC/12+x="}, "AbC/12+x="),
        ({"twilio-request-id": "RQ0f"}, "RQ0f"),
        ({"x-request-id": BUDI}, None),
        ({"x-request-id": "Budi Santoso"}, None),
        ({"x-request-id": "x" * 99, "request-id": "7"}, "7"),
        ({}, None),
    ],
    ids=["Meta's", "Twilio's", "a number", "a name", "too long", "none"],
)
async def test_an_adapter_may_say_how_its_provider_finds_a_request_again(
    headers: dict[str, str], request_: str | None
) -> None:
    noted(500)  # outside of any exchange: to nobody
    store = Memory()
    log = ChannelLog(store)
    with log.exchange("wa", "send", "a-1"):
        await asyncio.create_task(asyncio.to_thread(noted, 200, headers))
    await log.write()
    assert [(one.status, one.request, one.outcome) for one in store.kept] == [(200, request_, "ok")]


async def test_what_is_about_nothing_that_is_kept_is_one_line_a_second() -> None:
    store = Memory()
    log = ChannelLog(store)
    for _ in range(MOST_WAITING + 3):
        with pytest.raises(RequestRefused), log.exchange("wa", "receive"):
            raise RequestRefused("no proof")
        with log.exchange("wa", "send", "a-1"):
            pass
    store.is_full = True
    await log.write()
    store.is_full = False
    await log.write()
    assert len(store.kept) == MOST_WAITING + 2
    assert {(one.verb, one.times) for one in store.kept} == {("receive", MOST_WAITING + 3), ("send", 3), ("send", 1)}


async def test_nothing_is_noted_of_asking_in_vain_nor_of_what_is_broken_off() -> None:
    store = Memory()
    log = ChannelLog(store)
    with log.exchange("x", "poll") as talk:
        talk.brought(())
    with pytest.raises(asyncio.CancelledError), log.exchange("x", "poll"):
        raise asyncio.CancelledError
    await log.write()
    assert store.kept == []


async def test_messages_and_replies_lead_to_what_they_came_and_went_by(tmp_path: Path) -> None:
    async with kannel() as (server, by_sms):
        polled = channel("folder", "box", folder=str(box(tmp_path, *TEXTS)))
        async with running(settings_in(tmp_path, by_sms, polled)) as gateway:
            assert (await gateway.ask(f"/in/sms/rahasia-jalur-sms-0123/mo?{query('m1', FLOOD)}")).status < 300
            assert (await gateway.ask(f"/in/sms/wrong/mo?{query('m2', LAMP)}")).status >= 400
            await gateway.send(sms("m3", LAMP, "+6281110000009"))
            await until(lambda: gateway.replies().count(("received", "sent")) == 2, "both to be sent")
            await until(lambda: gateway.reported(5), "all reports")
            server.answers = [(503, "down")]
            await gateway.app._ground.log.write()
            data = gateway.folder
            rows = [json.loads(line) for line in (await kanal("sms", "-d", data, "--json")).splitlines()]
            came, refused = (
                next(row for row in rows if row["outcome"] == one and row["verb"] == "receive")
                for one in ("ok", "refused")
            )
            sent = [row for row in rows if row["verb"] == "send"]
            assert (came["count"], len(came["reports"]), refused["times"]) == (1, 1, 1)
            assert [row["status"] for row in sent] == [202, 202]
            assert sorted(row["replies"] for row in sent) == sorted([row["id"]] for row in replies_by_sms(gateway))
            box_rows = [json.loads(line) for line in (await kanal("box", "-d", data, "--json")).splitlines()]
            assert sorted(row["count"] for row in box_rows if row["verb"] == "poll") == [1, 2]
            await told(data, came["reports"][0], sent[0]["replies"][0])


def replies_by_sms(gateway: Any) -> list[dict[str, Any]]:
    return [row for row in gateway.all("replies") if row["channel"] == "sms"]


async def told(data: Path, report: str, reply: str) -> None:
    (by_report,) = (await kanal("--report", report, "-d", data)).splitlines()[1:]
    (by_reply,) = (await kanal("--reply", reply, "-d", data)).splitlines()[1:]
    assert by_report.split()[1:4] == ["receive", "ok", "1"]
    assert by_reply.split()[1:6] == ["send", "ok", "1", "0", "202"]
    (failed,) = (await kanal("sms", "--failed", "-d", data)).splitlines()[1:]
    assert failed.split()[1:4] == ["receive", "refused", "1"]
    assert await kanal("sms", "--since", "2099-01-01", "-d", data) == "none\n"
    assert CliRunner().invoke(app, ["channels", "log", "-d", str(data)]).exit_code == 2


async def test_it_is_kept_for_a_time(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, keep_channel_log_days=7), process=False) as gateway:
        old = Exchange(channel="sms", at=1.0, verb="send", outcome="ok", seconds=0.1, reply="a-1")
        await gateway.app.store.log_exchanges([old] * 3)
        assert len(list(gateway.views.exchanges("sms"))) == 3
        await gateway.app._forgetting.purge("kanal", dry_run=True)
        assert len(list(gateway.views.exchanges("sms"))) == 3
        await gateway.app._forgetting.purge("kanal")
        assert list(gateway.views.exchanges("sms")) == []
        assert list(gateway.views.exchanges_of_reply("a-1")) == []


async def test_a_channel_that_is_tested_has_that_in_its_log(tmp_path: Path) -> None:
    mail = channel("smtp", "mail", smtp="127.0.0.1:0", recipients=["dki@example.org"], relay="127.0.0.1:1")
    async with running(settings_in(tmp_path, mail), process=False) as gateway:
        await gateway.app.site.means.ask("test_channel", channel="mail")
        await gateway.app._ground.log.write()
        (row,) = gateway.views.exchanges("mail")
        assert (row["verb"], row["outcome"]) == ("check", "down")


async def answered(gateway: Any, channel: str) -> set[tuple[str, str, int | None]]:
    """By what the other side, or we, answered."""
    await gateway.app._ground.log.write()
    found = gateway.views.connection.execute(
        "SELECT verb, outcome, status FROM exchanges WHERE channel = ?", (channel,)
    )
    return set(found.fetchall())


async def test_mail_and_telegram_have_their_answers_in_the_log(tmp_path: Path) -> None:
    with Relay() as relay, Telegram() as telegram:
        mail = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **relay.settings)
        async with running(settings_in(tmp_path, mail, bot(telegram, tmp_path))) as gateway:
            adapter = gateway.app.channels["mail"].adapter
            assert isinstance(adapter, Listens)
            host, _, port = adapter.addresses()[0].removeprefix("smtp://").rpartition(":")
            await asyncio.to_thread(post, host, int(port))
            telegram.writes(6_112_000_009, "Lampu jalan padam di Jl. Fatmawati No. 3")
            await until(lambda: relay.mails and telegram.shown(6_112_000_009), "both to be answered")
            await gateway.settled()
            await until(lambda: gateway.replies().count(("received", "sent")) == 2, "that to be known")
            assert await answered(gateway, "mail") == {("listen", "ok", 250), ("send", "ok", 250)}
            assert await answered(gateway, "telegram") >= {("poll", "ok", 200), ("send", "ok", 200)}


def post(host: str, port: int) -> None:
    with smtplib.SMTP(host, port) as client:
        words = "From: a@example.org\r\nTo: dki@jakarta.go.id\r\nSubject: Lampu\r\n\r\nLampu padam di Jl. Fatmawati 1"
        client.sendmail("a@example.org", ["dki@jakarta.go.id"], words)


async def test_what_a_mail_server_is_told_that_does_not_get_rid_of_a_mail() -> None:
    store = Memory()
    log = ChannelLog(store)

    async def accept(deliveries: Sequence[Delivery], cursor: str | None) -> None:
        raise NotAccepted("full")

    answering(250, 452)
    with pytest.raises(NotAccepted):
        await log.accepting("mail", accept)([letter("m1")], None)
    await log.write()
    assert [(one.outcome, one.status) for one in store.kept] == [("failed", 452)]


async def test_a_protocol_of_words_has_its_word_in_the_log() -> None:
    store = Memory()
    log = ChannelLog(store)
    refused = r"[UNAVAILABLE] later"
    with log.exchange("box", "poll") as talk, faults.told("it cannot be opened"):
        talk.brought([letter("m1")])
    with pytest.raises(ChannelDown), log.exchange("box", "poll"), faults.told("it cannot be opened"):
        raise IMAPClientError(refused)
    with pytest.raises(ChannelDown), log.exchange("box", "poll"), faults.told("it cannot be opened"):
        raise ConnectionResetError
    await log.write()
    assert [(one.outcome, one.request) for one in store.kept] == [("ok", "OK"), ("down", "NO"), ("down", None)]
