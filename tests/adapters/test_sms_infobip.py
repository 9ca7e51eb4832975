"""Infobip as an SMS channel: the user and password it shows, recorded payloads, a server that answers as it does."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import ChannelDown, ChannelError, Message, Receipt, RecipientGone, Refused, Unauthorized, WebRequest
from adapters.sms import Sms
from adapters.testing import opened, settings_of
from tests.adapters.sms_contract import REPLY, SmsContract, changed, read, status_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
HEADER = "Basic " + base64.b64encode(b"infobip:rahasia-panggilan").decode()
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "infobip"
JSON = "application/json"
SETTINGS: Mapping[str, Any] = {
    "provider": "infobip",
    "number": "628151708",
    "secret": SECRET,
    "keywords": ["LAPOR"],
    "password": "kunci-api",
    "signing_key": HEADER,
    "callback_url": "https://kanal.example.go.id/in/sms",
}


def answer(group: str = "PENDING", name: str = "PENDING_ACCEPTED", identity: str | None = "a-6f3c") -> str:
    status = {"groupId": 1, "groupName": group, "id": 26, "name": name, "description": "to +628111000001"}
    taken = {"messageId": identity, "status": status, "destination": "628111000001", "details": {"messageCount": 1}}
    return json.dumps({"bulkId": "2034072219640523072", "messages": [taken]})


def exception(code: str) -> str:
    return json.dumps({"requestError": {"serviceException": {"messageId": code, "text": "…"}}})


ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (200, answer()),
    "throttled": (429, exception("TOO_MANY_REQUESTS")),
    "down": (500, exception("GENERAL_ERROR")),
    "unauthorized": (401, exception("UNAUTHORIZED")),
    "refused": (400, exception("BAD_REQUEST")),
    "gone": (200, answer("REJECTED", "REJECTED_DESTINATION")),
}


def recorded(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def shown(name: str, path: str = "mo", header: str = HEADER) -> WebRequest:
    return posted(f"{SECRET}/{path}", recorded(name), JSON, peer="203.0.113.7", Authorization=header)


def infobip(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


GENUINE = shown("several")
FAILURES: Mapping[str, tuple[int, str, type[ChannelError]]] = {
    "blocklisted": (200, answer("REJECTED", "REJECTED_DESTINATION_BLOCKLISTED"), RecipientGone),
    "no credit": (200, answer("REJECTED", "REJECTED_NOT_ENOUGH_CREDITS"), Unauthorized),
    "our number": (200, answer("REJECTED", "REJECTED_SOURCE"), Unauthorized),
    "no credit, by HTTP": (402, "", Unauthorized),
    "flooding": (200, answer("REJECTED", "REJECTED_FLOODING_FILTER"), Refused),
    "forbidden": (403, exception("FORBIDDEN"), Unauthorized),
    "no id": (200, answer(identity=None), ChannelDown),
    "nothing": (200, '{"messages": []}', ChannelDown),
    "somebody else's page": (200, "<html>", ChannelDown),
}


@pytest.mark.threat("P0-15", "P0-17")
class TestInfobip(SmsContract):
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = GENUINE
    refused = {
        "forged secret": changed(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged password": shown("sms", header="Basic " + base64.b64encode(b"infobip:lain").decode()),
        "forged header outside ASCII": shown("sms", header="Basic é"),
        "unproven": posted(f"{SECRET}/mo", recorded("sms"), JSON),
    }
    refused_settings = {"no header": {"signing_key": None}}
    answers = ANSWERS
    failures = FAILURES
    checked = (200, '{"balance": 47.79}')


def test_each_sms_of_a_request_has_its_own_id_however_they_are_bundled() -> None:
    (delivery,) = infobip().receive(GENUINE).deliveries
    (alone,) = infobip().receive(shown("sms")).deliveries
    bundled, single = infobip().parse(delivery), infobip().parse(alone)
    assert isinstance(bundled[0], Message) and isinstance(single[0], Message)
    assert bundled[0].id == single[0].id == "817790313235066447"
    assert len({message.id for message in bundled if isinstance(message, Message)}) == 3


def test_an_emoji_cut_in_two_loses_no_other_sms_of_the_request() -> None:
    cut = msgspec.structs.replace(GENUINE, body=GENUINE.body.replace(b'"text": "', b'"text": "\\ud83d', 1))
    assert cut.body != GENUINE.body
    (delivery,) = infobip().receive(cut).deliveries
    texts = [message.text for message in infobip().parse(delivery) if isinstance(message, Message)]
    assert len(texts) == 3 and texts[0].startswith("?")


def test_sms_without_ids_are_kept_apart() -> None:
    told = json.loads(recorded("several"))
    for result in told["results"]:
        del result["messageId"]
    events = read(infobip(), "mo", json.dumps(told).encode(), JSON) or ()
    assert len({event.id for event in events if isinstance(event, Message)}) == 3


def test_both_headers_hold_while_one_replaces_the_other() -> None:
    both = infobip(signing_key="Basic baru", former_signing_key=HEADER)
    assert status_of(both, GENUINE) == status_of(both, shown("sms", header="Basic baru")) == 200


REFUSED = {
    "no results": b'{"results": [], "messageCount": 0}',
    "results of nobody": b'{"results": [{"text": "Banjir"}]}',
    "results that are none": b'{"results": "Banjir"}',
    "no object": b"7",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_brings_nothing_is_refused(body: bytes) -> None:
    assert status_of(infobip(), changed(GENUINE, body=body)) == 400
    assert status_of(infobip(), changed(GENUINE, body=body, path=f"{SECRET}/dlr")) == 400


async def sent(told: tuple[int, str], **changes: Any) -> tuple[Receipt, Any]:
    async with provider(*told) as (url, heard), opened(infobip(send_url=url, **changes)) as adapter:
        receipt = await adapter.send(REPLY)
    (request,) = heard
    assert (request.method, request.path) == ("POST", "/sms/3/messages")
    return receipt, request


async def test_a_reply_as_infobip_gets_it() -> None:
    receipt, request = await sent(ANSWERS["ok"])
    assert receipt == Receipt("a-6f3c", spent={"segment": 1})
    assert request.headers["Authorization"] == "App kunci-api"
    assert json.loads(request.body) == {
        "messages": [
            {
                "sender": "628151708",
                "destinations": [{"to": "628111000001", "messageId": "a-6f3c"}],
                "content": {"text": REPLY.text},
                "webhooks": {
                    "delivery": {
                        "url": f"https://kanal.example.go.id/in/sms/{SECRET}/dlr",
                        "intermediateReport": True,
                    }
                },
            }
        ]
    }


async def test_a_user_and_password_instead_of_a_key() -> None:
    _, request = await sent(ANSWERS["ok"], username="kanal", callback_url=None)
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"kanal:kunci-api").decode()
    assert "webhooks" not in json.loads(request.body)["messages"][0]


async def test_what_infobip_has_had_before_is_sent_already_and_costs_nothing_again() -> None:
    receipt, _ = await sent((200, answer("REJECTED", "REJECTED_DUPLICATE_MESSAGE_ID")))
    assert receipt == Receipt("a-6f3c")


PLAIN = st.none() | st.booleans() | st.integers() | st.text()
NAMES = ["messageId", "from", "text", "receivedAt", "message", "contentType", "url", "status", "groupName", "name"]
RESULTS = st.dictionaries(
    st.sampled_from(NAMES), PLAIN | st.lists(st.dictionaries(st.sampled_from(NAMES), PLAIN)) | st.lists(PLAIN)
)


@given(
    st.binary(max_size=300) | st.lists(RESULTS | PLAIN).map(lambda results: msgspec.json.encode({"results": results})),
    st.sampled_from(["mo", "dlr"]),
)
def test_anything_is_parsed_or_unreadable_and_taken_or_refused(body: bytes, path: str) -> None:
    assert msgspec.json.encode(read(infobip(), path, body, JSON))
    assert status_of(infobip(), changed(GENUINE, body=body, path=f"{SECRET}/{path}")) in {200, 400}
