"""What is to be said after a channel's window has closed: by an approved text, elsewhere, or by a person; never by
nobody."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters import Address, Choice, Delivery, Message
from gateway import control
from gateway.contacts import contact_of
from gateway.naming import talk_id
from gateway.settings import Settings
from gateway.store.contract import Also, MessageRow, ReplyState, Settlement, TalkMode, TalkRow
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import case, report
from tests.gateway.store.rows import reply as made_reply
from tests.gateway.support import (
    FLOOD,
    RINA,
    Row,
    Running,
    running,
    settings_in,
    sms,
    until,
    with_store,
)
from tests.gateway.test_replies import ACCEPTED, kannel
from tests.poison import installed

DAY = 86_400.0
CHOICES = (Choice("1", "Ya"), Choice("2", "Tidak"))


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    with installed(site, "kanal-window", window="kanal_window:Window", approved="kanal_window:Approved"):
        yield


@asynccontextmanager
async def provider(kind: str) -> AsyncIterator[tuple[list[Row], dict[str, Any]]]:
    """What the provider was given to send, and the settings of a channel that sends by it."""
    sent: list[Row] = []

    async def take(request: web.Request) -> web.Response:
        sent.append(await request.json())
        return web.Response()

    application = web.Application()
    application.router.add_post("/messages", take)
    async with TestServer(application) as server:
        yield sent, {"name": "meta", "kind": kind, "send_url": str(server.make_url("/messages"))}


class Owed(NamedTuple):
    """News for somebody who last wrote so many days ago, as a talk or only a message tells; `also`: they gave RINA's
    number too. In `state` they are so many `times`. `is_answer`: no news, but what was to be said in the talk."""

    talk: float | None = None
    message: float | None = None
    public: bool = False
    also: bool = False
    times: int = 1
    is_answer: bool = False
    state: ReplyState = ReplyState.DUE


async def owe(loaded: Settings, *owed: Owed) -> None:
    """Each is somebody else's."""

    async def put(store: SqliteStore) -> None:
        for number, one in enumerate(owed, 1):
            await _owe(store, number, one)

    await with_store(loaded, put)


async def _owe(store: SqliteStore, number: int, owed: Owed) -> None:
    now, code = time.time(), f"KNL-{number}"
    who, rina = (contact_of(store.vault.lookup, Address("phone", phone)) for phone in (number_of(number), RINA))
    made = Settlement(contacts=[who, rina], cases=[case(code, opened_at=now)])
    made.reports = [report(f"r-{number}", code, who.id, channel="meta", received_at=datetime.now(UTC))]
    made.also = [Also(f"r-{number}", rina.id)] if owed.also else []
    if owed.message is not None:
        came_in = datetime.fromtimestamp(now - owed.message * DAY, UTC)
        body = msgspec.json.encode(Message(id=f"m{number}", channel="meta", sender=None, text=FLOOD))
        await store.append([Delivery(id=f"m{number}", channel="meta", received_at=came_in, body=body)])
        (claimed, *_) = reversed(await store.claim("meta", 9, 1 << 20))
        made.done = [claimed.seq]
        made.messages = [MessageRow("meta", f"m{number}", claimed.seq, f"r-{number}", who.id)]
    if owed.talk is not None:
        made.talks = [talk_of(store, who.id, code, now - owed.talk * DAY)]
    made.replies = [
        made_reply(
            f"n-{number}-{again}",
            channel="meta",
            contact=who.id,
            case=code,
            about="moved",
            text="Sedang dikerjakan",
            report=f"r-{number}",
            created_at=now,
            due_at=now,
            choices=CHOICES,
            public=owed.public,
            state=owed.state,
            talk="t-1" if owed.is_answer else None,
        )
        for again in range(owed.times)
    ]
    await store.settle(made)


def number_of(number: int) -> str:
    return f"+62811000000{number}"


def talk_of(store: SqliteStore, contact: str, code: str, heard_at: float) -> TalkRow:
    return TalkRow(
        id=talk_id(store.vault.lookup, "meta", contact, ""),
        channel="meta",
        contact=contact,
        mode=TalkMode.ENDED,
        since=heard_at,
        heard_at=heard_at,
        memory=b"",
        case=code,
    )


async def settled(gateway: Running) -> None:
    def over() -> bool:
        waiting = {ReplyState.DUE, ReplyState.SENDING} & {row["state"] for row in gateway.all("replies")}
        return not waiting and not gateway.app.store.astray(0, 9, kept=False)

    await until(over, "all to be said or left to a person")


def left(gateway: Running) -> list[tuple[str, str | None]]:
    """Why a person is to go on with which case."""
    return [(row["why"], row["case"]) for row in gateway.views.talks(mode=TalkMode.PERSON)]


OPEN = {
    "the talk was heard today": Owed(talk=0.9),
    "the talk was heard today, though the newest message that is kept is older": Owed(talk=0.9, message=5.0),
    "there is no talk, but a message of today": Owed(message=0.9),
    "everybody reads along": Owed(talk=5.0, public=True),
}
SHUT = {
    "the talk was heard yesterday": Owed(talk=1.1),
    "a newer message is of another talk": Owed(talk=1.1, message=0.1),
    "there is no talk, and a message of yesterday": Owed(message=1.1),
    "nothing is known": Owed(),
    "several failed at once": Owed(talk=1.1, times=3, state=ReplyState.FAILED),
}


async def test_while_the_window_is_open_all_is_said_freely(tmp_path: Path) -> None:
    async with provider("window") as (sent, channel):
        loaded = settings_in(tmp_path, channel)
        await owe(loaded, *OPEN.values())
        async with running(loaded) as gateway:
            await settled(gateway)
            said = {one["to"]: (one["text"], one["template"]) for one in sent}
            assert said == {number_of(number): ("Sedang dikerjakan", None) for number, _ in enumerate(OPEN, 1)}
            assert sent[0]["choices"] == [{"id": "1", "label": "Ya"}, {"id": "2", "label": "Tidak"}]
            assert left(gateway) == []


async def test_later_it_is_said_by_an_approved_text(tmp_path: Path) -> None:
    async with provider("approved") as (sent, channel):
        loaded = settings_in(tmp_path, channel)
        owed = [one for one in SHUT.values() if one.state is ReplyState.DUE]
        await owe(loaded, *owed)
        async with running(loaded) as gateway:
            await settled(gateway)
            said = {one["to"]: one["template"] for one in sent}
            assert said == {number_of(number): "moved" for number, _ in enumerate(owed, 1)}


async def test_where_there_are_none_each_is_left_to_a_person(tmp_path: Path) -> None:
    async with provider("window") as (sent, channel):
        loaded = settings_in(tmp_path, channel)
        await owe(loaded, *SHUT.values())
        async with running(loaded) as gateway:
            await settled(gateway)
            codes = [f"KNL-{number}" for number, _ in enumerate(SHUT, 1)]
            assert sorted(left(gateway)) == [(f"unsent: moved {code}", code) for code in codes]
            assert (sent, {row["state"] for row in gateway.all("replies")}) == ([], {"failed"})
            assert "wrote too long ago" in gateway.all("replies")[0]["error"]
            assert gateway.app.channels["meta"].state == "ok", "nothing was heard of the provider"


async def test_or_said_at_the_other_address_and_if_that_fails_left_to_a_person(tmp_path: Path) -> None:
    async with provider("window") as (sent, channel), kannel() as (server, out):
        loaded = settings_in(tmp_path, channel, out, fall_back=["sms"])
        server.answers = [ACCEPTED, (400, "no such number")]
        await owe(loaded, *[Owed(talk=1.1, also=True)] * 2)
        async with running(loaded) as gateway:
            await settled(gateway)
            assert (sent, server.sent) == ([], [(RINA, "Sedang dikerjakan")] * 2)
            assert [row["channel"] for row in gateway.views.talks(mode=TalkMode.PERSON)] == ["meta"]


async def test_an_answer_that_comes_too_late_is_said_nowhere_else_but_left_to_a_person(tmp_path: Path) -> None:
    async with provider("window") as (_, channel), kannel() as (server, out):
        loaded = settings_in(tmp_path, channel, out, fall_back=["sms"])
        await owe(loaded, Owed(talk=1.1, also=True, is_answer=True))
        async with running(loaded) as gateway:
            await settled(gateway)
            assert (server.sent, left(gateway)) == ([], [("unsent: moved KNL-1", "KNL-1")])


async def test_news_that_a_provider_refuses_are_left_to_a_person_once(tmp_path: Path) -> None:
    """Also where nobody ever talked with the bot; but not what was answered, for who is not answered writes again."""
    async with kannel() as (server, out), running(settings_in(tmp_path, out)) as gateway:
        server.answers = [(400, "no such number")] * 3
        await gateway.send(sms("m1", FLOOD))
        await settled(gateway)
        (code,) = (row["code"] for row in gateway.all("cases"))
        assert (gateway.replies(), left(gateway)) == ([("received", "failed")], [])
        for count, status in enumerate(("koordinasi", "proses"), 1):
            await control.ask(gateway.folder, "move", {"code": code, "status": status, "actor": "camat"})
            await settled(gateway)
            assert gateway.replies()[1:] == [("moved", "failed")] * count
            assert left(gateway) == [(f"unsent: moved {code}", code)]


async def test_who_writes_again_is_told_what_could_not_be_told_and_the_bot_goes_on(tmp_path: Path) -> None:
    async with provider("window") as (sent, channel):
        loaded = settings_in(tmp_path, channel)
        await owe(loaded, Owed(talk=1.1))
        async with running(loaded) as gateway:
            await settled(gateway)
            assert (sent, len(left(gateway))) == ([], 1)
            await write(gateway, "status")
            await settled(gateway)
            assert (left(gateway), sent[0]["text"], len(sent) > 1) == ([], "Sedang dikerjakan", True)


async def test_who_writes_in_public_can_be_written_to_in_private_no_sooner(tmp_path: Path) -> None:
    async with provider("window") as (_, channel), running(settings_in(tmp_path, channel)) as gateway:
        await write(gateway, FLOOD, public=True, conversation="post-1")
        contact = contact_of(gateway.app.store.vault.lookup, Address("phone", number_of(1)))
        prepared = gateway.app.store.talk(talk_id(gateway.app.store.vault.lookup, "meta", contact.id, ""))
        assert prepared and prepared.heard_at == 0


async def write(gateway: Running, text: str, **fields: Any) -> None:
    message = Message(id=text, channel="meta", sender=Address("phone", number_of(1)), text=text, **fields)
    assert (await gateway.ask("/in/meta/", "POST", data=msgspec.json.encode(message))).status == 200
    await gateway.settled()
