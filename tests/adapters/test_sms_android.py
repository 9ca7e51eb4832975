"""The SMS channel with provider = "android": webhooks as the app documents them, and a server that answers like it."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    Address,
    ChannelDown,
    Delivery,
    Receipt,
    Reply,
    RequestRefused,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from tests.adapters.sms_provider import Heard, posted, provider

SECRET = "rahasia-jalur-sms"
KEY = "kunci-tanda-tangan"
CITIZEN = "+628111000001"
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "android"
SETTINGS: Mapping[str, Any] = {
    "provider": "android",
    "number": "08111272206",
    "secret": SECRET,
    "signing_key": KEY,
    "username": "kanal",
    "password": "rahasia-ponsel",
}
REPLY = Reply(id="r-é:1", channel="sms", to=Address("phone", CITIZEN), text="Terima kasih. Kode laporan: KNL-7F3K-92QX")
STATE = {"id": "…", "state": "Pending", "isHashed": False, "isEncrypted": False, "recipients": []}
ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (202, json.dumps(STATE)),
    "throttled": (429, ""),
    "down": (500, '{"message": "Internal server error"}'),
    "unauthorized": (401, "Unauthorized"),
    "refused": (400, json.dumps({"message": f"invalid phone number {CITIZEN}"})),
}


def signed(request: WebRequest, key: str = KEY, late: timedelta = timedelta()) -> WebRequest:
    stamp = str(int((RECEIVED_AT - late).timestamp()))
    signature = hmac.new(key.encode(), request.body + stamp.encode(), hashlib.sha256).hexdigest()
    headers = {**request.headers, "X-Signature": signature, "X-Timestamp": stamp}
    return msgspec.structs.replace(request, headers=headers)


def webhook(name: str = "received", kind: str = "mo", **payload: Any) -> WebRequest:
    """A recorded webhook, some of its payload changed."""
    told = json.loads((PAYLOADS / f"{name}.json").read_bytes())
    body = json.dumps({**told, "payload": {**told["payload"], **payload}}).encode()
    return posted(f"{SECRET}/{kind}", body, "application/json", peer="203.0.113.9")


GENUINE = signed(webhook())


def android(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
@pytest.mark.threat("P0-17")
class TestAndroid(AdapterContract):
    adapter = Sms
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = GENUINE
    refused = {
        "forged secret": msgspec.structs.replace(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged signature": signed(webhook(), "kunci-lain"),
        "forged body": msgspec.structs.replace(GENUINE, body=GENUINE.body.replace(b"Banjir", b"Tsunami")),
        "forged stamp": msgspec.structs.replace(GENUINE, headers={**GENUINE.headers, "X-Timestamp": "1795361929"}),
        "unproven": webhook(),
        "unproven, not ASCII": msgspec.structs.replace(GENUINE, headers={**GENUINE.headers, "X-Signature": "é"}),
        "stale": signed(webhook(), late=timedelta(minutes=6)),
        "stale, from the future": signed(webhook(), late=timedelta(minutes=-6)),
    }
    signs_time = True
    refused_settings = {
        "no signing key": {"signing_key": None},
        "a fourth SIM": {"sim": 4},
        "sending without password": {"send_url": "http://127.0.0.1:8080/messages", "password": None},
    }
    reply = REPLY
    outcomes = ("ok", "throttled", "down", "unauthorized", "refused")

    def prove(self, request: WebRequest) -> WebRequest:
        return signed(request)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with provider(*ANSWERS[outcome]) as (url, _):
            yield {"send_url": f"{url}/messages"}


def delivery_of(request: WebRequest) -> Delivery:
    (delivery,) = android().receive(signed(request)).deliveries
    return delivery


def test_the_phones_own_addresses_count_where_they_are_told() -> None:
    assert delivery_of(webhook())
    with pytest.raises(RequestRefused):
        android(allow=["192.168.1.0/24"]).receive(GENUINE)


def test_what_comes_again_has_the_same_id_whatever_the_app_calls_it() -> None:
    first = delivery_of(webhook())
    assert first.id == delivery_of(webhook(messageId="another")).id
    assert first.id == delivery_of(webhook(receivedAt="2026-11-22T23:38:49.000+08:00")).id
    assert CITIZEN not in first.id


@pytest.mark.parametrize(
    "change",
    [{"message": "2"}, {"phoneNumber": "+628111000002"}, {"receivedAt": "2026-11-22T22:38:50.000+07:00"}],
)
def test_another_sender_text_or_time_is_another_sms_though_its_id_is_the_same(change: dict[str, str]) -> None:
    assert delivery_of(webhook()).id != delivery_of(webhook(**change)).id


def test_each_state_of_a_reply_is_told_once() -> None:
    ids = [delivery_of(webhook(name, "dlr")).id for name in ("sent", "delivered", "failed", "sent")]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(webhook("sent", "mo"), 404, id="a report where SMS belong"),
        pytest.param(webhook("received", "dlr"), 404, id="an SMS where reports belong"),
        pytest.param(webhook(phoneNumber=" "), 400, id="no sender"),
        pytest.param(posted(f"{SECRET}/mo", b"[]", "application/json"), 400, id="no object"),
        pytest.param(posted(f"{SECRET}/mo", b"[" * 60_000, "application/json"), 400, id="deep"),
    ],
)
def test_other_webhooks_are_refused(request_: WebRequest, status: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        android().receive(signed(request_))
    assert caught.value.status == status


@given(st.binary(max_size=200) | st.dictionaries(st.text(), st.text() | st.none()).map(msgspec.json.encode))
def test_any_bytes_are_parsed_or_unreadable(body: bytes) -> None:
    for path in ("mo", "dlr"):
        delivery = Delivery(id="1", channel="sms", received_at=RECEIVED_AT, body=body, headers={"path": path})
        with pytest.raises(Unreadable):
            android().parse(delivery)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["message", "receivedAt", "simNumber"], st.text() | st.none() | st.integers())
    )
)
def test_any_sms_with_a_sender_is_kept(payload: dict[str, Any]) -> None:
    (event,) = android().parse(delivery_of(webhook(**payload)))
    assert msgspec.json.encode(event)


@asynccontextmanager
async def phone(status: int, body: str, **changes: Any) -> AsyncIterator[tuple[Sms, list[Heard]]]:
    """A channel and the phone that it sends through."""
    answering = provider(status, body, Location="/")
    async with answering as (url, heard), opened(android(send_url=f"{url}/messages", **changes)) as adapter:
        yield adapter, heard


async def test_a_reply_goes_with_an_id_of_ours_and_by_the_numbers_sim() -> None:
    async with phone(*ANSWERS["ok"], sim=2) as (adapter, heard):
        receipts = [await adapter.send(REPLY) for _ in range(2)]
    sent = json.loads(heard[0].body)
    assert heard[0].body == heard[1].body
    assert receipts == [Receipt(external_id=sent.pop("id"), spent={"segment": 1})] * 2
    assert sent == {
        "textMessage": {"text": REPLY.text},
        "phoneNumbers": [CITIZEN],
        "withDeliveryReport": True,
        "simNumber": 2,
    }
    assert heard[0].headers["Authorization"] == f"Basic {b64encode(b'kanal:rahasia-ponsel').decode()}"
    assert len(receipts[0].external_id or "") <= 36


async def test_a_reply_that_is_there_already_was_sent() -> None:
    async with phone(409, '{"message": "duplicate id"}') as (adapter, _):
        assert (await adapter.send(REPLY)).external_id


@pytest.mark.parametrize("answer", [(200, "<html>Sign in</html>"), (302, ""), (200, "[]"), (404, "")])
async def test_only_its_own_word_means_sent(answer: tuple[int, str]) -> None:
    async with phone(*answer) as (adapter, heard):
        with pytest.raises(ChannelDown):
            await adapter.send(REPLY)
    assert len(heard) == 1


async def test_check_asks_for_the_webhooks_and_tells_of_a_wrong_password() -> None:
    async with phone(200, "[]") as (adapter, heard):
        await adapter.check()
    assert [(one.method, one.path) for one in heard] == [("GET", "/webhooks")]
    async with phone(*ANSWERS["unauthorized"]) as (adapter, _):
        with pytest.raises(Unauthorized):
            await adapter.check()
