"""8x8 as an SMS channel: the header it shows, recorded payloads, a server that answers as it does."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import ChannelDown, ChannelError, Receipt, Refused, Unauthorized, WebRequest
from adapters.sms import Sms
from adapters.testing import opened, settings_of
from tests.adapters.sms_contract import REPLY, SmsContract, changed, read, status_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
HEADER = "Bearer kunci-panggilan"
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "eightbyeight"
JSON = "application/json"
SETTINGS: Mapping[str, Any] = {
    "provider": "eightbyeight",
    "number": "628151708",
    "secret": SECRET,
    "keywords": ["LAPOR"],
    "account": "Kanal_DKI",
    "password": "kunci-api",
    "signing_key": HEADER,
    "callback_url": "https://kanal.example.go.id/in/sms",
}
UMID = "9e09ac86-bd74-5465-851d-1eb5a5fdbb9a"
OK = {
    "umid": UMID,
    "clientMessageId": "a-6f3c",
    "destination": "628111000001",
    "encoding": "GSM7",
    "status": {"state": "queued", "timestamp": "2026-11-22T15:40:00.6030893Z"},
}


def error(code: int, message: str) -> str:
    return json.dumps({"code": code, "message": message, "errorId": UMID, "timestamp": "2026-11-22T15:40:00.60Z"})


ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (200, json.dumps(OK)),
    "throttled": (429, ""),
    "down": (500, error(2000, "Internal Error")),
    "unauthorized": (401, error(1200, "Unauthorized Access")),
    "refused": (400, error(3006, "Too long text")),
    "gone": (400, error(1002, "Invalid MSISDN 628111000001")),
}


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def shown(name: str, path: str = "mo", header: str = HEADER) -> WebRequest:
    return posted(f"{SECRET}/{path}", recorded(name), JSON, peer="203.0.113.7", Authorization=header)


def eight(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


GENUINE = shown("sms")
FAILURES: Mapping[str, tuple[int, str, type[ChannelError]]] = {
    "forbidden": (403, error(1201, "Access forbidden"), Unauthorized),
    "our number": (400, error(1005, "Invalid Source"), Unauthorized),
    "the sub-account": (400, error(1001, "Illegal SubAccountId"), Unauthorized),
    "an error that is new": (400, error(9999, "New"), Refused),
    "an error that is no number": (400, '{"code": []}', Refused),
    "rejected at once": (200, json.dumps({**OK, "status": {"state": "rejected"}}), Refused),
    "no id": (200, "{}", ChannelDown),
    "somebody else's page": (200, "<html>", ChannelDown),
    "gone for good": (410, "", ChannelDown),
}


@pytest.mark.threat("P0-15", "P0-17")
class TestEightByEight(SmsContract):
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = GENUINE
    refused = {
        "forged secret": changed(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged header": shown("sms", header="Bearer kunci-lain"),
        "forged header outside ASCII": shown("sms", header="Bearer kunci-panggilaé"),
        "unproven": posted(f"{SECRET}/mo", recorded("sms"), JSON),
        "unproven by half": shown("sms", header="Bearer "),
    }
    refused_settings = {"no header": {"signing_key": None}, "sending without key": {"password": None}}
    answers = ANSWERS
    failures = FAILURES
    checked = (404, error(1300, "Not found"))


def test_one_webhook_brings_both_whatever_its_path() -> None:
    (sms,) = eight().receive(shown("sms", "dlr")).deliveries
    (report,) = eight().receive(shown("report-delivered", "mo")).deliveries
    assert [type(event).__name__ for event in eight().parse(sms)] == ["Message"]
    assert [type(event).__name__ for event in eight().parse(report)] == ["Status"]


def test_each_state_of_a_reply_is_a_delivery_of_its_own() -> None:
    names = ["report-sent", "report-at-the-operator", "report-delivered", "report-undelivered"]
    ids = [eight().receive(shown(name)).deliveries[0].id for name in names]
    assert len(set(ids)) == len(ids)
    assert eight().receive(shown("report-delivered")).deliveries[0].id == ids[2]
    assert eight().receive(GENUINE).deliveries[0].id == UMID


def test_a_query_beside_what_was_proven_says_nothing() -> None:
    assert eight().receive(changed(GENUINE, query="eventType=x")).deliveries[0].body == recorded("sms")


def test_both_headers_hold_while_one_replaces_the_other() -> None:
    both = eight(signing_key="Bearer baru", former_signing_key=HEADER)
    assert status_of(both, GENUINE) == status_of(both, shown("sms", header="Bearer baru")) == 200


REFUSED = {
    "another event": recorded("sms").replace(b"inbound_message_received", b"something_new"),
    "no id": recorded("sms").replace(b"umid", b"id"),
    "no object": b"[]",
    "a payload that is none": b'{"eventType": "inbound_message_received", "payload": "umid"}',
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    assert status_of(eight(), changed(GENUINE, body=body)) == 400


async def test_a_reply_as_8x8_gets_it() -> None:
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(eight(send_url=url)) as adapter:
        assert await adapter.send(REPLY) == Receipt(UMID, spent={"segment": 1})
    (request,) = heard
    assert (request.method, request.path) == ("POST", "/api/v1/subaccounts/Kanal_DKI/messages")
    assert request.headers["Authorization"] == "Bearer kunci-api"
    assert request.headers["Content-Type"] == JSON
    assert json.loads(request.body) == {
        "source": "628151708",
        "destination": "+628111000001",
        "text": REPLY.text,
        "encoding": "GSM7",
        "clientMessageId": "a-6f3c",
        "dlrCallbackUrl": f"https://kanal.example.go.id/in/sms/{SECRET}/dlr",
    }


async def test_an_emoji_asks_for_its_alphabet_and_an_id_too_long_stays_here() -> None:
    reply = msgspec.structs.replace(REPLY, text="Terima kasih 😢", id="a" * 51)
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(eight(send_url=url, callback_url=None)) as adapter:
        await adapter.send(reply)
    told = json.loads(heard[0].body)
    assert told["encoding"] == "UCS2"
    assert not {"clientMessageId", "dlrCallbackUrl"} & told.keys()


NAMES = ["eventType", "payload", "umid", "source", "body", "timestamp", "status", "state", "detail", "errorMessage"]
PLAIN = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner))


@given(st.binary(max_size=300) | VALUES.map(msgspec.json.encode), st.sampled_from(["mo", "dlr"]))
def test_anything_is_parsed_or_unreadable_and_taken_or_refused(body: bytes, path: str) -> None:
    assert msgspec.json.encode(read(eight(), path, body, JSON))
    assert status_of(eight(), changed(GENUINE, body=body, path=f"{SECRET}/{path}")) in {200, 400}
