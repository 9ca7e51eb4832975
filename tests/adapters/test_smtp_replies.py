"""Replies: what they look like, and what becomes of them at the relay."""

import asyncio
import email
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import Address, ChannelDown, ChannelError, Delivery, Message, RecipientGone, Refused, Reply, Unauthorized
from adapters.mails.compose import compose
from adapters.smtp import Smtp, SmtpSettings
from adapters.smtp.listener import server_tls
from adapters.testing import settings_of
from tests.adapters.certificates import make_certificate
from tests.adapters.postfix import postfix
from tests.adapters.smtp_running import Inbox, adapter, listening
from tests.end_to_end.kanal import free_port

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LONG_ID = "<" + "A" * 300 + "@mail.example.org>"


def reply(to: str = "warga@example.org", **changes: Any) -> Reply:
    values: dict[str, Any] = {
        "id": "r1",
        "channel": "smtp",
        "to": Address("email", to, "Warga"),
        "text": "Laporan Anda kami terima: KNL-7F3K-92QX.\nTerima kasih — Pemprov DKI",
        "subject": "Banjir di Kemang",
        "in_reply_to": "<m2@example.org>",
        "references": ("<m1@example.org>", "<m2@example.org>"),
    }
    return Reply(**{**values, **changes})


def mailbox(**changes: Any) -> SmtpSettings:
    smtp = adapter(relay="127.0.0.1:2525", relay_tls="none", sender_name="Laporan Warga", **changes)
    return smtp.settings


def composed(given: Reply, **changes: Any) -> EmailMessage:
    return email.message_from_bytes(compose(given, mailbox(**changes), NOW), policy=default)


def test_the_headers_of_a_reply() -> None:
    read = composed(reply())
    assert {name: str(value) for name, value in read.items()} == {
        "Message-ID": "<r1@jakarta.go.id>",
        "In-Reply-To": "<m2@example.org>",
        "References": "<m1@example.org> <m2@example.org>",
        "From": "Laporan Warga <dki@jakarta.go.id>",
        "To": "warga@example.org",
        "Subject": "Re: Banjir di Kemang",
        "Date": "Mon, 02 Nov 2026 09:30:00 +0000",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


def test_what_answers_no_mail_does_not_look_like_an_answer() -> None:
    read = composed(reply(in_reply_to=None, references=()))
    assert (read["Subject"], read["Auto-Submitted"]) == ("Banjir di Kemang", "auto-generated")
    assert "In-Reply-To" not in read and "References" not in read


def test_the_text_of_a_reply() -> None:
    assert composed(reply()).get_content().splitlines() == reply().text.splitlines()


def test_a_reply_is_seven_bit_in_crlf_lines() -> None:
    raw = compose(reply(subject="Genangan ½ m", text="½ meter 🙏\n" * 50 + "x" * 3_000), mailbox(), NOW)
    assert raw.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Banjir", "Re: Banjir"),
        ("Re: Banjir", "Re: Banjir"),
        ("RE: re : Bls: Banjir", "Re: Banjir"),
        ("Re[2]: Banjir", "Re: Banjir"),
        ("Rekomendasi", "Re: Rekomendasi"),
        ("Jalan rusak 🙏", "Re: Jalan rusak 🙏"),
        ("Banjir\r\nBcc: evil@example.org", "Re: Banjir Bcc: evil@example.org"),
        ("a\u2028b\x85c\x00d", "Re: a b c d"),
        ("x" * 100_000, "Re: " + "x" * 200),
        ("", "Laporan Warga"),
        (None, "Laporan Warga"),
    ],
)
def test_the_subject_answers_once(subject: str | None, shown: str) -> None:
    assert composed(reply(subject=subject))["Subject"] == shown


def test_long_identifiers_stay_what_they_are() -> None:
    raw = compose(reply(in_reply_to=LONG_ID, references=("<m1@example.org>", LONG_ID)), mailbox(), NOW)
    assert b"In-Reply-To: " + LONG_ID.encode() + b"\r\n" in raw
    assert b"References: <m1@example.org>\r\n " + LONG_ID.encode() + b"\r\n" in raw


def test_a_long_thread_keeps_its_first_and_its_newest() -> None:
    references = tuple(f"<m{number}@example.org>" for number in range(500))
    kept = composed(reply(references=references))["References"].split()
    assert (kept[0], kept[-1], len(kept)) == ("<m0@example.org>", "<m499@example.org>", 30)


@pytest.mark.threat("P1-25")
def test_identifiers_that_are_none_are_left_out() -> None:
    read = composed(reply(in_reply_to="<a@b>\r\nBcc: evil@example.org", references=("bare", "<a b>", "<ok@x>")))
    assert (read["In-Reply-To"], read["References"], read["Bcc"]) == (None, "<ok@x>", None)


NO_ADDRESS = {
    "no domain": "warga",
    "no local part": "@example.org",
    "two": "warga@example.org,evil@example.org",
    "a line end": "warga@example.org\r\nRCPT TO:<evil@example.org>",
    "a line end at the end": "warga@example.org\n",
    "angles": "<warga@example.org>",
    "an option": "warga@example.org> SIZE=1",
    "a space": "war ga@example.org",
    "a quoted local part": '"war ga"@example.org',
    "a domain that cannot be": "warga@" + "x" * 64 + ".org",
    "too long": "w" * 250 + "@example.org",
}


@pytest.mark.threat("P0-34", "P1-25")
@pytest.mark.parametrize("to", NO_ADDRESS.values(), ids=NO_ADDRESS)
def test_what_is_no_single_address_is_refused(to: str) -> None:
    with pytest.raises(Refused) as caught:
        composed(reply(to))
    assert to not in str(caught.value)


def test_what_is_no_mail_address_at_all_is_refused() -> None:
    with pytest.raises(Refused):
        composed(reply(to=""))
    with pytest.raises(Refused):
        compose(msgspec.structs.replace(reply(), to=Address("phone", "warga@example.org")), mailbox(), NOW)


def test_a_domain_in_unicode_is_written_in_ascii() -> None:
    assert composed(reply("Warga@Bücher.example"))["To"] == "Warga@xn--bcher-kva.example"


def test_an_address_with_two_dots_as_some_providers_give_is_reached() -> None:
    assert [one.username for one in composed(reply("warga..x@example.org"))["To"].addresses] == ["warga..x"]


TEXTS = st.text(max_size=300) | st.text(alphabet='Re: \r\n\t<>@,;"\\=?utf-8qB.\x00\x85\u2028é🙏', max_size=300)


@pytest.mark.threat("P1-25")
@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_a_citizen_writes_there_is_one_header_block_and_one_recipient(
    subject: str, text: str, in_reply_to: str, references: list[str]
) -> None:
    answer = reply(subject=subject, text=text, in_reply_to=in_reply_to, references=tuple(references))
    raw = compose(answer, mailbox(), NOW)
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert len(names) == len(set(names))
    assert set(names) <= HEADERS
    read = email.message_from_bytes(raw, policy=default)
    assert [address.addr_spec for address in read["To"].addresses] == ["warga@example.org"]


HEADERS = {
    *(b"message-id", b"in-reply-to", b"references", b"from", b"to", b"subject", b"date", b"auto-submitted"),
    *(b"x-auto-response-suppress", b"content-type", b"content-transfer-encoding", b"mime-version"),
}


@pytest.mark.threat("P1-25")
@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_any_sender_name_leaves_one_sender(name: str) -> None:
    raw = compose(reply(), settings_of(Smtp, {**RELAYED, "sender_name": name}), NOW)
    read = email.message_from_bytes(raw, policy=default)
    assert [address.addr_spec for address in read["From"].addresses] == ["dki@jakarta.go.id"]


RELAYED = {"recipients": ["dki@jakarta.go.id"], "smtp": "127.0.0.1:0", "relay": "127.0.0.1:25", "relay_tls": "none"}


@pytest.mark.threat("P0-26")
def test_another_instance_sees_a_reply_of_ours_as_automatic() -> None:
    raw = compose(reply("lapor@bandung.go.id"), mailbox(), NOW)
    other = adapter(recipients=["lapor@bandung.go.id"])
    delivery = Delivery(id="1", channel="smtp", received_at=NOW, body=raw, headers={"mail_from": "warga@example.org"})
    (event,) = other.parse(delivery)
    assert isinstance(event, Message)
    assert (event.automatic, event.in_reply_to) == (True, "<m2@example.org>")


class Relay:
    """A mail server that answers as told and keeps what it takes."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.taken: list[Envelope] = []
        self.logins: list[LoginPassword] = []

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return self.answers.get("DATA", "250 OK")

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data)
        return AuthResult(success=data.password == b"benar", handled=False)


@asynccontextmanager
async def serving(relay: Relay, **options: Any) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(relay, loop=loop, hostname="relay", authenticator=relay.login, **options)

    server = await loop.create_server(session, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def sender(where: str, **changes: Any) -> Smtp:
    return adapter(**{"relay": where, "relay_tls": "none", **changes})


async def test_a_reply_reaches_the_relay_with_the_null_return_path_and_one_recipient() -> None:
    relay = Relay({})
    async with serving(relay) as where:
        receipt = await sender(where).send(reply())
    (envelope,) = relay.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("<>", ["warga@example.org"])
    assert receipt.external_id == "<r1@jakarta.go.id>"
    assert isinstance(envelope.content, bytes)
    assert email.message_from_bytes(envelope.content, policy=default)["To"] == "warga@example.org"


async def test_an_address_in_utf_8_goes_by_smtputf8_or_not_at_all() -> None:
    relay = Relay({})
    async with serving(relay, enable_SMTPUTF8=True) as where:
        await sender(where).send(reply("wárga@example.org"))
    assert relay.taken[0].rcpt_tos == ["wárga@example.org"]
    async with serving(Relay({})) as where:
        with pytest.raises(Refused):
            await sender(where).send(reply("wárga@example.org"))


FATES: dict[str, tuple[dict[str, str], type[ChannelError]]] = {
    "no such mailbox": ({"RCPT": "550 5.1.1 warga@example.org unknown"}, RecipientGone),
    "mailbox full": ({"RCPT": "452 4.2.2 warga@example.org full"}, ChannelDown),
    "greylisted": ({"RCPT": "450 4.7.1 warga@example.org try later"}, ChannelDown),
    "relaying denied": ({"RCPT": "554 5.7.1 warga@example.org denied"}, Refused),
    "login wanted": ({"MAIL": "530 5.7.0 login first"}, Unauthorized),
    "too busy": ({"MAIL": "421 4.3.2 too busy"}, ChannelDown),
    "taken for spam": ({"DATA": "554 5.7.1 warga@example.org spam"}, Refused),
    "disk full": ({"DATA": "451 4.3.0 warga@example.org no"}, ChannelDown),
}


@pytest.mark.parametrize(("answers", "expected"), FATES.values(), ids=FATES)
async def test_what_the_relay_answers_in_our_words(answers: dict[str, str], expected: type[ChannelError]) -> None:
    async with serving(Relay(answers)) as where:
        with pytest.raises(ChannelError) as caught:
            await sender(where).send(reply())
    assert type(caught.value) is expected
    assert "example.org" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_a_relay_that_is_not_there_is_down() -> None:
    with pytest.raises(ChannelDown):
        await sender(f"127.0.0.1:{free_port()}").send(reply())


@pytest.mark.parametrize("words", [b"", b"554 5.3.2 no service\r\n"], ids=["silent and gone", "refuses everybody"])
async def test_a_relay_that_does_not_greet_is_down(words: bytes) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        with pytest.raises(ChannelDown):
            await sender(f"127.0.0.1:{server.sockets[0].getsockname()[1]}").send(reply())


async def test_a_relay_that_says_nothing_is_down_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.mails.relay.TIMEOUT", 0.2)
    kept: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: kept.append(writer), "127.0.0.1", 0) as server:
        with pytest.raises(ChannelDown):
            await sender(f"127.0.0.1:{server.sockets[0].getsockname()[1]}").send(reply())
        kept[0].close()


async def test_a_channel_without_a_relay_cannot_send() -> None:
    assert not adapter().can_send()
    with pytest.raises(Refused):
        await adapter().send(reply())


LOGIN = {"relay_username": "kanal", "relay_password": "benar", "relay_tls": "starttls"}


@pytest.fixture
def relay_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Makes a relay with a certificate that we trust."""
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return {"tls_context": server_tls(mailbox(certificate=str(certificate), private_key=str(key)))}


async def test_logging_in_through_starttls(relay_tls: dict[str, Any]) -> None:
    relay = Relay({})
    async with serving(relay, **relay_tls, require_starttls=True, auth_required=True) as where:
        await sender(where, **LOGIN).check()
        await sender(where, **LOGIN).send(reply())
    assert [login.password for login in relay.logins] == [b"benar", b"benar"]
    assert len(relay.taken) == 1


async def test_a_wrong_password_is_for_a_person_to_mend(relay_tls: dict[str, Any]) -> None:
    async with serving(Relay({}), **relay_tls, auth_required=True) as where:
        smtp = sender(where, **{**LOGIN, "relay_password": "salah"})
        for attempt in (smtp.check(), smtp.send(reply())):
            with pytest.raises(Unauthorized) as caught:
                await attempt
            assert "salah" not in str(caught.value)


async def test_a_relay_that_does_not_encrypt_gets_neither_password_nor_mail() -> None:
    relay = Relay({})
    async with serving(relay) as where:
        with pytest.raises(Unauthorized):
            await sender(where, **LOGIN).send(reply())
    assert (relay.logins, relay.taken) == ([], [])


async def test_a_certificate_that_we_do_not_trust_is_refused(
    relay_tls: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with serving(Relay({}), **relay_tls) as where:
        with pytest.raises(ChannelDown, match="TLS"):
            await sender(where, relay_tls="starttls").check()


async def test_check_sends_nothing() -> None:
    relay = Relay({})
    async with serving(relay) as where:
        await sender(where).check()
    assert relay.taken == []


async def test_a_reply_goes_through_a_real_postfix() -> None:
    inbox, port = Inbox(), free_port()
    async with listening(inbox, recipients=["warga@example.org"]) as citizen:
        host, _, their_port = citizen.rpartition(":")
        async with postfix(f"smtp:[{host}]:{their_port}", port) as relay:
            await sender(relay.address).check()
            await sender(relay.address).send(reply())
            fates = await relay.settled(1)
    assert fates == {"warga@example.org": ["sent"]}
    (delivery,) = inbox.deliveries
    read = email.message_from_bytes(delivery.body, policy=default)
    assert delivery.headers["mail_from"] == ""
    assert (read["Message-ID"], read["In-Reply-To"]) == ("<r1@jakarta.go.id>", "<m2@example.org>")
    assert read.get_content().splitlines() == reply().text.splitlines()
