"""The webhook channel: the examples in config/examples/jakarta/qlue.toml, a form, and each way of proving oneself."""

import asyncio
import hashlib
import hmac
import json
import time
import tomllib
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    Attachment,
    ChannelDown,
    ChannelError,
    Delivery,
    Message,
    Refused,
    RequestRefused,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from adapters.webhook import Webhook
from tests.adapters.sms_provider import Heard, provider
from tests.shipped import appended, give_secrets, kanal_check

EXAMPLE = Path(__file__).parents[2] / "config" / "examples" / "jakarta" / "qlue.toml"
PAYLOADS = Path(__file__).parent / "payloads" / "webhook"
SECRET, FORMER = "rahasia-dari-sumber", "rahasia-yang-lama-sekali"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def shown(number: int, **changes: Any) -> dict[str, Any]:
    """A channel of the example."""
    table = tomllib.loads(EXAMPLE.read_text())["channels"][number]
    return {name: value for name, value in table.items() if name not in {"name", "kind"}} | changes


PUSHED = shown(0, secret=SECRET, former_secret=FORMER)
POLLED = shown(1, feed_token="token-yang-ditunjukkan")
FORMS: Mapping[str, Any] = {
    "secret": SECRET,
    "former_secret": FORMER,
    "photo_hosts": ["cdn.example.org"],
    "answer_status": 202,
    "proof": {
        "shows": "hmac",
        "name": "X-Signature",
        "prefix": "v0=",
        "signs": "v0:{time}:{body}",
        "time_header": "X-Time",
    },
    "fields": {
        "id": "nomor",
        "text": "isi",
        "place": "[jalan, kelurahan]",
        "sender": "pelapor",
        "sender_kind": "phone",
        "sender_name": "nama",
        "email": "surel",
        "sent_at": "waktu",
        "time_format": "seconds",
        "latitude": "lat",
        "longitude": "lng",
        "anonymous": "rahasia",
        "photos": "foto",
    },
}
MINIMAL: Mapping[str, Any] = {"fields": {"id": "id", "text": "text"}, "secret": SECRET}


def posted(body: bytes, content_type: str = JSON, path: str = "", query: str = "", **headers: str) -> WebRequest:
    return WebRequest(
        method="POST",
        path=path,
        public_url=f"https://kanal.example.go.id/in/webhook/{path}",
        headers={"Content-Type": content_type, **headers},
        query=query,
        body=body,
        peer="192.0.2.7",
        received_at=RECEIVED_AT,
    )


def signed(body: bytes, secret: str = SECRET, seconds: float = 0, content_type: str = FORM) -> WebRequest:
    at = str(int(RECEIVED_AT.timestamp() - seconds))
    mac = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return posted(body, content_type, **{"X-Time": at, "X-Signature": f"v0={mac}"})


def by_key(body: bytes, key: str = SECRET) -> WebRequest:
    return posted(body, **{"X-Api-Key": key})


FLOOD = (PAYLOADS / "qlue" / "flood.json").read_bytes()
LIST = (PAYLOADS / "feed" / "list.json").read_bytes()
STREET = (PAYLOADS / "form" / "street.form").read_bytes()


class TestQluePushed(AdapterContract):
    adapter = Webhook
    settings = PUSHED
    payloads = PAYLOADS / "qlue"
    genuine = by_key(FLOOD)
    refused: ClassVar[Mapping[str, WebRequest]] = {
        "forged": by_key(FLOOD, "kunci-yang-salah-sama-sekali"),
        "unproven": posted(FLOOD),
    }
    refused_settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "neither called nor asked": {"proof": None},
        "a short secret": {"secret": "pendek"},
        "a challenge with a token that nobody knows": {"challenge": {"parameter": "c", "token_parameter": "t"}},
        "a token for no challenge": {"challenge_token": "token-yang-kami-pilih"},
        "a challenge without a parameter": {"challenge": {"parameter": ""}},
        "no secret": {"secret": None},
        "no hosts": {"photo_hosts": []},
        "a host with a path": {"photo_hosts": ["https://example.org/x"]},
        "no zone": {"timezone": "Jakarta"},
        "no network": {"allow": ["192.0.2"]},
    }


class TestQluePolled(AdapterContract):
    adapter = Webhook
    settings = POLLED
    payloads = PAYLOADS / "feed"

    @asynccontextmanager
    async def feed(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        status = {"ok": 200, "throttled": 429, "down": 500, "unauthorized": 403}[outcome]
        async with provider(status, LIST) as (url, _):
            yield {"feed": {**POLLED["feed"], "url": url, "parameter": "since", "time_format": "iso"}}

    def test_nobody_calls_it(self) -> None:
        with pytest.raises(RequestRefused) as caught:
            self.make().receive(by_key(FLOOD))
        assert caught.value.status == 404


class TestForm(AdapterContract):
    adapter = Webhook
    settings = FORMS
    payloads = PAYLOADS / "form"
    genuine = signed(STREET)
    signs_time = True
    refused: ClassVar[Mapping[str, WebRequest]] = {
        "forged": msgspec.structs.replace(signed(STREET), body=STREET + b"&x=1"),
        "forged with another secret": signed(STREET, "rahasia-milik-orang-lain"),
        "forged time": msgspec.structs.replace(signed(STREET), headers={**signed(STREET).headers, "X-Time": "1"}),
        "unproven": posted(STREET, FORM),
        "stale": signed(STREET, seconds=301),
        "stale and from the future": signed(STREET, seconds=-301),
    }
    refused_settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "a time that is not signed": {"proof": {**FORMS["proof"], "signs": "{body}"}},
        "no time to sign": {"proof": {**FORMS["proof"], "time_header": ""}},
        "an HMAC in the path": {"proof": {**FORMS["proof"], "where": "path"}},
        "no header": {"proof": {**FORMS["proof"], "name": ""}},
        "addresses without networks": {"proof": {"shows": "address"}},
    }

    def prove(self, request: WebRequest) -> WebRequest:
        return msgspec.structs.replace(request, headers=signed(request.body or request.query.encode()).headers)


def channel(**changes: Any) -> Webhook:
    return Webhook(settings_of(Webhook, {**MINIMAL, **changes}))


def problems(**changes: Any) -> list[str]:
    values = {"name": "webhook", "kind": "webhook", **MINIMAL, "proof": {"shows": "token", "where": "path"}, **changes}
    settings = msgspec.convert(values, Webhook.Settings, dec_hook=lambda kind, value: kind(value))
    return [f"{one.where}: {one.what}" for one in settings.problems()]


EXPRESSIONS = {
    "cut off": ("photos[", "'photos[' ends too soon"),
    "wrong in the middle": (
        "photos.[*",
        "'photos.[*' ends too soon",
    ),
    "an odd character": ("a.b#c", "'a.b#c' cannot be read from character 4 on: '#c'"),
    "an unknown function": ("upper(a)", "there is no function upper(), but abs, avg"),
    "too few values": ("join(a)", "join() takes 2 arguments, not 1"),
    "none for many": ("not_null()", "not_null() takes 1 arguments or more, not 0"),
    "inside of another": ("a[?x == upper(b)].c", "there is no function upper()"),
    "a book": ("a" * 1001, "is longer than 1000 characters"),
    "too deep": ("(" * 900 + "a", "cannot be read"),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_that_cannot_be_read_is_told_with_its_place(name: str) -> None:
    written, said = EXPRESSIONS[name]
    (problem,) = problems(fields={"text": "text", "place": written})
    assert problem.startswith("fields.place: ")
    assert said in problem


WAYS = {
    "a name": ("name", "a"),
    "a name with a dash": ("received-at", "b"),
    "within": ("payload.text", "c"),
    "of a list": ("list.1.text", "e"),
    "of a list, as JMESPath has it": ("list[1].text", "e"),
    "all of a list": ("list[].text", "d, e"),
    "some of a list": ("list[?x > `1`].text | [0]", "e"),
    "what is there": ("[nothing, name, payload.text]", "a, c"),
    "a whole number": ("number", "7"),
    "one without a fraction": ("float", "7"),
    "yes": ("yes", "true"),
    "what fails": ("join('-', number)", ""),
    "a table": ("payload", ""),
    "nothing": ("null", ""),
    "a constant": ("'qlue'", "qlue"),
}
DOCUMENT = {
    "name": " a ",
    "received-at": "b",
    "payload": {"text": "c"},
    "list": [{"text": "d", "x": 1}, {"text": "e", "x": 2}],
    "number": 7,
    "float": 7.0,
    "yes": True,
    "null": None,
}


@pytest.mark.parametrize("name", WAYS)
def test_an_expression_finds_what_is_there(name: str) -> None:
    written, found = WAYS[name]
    adapter = channel(fields={"text": "name", "more": {"found": written}}, proof={"shows": "token", "where": "path"})
    (message,) = adapter.parse(kept(json.dumps(DOCUMENT).encode()))
    assert isinstance(message, Message)
    assert message.fields == ({"found": found} if found else {})


def kept(body: bytes, content_type: str = JSON, **headers: str) -> Delivery:
    return Delivery(
        id="d-1", channel="webhook", received_at=RECEIVED_AT, body=body, content_type=content_type, headers=headers
    )


PROOFS: Mapping[str, tuple[Mapping[str, Any], WebRequest]] = {
    "a token in a header": (
        {"shows": "token", "name": "Authorization", "prefix": "Bearer "},
        posted(FLOOD, Authorization=f"Bearer {SECRET}"),
    ),
    "a token in the query": (
        {"shows": "token", "where": "query", "name": "key"},
        posted(FLOOD, query=f"a=1&key={SECRET}"),
    ),
    "a token in the path": ({"shows": "token", "where": "path"}, posted(FLOOD, path=f"{SECRET}/reports")),
    "an HMAC in base64": (
        {"shows": "hmac", "name": "X-Mac", "algorithm": "sha1", "encoding": "base64"},
        posted(FLOOD, **{"X-Mac": b64encode(hmac.digest(SECRET.encode(), FLOOD, "sha1")).decode()}),
    ),
    "an HMAC with capitals": (
        {"shows": "hmac", "name": "X-Mac", "prefix": "sha256="},
        posted(FLOOD, **{"X-Mac": "sha256=" + hmac.digest(SECRET.encode(), FLOOD, "sha256").hex().upper()}),
    ),
}


@pytest.mark.threat("P0-15")
@pytest.mark.parametrize("name", PROOFS)
def test_who_proves_itself_is_let_in_also_while_one_secret_replaces_another(name: str) -> None:
    proof, request = PROOFS[name]
    for secrets in ({"secret": SECRET}, {"secret": "yang-baru-sekali-ini", "former_secret": SECRET}):
        (delivery,) = channel(proof=proof, **secrets).receive(request).deliveries
        assert (delivery.id, delivery.body) == (hashlib.sha256(FLOOD).hexdigest(), FLOOD)
    with pytest.raises(RequestRefused):
        channel(proof=proof, secret="yang-baru-sekali-ini").receive(request)


def test_an_address_may_be_all_the_proof_or_count_beside_another() -> None:
    only = channel(proof={"shows": "address"}, allow=["192.0.2.0/24"], secret=None)
    both = channel(proof={"shows": "token", "where": "path"}, allow=["198.51.100.0/24"])
    assert only.receive(posted(FLOOD)).deliveries
    with pytest.raises(RequestRefused):
        only.receive(msgspec.structs.replace(posted(FLOOD), peer="198.51.100.1"))
    with pytest.raises(RequestRefused):
        both.receive(posted(FLOOD, path=SECRET))


def test_what_is_asked_for_by_query_is_kept_without_the_token() -> None:
    adapter = channel(proof={"shows": "token", "where": "query", "name": "key"})
    request = msgspec.structs.replace(posted(b"", query=f"text=Banjir&key={SECRET}"), method="GET")
    (delivery,) = adapter.receive(request).deliveries
    assert delivery.body == b"text=Banjir"
    (message,) = adapter.parse(delivery)
    assert isinstance(message, Message)
    assert (message.id, message.text) == (delivery.id, "Banjir")


def test_the_answer_is_what_the_source_wants() -> None:
    response = Webhook(settings_of(Webhook, PUSHED)).receive(by_key(FLOOD)).response
    assert (response.status, response.body, response.content_type) == (200, b'{"created": true}', JSON)


def test_several_reports_in_one_body_are_several_messages() -> None:
    adapter = channel(fields={"items": "reports", "text": "t"}, proof={"shows": "token", "where": "path"})
    found = adapter.parse(kept(b'{"reports": [{"t": "a"}, {"t": "b"}, {"t": ""}, 7]}'))
    assert [one.text for one in found if isinstance(one, Message)] == ["a", "b"]
    assert len({one.id for one in found if isinstance(one, Message)}) == 2
    assert adapter.parse(kept(b'{"reports": []}')) == []
    with pytest.raises(Unreadable, match="no list"):
        adapter.parse(kept(b'{"report": []}'))


async def test_a_photo_is_fetched_by_its_address_and_nothing_else_is() -> None:
    asked = []

    async def get(url: str) -> bytes:
        asked.append(url)
        return b"jpeg"

    adapter = Webhook(settings_of(Webhook, PUSHED))
    assert adapter.hosts() == ("*.googleusercontent.com",)
    attachment = Attachment(None, "image/jpeg", 0, reference="https://lh3.googleusercontent.com/a")
    assert await adapter.fetch(attachment, get) == b"jpeg"
    with pytest.raises(Refused):
        await adapter.fetch(msgspec.structs.replace(attachment, reference="file:///etc/passwd"), get)
    assert asked == ["https://lh3.googleusercontent.com/a"]


@asynccontextmanager
async def fed(
    answer: bytes, status: int = 200, headers: Mapping[str, str] = {}, **changes: Any
) -> AsyncIterator[tuple[Webhook, list[Heard]]]:
    async with provider(status, answer, **headers) as (url, heard):
        feed = {**POLLED["feed"], "url": f"{url}/laporan?kota=1", **changes}
        async with opened(Webhook(settings_of(Webhook, {**POLLED, "feed": feed}))) as adapter:
            yield adapter, heard


async def test_a_feed_gives_each_report_once_however_often_it_is_asked() -> None:
    async with fed(LIST) as (adapter, heard):
        first, second = await adapter.poll(None), await adapter.poll(None)
        assert [one.id for one in first.deliveries] == [one.id for one in second.deliveries]
        assert [one.id for one in first.deliveries][:2] == ["4514", "4513"]
        assert (first.cursor, first.wait) == (None, 300)
        assert heard[0].query == {"kota": "1"}
        (message,) = adapter.parse(first.deliveries[0])
        assert isinstance(message, Message)
        assert (message.id, message.text) == ("4514", "Got mampet")


SINCE: Mapping[str, Any] = {
    "parameter": "since",
    "begin": "2026-01-01",
    "cursor": "max([].post_date)",
    "more": "`true`",
}


async def test_a_feed_goes_on_where_it_was() -> None:
    async with fed(b'[{"post_id": 1, "post_date": "2026-11-02"}, {"post_date": "2026-11-01"}]', **SINCE) as (
        adapter,
        heard,
    ):
        first = await adapter.poll(None)
        assert (first.cursor, first.wait) == ("2026-11-02", 0)
        again = await adapter.poll(first.cursor)
        assert (again.cursor, again.wait) == ("2026-11-02", 300)
        assert [one.query["since"] for one in heard] == ["2026-01-01", "2026-11-02"]


async def test_a_feed_has_pages() -> None:
    async with fed(b'[{"post_id": 1}]', parameter="page", pages=2) as (adapter, heard):
        first = await adapter.poll(None)
        second = await adapter.poll(first.cursor)
        assert [(first.cursor, first.wait), (second.cursor, second.wait)] == [("2", 0), ("1", 300)]
        assert [one.query["page"] for one in heard] == ["1", "2"]


async def test_a_feed_is_shown_our_token() -> None:
    feed = {**POLLED["feed"], "headers": {"Authorization": "Bearer {token}"}}
    async with (
        provider(200, b"[]") as (url, heard),
        opened(Webhook(settings_of(Webhook, {**POLLED, "feed": {**feed, "url": url}}))) as adapter,
    ):
        await adapter.check()
        assert heard[0].headers["Authorization"] == f"Bearer {POLLED['feed_token']}"
        assert POLLED["feed_token"] not in adapter.source()


ODD: Mapping[str, tuple[bytes, str]] = {
    "half an emoji": (rb'{"post_id": 2, "post_desc": "Banjir \ud83d"}', "Banjir ?"),
    "no UTF-8": (b'{"post_id": 2, "post_desc": "Banjir \xff"}', "Banjir \ufffd"),
    "no number": (b'{"post_id": 2, "post_desc": "Banjir", "loc_lat": NaN, "loc_lng": -Infinity}', "Banjir"),
    "a number beyond all": (b'{"post_id": 2, "post_desc": "Banjir", "loc_lat": 1e999, "loc_lng": 106}', "Banjir"),
    "a line that is broken": (b'{"post_id": 2, "post_desc": "Banjir\n"}', "Banjir"),
}


@pytest.mark.parametrize("name", ODD)
async def test_one_odd_report_keeps_none_from_coming(name: str) -> None:
    odd, text = ODD[name]
    answer = b'[{"post_id": 1, "post_desc": "Got"},' + odd + b',{"post_id": 3, "post_desc": "Jalan"}]'
    async with fed(answer) as (adapter, _):
        found = [message for one in (await adapter.poll(None)).deliveries for message in adapter.parse(one)]
    assert [(one.id, one.text) for one in found if isinstance(one, Message)] == [
        ("1", "Got"),
        ("2", text),
        ("3", "Jalan"),
    ]


async def test_a_report_of_which_nothing_can_be_made_is_unreadable_alone() -> None:
    async with fed(b'[{"post_id": 1, "post_desc": "Got"}, 7, {"post_id": 3, "post_desc": "Jalan"}]') as (adapter, _):
        first, odd, last = (await adapter.poll(None)).deliveries
    assert [len(adapter.parse(one)) for one in (first, last)] == [1, 1]
    with pytest.raises(Unreadable):
        adapter.parse(odd)


async def test_a_feed_that_has_pages_now_begins_with_the_first() -> None:
    async with fed(b'[{"post_id": 1}]', parameter="page", pages=2) as (adapter, heard):
        batch = await adapter.poll("2026-11-02")
    assert ([one.query["page"] for one in heard], batch.cursor) == (["1"], "2")


FAILURES: Mapping[str, tuple[int, bytes, Mapping[str, str], type[ChannelError]]] = {
    "our token is refused": (401, b"", {}, Unauthorized),
    "patience": (429, b"", {"Retry-After": "7"}, Throttled),
    "ill": (500, b"", {}, ChannelDown),
    "moved": (302, b"", {"Location": "http://127.0.0.1:1/"}, ChannelDown),
    "a page": (200, b"<html>", {}, ChannelDown),
    "no list": (200, b'{"a": 1}', {}, ChannelDown),
    "endless": (200, b"[" + b" " * 10_485_760 + b"]", {}, ChannelDown),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_what_a_feed_may_answer_instead(name: str) -> None:
    status, body, headers, error = FAILURES[name]
    async with fed(body, status, headers) as (adapter, _):
        with pytest.raises(ChannelError) as caught:
            await adapter.poll(None)
    assert type(caught.value) is error


async def test_a_feed_that_is_not_there() -> None:
    feed = {**POLLED["feed"], "url": "http://127.0.0.1:9/"}
    async with opened(Webhook(settings_of(Webhook, {**POLLED, "feed": feed}))) as adapter:
        with pytest.raises(ChannelDown):
            await adapter.poll("1")


async def test_a_feed_is_asked_for_what_came_since_a_time() -> None:
    told: Mapping[str, Any] = {
        "parameter": "since",
        "time_format": "%Y-%m-%d %H:%M",
        "cursor": "max([].post_date)",
        "more": "`true`",
    }
    async with fed(b'[{"post_id": 1, "post_date": "2026-11-02"}]', **told) as (adapter, heard):
        batches = [batch async for batch in adapter.backfill(datetime(2026, 10, 31, 18, 30, tzinfo=UTC))]
    assert [one.query["since"] for one in heard] == ["2026-11-01 01:30", "2026-11-02"]
    assert [(batch.cursor, len(batch.deliveries)) for batch in batches] == [(None, 1), (None, 1)]


async def test_a_feed_that_nobody_knows_how_to_ask_for_a_time_is_not_asked() -> None:
    async with fed(b"[]", **SINCE) as (adapter, heard):
        with pytest.raises(Refused, match="time_format"):
            await anext(adapter.backfill(RECEIVED_AT))
    assert heard == []


CHALLENGE: Mapping[str, Any] = {"parameter": "hub.challenge", "token_parameter": "hub.verify_token"}
VERIFY = "token-yang-kami-pilih"
ASKED = {
    "the word": (f"hub.mode=subscribe&hub.verify_token={VERIFY}&hub.challenge=1158201444", 200, b"1158201444"),
    "another token": ("hub.mode=subscribe&hub.verify_token=token-orang-lain&hub.challenge=1", 403, b""),
    "no token": ("hub.challenge=1", 403, b""),
    "a page": (f"hub.verify_token={VERIFY}&hub.challenge=%3Cscript%3E%0D%0A", 400, b""),
    "a book": (f"hub.verify_token={VERIFY}&hub.challenge={'a' * 1001}", 400, b""),
    "no challenge": (f"hub.verify_token={VERIFY}", 403, b""),
}


@pytest.mark.parametrize("name", ASKED)
def test_who_asks_whether_the_address_is_ours_gets_the_word_back(name: str) -> None:
    query, status, word = ASKED[name]
    adapter = Webhook(settings_of(Webhook, {**PUSHED, "challenge": CHALLENGE, "challenge_token": VERIFY}))
    try:
        received = adapter.receive(msgspec.structs.replace(posted(b"", query=query), method="GET"))
    except RequestRefused as error:
        assert (error.status, b"") == (status, word)
    else:
        assert (received.deliveries, received.response.status, received.response.body) == ([], status, word)


def test_a_report_is_no_challenge() -> None:
    adapter = Webhook(settings_of(Webhook, {**PUSHED, "challenge": {"parameter": "challenge"}}))
    assert (
        adapter.receive(msgspec.structs.replace(posted(b"", query="challenge=a"), method="GET")).response.body == b"a"
    )
    with pytest.raises(RequestRefused):
        adapter.receive(posted(FLOOD, query="challenge=a"))


FEEDS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "no address": ({"url": "qlue"}, "feed.url"),
    "a token for all to read": ({"url": "http://example.org/?t={token}"}, "feed.url"),
    "pages and a cursor": ({"parameter": "p", "pages": 3, "cursor": "next"}, "feed.pages"),
    "a cursor for nothing": ({"cursor": "next"}, "feed.parameter"),
    "an expression": ({"parameter": "p", "cursor": "next["}, "feed.cursor"),
    "no format of a time": ({"parameter": "p", "time_format": "%Y"}, "feed.time_format"),
    "a time for nothing": ({"time_format": "iso"}, "feed.parameter"),
    "a header": ({"headers": {"A B": "c"}}, "feed.headers"),
}


@pytest.mark.parametrize("name", FEEDS)
def test_what_is_wrong_with_a_feed_is_told(name: str) -> None:
    changes, where = FEEDS[name]
    feed = {"url": "https://example.org/", **changes}
    assert [one.partition(":")[0] for one in problems(proof=None, secret=None, feed=feed, feed_token="abc")] == [where]


CALLED = {"shows": "token", "where": "path"}
#: fields, what `problems` and what `warnings` say is missing where it is asked, and where it calls
NAMES: Mapping[str, tuple[Mapping[str, str], bool, bool]] = {
    "by an id": ({"id": "no"}, False, False),
    "by several values": ({"id": "[pelapor, waktu]"}, False, False),
    "by its time": ({"sent_at": "waktu"}, True, False),
    "by nothing": ({}, True, True),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_must_say_what_a_report_is_called_and_who_calls_is_advised_to(name: str) -> None:
    told, is_wrong, is_unwise = NAMES[name]
    fields = {"text": "isi", **told}
    found = problems(proof=None, secret=None, fields=fields, feed={"url": "https://example.org/"})
    assert [one.partition(":")[0] for one in found] == ["fields.id"] * is_wrong
    warned = settings_of(Webhook, {"fields": fields, "secret": SECRET, "proof": CALLED}).warnings()
    assert [one.where for one in warned] == ["fields.id"] * is_unwise


@pytest.mark.threat("P0-7")
def test_two_citizens_who_use_the_same_words_are_two() -> None:
    body = b'{"isi": "banjir"}'

    def ids(**fields: str) -> set[str]:
        adapter = channel(fields={"text": "isi", **fields}, proof=CALLED)
        return {adapter.receive(posted(body, path=SECRET)).deliveries[0].id for _ in range(2)}

    assert (len(ids()), len(ids(id="no")), len(ids(sent_at="waktu"))) == (2, 1, 1)


async def test_an_answer_may_be_as_long_as_max_size_says() -> None:
    """After an outage a feed has much to tell, and told in part it would tell no less the next time."""
    answer = json.dumps([{"no": number, "isi": "banjir " * 130} for number in range(2_600)]).encode()
    asked = {"fields": {"items": "@", "id": "no", "text": "isi"}, "secret": None}
    async with provider(200, answer) as (url, _), opened(channel(**asked, feed={"url": url})) as adapter:
        batch = await adapter.poll(None)
    assert (len(answer) > 2_097_152, len(batch.deliveries)) == (True, 2_600)


def test_the_example_is_right_once_its_secret_is_there(tmp_path: Path) -> None:
    give_secrets("jakarta/qlue.toml", tmp_path)
    result = kanal_check(appended("jakarta/qlue.toml", tmp_path))
    assert (result.exit_code, "no problems" in result.output) == (0, True), result.output
    assert "https://qlue.example.com/" in result.output
    assert "/in/qlue " in result.output and "/in/qlue-feed" not in result.output


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*"abc", "isi", "lat"]), inner),
    max_leaves=20,
)
GREEDY = {
    "items": "[] || [@]",
    "id": "d",
    "text": "isi",
    "latitude": "lat",
    "longitude": "lat",
    "sent_at": "a",
    "photos": "b",
    "sender": "c",
    "sender_kind": "email",
    "more": {"x": "max_by(@.*, &a)", "y": "sort(b)", "z": "to_number(isi)", "w": "sum([a, b][])"},
}


@given(st.binary() | st.sampled_from([b"{", b"[", b'{"isi": "']).flatmap(lambda begin: st.binary().map(begin.__add__)))
def test_whatever_bytes_come_are_a_message_or_unreadable(body: bytes) -> None:
    for kind in (JSON, FORM, "multipart/form-data; boundary=x", "", "\udcff"):
        try:
            found = channel(proof={"shows": "token", "where": "path"}).parse(kept(body, kind))
        except Unreadable:
            continue
        assert msgspec.json.encode(found)


@given(ANYTHING)
def test_whatever_comes_is_a_message_or_unreadable(document: Any) -> None:
    adapter = channel(
        fields=GREEDY, photo_hosts=["example.org"], secret=None, feed={"url": "https://example.org/"}, proof=None
    )
    for body, kind in ((msgspec.json.encode(document), JSON), (str(document).encode("utf-8", "replace"), FORM)):
        try:
            found: Sequence[Any] = adapter.parse(kept(body, kind))
        except Unreadable:
            continue
        assert msgspec.json.encode(found)


GREEDY_BODIES = {
    "many items": b"[" + b"{}," * 600_000 + b"{}]",
    "items that say something": b"[" + b",".join([b'{"isi":"a","b":["https://example.org/1"]}'] * 1000) + b"]",
    "one with many values": b'[{"isi":' + b"[" + b'"a",' * 500_000 + b'"a"]}]',
    "more than is read": b"[" + b"{}," * 3_000_000 + b"{}]",
    "a long number": b'[{"isi":' + b"9" * 10_000_000 + b"}]",
    "deep": b'[{"isi":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
}


@pytest.mark.parametrize("name", GREEDY_BODIES)
def test_what_is_made_to_take_long_does_not(name: str) -> None:
    adapter = channel(
        fields=GREEDY, photo_hosts=["example.org"], secret=None, feed={"url": "https://example.org/"}, proof=None
    )
    began = time.process_time()
    try:
        adapter.parse(kept(GREEDY_BODIES[name]))
    except Unreadable:
        assert name != "items that say something"
    assert time.process_time() - began < 10


def test_the_line_is_made_only_where_it_is_asked() -> None:
    async def ask() -> None:
        async with opened(Webhook(settings_of(Webhook, PUSHED))) as adapter:
            with pytest.raises(ChannelDown):
                await adapter.poll(None)
            assert await adapter.check() is False

    asyncio.run(ask())
