"""Twilio as an SMS channel: signatures as it makes them, recorded payloads, a server that answers as it does."""

import base64
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
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
    Delivery,
    Receipt,
    RecipientGone,
    Refused,
    Throttled,
    Unauthorized,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import opened, settings_of
from tests.adapters.sms_contract import REPLY, SmsContract, changed, read, status_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
TOKEN = "token-rahasia-twilio"
ACCOUNT = "AC0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "twilio"
FORM = "application/x-www-form-urlencoded"
SETTINGS: Mapping[str, Any] = {
    "provider": "twilio",
    "number": "+628151708",
    "secret": SECRET,
    "keywords": ["LAPOR"],
    "account": ACCOUNT,
    "password": TOKEN,
    "signing_key": TOKEN,
    "callback_url": "https://kanal.example.go.id/in/sms",
}
OK = '{"sid": "SM5f0a", "status": "queued", "num_segments": "1", "error_code": null, "to": "+628111000001"}'


def error(code: int, message: str = "The number +628111000001 …") -> str:
    return json.dumps({"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"})


ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (201, OK),
    "throttled": (429, error(20429)),
    "down": (503, error(20503)),
    "unauthorized": (401, error(20003)),
    "refused": (400, error(21408)),
    "gone": (400, error(21211)),
}


def signed(request: WebRequest, key: str = TOKEN) -> WebRequest:
    """As Twilio signs a form: the URL, then names and values in the order of the names."""
    form = "".join(name + value for name, value in sorted(set(parse_qsl(request.body.decode("latin-1"), True))))
    return msgspec.structs.replace(request, headers={**request.headers, "X-Twilio-Signature": mac(key, request, form)})


def mac(key: str, request: WebRequest, form: str = "") -> str:
    signed = (request.public_url + form).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(key.encode(), signed, "sha1")).decode()


def form(name: str = "sms") -> bytes:
    return (PAYLOADS / f"{name}.form").read_bytes()


def moved(name: str, following: str) -> bytes:
    """The form with the field that follows in the order of signing as a part of a field's value."""
    fields = dict(parse_qsl(form().decode(), True))
    fields[name] += following + fields.pop(following)
    return urlencode(fields).encode()


def cut(name: str, length: int) -> bytes:
    """The form with all that is signed after the beginning of a field's value as one field."""
    fields = dict(parse_qsl(form().decode(), True))
    later = "".join(key + fields.pop(key) for key in sorted(fields) if key > name)
    fields[name], rest = fields[name][:length], fields[name][length:]
    return urlencode({**fields, rest + later: ""}).encode()


def twilio(**changes: Any) -> Sms:
    return Sms(settings_of(Sms, {**SETTINGS, **changes}))


def taken(request: WebRequest, **changes: Any) -> int:
    return status_of(twilio(**changes), request)


SMS = posted(f"{SECRET}/mo", form(), FORM, peer="54.172.60.0")
GENUINE = signed(SMS)
FAILURES: Mapping[str, tuple[int, str, type[ChannelError]]] = {
    "unsubscribed": (400, error(21610), RecipientGone),
    "a landline": (400, error(21614), RecipientGone),
    "too long": (400, error(21617), Refused),
    "an error that is new": (400, error(29999), Refused),
    "our number is none": (400, error(21606), Unauthorized),
    "suspended": (403, error(20005), Unauthorized),
    "our queue is full": (429, error(21611), Throttled),
    "somebody else's page": (200, "<html>Sign in</html>", ChannelDown),
    "a list": (201, "[]", ChannelDown),
    "a redirect": (302, "", ChannelDown),
    "ill": (500, error(20500), ChannelDown),
}


@pytest.mark.threat("P0-15", "P0-17")
class TestTwilio(SmsContract):
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = GENUINE
    refused = {
        "forged secret": changed(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged with another key": signed(SMS, "token-rahasia-twiliO"),
        "forged outside ASCII": changed(GENUINE, headers={**SMS.headers, "X-Twilio-Signature": "é"}),
        "forged text": changed(GENUINE, body=form().replace(b"Banjir", b"Banjit")),
        "forged URL": changed(GENUINE, public_url=GENUINE.public_url.replace("https", "http")),
        "forged by a field more": changed(GENUINE, body=form() + b"&Z=1"),
        "forged id of the same signed octets, longer": changed(GENUINE, body=moved("MessageSid", "NumMedia")),
        "forged id of the same signed octets, shorter": changed(GENUINE, body=cut("MessageSid", 3)),
        "unproven": SMS,
        "unproven, no key is everybody's": signed(SMS, ""),
    }
    refused_settings = {
        "no key": {"signing_key": None},
        "sending without token": {"password": None},
    }
    answers = ANSWERS
    failures = FAILURES
    checked = (200, '{"incoming_phone_numbers": []}')

    def prove(self, request: WebRequest) -> WebRequest:
        return signed(request)


CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
TWICE = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
VECTORS = {
    "the documentation's": ("https://mycompany.com/", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "a repeated field": ("https://mycompany.com/", TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    "signed without our port": ("https://mycompany.com:1234/", CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "signed with our port": ("http://mycompany.com:1234/", CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    "signed with the port of https": ("https://mycompany.com/", CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    "signed with the port of http": ("http://mycompany.com/", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
}


@pytest.mark.parametrize(("host", "fields", "signature"), VECTORS.values(), ids=VECTORS)
def test_signatures_of_twilios_own_libraries_hold(host: str, fields: Any, signature: str) -> None:
    """They sign a call, so what is refused is that it is no SMS (400), and no longer that it has no proof (403)."""
    request = msgspec.structs.replace(
        posted(f"{SECRET}/mo", urlencode(fields).encode(), FORM, **{"X-Twilio-Signature": signature}),
        public_url=f"{host}myapp.php?foo=1&bar=2",
    )
    assert taken(request, signing_key="12345") == 400
    assert taken(request, signing_key="12346") == 403


@pytest.mark.threat("P0-15")
def test_no_octet_of_what_is_signed_can_be_another() -> None:
    flipped = (form()[:at] + bytes([form()[at] ^ 1]) + form()[at + 1 :] for at in range(len(form())))
    assert {taken(changed(GENUINE, body=each)) for each in flipped} == {403}


def json_request(body: bytes, digest: str) -> WebRequest:
    request = posted(f"{SECRET}/mo", body, "application/json; charset=utf-8")
    query = f"bodySHA256={digest}"
    request = changed(request, query=query, public_url=f"{request.public_url}?{query}")
    return changed(request, headers={**request.headers, "X-Twilio-Signature": mac(TOKEN, request)})


def test_json_is_signed_by_its_digest_in_the_url() -> None:
    body = (PAYLOADS / "as-json.json").read_bytes()
    genuine = json_request(body, sha256(body).hexdigest())
    assert taken(genuine) == 200
    assert taken(changed(genuine, body=body + b" ")) == 403
    assert taken(json_request(body, "")) == 403
    assert taken(signed(changed(genuine, query="", public_url=SMS.public_url))) == 403


def test_both_keys_hold_while_one_replaces_the_other() -> None:
    assert taken(signed(SMS, "token-baru"), signing_key="token-baru", former_signing_key=TOKEN) == 200
    assert taken(GENUINE, signing_key="token-baru", former_signing_key=TOKEN) == 200
    assert taken(GENUINE, signing_key="token-baru") == 403


def test_addresses_count_only_where_some_are_named() -> None:
    assert taken(GENUINE, allow=["10.0.0.0/8"]) == 403
    assert taken(GENUINE, allow=["54.172.60.0/23"]) == 200


def test_nothing_is_said_to_the_citizen_by_the_answer() -> None:
    received = twilio().receive(GENUINE)
    assert received.response.content_type == "text/xml"
    assert received.response.body.endswith(b"<Response/>")
    assert [delivery.id for delivery in received.deliveries] == ["SM5f0a1b2c3d4e5f60718293a4b5c6d7e8"]


REFUSED = {
    "no sender": form().replace(b"From=", b"Form="),
    "no id": form().replace(b"MessageSid=", b"M=").replace(b"SmsSid=", b"S="),
    "too many fields": form() + b"&a=1" * 60,
    "empty": b"",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_no_sms_is_refused(body: bytes) -> None:
    assert taken(signed(changed(SMS, body=body))) == 400


def report(body: bytes) -> Delivery:
    query = urlencode({"reply": b"a-6f3c".hex()})
    request = posted(f"{SECRET}/dlr", body, FORM)
    request = changed(request, query=query, public_url=f"{request.public_url}?{query}")
    return twilio().receive(signed(request)).deliveries[0]


def test_each_report_of_a_reply_is_kept_once_and_knows_the_reply_by_the_url() -> None:
    bare = form("report-by-its-own-id")
    sent = bare.replace(b"delivered", b"sent")
    assert report(bare).id == report(bare).id != report(sent).id
    assert twilio().parse(report(bare)) == twilio().parse(report(form("report-delivered")))


async def test_a_reply_as_twilio_gets_it() -> None:
    async with provider(201, OK) as (url, heard), opened(twilio(send_url=url)) as adapter:
        receipt = await adapter.send(REPLY)
    (request,) = heard
    assert (request.method, request.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert request.form == {
        "To": "+628111000001",
        "From": "+628151708",
        "Body": REPLY.text,
        "StatusCallback": f"https://kanal.example.go.id/in/sms/{SECRET}/dlr?reply={b'a-6f3c'.hex()}",
    }
    assert receipt == Receipt("SM5f0a", spent={"segment": 1})


async def test_a_messaging_service_and_an_api_key() -> None:
    changes = {"number": "MG0f1e2d", "username": "SK0f1e2d", "password": "kunci", "callback_url": None}
    async with provider(201, OK) as (url, heard), opened(twilio(send_url=url, **changes)) as adapter:
        await adapter.send(REPLY)
    assert heard[0].form == {"To": "+628111000001", "MessagingServiceSid": "MG0f1e2d", "Body": REPLY.text}
    assert heard[0].headers["Authorization"] == "Basic " + base64.b64encode(b"SK0f1e2d:kunci").decode()


def test_without_an_account_it_only_receives() -> None:
    assert twilio().can_send()
    assert not twilio(account="").can_send()


@given(st.binary(max_size=300), st.sampled_from(["mo", "dlr", ""]), st.sampled_from([FORM, "application/json", ""]))
def test_any_bytes_are_parsed_or_unreadable(body: bytes, path: str, content_type: str) -> None:
    assert msgspec.json.encode(read(twilio(), path, body, content_type))


@given(st.dictionaries(st.sampled_from(["From", "Body", "NumMedia", "MediaUrl0", "MessageSid", "Z"]), st.text()))
def test_any_signed_form_is_taken_or_refused(fields: dict[str, str]) -> None:
    request = signed(changed(SMS, body=urlencode(fields, errors="replace").encode()))
    assert taken(request) in {200, 400}
