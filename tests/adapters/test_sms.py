"""The SMS channel against requests as Kannel makes them, and a server that answers as Kannel does."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlencode

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    Address,
    ChannelDown,
    Delivery,
    Message,
    Reply,
    RequestRefused,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.sms import Sms, SmsSettings
from adapters.sms.dialects import DIALECTS
from adapters.sms.needs import NEEDS, Provider
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of

SECRET = "rahasia-jalur-sms"
CITIZEN = "+628111000001"
SETTINGS: Mapping[str, Any] = {
    "number": "1708",
    "secret": SECRET,
    "keywords": ["LAPOR", "KAB. BOGOR", "LAPOR DKI"],
    "username": "kanal",
    "password": "rahasia-kannel",
    "callback_url": "http://127.0.0.1:8080/in/sms/",
}
QUERY = urlencode({"sender": CITIZEN, "to": "1708", "message": "Banjir", "time": "1795361929", "id": "50a42f39"})
GENUINE = WebRequest(
    method="GET",
    path=f"{SECRET}/mo",
    public_url="http://127.0.0.1:8080/in/sms",
    headers={"User-Agent": "Kannel/1.4.5"},
    query=QUERY,
    body=b"",
    peer="127.0.0.1",
    received_at=RECEIVED_AT,
)
REPLY = Reply(id="r-é:1", channel="sms", to=Address("phone", CITIZEN), text="Terima kasih. Kode laporan: KNL-7F3K-92QX")
ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (202, "0: Accepted for delivery"),
    "throttled": (429, "slow down"),
    "down": (503, "Temporal failure, try again later."),
    "unauthorized": (403, "Authorization failed for sendsms"),
    "refused": (400, f"Number {CITIZEN} not allowed"),
}


def request(**changes: Any) -> WebRequest:
    return msgspec.structs.replace(GENUINE, **changes)


def sms(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


@asynccontextmanager
async def gateway(*answer: Any, **headers: str) -> AsyncIterator[tuple[str, list[dict[str, list[str]]]]]:
    """A server that gives one answer to all; its sendsms address and the queries it got."""
    queries: list[dict[str, list[str]]] = []

    async def sendsms(request: web.Request) -> web.Response:
        queries.append(parse_qs(request.rel_url.raw_query_string, keep_blank_values=True))
        return web.Response(status=answer[0], text=answer[1], headers=headers)

    app = web.Application()
    app.router.add_get("/cgi-bin/sendsms", sendsms)
    async with TestServer(app) as server:
        yield str(server.make_url("/cgi-bin/sendsms")), queries


@pytest.mark.threat("P0-15")
class TestSms(AdapterContract):
    adapter = Sms
    settings = SETTINGS
    payloads = Path(__file__).parent / "payloads" / "sms" / "kannel"
    genuine = GENUINE
    refused = {
        "forged secret": request(path="rahasia-jalur-smt/mo"),
        "forged secret outside ASCII": request(path="rahasia-jalur-sm\u00e9/mo"),
        "forged address": request(peer="192.0.2.1"),
        "unproven": request(path="mo"),
        "unproven, nothing at all": request(path="", query="", headers={}),
    }
    refused_settings = {
        "short secret": {"secret": "fifteen-letters"},
        "secret that Kannel would read as an escape": {"secret": "rahasia%20jalur-sms"},
        "no number": {"number": " "},
        "no network": {"allow": ["10.0.0.1/8"]},
        "nobody allowed": {"allow": []},
        "empty keyword": {"keywords": [""]},
        "keyword of dots": {"keywords": ["..."]},
        "unknown provider": {"provider": "carrier-pigeon"},
        "no address to send to": {"send_url": "127.0.0.1:13013"},
        "sending without password": {"send_url": "http://127.0.0.1:13013/cgi-bin/sendsms", "password": None},
        "reports to no address": {"callback_url": "/in/sms"},
    }
    reply = REPLY
    outcomes = ("ok", "throttled", "down", "unauthorized", "refused")

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with gateway(*ANSWERS[outcome]) as (url, _):
            yield {"send_url": url}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"path": f"{SECRET}/other"}, 404, id="unknown path"),
        pytest.param({"path": f"{SECRET}/mo/"}, 404, id="longer path"),
        pytest.param({"path": SECRET}, 404, id="secret alone"),
        pytest.param({"method": "DELETE"}, 405, id="method"),
        pytest.param({"query": "message=Banjir"}, 400, id="no sender"),
        pytest.param({"query": "sender=&message=Banjir"}, 400, id="empty sender"),
        pytest.param({"query": "sender=+&message=Banjir"}, 400, id="blank sender"),
        pytest.param({"query": "&".join(f"a{n}=1" for n in range(99)) + "&" + QUERY}, 400, id="many fields"),
        pytest.param({"path": f"{SECRET}/dlr", "query": "type=1"}, 400, id="report without reply"),
        pytest.param({"query": QUERY + "&x=" + "A" * 65_536}, 413, id="long query"),
        pytest.param({"peer": "192.0.2.1", "path": "mo"}, 403, id="stranger"),
    ],
)
def test_requests_are_refused_with_the_right_status(changes: dict[str, Any], status: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        sms().receive(request(**changes))
    assert caught.value.status == status


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="GET"),
        pytest.param({"method": "POST"}, id="POST with a query"),
        pytest.param({"method": "POST", "query": "", "body": QUERY.encode()}, id="POST with a form"),
        pytest.param({"method": "POST", "body": b"sender=%2B6281&message=x"}, id="POST with both: the query counts"),
        pytest.param({"peer": "::1"}, id="IPv6"),
    ],
)
def test_an_sms_comes_by_get_or_post(changes: dict[str, Any]) -> None:
    adapter = sms()
    received = adapter.receive(request(**changes))
    (delivery,) = received.deliveries
    assert delivery.id == "50a42f39"
    assert delivery.body == QUERY.encode()
    assert (received.response.status, received.response.body) == (200, b"")
    (message,) = adapter.parse(delivery)
    assert isinstance(message, Message)
    assert (message.text, message.sender, message.automatic) == ("Banjir", Address("phone", CITIZEN), False)


def deliveries_of(query: Mapping[str, str], times: int = 2) -> list[str]:
    adapter = sms()
    return [adapter.receive(request(query=urlencode(query))).deliveries[0].id for _ in range(times)]


def test_without_an_id_sender_time_and_text_make_one() -> None:
    said = {"sender": CITIZEN, "message": "Banjir", "time": "1795361929"}
    assert len(set(deliveries_of(said) + deliveries_of({**said, "id": ""}))) == 1
    assert deliveries_of(said) != deliveries_of({**said, "message": "Kebakaran"})
    assert deliveries_of(said) != deliveries_of({**said, "time": "1795361930"})
    assert CITIZEN not in deliveries_of(said)[0]


def test_without_id_and_time_the_same_words_are_two_messages() -> None:
    assert len(set(deliveries_of({"sender": CITIZEN, "message": "2"}))) == 2


def parsed(*, number: str = "1708", **fields: str) -> Message:
    delivery = Delivery(
        id="1",
        channel="sms",
        received_at=RECEIVED_AT,
        body=urlencode({"sender": CITIZEN, **fields}, encoding="latin-1").encode(),
        headers={"path": "mo"},
    )
    (message,) = sms(number=number).parse(delivery)
    assert isinstance(message, Message)
    return message


@pytest.mark.parametrize(
    ("text", "keyword", "rest"),
    [
        pytest.param("LAPOR Banjir", "LAPOR", "Banjir", id="keyword and blank"),
        pytest.param("lapor  banjir", "LAPOR", "banjir", id="small letters"),
        pytest.param("Lapor. Banjir", "LAPOR", "Banjir", id="dot"),
        pytest.param("Lapor: Banjir", "LAPOR", "Banjir", id="colon"),
        pytest.param("LAPOR\r\nBanjir\nlagi", "LAPOR", "Banjir\nlagi", id="line break"),
        pytest.param(" #LAPOR, Banjir", "LAPOR", "Banjir", id="punctuation before"),
        pytest.param("LAPOR (RT 3) banjir", "LAPOR", "(RT 3) banjir", id="brackets stay"),
        pytest.param("LAPOR", "LAPOR", "", id="nothing else"),
        pytest.param("kab bogor jalan rusak", "KAB. BOGOR", "jalan rusak", id="two words without the dot"),
        pytest.param("Kab.Bogor jalan rusak", "KAB. BOGOR", "jalan rusak", id="two words without the blank"),
        pytest.param("Lapor DKI: Banjir", "LAPOR DKI", "Banjir", id="the longest counts"),
        pytest.param("LAPORAN banjir", None, "LAPORAN banjir", id="a longer word"),
        pytest.param("Banjir, tolong LAPOR pak", None, "Banjir, tolong LAPOR pak", id="later in the text"),
        pytest.param("TANGKAB jalan rusak", None, "TANGKAB jalan rusak", id="somebody else's keyword"),
        pytest.param("Banjir", None, "Banjir", id="no keyword"),
        pytest.param("", None, "", id="empty"),
    ],
)
def test_keywords(text: str, keyword: str | None, rest: str) -> None:
    message = parsed(message=text)
    assert (message.fields.get("keyword"), message.text) == (keyword, rest)


@pytest.mark.parametrize(
    ("raw", "sender", "automatic"),
    [
        pytest.param("+628111000001", Address("phone", CITIZEN), False, id="international"),
        pytest.param("628111000001", Address("phone", CITIZEN), False, id="without plus"),
        pytest.param("08111000001", Address("phone", CITIZEN), False, id="national"),
        pytest.param(" 628111000001", Address("phone", CITIZEN), False, id="plus lost"),
        pytest.param("DKI-INFO", Address("name", "DKI-INFO"), True, id="name"),
        pytest.param("1708", Address("phone", "1708"), True, id="short code"),
        pytest.param("99999999999999999999", Address("phone", "99999999999999999999"), False, id="no number known"),
    ],
)
def test_senders(raw: str, sender: Address, automatic: bool) -> None:
    message = parsed(sender=raw, message="Banjir")
    assert (message.sender, message.automatic) == (sender, automatic)


def test_our_own_number_is_never_answered() -> None:
    assert parsed(number="08111272206", sender="+628111272206", message="Banjir").automatic
    assert not parsed(number="08111272206", message="Banjir").automatic


@pytest.mark.parametrize(
    ("message", "told", "text", "doubts"),
    [
        pytest.param(b"Ba\xc3\xb1jir", {}, "Bañjir", (), id="UTF-8 unless told"),
        pytest.param(b"Ba\xf1jir", {"charset": "ISO-8859-1"}, "Bañjir", (), id="Latin-1"),
        pytest.param(b"\0B\xd8\x3d\xde\x22", {"coding": "2", "charset": "UTF-16BE"}, "B😢", (), id="UCS-2"),
        pytest.param(b"\0B\xd8\x3d\xde\x22", {"coding": "2"}, "B😢", (), id="UCS-2 by its coding"),
        pytest.param(b"Ba\xf1jir", {"charset": "UTF-8"}, "Bañjir", ("charset",), id="not the UTF-8 it says"),
        pytest.param(b"\0B\xd8\x3d", {"charset": "UTF-16BE"}, "B\ufffd", ("charset",), id="UCS-2 cut in a pair"),
        pytest.param(b"\\x3cb", {"charset": "unicode_escape"}, "\\x3cb", ("charset",), id="a codec that is no charset"),
        pytest.param(b"+ADw-", {"charset": "utf-7"}, "+ADw-", ("charset",), id="UTF-7"),
        pytest.param(b"Banjir", {"charset": "x-klingon"}, "Banjir", ("charset",), id="unknown"),
    ],
)
def test_charsets(message: bytes, told: dict[str, str], text: str, doubts: tuple[str, ...]) -> None:
    found = parsed(message=message.decode("latin-1"), **told)
    assert (found.text, found.doubts) == (text, doubts)


@pytest.mark.parametrize(
    ("udh", "number_of"),
    [
        pytest.param(b"\x05\x00\x03\xcc\x02\x01", (1, 2), id="8-bit reference"),
        pytest.param(b"\x06\x08\x04\x01\xcc\x03\x02", (2, 3), id="16-bit reference"),
        pytest.param(b"\x0a\x24\x01\x02\x00\x03\xcc\x02\x01\x00\x00", (1, 2), id="after another element"),
        pytest.param(b"", None, id="none"),
        pytest.param(b"\x05\x00\x03\xcc\x02", None, id="cut"),
        pytest.param(b"\x05\x00\x03\xcc\x02\x03", None, id="third of two"),
        pytest.param(b"\x05\x00\x03\xcc\x02\x00", None, id="zeroth"),
        pytest.param(b"\x05\x00\x03\xcc\x01\x01", None, id="one of one"),
        pytest.param(b"\xff\x00\xff", None, id="lengths beyond the end"),
        pytest.param(b"\x06\x05\x04\x0b\x84\x23\xf0", None, id="ports"),
    ],
)
def test_parts(udh: bytes, number_of: tuple[int, int] | None) -> None:
    part = parsed(message="x", udh=udh.decode("latin-1")).part
    assert (part and (part.number, part.of)) == number_of


def test_parts_of_one_text_share_a_reference_that_hides_the_number() -> None:
    first, second = (parsed(message="x", udh=f"\x05\x00\x03\xcc\x02{n}").part for n in "\x01\x02")
    other = parsed(message="x", sender="+628111000002", udh="\x05\x00\x03\xcc\x02\x01").part
    assert first is not None and second is not None and other is not None
    assert first.reference == second.reference != other.reference
    assert CITIZEN not in first.reference


@pytest.mark.parametrize("time", ["", "kemarin", "9" * 5000, "²", "-1", "2026-13-01 00:00:00"])
def test_a_time_that_is_none_is_left_out(time: str) -> None:
    assert parsed(message="x", time=time).sent_at is None


@given(st.binary(max_size=300), st.sampled_from(["mo", "dlr", ""]))
def test_any_bytes_are_parsed_or_unreadable(body: bytes, path: str) -> None:
    delivery = Delivery(id="1", channel="sms", received_at=RECEIVED_AT, body=body, headers={"path": path})
    try:
        events = sms().parse(delivery)
    except Unreadable:
        return
    assert msgspec.json.encode(events)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["message", "time", "charset", "coding", "udh"], st.text())))
def test_any_sms_with_a_sender_is_kept(fields: dict[str, str]) -> None:
    adapter = sms()
    query = urlencode({"sender": CITIZEN, **fields}, errors="replace")
    (delivery,) = adapter.receive(request(query=query)).deliveries
    (event,) = adapter.parse(delivery)
    assert isinstance(event, Message)


def test_it_only_sends_where_it_knows_how() -> None:
    assert not sms().can_send()
    assert sms(send_url="http://127.0.0.1:13013/cgi-bin/sendsms").can_send()


@pytest.mark.parametrize(
    ("text", "coding", "cost"),
    [
        pytest.param("a" * 161, "0", 2, id="GSM-7"),
        pytest.param("Terima kasih 😢", "2", 1, id="UCS-2"),
    ],
)
async def test_a_reply_asks_for_its_alphabet_and_for_reports(text: str, coding: str, cost: int) -> None:
    async with gateway(202, "3: Queued for later delivery") as (url, queries), opened(sms(send_url=url)) as adapter:
        receipt = await adapter.send(msgspec.structs.replace(REPLY, text=text))
    (query,) = queries
    assert receipt.spent["segment"] == cost
    assert (query["text"], query["coding"], query["charset"]) == ([text], [coding], ["UTF-8"])
    assert (query["to"], query["from"], query["dlr-mask"]) == ([CITIZEN], ["1708"], ["31"])
    assert query["dlr-url"] == [f"http://127.0.0.1:8080/in/sms/{SECRET}/dlr?reply={REPLY.id.encode().hex()}&type=%d"]


async def test_without_a_callback_no_reports_are_asked_for() -> None:
    async with (
        gateway(*ANSWERS["ok"]) as (url, queries),
        opened(sms(send_url=url, callback_url=None)) as adapter,
    ):
        await adapter.send(REPLY)
    assert not {"dlr-url", "dlr-mask"} & queries[0].keys()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        pytest.param(200, "<html>Sign in</html>", id="somebody else's page"),
        pytest.param(302, "", id="redirect"),
        pytest.param(202, "", id="empty"),
    ],
)
async def test_only_kannels_own_word_means_sent(status: int, text: str) -> None:
    async with (
        gateway(status, text, Location="/cgi-bin/sendsms") as (url, queries),
        opened(sms(send_url=url)) as adapter,
    ):
        with pytest.raises(ChannelDown):
            await adapter.send(REPLY)
    assert len(queries) == 1


@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("soon", 60.0)])
async def test_patience_is_as_long_as_asked_for(told: str, seconds: float) -> None:
    answering = gateway(429, "", **{"Retry-After": told})
    async with answering as (url, _), opened(sms(send_url=url)) as adapter:
        with pytest.raises(Throttled) as caught:
            await adapter.send(REPLY)
    assert caught.value.retry_after == seconds


async def test_nobody_there_is_down_and_names_neither_citizen_nor_password() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/cgi-bin/sendsms"
        async with opened(sms(send_url=url)) as adapter:
            with pytest.raises(ChannelDown) as caught:
                await adapter.send(REPLY)
    shown = f"{caught.value} {caught.value.__cause__} {caught.value.__suppress_context__}"
    assert CITIZEN not in shown
    assert "rahasia" not in shown
    assert caught.value.__suppress_context__


async def test_check_tries_the_password_and_sends_nothing() -> None:
    answering = gateway(400, "Missing receiver number, rejected")
    async with answering as (url, queries), opened(sms(send_url=url)) as adapter:
        await adapter.check()
    assert queries[0].keys() == {"username", "password"}


async def test_check_reports_a_wrong_password() -> None:
    async with gateway(*ANSWERS["unauthorized"]) as (url, _), opened(sms(send_url=url)) as adapter:
        with pytest.raises(Unauthorized):
            await adapter.check()


def test_each_provider_has_a_dialect_and_needs_settings_that_there_are() -> None:
    assert DIALECTS.keys() == NEEDS.keys() == set(get_args(Provider))
    for needs in NEEDS.values():
        assert {*needs.receiving, *needs.sending} <= set(SmsSettings.__struct_fields__)


def test_a_first_sms_is_shown_only_where_anybody_may_send_it() -> None:
    (step,) = sms().first_steps("http://127.0.0.1:8080")
    assert step.startswith('curl "http://127.0.0.1:8080/in/sms/SECRET/mo?sender=')
    assert not sms(provider="twilio", signing_key="kunci").first_steps("http://127.0.0.1:8080")
