"""Vonage as an SMS channel: signed parameters and tokens, recorded payloads, a server that answers as it does."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    ChannelDown,
    ChannelError,
    Receipt,
    RecipientGone,
    Refused,
    RequestRefused,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import RECEIVED_AT, opened, settings_of
from tests.adapters.sms_contract import REPLY, SmsContract, changed, read, status_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
KEY = "kunci-tanda-tangan"
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "vonage"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SETTINGS: Mapping[str, Any] = {
    "provider": "vonage",
    "number": "+628151708",
    "secret": SECRET,
    "keywords": ["LAPOR"],
    "username": "0f1e2d3c",
    "password": "rahasia-vonage",
    "signing_key": KEY,
    "callback_url": "https://kanal.example.go.id/in/sms",
}


def part(status: str = "0", **more: str) -> dict[str, str]:
    return {"to": "628111000001", "message-id": "0A0000001234567B", "status": status, "client-ref": "a-6f3c", **more}


def answer(*parts: Mapping[str, str]) -> str:
    return json.dumps({"message-count": str(len(parts)), "messages": parts})


ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (200, answer(part())),
    "throttled": (200, answer(part("1", **{"error-text": "Throttled"}))),
    "down": (503, ""),
    "unauthorized": (200, answer(part("4", **{"error-text": "Bad Credentials"}))),
    "refused": (200, answer(part("6", **{"error-text": "Unroutable message to 628111000001 - rejected"}))),
    "gone": (200, answer(part("7", **{"error-text": "Illegal Sender Address"}))),
}
METHODS: Mapping[str, Callable[[bytes, bytes], str]] = {
    "md5hash": lambda key, message: hashlib.md5(message + key).hexdigest(),
    "md5": lambda key, message: hmac.digest(key, message, "md5").hex().upper(),
    "sha1": lambda key, message: hmac.digest(key, message, "sha1").hex().upper(),
    "sha256": lambda key, message: hmac.digest(key, message, "sha256").hex().upper(),
    "sha512": lambda key, message: hmac.digest(key, message, "sha512").hex().upper(),
}


def fields_of(name: str = "sms") -> dict[str, str]:
    fields = dict(parse_qsl((PAYLOADS / f"{name}.form").read_text(), True))
    return {**fields, "timestamp": str(int(RECEIVED_AT.timestamp()))}


def with_signature(fields: Mapping[str, str], key: str = KEY, method: str = "sha256") -> dict[str, str]:
    safe = {name: value.replace("&", "_").replace("=", "_") for name, value in fields.items() if name != "sig"}
    message = "".join(f"&{name}={safe[name]}" for name in sorted(safe))
    return {**fields, "sig": METHODS[method](key.encode(), message.encode("utf-8", "surrogatepass"))}


def signed(fields: Mapping[str, str], path: str = "mo", **how: str) -> WebRequest:
    return posted(f"{SECRET}/{path}", urlencode(with_signature(fields, **how)).encode(), FORM, peer="5.10.112.1")


def merged(name: str, following: str) -> bytes:
    """The genuine form with two fields that are signed side by side as one, of the same signed octets."""
    fields = with_signature(fields_of())
    return urlencode({f"{name}={fields.pop(name)}&{following}": fields.pop(following), **fields}).encode()


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(body: bytes, key: str = KEY, alg: str = "HS256", **changes: Any) -> str:
    claims = {
        "iat": int(RECEIVED_AT.timestamp()),
        "jti": "c5ba8f24",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": "0f1e2d3c",
        "application_id": "aaaaaaaa-bbbb",
        **changes,
    }
    head = {"typ": "JWT", "alg": alg}
    message = ".".join(base64url(json.dumps(each).encode()) for each in (head, claims))
    return f"{message}.{base64url(hmac.digest(key.encode(), message.encode(), 'sha256'))}"


def with_token(body: bytes, bearer: str | None = None, path: str = "mo") -> WebRequest:
    return posted(f"{SECRET}/{path}", body, JSON, Authorization=f"Bearer {bearer or token(body)}")


def vonage(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


def taken(request: WebRequest, **changes: Any) -> int:
    return status_of(vonage(**changes), request)


def hours_later(hours: float) -> Any:
    return RECEIVED_AT + timedelta(hours=hours)


GENUINE = signed(fields_of())
MESSAGE = (PAYLOADS / "messages-api-sms.json").read_bytes()
SIGNED_JSON = json.dumps(with_signature(fields_of())).encode()


FAILURES: Mapping[str, tuple[int, str, type[ChannelError]]] = {
    "no credit": (200, answer(part("9")), Unauthorized),
    "our number": (200, answer(part("15")), Unauthorized),
    "signed requests only": (200, answer(part("14")), Unauthorized),
    "not in use": (200, answer(part("33")), RecipientGone),
    "ill": (200, answer(part("5")), ChannelDown),
    "a status that is new": (200, answer(part("99")), Refused),
    "one part of two": (200, answer(part(), part("1")), Refused),
    "nothing": (200, answer(), ChannelDown),
    "somebody else's page": (200, "<html>Sign in</html>", ChannelDown),
    "too many requests": (429, "", Throttled),
    "a redirect": (302, "", ChannelDown),
}


@pytest.mark.threat("P0-15", "P0-17")
class TestVonage(SmsContract):
    settings = SETTINGS
    payloads = PAYLOADS
    signs_time = True
    genuine = GENUINE
    refused = {
        "forged secret": changed(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged with another key": signed(fields_of(), key="kunci-lain"),
        "forged by another method": signed(fields_of(), method="md5hash"),
        "forged outside ASCII": changed(GENUINE, body=urlencode({**fields_of(), "sig": "é"}).encode()),
        "forged by several fields in one": changed(GENUINE, body=merged("message-timestamp", "messageId")),
        "forged text": changed(GENUINE, body=GENUINE.body.replace(b"Banjir", b"Banjit")),
        "forged token": with_token(MESSAGE, token(MESSAGE, "kunci-lain")),
        "forged body under a token": changed(with_token(MESSAGE), body=MESSAGE.replace(b"Banjir", b"Banjit")),
        "forged token without algorithm": with_token(MESSAGE, token(MESSAGE, alg="none")),
        "forged token without payload_hash": with_token(MESSAGE, token(MESSAGE, payload_hash="")),
        "forged token of one part": with_token(MESSAGE, "e30"),
        "forged token outside ASCII": with_token(MESSAGE, "é.é.é"),
        "unproven": posted(f"{SECRET}/mo", urlencode(fields_of()).encode(), FORM),
        "unproven JSON": posted(f"{SECRET}/mo", MESSAGE, JSON),
        "unproven form under a token": posted(f"{SECRET}/mo", GENUINE.body[:40], FORM, Authorization="Bearer e30.e30."),
        "stale": changed(GENUINE, received_at=hours_later(26)),
        "stale token": changed(with_token(MESSAGE), received_at=hours_later(26)),
        "stale for it tells no time": signed({**fields_of(), "timestamp": ""}),
        "stale for the token tells no time": with_token(MESSAGE, token(MESSAGE, iat="now")),
        "stale the other way": changed(GENUINE, received_at=hours_later(-26)),
    }
    refused_settings = {"no key": {"signing_key": None}, "sending without secret": {"password": None}}
    answers = ANSWERS
    failures = FAILURES
    checked = (200, '{"value": 3.14}')

    def prove(self, request: WebRequest) -> WebRequest:
        raw = (request.query.encode("utf-8", "surrogatepass") or request.body).decode("latin-1")
        fields = with_signature({"timestamp": fields_of()["timestamp"], **dict(parse_qsl(raw, True))})
        sent = urlencode(fields, errors="surrogatepass")
        return changed(request, query=sent) if request.query else changed(request, body=sent.encode())


WAYS = {
    "POST with a form": GENUINE,
    "GET": changed(GENUINE, method="GET", query=GENUINE.body.decode(), body=b""),
    "POST with JSON": posted(f"{SECRET}/mo", SIGNED_JSON, "application/json; charset=utf-8"),
}


@pytest.mark.parametrize("request_", WAYS.values(), ids=WAYS)
def test_an_sms_comes_in_three_ways(request_: WebRequest) -> None:
    received = vonage().receive(request_)
    assert (received.response.status, received.response.body) == (200, b"")
    assert [delivery.id for delivery in received.deliveries] == ["16000003A1B2C3D4"]
    assert [message.text for message in vonage().parse(received.deliveries[0])] == [  # type: ignore[union-attr]
        "Banjir di Jl. Kemang Raya selutut"
    ]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_dashboard(method: str) -> None:
    assert taken(signed(fields_of(), method=method), signature_method=method) == 200


VECTORS = {
    "md5hash": "6af838ef94998832dbfc29020b564830",
    "md5": "c15c21ced558c93a226c305f58f902f2",
    "sha1": "3e19a4e6880fdc2c1426bfd0587c98b9532f0210",
    "sha256": "a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24",
}


@pytest.mark.parametrize(("method", "signature"), VECTORS.items(), ids=VECTORS)
def test_signatures_that_vonages_own_library_makes_hold(method: str, signature: str) -> None:
    """They sign no SMS, so it is as one that they are refused (400), and no longer for want of proof (403)."""
    form = urlencode({"a": "1", "b": "2", "timestamp": "1461605396", "sig": signature}).encode()
    request = changed(posted(f"{SECRET}/mo", form, FORM), received_at=datetime.fromtimestamp(1461605396, UTC))
    assert taken(request, signing_key="secret", signature_method=method) == 400
    assert taken(request, signing_key="secreT", signature_method=method) == 403


@pytest.mark.threat("P0-15")
@pytest.mark.parametrize("genuine", [GENUINE, with_token(MESSAGE)], ids=["signature", "token"])
def test_no_octet_of_what_is_signed_can_be_another(genuine: WebRequest) -> None:
    body = genuine.body
    flipped = (body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] for at in range(len(body)))
    assert {taken(changed(genuine, body=each)) for each in flipped} == {403}


def test_ampersands_and_equals_signs_are_signed_as_underscores() -> None:
    assert taken(signed({**fields_of(), "text": "RT=3 & RW=4"})) == 200


def test_the_messages_api_proves_an_sms_by_a_token() -> None:
    (delivery,) = vonage().receive(with_token(MESSAGE)).deliveries
    assert delivery.id == "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"
    assert delivery.body == MESSAGE


def test_what_a_token_does_not_prove_is_not_read() -> None:
    """A query that somebody puts beside a proven body says nothing."""
    (delivery,) = vonage().receive(changed(with_token(MESSAGE), query="msisdn=6281&text=palsu")).deliveries
    assert delivery.body == MESSAGE


def test_both_keys_hold_while_one_replaces_the_other() -> None:
    both = {"signing_key": "kunci-baru", "former_signing_key": KEY}
    assert taken(GENUINE, **both) == taken(with_token(MESSAGE), **both) == 200
    assert taken(signed(fields_of(), key="kunci-baru"), **both) == 200
    assert taken(GENUINE, signing_key="kunci-baru") == 403


def test_what_comes_again_within_the_day_is_taken_and_has_its_id() -> None:
    again = changed(GENUINE, received_at=hours_later(24))
    assert vonage().receive(again).deliveries[0].id == vonage().receive(GENUINE).deliveries[0].id
    assert taken(again, signature_seconds=300) == 403


REFUSED = {
    "no sender": {"msisdn": ""},
    "blank sender": {"msisdn": " "},
    "too many fields": {f"f{number}": "1" for number in range(60)},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_what_is_no_sms_is_refused(changes: dict[str, str]) -> None:
    assert taken(signed({**fields_of(), **changes})) == 400


def test_each_part_and_each_report_is_a_delivery_of_its_own() -> None:
    ids = [
        vonage().receive(signed(fields_of(name), path)).deliveries[0].id
        for name, path in (("part-1", "mo"), ("part-2", "mo"), ("report-accepted", "dlr"), ("report-delivered", "dlr"))
    ]
    assert len(set(ids)) == 4
    assert vonage().receive(signed(fields_of("report-delivered"), "dlr")).deliveries[0].id == ids[-1]


def test_without_an_id_the_request_is_one() -> None:
    first, second, other = (
        vonage().receive(signed({**fields_of(), "messageId": "", "text": text})).deliveries[0].id
        for text in ("Banjir", "Banjir", "Kebakaran")
    )
    assert first == second != other


async def sent(text: str = REPLY.text, **changes: Any) -> tuple[Receipt, Mapping[str, str]]:
    reply = msgspec.structs.replace(REPLY, text=text, **changes)
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(vonage(send_url=url)) as adapter:
        receipt = await adapter.send(reply)
    (request,) = heard
    assert (request.method, request.path) == ("POST", "/sms/json")
    return receipt, request.form


async def test_a_reply_as_vonage_gets_it() -> None:
    receipt, form = await sent()
    assert receipt == Receipt("0A0000001234567B", spent={"segment": 1})
    assert form == {
        "api_key": "0f1e2d3c",
        "api_secret": "rahasia-vonage",
        "from": "628151708",
        "to": "628111000001",
        "text": REPLY.text,
        "type": "text",
        "client-ref": "a-6f3c",
        "callback": f"https://kanal.example.go.id/in/sms/{SECRET}/dlr",
    }


async def test_other_alphabets_are_asked_for() -> None:
    assert (await sent("Terima kasih 😢"))[1]["type"] == "unicode"


async def test_an_id_too_long_for_vonage_stays_here() -> None:
    assert "client-ref" not in (await sent(id="a" * 101))[1]


async def test_the_cost_is_what_vonage_made_of_it() -> None:
    async with provider(200, answer(part(), part())) as (url, _), opened(vonage(send_url=url)) as adapter:
        assert (await adapter.send(REPLY)).spent == {"segment": 2}


@given(st.binary(max_size=300), st.sampled_from(["mo", "dlr", ""]), st.sampled_from([FORM, JSON, ""]))
def test_any_bytes_are_parsed_or_unreadable(body: bytes, path: str, content_type: str) -> None:
    assert msgspec.json.encode(read(vonage(), path, body, content_type))


VALUES = (
    st.text() | st.integers() | st.booleans() | st.none() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
)
NAMES = [
    "msisdn",
    "type",
    "data",
    "concat-part",
    "concat-total",
    "message-timestamp",
    "image",
    "message_uuid",
    "status",
]


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.sampled_from(["mo", "dlr"]))
def test_any_proven_json_is_taken_or_refused(told: dict[str, Any], path: str) -> None:
    request = with_token(json.dumps(told).encode(), path=path)
    try:
        (delivery,) = vonage().receive(request).deliveries
        events = vonage().parse(delivery)
    except (RequestRefused, Unreadable):
        return
    assert msgspec.json.encode(events)
