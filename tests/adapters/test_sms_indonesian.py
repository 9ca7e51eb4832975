"""NusaSMS, and Zenziva beside whoever brings the SMS: recorded payloads, servers that answer as they do."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    ChannelDown,
    ChannelError,
    Message,
    Receipt,
    RecipientGone,
    Refused,
    RequestRefused,
    Throttled,
    Unauthorized,
    WebRequest,
)
from adapters.sms import Sms
from adapters.testing import opened, settings_of
from tests.adapters.sms_contract import REPLY, SmsContract, changed, read, status_of
from tests.adapters.sms_provider import posted, provider

SECRET = "rahasia-jalur-sms"
PAYLOADS = Path(__file__).parent / "payloads" / "sms" / "nusasms"
FORM = "application/x-www-form-urlencoded"
NUSASMS: Mapping[str, Any] = {
    "provider": "nusasms",
    "number": "628151708",
    "secret": SECRET,
    "allow": ["203.0.113.0/24"],
    "keywords": ["LAPOR"],
    "username": "kanal_api",
    "password": "rahasia-nusa",
}


def results(status: str) -> str:
    return json.dumps({"results": [{"status": status, "messageid": "1750413192", "destination": "628111000001"}]})


ANSWERS: Mapping[str, tuple[int, str]] = {
    "ok": (200, results("0")),
    "throttled": (429, ""),
    "down": (200, results("-1")),
    "unauthorized": (200, results("-5")),
    "refused": (200, results("-3")),
    "gone": (200, results("-13")),
}


def sms(**settings: Any) -> Sms:
    return Sms(settings_of(Sms, settings))


def nusasms(**changes: Any) -> Sms:
    return sms(**{**NUSASMS, **changes})


GENUINE = posted(f"{SECRET}/mo", (PAYLOADS / "sms.form").read_bytes(), FORM, peer="203.0.113.9")


FAILURES: Mapping[str, tuple[int, str, type[ChannelError]]] = {
    "no credit": (200, results("-2"), Unauthorized),
    "a number that is new": (200, results("-99"), Refused),
    "nothing": (200, '{"results": []}', ChannelDown),
    "somebody else's page": (200, "<html>", ChannelDown),
}


@pytest.mark.threat("P0-15", "P0-17")
class TestNusaSms(SmsContract):
    settings = NUSASMS
    payloads = PAYLOADS
    genuine = GENUINE
    refused = {
        "forged secret": changed(GENUINE, path="rahasia-jalur-smt/mo"),
        "forged address": changed(GENUINE, peer="203.0.114.9"),
        "unproven": changed(GENUINE, path="mo"),
    }
    refused_settings = {"no addresses": {"allow": None}, "sending without password": {"password": None}}
    answers = ANSWERS
    failures = FAILURES


REFUSED = {
    "no sender": (changed(GENUINE, body=b"id=1&msg=Banjir"), 400),
    "a delivery report": (changed(GENUINE, path=f"{SECRET}/dlr"), 404),
    "too many fields": (changed(GENUINE, body=GENUINE.body + b"&a=1" * 60), 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
def test_what_nusasms_never_sends_is_refused(request_: WebRequest, status: int) -> None:
    assert status_of(nusasms(), request_) == status


def test_an_sms_has_its_id_and_without_one_its_content_makes_it() -> None:
    bare = GENUINE.body.replace(b"id=175041319203754627&", b"")
    ids = [nusasms().receive(changed(GENUINE, body=body)).deliveries[0].id for body in (GENUINE.body, bare, bare)]
    assert ids[0] == "175041319203754627" != ids[1] == ids[2]


def test_the_time_is_that_of_the_zone_in_the_settings() -> None:
    form = urlencode({"originator": "628111000001", "msg": "Banjir", "receive_date": "2026-11-22 23:26:33"}).encode()
    (message,) = read(nusasms(timezone="Asia/Makassar"), "mo", form, FORM) or ()
    assert isinstance(message, Message)
    assert message.sent_at == datetime(2026, 11, 22, 15, 26, 33, tzinfo=UTC)


async def test_a_reply_as_nusasms_gets_it() -> None:
    async with provider(*ANSWERS["ok"]) as (url, heard), opened(nusasms(send_url=url)) as adapter:
        assert await adapter.send(REPLY) == Receipt("1750413192", spent={"segment": 1})
        await adapter.send(msgspec.structs.replace(REPLY, text="Terima kasih 😢"))
    plain, unicode = heard
    assert (plain.method, plain.path) == ("POST", "/api/v3/sendsms/plain")
    asked = {"user": "kanal_api", "password": "rahasia-nusa", "GSM": "628111000001", "output": "json"}
    assert plain.form == {**asked, "SMSText": REPLY.text}
    assert unicode.form == {**asked, "SMSText": "Terima kasih 😢", "unicode": "True"}


@given(st.binary(max_size=300), st.sampled_from(["mo", "dlr", ""]))
def test_any_bytes_are_parsed_or_unreadable(body: bytes, path: str) -> None:
    assert msgspec.json.encode(read(nusasms(), path, body, FORM))


ZENZIVA: Mapping[str, Any] = {
    "provider": "gammu",
    "replies_by": "zenziva",
    "number": "08111272206",
    "secret": SECRET,
    "username": "userkey",
    "password": "passkey-rahasia",
}


def zenziva(**changes: Any) -> Sms:
    return sms(**{**ZENZIVA, **changes})


def words(text: str, status: str | int = "1", **more: Any) -> tuple[int, str]:
    return 200, json.dumps({"to": "628111000001", "status": status, "text": text, **more})


async def test_a_reply_as_zenziva_gets_it() -> None:
    told = words("Success", messageId="4152", cost="350")
    async with provider(*told) as (url, heard), opened(zenziva(send_url=url)) as adapter:
        assert await adapter.send(REPLY) == Receipt("4152", spent={"segment": 1})
    (request,) = heard
    assert (request.method, request.path) == ("POST", "/reguler/api/sendsms/")
    assert request.form == {
        "userkey": "userkey",
        "passkey": "passkey-rahasia",
        "to": "628111000001",
        "message": REPLY.text,
    }


TAKEN = {
    "a new account": words("Success", messageId=4152),
    "an old account": words("Success", 0),
    "other words": words("Message was queued", messageId="4152"),
}


@pytest.mark.parametrize("told", TAKEN.values(), ids=TAKEN)
async def test_what_zenziva_takes(told: tuple[int, str]) -> None:
    async with provider(*told) as (url, _), opened(zenziva(send_url=url)) as adapter:
        assert (await adapter.send(REPLY)).spent == {"segment": 1}


ZENZIVA_FAILURES: Mapping[str, tuple[tuple[int, str], type[ChannelError]]] = {
    "wrong key": (words("Userkey / Passkey Salah", 5), Unauthorized),
    "wrong key with the status of success": (words("Userkey atau Passkey Salah", "0"), Unauthorized),
    "no credit": (words("Credit tidak mencukupi", 99), Unauthorized),
    "too often": (words("Pengiriman SMS berulang-ulang ke satu nomor dalam satu waktu", 89), Throttled),
    "no such number": (words("Nomor tujuan tidak valid", 1, messageId=0), RecipientGone),
    "content": (words("Konten SMS rejected", 6), Refused),
    "ill": ((500, ""), ChannelDown),
    "unauthorized": ((401, ""), Unauthorized),
    "somebody else's page": ((200, "<html>"), ChannelDown),
}


@pytest.mark.parametrize(("told", "expected"), ZENZIVA_FAILURES.values(), ids=ZENZIVA_FAILURES)
async def test_what_zenziva_refuses(told: tuple[int, str], expected: type[ChannelError]) -> None:
    async with provider(*told) as (url, _), opened(zenziva(send_url=url)) as adapter:
        with pytest.raises(ChannelError) as caught:
            await adapter.send(REPLY)
    assert type(caught.value) is expected
    assert "628111000001" not in str(caught.value)


WRONG = {
    "Zenziva alone": {"provider": "zenziva", "replies_by": None},
    "replies by who takes none": {"replies_by": "gammu"},
    "a key without its other half": {"password": None},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_settings_that_lead_nowhere_are_told(changes: Mapping[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"provider|replies_by|username"):
        zenziva(**changes)


def test_each_way_is_proven_as_its_provider_proves_it() -> None:
    """Kannel brings the SMS from this machine; Twilio, which takes the replies, signs its reports of them."""
    both = sms(provider="kannel", replies_by="twilio", number="1708", secret=SECRET, signing_key="kunci")
    by_kannel = posted(f"{SECRET}/mo", b"sender=%2B628111000001&message=Banjir&id=7", FORM)
    assert status_of(both, by_kannel) == 200
    assert status_of(both, changed(by_kannel, peer="203.0.113.9")) == 403
    unsigned = posted(f"{SECRET}/dlr", b"MessageSid=SM1&MessageStatus=sent", FORM, peer="203.0.113.9")
    with pytest.raises(RequestRefused, match="shows no proof"):
        both.receive(unsigned)


def test_zenziva_brings_no_reports() -> None:
    assert status_of(zenziva(), posted(f"{SECRET}/dlr", b"status=1", FORM)) == 404
