"""The SMS channel with provider = "mapped": config/examples/sms-dartmedia.toml, and a provider that speaks JSON."""

import hashlib
import hmac
import json
import tomllib
from base64 import b64encode
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
    Receipt,
    Reply,
    RequestRefused,
    Status,
    Throttled,
    Unauthorized,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import AdapterContract, opened, settings_of
from tests.adapters.sms_provider import Heard, posted, provider
from tests.shipped import appended, give_secrets, kanal_check

EXAMPLE = Path(__file__).parents[2] / "config" / "examples" / "sms-dartmedia.toml"
PAYLOADS = Path(__file__).parent / "payloads" / "sms"
SECRET = "rahasia-jalur-sms"
KEY = "rahasia-hub"
CITIZEN = "+628111000001"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
REPLY = Reply(id="r-é:1", channel="sms", to=Address("phone", CITIZEN), text="Terima kasih. Kode laporan: KNL-7F3K-92QX")
SHOWN = tomllib.loads(EXAMPLE.read_text())["channels"][0]
DARTMEDIA: Mapping[str, Any] = {
    **{name: value for name, value in SHOWN.items() if name not in {"name", "kind"}},
    "secret": SECRET,
    "signing_key": KEY,
    "password": "rahasia-dartmedia",
    "allow": ["127.0.0.0/8"],
    "send_url": "http://127.0.0.1/",
}
MODERN: Mapping[str, Any] = {
    "provider": "mapped",
    "number": "08111272206",
    "secret": SECRET,
    "signing_key": KEY,
    "username": "kanal",
    "password": "rahasia-modern",
    "send_url": "http://127.0.0.1/",
    "callback_url": "https://kanal.example.go.id/in/sms",
    "mapping": {
        "answer_status": 202,
        "answer_body": '{"ok": true}',
        "answer_type": JSON,
        "sms": {
            "each": "data.items",
            "sender": "from.number",
            "text": "body",
            "id": "id",
            "time": "at",
            "time_format": "milliseconds",
            "part_reference": "part.ref",
            "part_number": "part.no",
            "part_total": "part.of",
        },
        "report": {
            "each": "events",
            "status": "state.word",
            "reply": "ref",
            "reason": "state.code",
            "delivered": ["delivered"],
            "failed": ["failed*"],
        },
        "proof": {"shows": "hmac", "header": "X-Hub-Signature", "prefix": "sha512=", "algorithm": "sha512"},
        "send": {
            "format": "json",
            "headers": {"Authorization": "{basic}"},
            "fields": {
                "messages": [{"to": {"number": "{to}"}, "text": "{text}", "tags": ["{from}", 7, "{ x }"]}],
                "ours": "{reply} {short} {coding} {segments}",
                "notify": "{callback}",
            },
            "success_field": "status",
            "success": ["queued", "sent"],
            "refused": ["blocked"],
            "throttled": ["slow-down"],
            "unauthorized": ["no-credit"],
            "id": "result.0.id",
        },
    },
}


def dartmedia(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**DARTMEDIA, **changes}))


def modern(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**MODERN, **changes}))


def mapped(base: Mapping[str, Any], **tables: Any) -> dict[str, Any]:
    """The settings with some keys of the mapping's tables changed, or a whole table."""
    told = base["mapping"]
    changed = {
        name: {**told.get(name, {}), **table} if isinstance(table, dict) else table for name, table in tables.items()
    }
    return {"mapping": {**told, **changed}}


def query(name: str) -> str:
    return (PAYLOADS / "dartmedia" / f"{name}.query").read_text()


def got(text: str, kind: str = "mo", **changes: Any) -> WebRequest:
    made = posted(f"{SECRET}/{kind}", b"", "")
    return msgspec.structs.replace(made, method="GET", headers={}, query=text, **changes)


def signed(request: WebRequest, key: str = KEY) -> WebRequest:
    said = request.body or request.query.encode("utf-8", "surrogatepass")
    proof = {"X-Hub-Signature": f"sha512={hmac.new(key.encode(), said, 'sha512').hexdigest()}"}
    return msgspec.structs.replace(request, headers={**request.headers, **proof})


ONE = posted(f"{SECRET}/mo", (PAYLOADS / "mapped" / "one.json").read_bytes(), JSON, peer="203.0.113.9")


@pytest.mark.threat("P0-15")
@pytest.mark.threat("P0-17")
class TestDartMedia(AdapterContract):
    adapter = Sms
    settings = DARTMEDIA
    payloads = PAYLOADS / "dartmedia"
    genuine = got(query("received"))
    refused = {
        "forged secret": got(query("received"), path="rahasia-jalur-smt/mo"),
        "forged address": got(query("received"), peer="192.0.2.1"),
        "forged password": got(query("received").replace(KEY, "rahasia-hubb")),
        "unproven": got(query("received").replace(f"password={KEY}", "")),
    }
    refused_settings = {
        "no key": {"signing_key": None},
        "no mapping": {"mapping": None},
        "a mapping for somebody else": {"provider": "kannel"},
        "an unknown key": mapped(DARTMEDIA, sms={"sneder": "original"}),
        "a path with a hole": mapped(DARTMEDIA, sms={"text": "payload..text"}),
        "no field": mapped(DARTMEDIA, sms={"text": ""}),
        "a time of nothing": mapped(DARTMEDIA, sms={"time_format": "yyyymmdd"}),
        "a time that is not read again": mapped(DARTMEDIA, sms={"time_format": "%Q"}),
        "half a part": mapped(DARTMEDIA, sms={"part_number": "no"}),
        "a report without words": mapped(DARTMEDIA, report={"sent": [], "delivered": [], "failed": []}),
        "a token nowhere": mapped(DARTMEDIA, proof={"field": ""}),
        "a token in two places": mapped(DARTMEDIA, proof={"header": "X-Token"}),
        "an HMAC nowhere": mapped(DARTMEDIA, proof={"shows": "hmac"}),
        "half of a name and password": mapped(DARTMEDIA, proof={"shows": "basic"}),
        "no word for sent": mapped(DARTMEDIA, send={"success": []}),
        "an unknown placeholder": mapped(DARTMEDIA, send={"fields": {"to": "{recipient}"}}),
        "words in a header": mapped(DARTMEDIA, send={"headers": {"X-Text": "{text}"}}),
        "a GET with a form": mapped(DARTMEDIA, send={"format": "form"}),
        "a form with depth": mapped(DARTMEDIA, send={"fields": {"to": ["{to}"]}}),
        "sending to nowhere": {"send_url": None},
        "sending without a way": mapped(DARTMEDIA, send=None),
        "no SMS": mapped(DARTMEDIA, sms=None),
        "two ways out": {"replies_by": "zenziva"},
    }
    reply = REPLY
    outcomes = ("ok", "down", "unauthorized", "refused")

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        answers = {"ok": (200, "000"), "down": (200, "999"), "unauthorized": (200, "001"), "refused": (400, "Error")}
        async with provider(*answers[outcome]) as (url, _):
            yield {"send_url": f"{url}/APIhttpU/receive2waysms.php"}


@pytest.mark.threat("P0-15")
@pytest.mark.threat("P0-17")
class TestModern(AdapterContract):
    adapter = Sms
    settings = MODERN
    payloads = PAYLOADS / "mapped"
    genuine = signed(ONE)
    refused = {
        "forged secret": signed(msgspec.structs.replace(ONE, path="rahasia-jalur-smt/mo")),
        "forged signature": signed(ONE, "rahasia-lain"),
        "forged body": msgspec.structs.replace(signed(ONE), body=ONE.body.replace(b"Banjir", b"Tsunami")),
        "unproven": ONE,
        "unproven, without prefix": msgspec.structs.replace(ONE, headers={"X-Hub-Signature": "é"}),
    }
    reply = REPLY
    outcomes = ("ok", "throttled", "down", "unauthorized", "refused")

    def prove(self, request: WebRequest) -> WebRequest:
        return signed(request)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        words = {"ok": "sent", "throttled": "slow-down", "unauthorized": "no-credit", "refused": "blocked", "down": "?"}
        async with provider(200, json.dumps({"status": words[outcome]})) as (url, _):
            yield {"send_url": url}


def test_the_example_is_right_once_its_secrets_are_there(tmp_path: Path) -> None:
    file = appended(EXAMPLE.name, tmp_path)
    give_secrets(EXAMPLE.name, tmp_path)
    result = kanal_check(file)
    assert (result.exit_code, "no problems" in result.output) == (0, True), result.output


def test_each_gets_the_answer_that_it_wants() -> None:
    answers = [dartmedia().receive(got(query("received"))).response, modern().receive(signed(ONE)).response]
    assert [(one.status, one.body, one.content_type) for one in answers] == [
        (200, b"000", "text/plain; charset=utf-8"),
        (202, b'{"ok": true}', JSON),
    ]


def test_without_a_proof_only_this_machine_may_call_unless_networks_are_named() -> None:
    tables = mapped(DARTMEDIA, proof=None)
    assert dartmedia(**tables, allow=None).receive(got("original=0811&message=x", peer="127.0.0.1"))
    with pytest.raises(RequestRefused):
        dartmedia(**tables, allow=None).receive(got("original=0811&message=x", peer="202.43.169.11"))


PROOFS = {
    "a token in a header": ({"shows": "token", "header": "X-Token"}, KEY, {"X-Token": KEY}),
    "a bearer": (
        {"shows": "token", "header": "Authorization", "prefix": "Bearer "},
        KEY,
        {"Authorization": f"Bearer {KEY}"},
    ),
    "name and password": (
        {"shows": "basic"},
        "hub:rahasia:9",
        {"Authorization": f"Basic {b64encode(b'hub:rahasia:9').decode()}"},
    ),
    "an HMAC in base64": (
        {"shows": "hmac", "header": "X-Mac", "encoding": "base64", "algorithm": "sha1"},
        KEY,
        {"X-Mac": b64encode(hmac.new(KEY.encode(), ONE.body, "sha1").digest()).decode()},
    ),
    "an HMAC in capitals": (
        {"shows": "hmac", "header": "X-Mac"},
        KEY,
        {"X-Mac": hmac.new(KEY.encode(), ONE.body, hashlib.sha256).hexdigest().upper()},
    ),
}


@pytest.mark.threat("P0-15")
@pytest.mark.parametrize(("proof", "key", "headers"), PROOFS.values(), ids=PROOFS)
def test_proofs(proof: dict[str, str], key: str, headers: dict[str, str]) -> None:
    adapter = modern(mapping={**MODERN["mapping"], "proof": proof}, signing_key=key)
    assert adapter.receive(msgspec.structs.replace(ONE, headers=headers)).deliveries
    for forged in ({}, {name: f"{value[:-2]}x=" for name, value in headers.items()}, dict.fromkeys(headers, "")):
        with pytest.raises(RequestRefused) as caught:
            adapter.receive(msgspec.structs.replace(ONE, headers=forged))
        assert caught.value.status == 403


def test_what_a_signature_does_not_cover_does_not_count() -> None:
    adapter = dartmedia(mapping={**DARTMEDIA["mapping"], "proof": MODERN["mapping"]["proof"]})
    form = posted(f"{SECRET}/dlr", b"status=10&messageid=ours", FORM)
    added = msgspec.structs.replace(signed(form), query=f"reply={b'another'.hex()}")
    (delivery,) = adapter.receive(added).deliveries
    assert adapter.parse(delivery) == [Status("sms", "ours", Delivered.DELIVERED)]


def test_a_list_is_the_same_when_it_comes_again_and_loses_only_what_is_nobodys() -> None:
    items = [{"n": CITIZEN, "t": "satu"}, {"t": "nobody's"}, 7, {"n": CITIZEN, "t": "dua"}]
    request = signed(posted(f"{SECRET}/mo", json.dumps(items).encode(), "text/plain"))
    adapter = modern(mapping={**MODERN["mapping"], "sms": {"each": ".", "sender": "n", "text": "t"}})
    first, second = (adapter.receive(request).deliveries[0] for _ in range(2))
    assert first == second
    messages = [event for event in adapter.parse(first) if isinstance(event, Message)]
    assert [message.text for message in messages] == ["satu", "dua"]
    assert len({message.id for message in messages}) == 2


def ids(text: str, times: int = 2) -> list[str]:
    return [dartmedia().receive(got(f"password={KEY}&{text}")).deliveries[0].id for _ in range(times)]


def test_the_providers_id_or_else_who_when_and_what_makes_one() -> None:
    assert ids("original=0811&message=x&messageid=foo") == ["foo", "foo"]
    derived = "original=0811&message=x&date=20261122223849"
    assert len({*ids(derived)}) == 1
    assert {*ids(derived)} != {*ids(derived.replace("=x", "=y"))}
    assert len({*ids("original=0811&message=2")}) == 2


def test_a_report_is_one_for_each_state() -> None:
    def report(status: str) -> str:
        return dartmedia().receive(got(f"password={KEY}&messageid=a&status={status}", "dlr")).deliveries[0].id

    assert report("10") == report("10") != report("20")


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        pytest.param("message=x", "mo", 400, id="no sender"),
        pytest.param("status=10", "dlr", 400, id="report without reply"),
        pytest.param("messageid=a", "dlr", 400, id="report without status"),
        pytest.param("&".join(f"a{number}=1" for number in range(99)), "mo", 400, id="many fields"),
    ],
)
def test_what_lacks_something_is_refused(text: str, kind: str, status: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        dartmedia().receive(got(f"password={KEY}&{text}", kind))
    assert caught.value.status == status


def test_others_may_bring_the_sms_or_take_the_replies() -> None:
    only_out = {name: table for name, table in DARTMEDIA["mapping"].items() if name == "send"}
    by_modem = dartmedia(provider="gammu", replies_by="mapped", mapping=only_out, allow=None)
    assert by_modem.can_send()
    with pytest.raises(RequestRefused):
        by_modem.receive(posted(f"{SECRET}/mo", b"SMS_1_NUMBER=0811", FORM, peer="203.0.113.9"))
    by_another = dartmedia(replies_by="zenziva", **mapped(DARTMEDIA, send=None))
    assert by_another.can_send()
    assert by_another.receive(got(query("received"))).deliveries


def test_reports_that_no_mapping_knows_are_refused() -> None:
    with pytest.raises(RequestRefused) as caught:
        dartmedia(**mapped(DARTMEDIA, report=None)).receive(got(query("report-sent") + f"&password={KEY}", "dlr"))
    assert caught.value.status == 404


NESTED = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: (
        st.dictionaries(st.sampled_from(["data", "items", "from", "number", "body"]), inner) | st.lists(inner)
    ),
    max_leaves=5,
)


@given(st.binary(max_size=200) | NESTED.map(msgspec.json.encode))
def test_any_json_is_refused_or_kept_and_then_read(body: bytes) -> None:
    adapter = modern()
    try:
        received = adapter.receive(signed(posted(f"{SECRET}/mo", body, JSON)))
    except RequestRefused as refusal:
        assert refusal.status == 400
        return
    assert all(isinstance(event, Message) for event in adapter.parse(received.deliveries[0]))


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["message", "messageid", "date"], st.text())))
def test_any_sms_with_a_sender_is_kept(fields: dict[str, str]) -> None:
    adapter = dartmedia()
    text = urlencode({"original": CITIZEN, "password": KEY, **fields}, errors="replace")
    (delivery,) = adapter.receive(got(text)).deliveries
    (event,) = adapter.parse(delivery)
    assert isinstance(event, Message)


@asynccontextmanager
async def sending(make: Any, status: int, body: str) -> AsyncIterator[tuple[Sms, list[Heard]]]:
    async with provider(status, body) as (url, heard), opened(make(send_url=f"{url}/send")) as adapter:
        yield adapter, heard


async def test_a_reply_as_the_example_sends_it() -> None:
    async with sending(dartmedia, 200, "000") as (adapter, heard):
        receipt = await adapter.send(msgspec.structs.replace(REPLY, text="a&b " * 50))
    assert heard[0].method == "GET"
    assert dict(heard[0].query) == {
        "userid": "kanal",
        "password": "rahasia-dartmedia",
        "original": "93456",
        "sendto": "628111000001",
        "messageid": receipt.external_id,
        "message": "a&b " * 50,
        "dcs": "0",
        "udhl": "0",
    }
    assert receipt.spent == {"segment": 2}


async def test_a_reply_to_somebody_who_has_no_number_goes_by_their_name_there() -> None:
    async with sending(dartmedia, 200, "000") as (adapter, heard):
        await adapter.send(msgspec.structs.replace(REPLY, to=Address("account", "cmp-oodddqddwdwdcd")))
    assert heard[0].query["sendto"] == "cmp-oodddqddwdwdcd"


async def test_a_reply_in_json() -> None:
    async with sending(modern, 200, '{"status": "queued", "result": [{"id": 77}]}') as (adapter, heard):
        receipt = await adapter.send(msgspec.structs.replace(REPLY, text='Ya "😢" {to}'))
    assert receipt == Receipt(external_id="77", spent={"segment": 1})
    sent = json.loads(heard[0].body)
    ours, short, *figures = sent.pop("ours").split()
    assert (ours, len(short), figures) == (REPLY.id, 32, ["2", "1"])
    assert sent == {
        "messages": [{"to": {"number": CITIZEN}, "text": 'Ya "😢" {to}', "tags": ["08111272206", 7, "{ x }"]}],
        "notify": f"https://kanal.example.go.id/in/sms/{SECRET}/dlr?reply={REPLY.id.encode().hex()}",
    }
    assert heard[0].headers["Authorization"] == f"Basic {b64encode(b'kanal:rahasia-modern').decode()}"


OTHER_WORDS = {
    "a page of somebody else": (200, "<html>Sign in</html>", ChannelDown),
    "nothing": (200, "", ChannelDown),
    "JSON of somebody else": (200, "[1]", ChannelDown),
    "busy": (429, "", Throttled),
    "a wrong password": (401, '{"status": "queued"}', Unauthorized),
}


@pytest.mark.parametrize(("status", "body", "error"), OTHER_WORDS.values(), ids=OTHER_WORDS)
async def test_only_the_words_that_are_told_mean_sent(status: int, body: str, error: type[Exception]) -> None:
    async with sending(modern, status, body) as (adapter, heard):
        with pytest.raises(error):
            await adapter.send(REPLY)
        await adapter.check()
    assert len(heard) == 1
