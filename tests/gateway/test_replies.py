"""Replies leave by a channel's way out, each until it is settled, and none twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters import Receipt, Reply
from gateway import control
from gateway.settings import Settings
from gateway.store.contract import Contact, ReplyRow, ReplyState, Settlement
from gateway.store.sqlite import SqliteStore
from tests.disk import fill
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, running, settings_in, sms, sms_channel, until, with_store

ACCEPTED = (202, "0: Accepted for delivery")


class Kannel:
    """A server that answers as Kannel does, and keeps what it was asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.senders: list[str] = []
        self.gate: asyncio.Event | None = None
        self.answers: list[tuple[int, str]] = []
        self.meanwhile: Callable[[], Any] = lambda: None

    async def answer(self, request: web.Request) -> web.Response:
        self.sent.append((request.query["to"], request.query["text"]))
        self.senders.append(request.query["from"])
        self.meanwhile()
        if self.gate:
            await self.gate.wait()
        status, text = self.answers.pop(0) if self.answers else ACCEPTED
        return web.Response(status=status, text=text)


@asynccontextmanager
async def kannel() -> AsyncIterator[tuple[Kannel, dict[str, Any]]]:
    """The server, and the settings of a channel that sends by it."""
    made = Kannel()
    application = web.Application()
    application.router.add_get("/cgi-bin/sendsms", made.answer)
    async with TestServer(application) as server:
        url = str(server.make_url("/cgi-bin/sendsms"))
        yield made, sms_channel(send_url=url, username="kanal", password={"file": "secret"})


async def test_a_reply_is_sent_once_and_settled(tmp_path: Path) -> None:
    async with kannel() as (server, channel), running(settings_in(tmp_path, channel)) as gateway:
        await gateway.send(sms("m1", FLOOD), sms("m2", LAMP, RINA))
        await until(lambda: gateway.replies() == [("received", "sent")] * 2, "both to be sent")
        assert sorted(to for to, _ in server.sent) == [BUDI, RINA]
        assert [row["cost"] for row in gateway.all("replies")] == [2, 2]  # with the question where it is


async def test_a_refused_reply_has_failed_and_is_sent_again_only_when_asked(tmp_path: Path) -> None:
    async with kannel() as (server, channel), running(settings_in(tmp_path, channel)) as gateway:
        server.answers = [(400, "no such number")]
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: gateway.replies() == [("received", "failed")], "it to fail")
        assert len(server.sent) == 1


@pytest.mark.parametrize("verb", ["resume_channel", "test_channel"])
async def test_what_waits_since_the_password_was_refused_leaves_once_a_person_has_mended_it(
    tmp_path: Path, verb: str
) -> None:
    async with kannel() as (server, channel), running(settings := settings_in(tmp_path, channel)) as gateway:
        server.answers = [(403, "Authorization failed for sendsms")]
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: [row["error"] for row in gateway.all("replies")] != [None], "it to be refused")
        assert gateway.replies() == [("received", "due")]
        asked = {"channel": "sms"} | ({"actor": "budi"} if verb == "resume_channel" else {})
        await asyncio.to_thread(asyncio.run, control.ask(settings.gateway.data, verb, asked))
        await until(lambda: gateway.replies() == [("received", "sent")], "it to be sent")


async def test_a_reply_whose_outcome_cannot_be_written_is_not_sent_again(small_disk: Path) -> None:
    async with kannel() as (server, channel), running(settings_in(small_disk, channel)) as gateway:
        fillers: list[Path] = []
        server.meanwhile = lambda: fillers.append(fill(small_disk))
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: fillers, "it to be sent")
        assert gateway.replies() == [("received", "sending")]
        fillers[0].unlink()
        await until(lambda: gateway.replies() == [("received", "sent")], "its outcome to be written")
        assert len(server.sent) == 1


AFTER_CRASH = {"by itself": ({}, "uncertain"), "ask": ({"after_crash": "ask"}, "uncertain")} | {
    "send again": ({"after_crash": "send-again"}, "sent")
}


@pytest.mark.parametrize(("settings", "state"), AFTER_CRASH.values(), ids=AFTER_CRASH)
async def test_what_was_under_way_at_a_crash_is_left_to_a_person_unless_it_is_to_be_sent_again(
    tmp_path: Path, settings: dict[str, str], state: str
) -> None:
    async with kannel() as (server, channel):
        loaded = settings_in(tmp_path, channel | settings)
        await owe(loaded)
        await with_store(loaded, crash)
        async with running(loaded) as gateway:
            await until(lambda: gateway.replies() == [("received", state)], "it to be left or sent")
            assert len(server.sent) == (state == "sent")


async def owe(loaded: Settings) -> None:
    """Somebody is to be answered."""
    contact = Contact("p-budi", "phone", BUDI)
    now = time.time()
    reply = ReplyRow(
        id="a-1",
        channel="sms",
        contact=contact.id,
        case=None,
        about="received",
        text="Terima kasih",
        state=ReplyState.DUE,
        created_at=now,
        due_at=now,
    )
    await with_store(loaded, lambda store: store.settle(Settlement(contacts=[contact], replies=[reply])))


async def crash(store: SqliteStore) -> None:
    """While it is being sent."""
    await store.claim_replies("sms", 1e12, 9)


async def test_an_answer_that_cannot_be_stored_leaves_no_reply_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(_reply: Reply) -> Receipt:
        return Receipt("x-1", spent={"segment": 1 << 80})

    async with kannel() as (_, channel), running(settings_in(tmp_path, channel)) as gateway:
        monkeypatch.setattr(gateway.app.channels["sms"].adapter, "send", send)
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: gateway.replies() == [("received", "sent")], "it to be settled")
        assert [row["error"] for row in gateway.all("replies")] == ["what the channel answered cannot be stored"]


async def test_no_more_leave_than_a_channel_may_write_also_over_a_restart(tmp_path: Path) -> None:
    limits = [{"most": 2, "seconds": 900}]
    async with kannel() as (server, channel):
        loaded = settings_in(tmp_path, channel | {"limits": limits})
        async with running(loaded) as gateway:
            await gateway.send(sms("m1", FLOOD), sms("m2", LAMP, RINA), sms("m3", LAMP, "+6281110000003"))
            await until(lambda: gateway.replies().count(("received", "sent")) == 2, "two to be sent")
        async with running(loaded) as gateway:
            await gateway.send(sms("m4", FLOOD, "+6281110000004"))
            assert (len(server.sent), gateway.replies().count(("received", "due"))) == (2, 2)
        async with running(settings_in(tmp_path, channel)) as gateway:
            await until(lambda: len(server.sent) == 4, "the others, where there is no limit")
