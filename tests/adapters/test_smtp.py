"""Mail as an adapter: the common suite, settings, which mails are the same, and which no one is to answer."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from adapters import Address, Checks, Delivery, Guides, Listens, MaySend, Message, Reply, Sends
from adapters.mails.identity import identity
from adapters.smtp import Smtp
from adapters.testing import AdapterContract, settings_of
from tests.adapters.smtp_running import adapter, mail
from tests.adapters.test_smtp_replies import Relay, serving
from tests.end_to_end.kanal import free_port

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "ok": {},
    "down": {"RCPT": "451 4.3.0 later"},
    "unauthorized": {"MAIL": "530 5.7.0 who are you"},
    "refused": {"DATA": "554 5.7.1 no"},
    "gone": {"RCPT": "550 5.1.1 unknown"},
}

USABLE: dict[str, Any] = {
    "recipients": ["dki@jakarta.go.id"],
    "smtp": "127.0.0.1:0",
    "trusted_relays": ["10.1.2.0/24"],
    "trusted_authentication": ["relay.jakarta.go.id"],
    "relay": "relay.jakarta.go.id:587",
    "relay_username": "kanal",
    "relay_password": "sangat-rahasia",
}

WRONG: dict[str, Mapping[str, Any]] = {
    "no recipient": {"recipients": []},
    "a recipient that is none": {"recipients": ["jakarta.go.id"]},
    "a recipient without domain": {"recipients": ["dki@"]},
    "listening nowhere": {"smtp": ""},
    "no port": {"smtp": "127.0.0.1"},
    "no host": {"smtp": ":25"},
    "a port too high": {"smtp": "127.0.0.1:70000"},
    "a port that is no number": {"lmtp": "127.0.0.1:lmtp"},
    "a certificate without its key": {"certificate": __file__},
    "a key without its certificate": {"private_key": __file__},
    "a certificate that is not there": {"certificate": "nowhere.pem", "private_key": __file__},
    "a key that is a folder": {"certificate": __file__, "private_key": "/"},
    "a host that is none": {"smtp": "999.1.1.1:25"},
    "no connection allowed": {"max_connections": 0},
    "no time for a command": {"command_timeout": 0},
    "a network that is none": {"trusted_relays": ["10.1.2.0/99"]},
    "trust in nobody's words": {"trusted_relays": []},
    "a relay without port": {"relay": "relay.jakarta.go.id"},
    "a password without a user": {"relay_username": ""},
    "a user without a password": {"relay_password": None},
    "a password in clear text": {"relay_tls": "none"},
    "a way of encryption that is none": {"relay_tls": "ssl"},
    "no From address": {"recipients": ["@jakarta.go.id"]},
    "a From address that is none": {"sender": "dki"},
}


class TestSmtp(AdapterContract):
    adapter = Smtp
    settings = USABLE
    refused_settings = WRONG
    payloads = Path(__file__).parent / "payloads" / "smtp"
    outcomes = tuple(ANSWERS)
    reply: ClassVar[Reply] = Reply(
        id="r1", channel="smtp", to=Address("email", "siti@example.org"), text="Laporan Anda kami terima."
    )

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with serving(Relay(ANSWERS[outcome])) as where:
            yield {"relay": where, "relay_tls": "none", "relay_username": "", "relay_password": None}


def test_what_the_adapter_offers() -> None:
    for protocol in (Guides, Listens, Sends, MaySend, Checks):
        assert isinstance(adapter(), protocol)
    assert (Smtp.capabilities.threads, Smtp.capabilities.repeatable, Smtp.capabilities.text_limit) == (True, True, None)


def test_a_problem_says_where_and_what_to_do() -> None:
    plain = {"name": "mail", "kind": "smtp", "recipients": ["@jakarta.go.id"], "relay": f"127.0.0.1:{free_port()}"}
    settings = msgspec.convert(plain, Smtp.Settings)
    found = {problem.where: problem.hint for problem in settings.problems()}
    assert found.keys() == {"smtp", "sender"}
    assert all(found.values())


def test_without_a_name_of_its_own_the_host_is_the_recipients_domain() -> None:
    assert [adapter(hostname=name).settings.our_host() for name in ("", "gw.example.go.id")] == [
        "jakarta.go.id",
        "gw.example.go.id",
    ]


def test_where_it_will_listen_is_known_before_it_does() -> None:
    smtp = adapter(smtp="127.0.0.1:8025", lmtp="/run/kanal/lmtp.sock")
    assert smtp.addresses() == ["smtp://127.0.0.1:8025", "lmtp:///run/kanal/lmtp.sock"]


FIRST_STEPS = {
    "SMTP": ({"smtp": "127.0.0.1:8025"}, "swaks --server 127.0.0.1:8025 --to dki@jakarta.go.id"),
    "LMTP": ({"lmtp": "127.0.0.1:8026"}, "swaks --server 127.0.0.1:8026 --protocol LMTP --to dki@jakarta.go.id"),
    "a socket": ({"lmtp": "/run/lmtp"}, "swaks --socket /run/lmtp --protocol LMTP --to dki@jakarta.go.id"),
    "a domain": ({"smtp": "127.0.0.1:1", "recipients": ["@b.id"]}, "swaks --server 127.0.0.1:1 --to lapor@b.id"),
}


@pytest.mark.parametrize(("settings", "start"), FIRST_STEPS.values(), ids=FIRST_STEPS)
def test_how_to_send_a_first_mail(settings: dict[str, Any], start: str) -> None:
    (line,) = adapter(**settings).first_steps("http://127.0.0.1:8080")
    assert line.startswith(start)


TRACE = b"Received: from a by b; Mon, 2 Nov 2026 08:00:00 +0700\r\n"
SAME = {
    "nothing but itself": mail(),
    "one more Received": TRACE + mail(),
    "folded": b"Received: from a\r\n\tby b\r\n (really);\r\n Mon\r\n" + mail(),
    "all that a server adds": b"Return-Path: <x@y>\r\nDelivered-To: a@b\r\nX-Original-To: a@b\r\n" + TRACE + mail(),
    "signed and judged on the way": b"Authentication-Results: a; spf=pass\r\nDKIM-Signature: v=1;\r\n b=x\r\n"
    + TRACE
    + b"ARC-Seal: i=1\r\nReceived-SPF: pass\r\n"
    + mail(),
    "in small letters": b"received: x\r\n" + mail(),
}


@pytest.mark.parametrize("again", SAME.values(), ids=SAME)
def test_the_same_mail_by_another_way_is_the_same(again: bytes) -> None:
    assert identity(again) == identity(mail())


DIFFERENT = {
    "another text": mail("Banjir di Kemang Selatan"),
    "another Message-ID": mail(message_id="<2@example.org>"),
    "another date": mail(date="Sun, 01 Nov 2026 07:00:01 +0700"),
    "another author": mail(**{"from": "lain@example.org"}),
    "one blank more": mail("Banjir di Kemang "),
    "a trace header lower down": mail().replace(b"Subject:", TRACE + b"Subject:"),
}


@pytest.mark.parametrize("other", DIFFERENT.values(), ids=DIFFERENT)
def test_another_mail_is_another_however_alike(other: bytes) -> None:
    assert identity(other) != identity(mail())


@pytest.mark.parametrize("named", [{"message_id": ""}, {"date": ""}], ids=["by its date", "by its Message-ID"])
def test_a_mail_that_says_which_it_is_is_the_same_twice(named: dict[str, str]) -> None:
    assert identity(mail(**named)) == identity(mail(**named))


def test_of_mails_that_do_not_say_which_they_are_each_counts() -> None:
    anonymous = mail("Message-ID: <in the text>", message_id="", date="")
    assert identity(anonymous) != identity(anonymous)


def parsed(body: bytes, settings: Mapping[str, Any] = USABLE, **headers: str) -> Message:
    delivery = Delivery(
        id="d1",
        channel="smtp",
        received_at=NOW,
        body=body,
        content_type="message/rfc822",
        headers={"mail_from": "warga@example.org", "peer": "10.1.2.3", **headers},
    )
    (event,) = Smtp(settings_of(Smtp, settings)).parse(delivery)
    assert isinstance(event, Message)
    return event


@pytest.mark.threat("P0-34")
def test_a_mail_is_answered_to_its_author_alone() -> None:
    message = parsed(mail(reply_to="semua@example.net", cc="tetangga@example.net"))
    assert message.sender == Address("email", "warga@example.org", "Warga")


def test_the_envelope_names_the_sender_where_the_mail_does_not() -> None:
    assert parsed(mail(**{"from": "bukan alamat"})).sender == Address("email", "warga@example.org")


def test_where_nobody_names_the_sender_the_text_is_kept_all_the_same() -> None:
    message = parsed(mail("Tolong", **{"from": ""}), mail_from="bukan alamat")
    assert (message.sender, message.text) == (None, "Tolong")


AUTOMATIC: dict[str, dict[str, str]] = {
    "vacation of Sieve": {"auto_submitted": "auto-replied (vacation)"},
    "vacation of Gmail": {"auto_submitted": "auto-replied", "precedence": "bulk", "x_autoreply": "yes"},
    "out of office of Exchange": {"x_auto_response_suppress": "All", "auto_submitted": "auto-generated"},
    "Exchange without Auto-Submitted": {"x_auto_response_suppress": "DR, OOF, AutoReply"},
    "Exchange inbox rule": {"x_auto_response_suppress": "OOF"},
    "a machine's notice (RFC 3834)": {"auto_submitted": "auto-generated"},
    "a machine's notice with parameters": {"auto_submitted": 'auto-notified; owner-email="a@example.org"'},
    "a monitoring system": {"from": "monitor@example.org", "precedence": "junk"},
    "old vacation programs": {"precedence": "auto_reply"},
    "a newsletter": {"precedence": "bulk", "list_unsubscribe": "<https://example.org/u>"},
    "a mailing list by Mailman": {"list_id": "RT 05 <rt05.example.org>", "precedence": "list"},
    "a mailing list by Google Groups": {"list_post": "<https://groups.example.org>", "list_id": "<a.example.org>"},
    "only a List-Id": {"list_id": "<warga.example.org>"},
    "only a List-Unsubscribe": {"list_unsubscribe": "<mailto:u@example.org>"},
    "only a List-Help": {"list_help": "<mailto:h@example.org>"},
    "X-Autoreply": {"x_autoreply": "yes"},
    "X-Autorespond": {"x_autorespond": "Re: Banjir"},
    "X-Autoresponder": {"x_autoresponder": "1"},
    "a bounce of Postfix": {"from": "MAILER-DAEMON@mx.example.org", "content_type": "multipart/report; boundary=b"},
    "a bounce of Exim": {"from": "Mail Delivery System <Mailer-Daemon@mx.example.org>"},
    "a bounce of Exchange": {"from": "postmaster@example.org", "content_type": 'multipart/report; boundary="b"'},
    "a read receipt": {"content_type": "multipart/report; report-type=disposition-notification; boundary=b"},
    "a feedback report": {"content_type": "multipart/report; report-type=feedback-report; boundary=b"},
    "noreply": {"from": "Toko <noreply@example.org>"},
    "no-reply": {"from": "no-reply@example.org"},
    "do-not-reply": {"from": "do-not-reply@example.org"},
    "donotreply": {"from": "DoNotReply@example.org"},
    "a bounce address": {"from": "bounces+123@example.org"},
    "ourselves": {"from": "dki@jakarta.go.id"},
    "ourselves in capitals": {"from": "DKI@JAKARTA.GO.ID"},
    "ourselves with a detail": {"from": "dki+knl-7f3k@jakarta.go.id"},
}


@pytest.mark.parametrize("headers", AUTOMATIC.values(), ids=AUTOMATIC)
def test_what_a_machine_wrote_is_reported_but_never_answered(headers: dict[str, str]) -> None:
    message = parsed(mail("Saya sedang cuti", **headers))
    assert message.automatic
    assert "cuti" in message.text or "multipart" in headers.get("content_type", "")


def test_what_comes_with_the_null_return_path_is_never_answered() -> None:
    assert parsed(mail(), mail_from="").automatic


def test_our_own_from_address_is_known_where_it_is_no_recipient() -> None:
    assert parsed(mail(**{"from": "balasan@jakarta.go.id"}), {**USABLE, "sender": "Balasan@jakarta.go.id"}).automatic


BY_PEOPLE: dict[str, dict[str, str]] = {
    "a plain mail": {},
    "Auto-Submitted: no": {"auto_submitted": "no"},
    "X-Auto-Response-Suppress: None": {"x_auto_response_suppress": "None"},
    "Precedence: normal": {"precedence": "normal"},
    "a name with reply in it": {"from": "Replyanto <replyanto@example.org>"},
    "a name with no in it": {"from": "Noreen <noreen@example.org>"},
    "at a domain like ours": {"from": "dki@jakarta.go.id.example.org"},
}


@pytest.mark.parametrize("headers", BY_PEOPLE.values(), ids=BY_PEOPLE)
def test_what_a_person_wrote_is_answered(headers: dict[str, str]) -> None:
    assert not parsed(mail(**headers)).automatic


JUDGED = mail().replace(b"From:", b"X-Spam-Flag: YES\r\nFrom:")
FORGED = b"Authentication-Results: relay.jakarta.go.id; dmarc=fail header.from=example.org\r\n" + JUDGED
LOCAL: dict[str, Any] = {**USABLE, "trusted_relays": ["127.0.0.0/8"]}


@pytest.mark.parametrize(
    ("body", "settings", "peer", "doubts"),
    [
        pytest.param(FORGED, USABLE, "10.1.2.3", ("forged-sender", "spam"), id="our relay says so"),
        pytest.param(JUDGED, USABLE, "10.1.2.3", ("spam",), id="our relay says spam"),
        pytest.param(FORGED, USABLE, "192.0.2.1", (), id="a stranger says so"),
        pytest.param(FORGED, USABLE, "2001:db8::1", (), id="a stranger by IPv6 says so"),
        pytest.param(FORGED, USABLE, "", (), id="a Unix socket, but the relay is elsewhere"),
        pytest.param(FORGED, LOCAL, "", ("forged-sender", "spam"), id="our relay on a Unix socket says so"),
    ],
)
def test_only_our_relays_word_on_forgery_and_spam_counts(
    body: bytes, settings: Mapping[str, Any], peer: str, doubts: tuple[str, ...]
) -> None:
    assert parsed(body, settings, peer=peer).doubts == doubts
