"""The SMS channel with provider = "gammu": a real gammu-smsd with its dummy phone, and config/examples' script."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from adapters import Address, Delivery, Message, Reply, RequestRefused
from adapters.sms import Sms
from adapters.testing import AdapterContract, settings_of
from normalizer.words import gsm7
from tests.adapters.gammu import Gammu
from tests.adapters.sms_provider import posted

SCRIPT = Path(__file__).parents[2] / "config" / "examples" / "gammu-receive.sh"
SECRET = "rahasia-jalur-sms"
CITIZEN = "+628111000001"
LONG = "Banjir 😢 setinggi lutut di Jl. Kemang Raya, arus deras & motor mogok = 50% sejak subuh, mohon pompa\nRT 3"
SETTINGS: Mapping[str, Any] = {"provider": "gammu", "number": "08111272206", "secret": SECRET}
FORM = "application/x-www-form-urlencoded"
FIELDS = {
    "DECODED_PARTS": "0",
    "SMS_1_NUMBER": CITIZEN,
    "SMS_1_TEXT": "Lampu jalan mati",
    "SMS_MESSAGES": "1",
    "id": f"IN20261122_223849_00_{CITIZEN}_00.txt",
}
GENUINE = posted(f"{SECRET}/mo", urlencode(FIELDS).encode(), FORM)


def gammu(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
@pytest.mark.threat("P0-17")
class TestGammu(AdapterContract):
    adapter = Sms
    settings = SETTINGS
    payloads = Path(__file__).parent / "payloads" / "sms" / "gammu"
    genuine = GENUINE
    refused = {
        "forged secret": msgspec.structs.replace(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged address": msgspec.structs.replace(GENUINE, peer="192.0.2.1"),
        "unproven": msgspec.structs.replace(GENUINE, path="mo"),
    }
    reply = Reply(id="r:1", channel="sms", to=Address("phone", CITIZEN), text="Terima kasih.")
    outcomes = ("refused",)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        yield {}


def test_it_takes_no_replies_and_brings_no_reports() -> None:
    settings = {"send_url": "http://127.0.0.1/", "username": "kanal", "password": "rahasia-gammu"}
    assert not gammu(**settings).can_send()
    with pytest.raises(RequestRefused) as caught:
        gammu().receive(msgspec.structs.replace(GENUINE, path=f"{SECRET}/dlr"))
    assert caught.value.status == 404


def id_of(**changes: str) -> str:
    request = msgspec.structs.replace(GENUINE, body=urlencode({**FIELDS, **changes}).encode())
    return gammu().receive(request).deliveries[0].id


def test_files_and_what_is_in_them_make_the_id() -> None:
    assert id_of() == id_of()
    assert CITIZEN not in id_of()
    assert len({id_of(), id_of(id="12"), id_of(id="12", SMS_1_TEXT="2"), id_of(id=""), id_of(id="")}) == 5


def test_times_are_those_of_the_machine_with_the_modem() -> None:
    (delivery,) = gammu().receive(GENUINE).deliveries
    (message,) = gammu(timezone="Asia/Jayapura").parse(delivery)
    assert isinstance(message, Message)
    assert message.sent_at == datetime(2026, 11, 22, 13, 38, 49, tzinfo=UTC)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys([*FIELDS.keys() - {"SMS_1_NUMBER"}, "DECODED_1_TEXT"], st.text()))
)
def test_any_sms_with_a_sender_is_kept(fields: dict[str, str]) -> None:
    adapter = gammu()
    body = urlencode({"SMS_1_NUMBER": CITIZEN, **fields}, errors="replace").encode()
    (delivery,) = adapter.receive(msgspec.structs.replace(GENUINE, body=body)).deliveries
    (event,) = adapter.parse(delivery)
    assert isinstance(event, Message)


@dataclass
class Channel:
    """A channel on a free port that refuses while it is `closed`."""

    address: Path
    spool: Path
    closed: bool = False
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "KANAL_SPOOL": str(self.spool)}

    @property
    def messages(self) -> list[Message]:
        events = [event for delivery in self.deliveries for event in gammu().parse(delivery)]
        return [event for event in events if isinstance(event, Message)]

    async def receive(self, request: web.Request) -> web.Response:
        said = posted(request.match_info["path"], await request.read(), request.content_type)
        if self.closed:
            return web.Response(status=503)
        self.deliveries += gammu().receive(said).deliveries
        return web.Response()


@asynccontextmanager
async def channel(folder: Path) -> AsyncIterator[Channel]:
    made = Channel(folder / "address", folder / "spool")
    app = web.Application()
    app.router.add_post("/in/sms/{path:.*}", made.receive)
    async with TestServer(app) as server:
        made.address.write_text(f"{server.make_url('/in/sms')}/{SECRET}/mo\n")
        yield made


async def until(ready: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not ready():
            await asyncio.sleep(0.02)


async def test_what_the_phone_receives_arrives_whole(tmp_path: Path) -> None:
    async with channel(tmp_path) as made:
        with Gammu(tmp_path, run=f"{SCRIPT} {made.address}", environment=made.environment) as modem:
            await asyncio.to_thread(modem.phone_receives, CITIZEN, "Lampu jalan mati $(id) `id` \"'")
            await asyncio.to_thread(modem.phone_receives, CITIZEN, LONG)
            await asyncio.to_thread(modem.start)
            await until(lambda: len(made.messages) == 2)
        assert sorted(message.text for message in made.messages) == sorted([LONG, "Lampu jalan mati $(id) `id` \"'"])
        assert {message.sender for message in made.messages} == {Address("phone", CITIZEN)}
        assert all(message.sent_at for message in made.messages)
        assert list(made.spool.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 160, id="160 letters"),
        pytest.param("a" * 161, id="161 letters"),
        pytest.param("a" * 307, id="307 letters"),
        pytest.param("€" * 81, id="81 extended"),
        pytest.param("a" * 152 + "~" + "b" * 160, id="an escape pair where parts meet"),
        pytest.param("á" * 70, id="70 UCS-2"),
        pytest.param("á" * 135, id="135 UCS-2"),
        pytest.param("😢" * 67, id="a surrogate pair where parts meet"),
    ],
)
def test_segments_are_counted_as_gammu_counts_them(tmp_path: Path, text: str) -> None:
    with Gammu(tmp_path, environment={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}) as modem:
        assert modem.phone_receives(CITIZEN, text) == gsm7.segments(text)


async def run(made: Channel, *ids: str, **sms: str) -> int:
    command = [str(SCRIPT), str(made.address), *ids]
    finished = await asyncio.to_thread(
        subprocess.run, command, env={**made.environment, **sms}, check=False, timeout=60
    )
    return finished.returncode


async def test_what_could_not_be_brought_waits_for_the_next_one_or_for_cron(tmp_path: Path) -> None:
    first, second, third = ({**FIELDS, "SMS_1_TEXT": text} for text in ("satu", "dua", "tiga"))
    async with channel(tmp_path) as made:
        made.closed = True
        assert await run(made, "1", **first) == 1
        assert await run(made, "2", **second) == 1
        assert await run(made) == 1
        made.closed = False
        assert await run(made, "3", **third) == 0
        assert sorted(message.text for message in made.messages) == ["dua", "satu", "tiga"]
        made.closed = True
        assert await run(made, "4", **first) == 1
        made.closed = False
        assert await run(made) == 0
        assert len(made.messages) == 4
        assert list(made.spool.iterdir()) == []


async def test_nobody_else_reads_what_waits(tmp_path: Path) -> None:
    async with channel(tmp_path) as made:
        made.closed = True
        await run(made, "1", **FIELDS)
        waiting = [made.spool, *made.spool.rglob("*")]
        assert [path.stat().st_mode & 0o077 for path in waiting] == [0] * len(waiting)
        assert len(waiting) > 5
