"""The SMS channel with a real Kannel between it and a handset."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import adapters.sms
from adapters import (
    Address,
    ChannelDown,
    Delivered,
    Delivery,
    Message,
    Reply,
    Status,
    Unauthorized,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import opened, settings_of
from normalizer.words import gsm7
from tests.adapters.kannel import Kannel

SECRET = "rahasia-jalur-sms"
CITIZEN = "+628111000001"
LONG = "Banjir di Jl. Kemang Raya sejak pagi, air setinggi lutut. " * 6
#: All that the alphabet has but line ends and form feed, at which the fake SMSC's own protocol ends a message.
ALPHABET = "".join(char for char in map(chr, range(0x10000)) if gsm7.fits(char) and char not in "\n\r\f")


@dataclass
class Line:
    """A channel and the Kannel it is connected to; `outages` requests are answered with 503 before any is taken."""

    kannel: Kannel
    adapter: Sms
    deliveries: list[Delivery] = field(default_factory=list)
    outages: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        response = self.adapter.receive(await web_request(request))
        if self.outages:
            self.outages -= 1
            return web.Response(status=503)
        self.deliveries += response.deliveries
        return web.Response(status=response.response.status, body=response.response.body)

    @property
    def messages(self) -> list[Message]:
        return [event for event in self._events() if isinstance(event, Message)]

    @property
    def statuses(self) -> list[Status]:
        return [event for event in self._events() if isinstance(event, Status)]

    def _events(self) -> list[object]:
        return [event for delivery in self.deliveries for event in self.adapter.parse(delivery)]


async def web_request(request: web.Request) -> WebRequest:
    return WebRequest(
        method=request.method,
        path=request.match_info["path"],
        public_url=str(request.url),
        headers=request.headers,
        query=request.rel_url.raw_query_string,
        body=await request.read(),
        peer=request.remote or "",
        received_at=datetime.now(UTC),
    )


@asynccontextmanager
async def line(folder: Path, *, password: str = Kannel.password, **kannel: str) -> AsyncIterator[Line]:
    """Kannel set up with the get-url of the documentation."""
    documented = re.search(r'get-url = "…/SECRET/(.+)"', adapters.sms.__doc__ or "")
    assert documented is not None
    connected: list[Line] = []

    async def receive(request: web.Request) -> web.Response:
        return await connected[0].receive(request)

    app = web.Application()
    app.router.add_get("/in/sms/{path:.*}", receive)
    async with TestServer(app) as server:
        public = str(server.make_url("/in/sms"))
        with Kannel(folder, get_url=f"{public}/{SECRET}/{documented[1]}", **kannel) as running:
            settings = {
                "number": "1708",
                "secret": SECRET,
                "send_url": running.sendsms_url,
                "username": running.username,
                "password": password,
                "callback_url": public,
            }
            async with opened(Sms(settings_of(Sms, settings))) as adapter:
                connected.append(Line(running, adapter))
                yield connected[0]


async def until(ready: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.02)


def reply(text: str, number: int = 1) -> Reply:
    return Reply(id=f"sms:balasan-{number}", channel="sms", to=Address("phone", CITIZEN), text=text)


async def test_an_sms_arrives_once_with_its_words_and_is_not_answered_by_kannel(tmp_path: Path) -> None:
    async with line(tmp_path) as sms:
        sms.kannel.handset_sends(CITIZEN, "1708", "Banjir & macet = 50% + naik")
        sms.kannel.handset_sends(CITIZEN, "1708", "Banjir 😢 di Jl. Ké")
        for number in (1, 2, 3):
            sms.kannel.handset_sends(CITIZEN, "1708", f"bagian-{number}-", udh=bytes([5, 0, 3, 0xCC, 3, number]))
        await until(lambda: len(sms.messages) == 3)
        await asyncio.sleep(1)
        texts = ["Banjir & macet = 50% + naik", "Banjir 😢 di Jl. Ké", "bagian-1-bagian-2-bagian-3-"]
        assert sorted(message.text for message in sms.messages) == sorted(texts)
        assert {message.sender for message in sms.messages} == {Address("phone", CITIZEN)}
        assert len({message.id for message in sms.messages}) == 3
        assert all(message.sent_at and not message.part and not message.doubts for message in sms.messages)
        assert sms.kannel.handset_texts() == []


async def test_parts_that_kannel_does_not_join_are_told_apart(tmp_path: Path) -> None:
    async with line(tmp_path, core="sms-combine-concatenated-mo = false") as sms:
        for number in (1, 2):
            sms.kannel.handset_sends(CITIZEN, "1708", f"bagian-{number}-", udh=bytes([5, 0, 3, 0xCC, 2, number]))
        await until(lambda: len(sms.messages) == 2)
        parts = {message.text: message.part for message in sms.messages}
        first, second = parts["bagian-1-"], parts["bagian-2-"]
        assert first is not None and second is not None
        assert first.reference == second.reference
        assert (first.number, second.number, first.of) == (1, 2, 2)


async def test_what_we_could_not_keep_comes_again_with_the_same_id(tmp_path: Path) -> None:
    async with line(tmp_path) as sms:
        sms.outages = 2
        sms.kannel.handset_sends(CITIZEN, "1708", "Banjir")
        await until(lambda: len(sms.messages) == 1)
        assert sms.outages == 0
        assert sms.messages[0].text == "Banjir"
        assert sms.kannel.handset_texts() == []


@pytest.mark.parametrize(
    ("service", "texts"),
    [
        pytest.param("omit-empty = true", [], id="omit-empty silences an empty answer"),
        pytest.param("max-messages = 2", ["<Empty reply from service provider>"], id="Kannel's default does not"),
    ],
)
async def test_what_kannel_makes_of_our_answer(tmp_path: Path, service: str, texts: list[str]) -> None:
    async with line(tmp_path, service=service) as sms:
        sms.kannel.handset_sends(CITIZEN, "1708", "Banjir")
        await until(lambda: len(sms.messages) == 1)
        await until(lambda: len(sms.kannel.handset_texts()) >= len(texts))
        await asyncio.sleep(1)
        assert sms.kannel.handset_texts() == texts


async def test_replies_reach_the_handset_cost_what_was_told_and_are_reported(tmp_path: Path) -> None:
    texts = ["Terima kasih.", ALPHABET, "Terima kasih 😢 ✓", LONG, LONG + "😢", "á" * 67 + "😢" * 33, "~" * 160]
    async with line(tmp_path) as sms:
        receipts = [await sms.adapter.send(reply(text, number)) for number, text in enumerate(texts)]
        costs = [receipt.spent["segment"] for receipt in receipts]
        await until(lambda: len(sms.kannel.handset_received()) >= sum(costs))
        await until(lambda: len(sms.statuses) >= 2 * len(texts))
        assert sms.kannel.handset_texts() == texts
        assert len(sms.kannel.handset_received()) == sum(costs)
        assert {message.to for message in sms.kannel.handset_received()} == {CITIZEN}
        states = {(status.reply, status.state) for status in sms.statuses}
        both = (Delivered.SENT, Delivered.DELIVERED)
        assert states == {(reply("", number).id, state) for number in range(len(texts)) for state in both}


async def test_a_wrong_password_is_told_by_check_and_by_send(tmp_path: Path) -> None:
    async with line(tmp_path, password="salah") as sms:
        with pytest.raises(Unauthorized):
            await sms.adapter.check()
        with pytest.raises(Unauthorized):
            await sms.adapter.send(reply("Terima kasih."))


async def test_check_sends_nothing_and_a_stopped_kannel_is_down(tmp_path: Path) -> None:
    async with line(tmp_path) as sms:
        await sms.adapter.check()
        await sms.adapter.send(reply("Terima kasih."))
        await until(lambda: bool(sms.kannel.handset_received()))
        assert sms.kannel.handset_texts() == ["Terima kasih."]
        await asyncio.to_thread(sms.kannel.__exit__)
        with pytest.raises(ChannelDown):
            await sms.adapter.check()
        with pytest.raises(ChannelDown):
            await sms.adapter.send(reply("Terima kasih."))


def test_without_the_packages_the_failure_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="kannel and kannel-extras"), Kannel(tmp_path, get_url="http://127.0.0.1/"):
        pass
