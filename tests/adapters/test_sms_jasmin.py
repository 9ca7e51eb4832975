"""The SMS channel with provider = "jasmin": recorded requests, and a server that answers as Jasmin's HTTP API does."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    Address,
    ChannelDown,
    Delivered,
    Message,
    Reply,
    RequestRefused,
    Status,
    Throttled,
    Unauthorized,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import AdapterContract, opened, settings_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
CITIZEN = "+628111000001"
ID = "07033084-5cfd-4812-90a4-e4d24ffb6e3d"
SETTINGS: Mapping[str, Any] = {
    "provider": "jasmin",
    "number": "1708",
    "secret": SECRET,
    "username": "kanal",
    "password": "rahasia-jasmin",
    "callback_url": "http://127.0.0.1:8080/in/sms",
}
FIELDS = {"id": ID, "from": CITIZEN, "to": "1708", "content": "Banjir", "binary": b"Banjir".hex(), "coding": "\0"}
GENUINE = posted(f"{SECRET}/mo", urlencode(FIELDS).encode(), "application/x-www-form-urlencoded")
REPLY = Reply(id="r-é:1", channel="sms", to=Address("phone", CITIZEN), text="Terima kasih. Kode laporan: KNL-7F3K-92QX")
ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (200, f'Success "{ID}"'),
    "throttled": (403, 'Error "User throughput exceeded"'),
    "down": (500, 'Error "Cannot send submit_sm, check SMPPClientManagerPB log file for details"'),
    "unauthorized": (403, 'Error "Authentication failure for username:kanal"'),
    "refused": (400, f'Error "Argument [to] has an invalid value: [{CITIZEN}]."'),
}


def request(**changes: Any) -> WebRequest:
    return msgspec.structs.replace(GENUINE, **changes)


def jasmin(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
@pytest.mark.threat("P0-17")
class TestJasmin(AdapterContract):
    adapter = Sms
    settings = SETTINGS
    payloads = Path(__file__).parent / "payloads" / "sms" / "jasmin"
    genuine = GENUINE
    refused = {
        "forged secret": request(path="rahasia-jalur-smt/mo"),
        "forged address": request(peer="192.0.2.1"),
        "unproven": request(path="mo"),
    }
    refused_settings = {
        "sending without password": {"send_url": "http://127.0.0.1:1401/send", "password": None},
        "a zone that is none": {"timezone": "Asia/Batavia"},
    }
    reply = REPLY
    outcomes = ("ok", "throttled", "down", "unauthorized", "refused")

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with provider(*ANSWERS[outcome]) as (url, _):
            yield {"send_url": f"{url}/send"}


def test_it_is_answered_as_it_wants_by_get_and_by_post() -> None:
    by_get = request(method="GET", query=GENUINE.body.decode(), body=b"")
    received = [jasmin().receive(each) for each in (GENUINE, by_get)]
    assert {(one.response.status, one.response.body) for one in received} == {(200, b"ACK/Jasmin")}
    assert {delivery.id for one in received for delivery in one.deliveries} == {ID}


def test_a_delivery_report_has_our_id_in_its_query_and_is_one_for_each_state() -> None:
    def report(status: str) -> WebRequest:
        query = f"reply={REPLY.id.encode().hex()}"
        return request(path=f"{SECRET}/dlr", query=query, body=f"id={ID}&level=3&message_status={status}".encode())

    adapter = jasmin()
    received = [adapter.receive(report(status)) for status in ("ESME_ROK", "DELIVRD", "DELIVRD")]
    sent, delivered, again = (one.deliveries[0] for one in received)
    assert sent.id != delivered.id == again.id
    assert adapter.parse(delivered) == [Status("sms", REPLY.id, Delivered.DELIVERED)]
    assert {one.response.body for one in received} == {b"ACK/Jasmin"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("mo", b"id=1&content=Banjir", id="no sender"),
        pytest.param("mo", b"&".join(b"a%d=1" % number for number in range(99)) + b"&from=%2B6281", id="many fields"),
        pytest.param("dlr", b"id=1", id="report without status"),
    ],
)
def test_what_lacks_something_is_refused(path: str, body: bytes) -> None:
    with pytest.raises(RequestRefused) as caught:
        jasmin().receive(request(path=f"{SECRET}/{path}", body=body))
    assert caught.value.status == 400


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["content", "binary", "coding", "id"], st.text())))
def test_any_sms_with_a_sender_is_kept(fields: dict[str, str]) -> None:
    adapter = jasmin()
    body = urlencode({"from": CITIZEN, **fields}, errors="replace").encode()
    (delivery,) = adapter.receive(request(body=body)).deliveries
    (event,) = adapter.parse(delivery)
    assert isinstance(event, Message)


@pytest.mark.parametrize(
    ("text", "coding", "said", "cost"),
    [
        pytest.param("a" * 161, "0", {"content": "a" * 161}, 2, id="GSM-7"),
        pytest.param("Rp5 {€}", "0", {"content": "Rp5 {€}"}, 1, id="GSM-7, extended"),
        pytest.param("Ya 😢", "8", {"hex-content": "Ya 😢".encode("utf-16-be").hex()}, 1, id="UCS-2"),
        pytest.param("Ya \ud83d", "0", {"content": "Ya ?"}, 1, id="half a pair"),
    ],
)
async def test_a_reply_asks_for_its_alphabet_and_for_reports(
    text: str, coding: str, said: dict[str, str], cost: int
) -> None:
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(jasmin(send_url=f"{url}/send")) as adapter:
        receipt = await adapter.send(msgspec.structs.replace(REPLY, text=text))
    assert (receipt.external_id, receipt.spent) == (ID, {"segment": cost})
    assert (heard[0].method, heard[0].path, heard[0].query) == ("POST", "/send", {})
    assert heard[0].form == {
        "username": "kanal",
        "password": "rahasia-jasmin",
        "from": "1708",
        "to": CITIZEN,
        "coding": coding,
        **said,
        "dlr-url": f"http://127.0.0.1:8080/in/sms/{SECRET}/dlr?reply={REPLY.id.encode().hex()}",
        "dlr-level": "3",
        "dlr-method": "POST",
    }


async def test_without_a_callback_no_reports_are_asked_for() -> None:
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(jasmin(send_url=url, callback_url=None)) as adapter:
        await adapter.send(REPLY)
    assert [name for name in heard[0].form if name.startswith("dlr")] == []


@pytest.mark.parametrize("answer", [(200, "<html>Sign in</html>"), (302, ""), (412, 'Error "No route found"')])
async def test_only_its_own_word_means_sent(answer: tuple[int, str]) -> None:
    async with provider(*answer, Location="/send") as (url, heard), opened(jasmin(send_url=f"{url}/send")) as adapter:
        with pytest.raises(ChannelDown) as caught:
            await adapter.send(REPLY)
    assert not isinstance(caught.value, Throttled)
    assert len(heard) == 1


async def test_check_asks_for_the_balance_and_tells_of_a_wrong_password() -> None:
    answering = provider(200, '{"balance": "ND", "sms_count": "ND"}')
    async with answering as (url, heard), opened(jasmin(send_url=f"{url}/send")) as adapter:
        await adapter.check()
    assert (heard[0].path, heard[0].query) == ("/balance", {"username": "kanal", "password": "rahasia-jasmin"})
    async with provider(*ANSWERS["unauthorized"]) as (url, _), opened(jasmin(send_url=f"{url}/send")) as adapter:
        with pytest.raises(Unauthorized):
            await adapter.check()
