"""The WhatsApp channel against recorded webhooks and a stand-in for Meta's Cloud API."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    Address,
    Attachment,
    ChannelDown,
    ChannelError,
    Choice,
    Delivery,
    Equipment,
    Message,
    Refused,
    Reply,
    RequestRefused,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.graph.hook import SIGNATURE, signature
from adapters.graph.refusals import refusal
from adapters.testing import RECEIVED_AT, AdapterContract, opened, recordings, settings_of
from adapters.testing.standins.whatsapp import WhatsApp as CloudApi
from adapters.testing.standins.whatsapp_rules import Approved
from adapters.whatsapp import WhatsApp
from adapters.whatsapp.reasons import CODES

PAYLOADS = Path(__file__).parent / "payloads" / "whatsapp"
SECRET, VERIFY = "rahasia-aplikasi", "kata-kata-verifikasi"
CITIZEN, ID = "628111000001", CloudApi.user_id("628111000001")
SETTINGS: Mapping[str, Any] = {
    "phone_number_id": "106540352242922",
    "token": "EAAtokenrahasia",
    "app_secret": SECRET,
    "verify_token": VERIFY,
}
BODY = (PAYLOADS / "text.json").read_bytes()
REPLY = Reply(id="r-1", channel="whatsapp", to=Address("phone", f"+{CITIZEN}"), text="Terima kasih. KNL-7F3K-92QX")
THREE = (Choice("3:ya", "Ya"), Choice("3:tidak", "Tidak"), Choice("3:tahu", "Tidak tahu"))
TEN = tuple(Choice(f"3:{number}", f"{number} Kelurahan Contoh") for number in range(1, 11))


def request(**changes: Any) -> WebRequest:
    made = WebRequest(
        method="POST",
        path="",
        public_url="https://kanal.example.go.id/in/whatsapp",
        headers={"Content-Type": "application/json"},
        query="",
        body=BODY,
        peer="192.0.2.7",
        received_at=RECEIVED_AT,
    )
    return msgspec.structs.replace(made, **changes)


def signed(body: bytes = BODY, secret: str = SECRET, **changes: Any) -> WebRequest:
    return request(body=body, headers={SIGNATURE: signature(secret, body)}, **changes)


def challenge(**changes: str | None) -> WebRequest:
    told = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY} | changes
    query = urlencode({name: value for name, value in told.items() if value is not None})
    return request(method="GET", query=query, body=b"", headers={})


def channel(**changes: Any) -> WhatsApp:
    return WhatsApp(settings_of(WhatsApp, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
class TestWhatsApp(AdapterContract):
    adapter = WhatsApp
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = signed()
    refused = {
        "forged with another secret": signed(secret="tebakan"),
        "forged with an empty secret": signed(secret=""),
        "forged body": request(body=BODY + b" ", headers={SIGNATURE: signature(SECRET, BODY)}),
        "forged by writing it anew": request(
            body=json.dumps(json.loads(BODY)).encode(), headers={SIGNATURE: signature(SECRET, BODY)}
        ),
        "forged outside ASCII": request(headers={SIGNATURE: "sha256=é"}),
        "forged in another algorithm": request(headers={SIGNATURE: signature(SECRET, BODY).replace("256", "1")}),
        "forged challenge": challenge(**{"hub.verify_token": "tebakan"}),
        "unproven": request(),
        "unproven by the signature of former days": request(headers={"X-Hub-Signature": "sha1=00"}),
        "unproven challenge": challenge(**{"hub.verify_token": None}),
    }
    refused_settings = {
        "the number in place of its id": {"phone_number_id": "+6281112722060"},
        "a verify token that can be guessed": {"verify_token": "kanal"},
        "a token over two lines": {"token": "EAA\nAAA"},
        "no address": {"graph_url": "graph.facebook.com"},
        "an address for all to read": {"graph_url": "http://graph.facebook.com/v25.0"},
        "an empty former secret": {"former_app_secret": " "},
        "a template's title": {"templates": {"moved": {"name": "Kabar Laporan"}}},
        "a template's language in words": {"templates": {"*": {"name": "kabar", "language": "Indonesian"}}},
        "a template of more fields": {"templates": {"*": {"name": "kabar", "text": "Halo"}}},
    }
    reply = REPLY

    def prove(self, request: WebRequest) -> WebRequest:
        return msgspec.structs.replace(request, headers={SIGNATURE: signature(SECRET, request.body)})

    def provider(self, url: str) -> bytes:
        is_asked_where = url.startswith("https://graph.")
        return b'{"url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/"}' if is_asked_where else b"file"

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with CloudApi() as meta:
            meta.writes(CITIZEN, "Banjir")
            statuses = {"throttled": 429, "down": 503, "unauthorized": 401}
            if outcome in statuses:
                meta.fault("messages", status=statuses[outcome])
            meta.refused = {"refused": {CITIZEN: 131026}, "gone": {CITIZEN: 131050}}.get(outcome, {})
            yield reaching(meta)


def reaching(meta: CloudApi) -> dict[str, Any]:
    """The settings that lead to a stand-in."""
    return {
        "graph_url": meta.graph_url,
        "token": meta.token,
        "app_secret": meta.app_secret,
        "verify_token": meta.verify_token,
    }


@pytest.fixture
def meta() -> Iterator[CloudApi]:
    with CloudApi() as standin:
        standin.writes(CITIZEN, "Banjir")
        yield standin


async def sent(meta: CloudApi, reply: Reply = REPLY, **changes: Any) -> Any:
    async with opened(channel(**reaching(meta), **changes)) as adapter:
        return await adapter.send(reply)


def test_a_challenge_is_answered_by_its_own_words() -> None:
    received = channel().receive(challenge())
    assert (received.deliveries, received.response.status, received.response.body) == ([], 200, b"1158201444")
    assert received.response.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(challenge(**{"hub.mode": "unsubscribe"}), 400, id="another mode"),
        pytest.param(challenge(**{"hub.challenge": None}), 400, id="nothing to say"),
        pytest.param(challenge(**{"hub.challenge": "1" * 1001}), 400, id="much to say"),
        pytest.param(challenge(**{f"a{number}": "1" for number in range(30)}), 400, id="many fields"),
        pytest.param(challenge(**{"hub.verify_token": "é"}), 403, id="a token outside ASCII"),
        pytest.param(signed(method="PUT"), 405, id="method"),
        pytest.param(signed(path="more"), 404, id="path"),
        pytest.param(signed(body=b"x" * 4_194_305), 413, id="too large"),
    ],
)
def test_requests_are_refused_with_the_right_status(request_: WebRequest, status: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        channel().receive(request_)
    assert caught.value.status == status


def test_a_request_is_one_delivery_byte_for_byte() -> None:
    (delivery,) = channel().receive(signed()).deliveries
    assert (delivery.id, delivery.body) == (hashlib.sha256(BODY).hexdigest(), BODY)


def test_two_secrets_are_good_while_one_replaces_the_other() -> None:
    adapter = channel(app_secret="rahasia-baru", former_app_secret=SECRET)
    assert all(adapter.receive(signed(secret=secret)).deliveries for secret in ("rahasia-baru", SECRET))


@pytest.mark.parametrize(("name", "kept"), [("of-another-number", False), ("batch", True), ("errors", True)])
def test_what_is_for_other_numbers_alone_is_acknowledged_and_not_kept(name: str, kept: bool) -> None:
    received = channel().receive(signed((PAYLOADS / f"{name}.json").read_bytes()))
    assert (bool(received.deliveries), received.response.status) == (kept, 200)


def test_an_operator_is_told_of_what_comes_in_for_another_number() -> None:
    """The settings may name the wrong one."""
    body = BODY.replace(b"106540352242922", b"106540352249999")
    received = channel().receive(signed(body))
    assert (received.deliveries, received.note) == ([], "it is for the account that Meta calls …9999")


@pytest.mark.parametrize("body", [b"{}", b'{"entry":[{"id":"1","changes":[{"field":"new","value":{}}]}]}', b"\xff"])
def test_what_nobody_knows_yet_is_acknowledged_and_kept(body: bytes) -> None:
    received = channel().receive(signed(body))
    assert (len(received.deliveries), received.response.status) == (1, 200)


def many(count: int) -> bytes:
    entry = json.loads(BODY)["entry"][0]
    entries = [json.loads(json.dumps(entry).replace("01AA==", f"{number}AA==")) for number in range(count)]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


@pytest.mark.threat("P0-5", "P0-6")
def test_a_thousand_messages_at_once_are_kept_in_pieces_none_of_which_is_slow_to_read() -> None:
    body = many(1000)
    deliveries = channel().receive(signed(body)).deliveries
    assert [one.id for one in deliveries] == [one.id for one in channel().receive(signed(body)).deliveries]
    assert len(deliveries) == len({one.id for one in deliveries}) > 10
    assert max(len(one.body) for one in deliveries) < 20_000
    said = [event.id for one in deliveries for event in channel().parse(one) if isinstance(event, Message)]
    assert said == [event.id for event in channel().parse(kept(body)) if isinstance(event, Message)]
    assert len(set(said)) == 1000


def kept(body: bytes) -> Delivery:
    return Delivery(id="d", channel="whatsapp", received_at=RECEIVED_AT, body=body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(many(2), id="small"),
        pytest.param(many(99)[:-1], id="cut"),
        pytest.param(many(99).replace(b'"entry"', b'"new": 1, "entry"', 1), id="of a form of later"),
        pytest.param(b'{"object":"o","entry":[{"id":"1","changes":["' + b"x" * 20_000 + b'"]}]}', id="one change"),
        pytest.param(b"x" * 20_000, id="no webhook"),
    ],
)
def test_what_cannot_or_need_not_be_divided_is_kept_as_it_came(body: bytes) -> None:
    (delivery,) = channel().receive(signed(body)).deliveries
    assert (delivery.id, delivery.body) == (hashlib.sha256(body).hexdigest(), body)


@pytest.mark.parametrize(
    ("changes", "posted"),
    [
        pytest.param(
            {}, {"type": "text", "to": CITIZEN, "text": {"body": REPLY.text, "preview_url": False}}, id="text"
        ),
        pytest.param({"in_reply_to": "wamid.A"}, {"context": {"message_id": "wamid.A"}}, id="to a message"),
        pytest.param({"in_reply_to": "<a@b>"}, {"context": None}, id="to one of another channel"),
        pytest.param({"to": Address("account", ID)}, {"recipient": ID, "to": None}, id="to an id"),
        pytest.param(
            {"public": True, "conversation": "Y2Fwa"}, {"recipient_type": "group", "to": "Y2Fwa"}, id="to a group"
        ),
        pytest.param({"id": "r-2"}, {"biz_opaque_callback_data": "r-2"}, id="with our id"),
    ],
)
async def test_what_is_posted(meta: CloudApi, changes: dict[str, Any], posted: dict[str, Any]) -> None:
    await sent(meta, msgspec.structs.replace(REPLY, **changes))
    (call,) = meta.called("messages")
    assert {name: call.fields.get(name) for name in posted} == posted


@pytest.mark.parametrize(
    ("text", "choices", "opens"),
    [
        pytest.param("Betul?", THREE, "", id="three are buttons"),
        pytest.param("Di mana?", TEN, "Pilih", id="ten are a list"),
        pytest.param("x" * 1025, THREE, "Pilih", id="below a long text three are a list"),
        pytest.param("x" * 4096, TEN, "Pilih", id="below the longest text"),
    ],
)
async def test_choices_are_buttons_or_a_list(
    meta: CloudApi, text: str, choices: tuple[Choice, ...], opens: str
) -> None:
    await sent(meta, msgspec.structs.replace(REPLY, text=text, choices=choices))
    (shown,) = meta.shown(CITIZEN)
    assert (shown.text, shown.opens) == (text, opens)
    assert shown.options == tuple((choice.id, choice.label) for choice in choices)


async def test_the_list_is_opened_in_the_channels_language(meta: CloudApi) -> None:
    adapter = channel(**reaching(meta))
    adapter.equip(Equipment(zone=UTC, text=lambda name: {"list_button": "Choose"}[name]))
    async with opened(adapter):
        await adapter.send(msgspec.structs.replace(REPLY, choices=TEN))
    assert meta.shown(CITIZEN)[0].opens == "Choose"


TEMPLATES = {
    "moved": {"name": "kabar_laporan"},
    "received": {"name": "diterima", "variable": "isi", "language": "en_US"},
    "survey": {"name": "ada_kabar", "variable": ""},
}


@pytest.mark.parametrize(
    ("about", "text", "shown"),
    [
        ("moved", "Kode KNL-1:\n\n  dikerjakan.", "Kabar laporan: Kode KNL-1: dikerjakan. Balas untuk bertanya."),
        ("received", "Ada kode", "We have it: Ada kode"),
        ("survey", "Puas?", "Ada kabar untuk Anda."),
    ],
)
async def test_later_than_a_day_words_go_into_an_approved_text(
    meta: CloudApi, about: str, text: str, shown: str
) -> None:
    meta.templates = {
        "kabar_laporan": Approved("Kabar laporan: {{1}} Balas untuk bertanya."),
        "diterima": Approved("We have it: {{isi}}", "en_US"),
        "ada_kabar": Approved("Ada kabar untuk Anda."),
    }
    meta.wait(90_000)
    reply = msgspec.structs.replace(REPLY, text=text, template=about, choices=THREE)
    receipt = await sent(meta, reply, templates=TEMPLATES)
    assert ([one.text for one in meta.shown(CITIZEN)], receipt.spent) == ([shown], {"template": 1})


@pytest.mark.parametrize(
    ("changes", "templates"),
    [
        pytest.param({"template": "moved"}, {}, id="no template"),
        pytest.param({"template": "moved", "text": "x" * 1001}, TEMPLATES, id="too long for one"),
        pytest.param({"template": "moved"}, TEMPLATES, id="one that Meta does not know"),
        pytest.param({}, TEMPLATES, id="without one, too late"),
        pytest.param({"text": "x" * 4097}, {}, id="too long"),
        pytest.param({"to": Address("email", "a@example.org")}, {}, id="to a mailbox"),
        pytest.param({"to": Address("phone", "1708")}, {}, id="to a short code"),
        pytest.param({"to": Address("account", "ID.404")}, {}, id="to an id that is not known"),
    ],
)
async def test_what_can_never_be_said_is_refused(
    meta: CloudApi, changes: dict[str, Any], templates: dict[str, Any]
) -> None:
    meta.wait(90_000)
    with pytest.raises(Refused):
        await sent(meta, msgspec.structs.replace(REPLY, **changes), templates=templates)
    assert meta.shown(CITIZEN) == []


def test_templates_are_said_to_be_there_only_if_the_settings_have_some() -> None:
    assert [channel(templates=some).capabilities.templates for some in ({}, TEMPLATES)] == [False, True]


@pytest.mark.parametrize(
    ("status", "error", "meant"),
    [
        (400, {"code": 131056}, Throttled),
        (400, {"code": 80007}, Throttled),
        (400, {"code": 4}, Throttled),
        (400, {"code": 131048}, Throttled),
        (500, {"code": 131000}, ChannelDown),
        (500, {"code": 131016}, ChannelDown),
        (400, {"code": 139999, "is_transient": True}, ChannelDown),
        (401, {"code": 0}, Unauthorized),
        (403, {"code": 200}, Unauthorized),
        (400, {"code": 368}, Unauthorized),
        (400, {"code": 131042}, Unauthorized),
        (400, {"code": 133010}, Unauthorized),
        (400, {"code": 100, "error_subcode": 33}, Unauthorized),
        (400, {"code": 100}, Refused),
        (400, {"code": 470}, Refused),
        (400, {"code": 131047}, Refused),
        (400, {"code": 132015}, Refused),
        (400, {"code": 139999}, Refused),
        (429, {}, Throttled),
        (403, {}, Unauthorized),
        (404, {}, ChannelDown),
        (302, {}, ChannelDown),
        (502, {}, ChannelDown),
    ],
)
def test_what_a_code_means(status: int, error: dict[str, Any], meant: type[ChannelError]) -> None:
    found = refusal(CODES, status, {"error": {"message": f"to {CITIZEN}", **error}} if error else {}, None)
    assert type(found) is meant
    assert CITIZEN not in str(found)


async def test_patience_is_as_long_as_meta_asks(meta: CloudApi) -> None:
    meta.fault("messages", status=429, retry_after=17)
    with pytest.raises(Throttled) as caught:
        await sent(meta)
    assert caught.value.retry_after == 17


async def test_of_an_answer_that_was_cut_nobody_knows_whether_it_was_sent(meta: CloudApi) -> None:
    meta.fault("messages", cut=True)
    with pytest.raises(ChannelDown):
        await sent(meta)
    assert len(meta.shown(CITIZEN)) == 1


@pytest.mark.parametrize(
    ("changes", "meant"),
    [({}, None), ({"token": "EAAkedaluwarsa"}, Unauthorized), ({"phone_number_id": "1"}, Unauthorized)],
)
async def test_the_check_proves_token_and_number(
    meta: CloudApi, changes: dict[str, Any], meant: type[ChannelError] | None
) -> None:
    async with opened(channel(**{**reaching(meta), **changes})) as adapter:
        if meant is None:
            await adapter.check()
            return
        with pytest.raises(meant) as caught:
            await adapter.check()
    assert "EAA" not in str(caught.value)


async def plain_get(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        if response.status != 200:
            raise Refused(f"status {response.status}")
        return await response.read()


def file_of(meta: CloudApi, content: bytes = b"JPEG") -> Attachment:
    media = meta.keep(content, "image/jpeg", meta.phone_number_id)
    return Attachment(None, "image/jpeg", 0, reference=f"media:{media}")


async def test_a_file_is_had_by_its_id_with_the_token(meta: CloudApi) -> None:
    assert await channel(**reaching(meta)).fetch(file_of(meta), plain_get) == b"JPEG"


@pytest.mark.parametrize(
    "reference", [None, "", "media:", "part:1", "media:404", "media:../me", "https://example.org/"]
)
async def test_a_file_that_is_not_there_is_refused(meta: CloudApi, reference: str | None) -> None:
    with pytest.raises(Refused):
        await channel(**reaching(meta)).fetch(Attachment(None, "image/jpeg", 0, reference=reference), plain_get)


async def test_a_file_that_comes_damaged_is_fetched_again_later(meta: CloudApi) -> None:
    async def damaged(url: str, headers: Mapping[str, str] | None = None) -> bytes:
        whole = await plain_get(url, headers)
        return whole if whole.startswith(b"{") else whole[:2]

    with pytest.raises(ChannelDown):
        await channel(**reaching(meta)).fetch(file_of(meta), damaged)


def test_files_are_fetched_from_meta_alone_or_where_the_operator_says() -> None:
    assert channel().hosts() == ("graph.facebook.com", "lookaside.fbsbx.com", "*.fbcdn.net", "*.whatsapp.net")
    assert channel(graph_url="http://127.0.0.1:8081/v25.0").hosts()[0] == "http://127.0.0.1:8081"


ODD: list[Any] = [
    None,
    True,
    -1,
    2**70,
    1e300,
    "",
    "x" * 999,
    "\0",
    "\ud83d",
    [],
    {},
    [[]],
    {"type": "text"},
    [{"id": {}}],
]


def shaken(told: Any, places: list[int], instead: Any) -> Any:
    """With another value at one of its places."""
    if places and isinstance(told, dict) and told:
        name = sorted(told)[places[0] % len(told)]
        return {**told, name: shaken(told[name], places[1:], instead)}
    if places and isinstance(told, list) and told:
        return [shaken(told[0], places[1:], instead), *told[1:]]
    return instead


@given(st.sampled_from(sorted(PAYLOADS.glob("*.json"))), st.lists(st.integers(0, 9), max_size=12), st.sampled_from(ODD))
def test_whatever_stands_anywhere_in_a_webhook_is_read(path: Path, places: list[int], instead: Any) -> None:
    try:
        told = json.loads(path.read_bytes())
    except ValueError:
        told = {}
    body = json.dumps(shaken(told, places, instead)).encode()
    try:
        events = channel().parse(kept(body))
    except Unreadable:
        return
    assert msgspec.json.encode(events)


def test_nothing_that_was_recorded_shows_who_wrote_in_a_repr() -> None:
    for name, recording in recordings(PAYLOADS).items():
        assert not any(word in repr(recording.events) for word in (CITIZEN, "Rina", "Banjir")), name
