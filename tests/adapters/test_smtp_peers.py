"""Real mail programs at the listener: swaks, Postfix's smtp-source, Postfix as SMTP and LMTP client."""

import asyncio
import email
import smtplib
import ssl
from email.policy import default
from pathlib import Path

import pytest

from adapters import ChannelDown, NotAccepted
from tests.adapters.certificates import make_certificate
from tests.adapters.postfix import postfix
from tests.adapters.smtp_running import OWN, Inbox, adapter, listening, mail, peer, run, tool
from tests.end_to_end.kanal import free_port

ALL_THREE = "dki@jakarta.go.id,lapor@jakarta.go.id,warga@lapor.jakarta.go.id"


async def swaks(where: str, *options: str, to: str = OWN) -> tuple[int, str]:
    program = tool("swaks", "swaks")
    return await run(program, "--server", where, "--from", "warga@example.org", "--to", to, "--timeout", "60", *options)


async def test_swaks_sends_a_plain_mail() -> None:
    inbox = Inbox()
    async with listening(inbox) as where:
        status, printed = await swaks(where, "--header", "Subject: Banjir", "--body", "Banjir di Jl. Kemang Raya")
    assert status == 0, printed
    read = email.message_from_bytes(inbox.bodies[0], policy=default)
    assert (read["Subject"], read.get_content().strip()) == ("Banjir", "Banjir di Jl. Kemang Raya")


async def test_swaks_sends_utf_8_as_it_is() -> None:
    inbox = Inbox()
    async with listening(inbox) as where:
        status, printed = await swaks(
            where, "--header", "Subject: Genangan ½ meter – tolong 🙏", "--body", "Jalanan rusak é"
        )
    assert status == 0, printed
    assert "Subject: Genangan ½ meter – tolong 🙏\r\n".encode() in inbox.bodies[0]
    assert "Jalanan rusak é".encode() in inbox.bodies[0]


async def test_swaks_sends_an_attachment(tmp_path: Path) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(bytes(range(256)) * 400)
    inbox = Inbox()
    async with listening(inbox) as where:
        status, printed = await swaks(where, "--attach-type", "image/jpeg", "--attach", f"@{photo}")
    assert status == 0, printed
    (part,) = email.message_from_bytes(inbox.bodies[0], policy=default).iter_attachments()
    assert part.get_content() == photo.read_bytes()


async def test_swaks_sends_to_two_of_our_addresses() -> None:
    inbox = Inbox()
    async with listening(inbox) as where:
        status, printed = await swaks(where, to="dki@jakarta.go.id,lapor@jakarta.go.id")
    assert status == 0, printed
    (delivery,) = inbox.deliveries
    assert delivery.headers["rcpt_to"] == "dki@jakarta.go.id,lapor@jakarta.go.id"


async def test_swaks_is_refused_a_foreign_recipient() -> None:
    inbox = Inbox()
    async with listening(inbox) as where:
        status, printed = await swaks(where, to="warga@example.org")
    assert (status != 0, "550 5.7.1" in printed, inbox.calls) == (True, True, 0)


async def test_swaks_is_refused_a_mail_that_is_too_big() -> None:
    inbox = Inbox()
    async with listening(inbox, max_size=10_000) as where:
        status, printed = await swaks(where, "--body", "x" * 20_000)
    assert (status != 0, "552 5.3.4" in printed, inbox.calls) == (True, True, 0)


async def test_swaks_speaks_lmtp() -> None:
    inbox = Inbox()
    async with listening(inbox, smtp="", lmtp="127.0.0.1:0") as where:
        status, printed = await swaks(where, "--protocol", "LMTP")
    assert status == 0, printed
    assert inbox.deliveries[0].headers["protocol"] == "LMTP"


def send_encrypted(where: str, certificate: Path) -> None:
    host, _, port = where.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=60) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(certificate)))
        client.sendmail("warga@example.org", [OWN], mail())


async def test_mail_comes_through_starttls(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    inbox = Inbox()
    async with listening(inbox, certificate=str(certificate), private_key=str(key)) as where:
        await asyncio.to_thread(send_encrypted, where, certificate)
    assert inbox.bodies == [mail()]
    assert inbox.deliveries[0].headers["protocol"] == "ESMTPS"


async def test_nothing_said_before_tls_counts_in_it(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    client = ssl.create_default_context(cafile=str(certificate))
    async with listening(Inbox(), certificate=str(certificate), private_key=str(key)) as where, peer(where) as talk:
        assert "STARTTLS" in await talk.say("EHLO x")
        assert (await talk.say("STARTTLS\r\nNOOP\r\nMAIL FROM:<evil@example.org>"))[:3] == "220"
        await talk.writer.start_tls(client, server_hostname="localhost")
        assert (await talk.say(f"RCPT TO:<{OWN}>"))[:3] == "503"
        offered = await talk.say("EHLO x")
        assert not {"STARTTLS", "AUTH"} & set(offered.split())


async def test_a_peer_that_babbles_instead_of_tls_harms_nobody(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    inbox = Inbox()
    async with listening(inbox, certificate=str(certificate), private_key=str(key)) as where:
        async with peer(where) as talk:
            await talk.say("STARTTLS")
            await talk.send(b"GET / HTTP/1.1\r\n\r\n")
            await talk.hear()
        await asyncio.to_thread(send_encrypted, where, certificate)
    assert inbox.bodies == [mail()]


async def test_a_certificate_that_cannot_be_read_is_said_plainly(tmp_path: Path) -> None:
    file = tmp_path / "empty.pem"
    file.touch()
    smtp = adapter(certificate=str(file), private_key=str(file))
    with pytest.raises(ChannelDown, match="certificate"):
        await smtp.check()
    file.unlink()
    with pytest.raises(ChannelDown, match="certificate"):
        await smtp.check()


@pytest.mark.parametrize("options", [[], ["-d"]], ids=["a connection each", "connections kept"])
async def test_smtp_source_sends_many_mails_in_several_sessions(options: list[str]) -> None:
    program = tool("smtp-source", "postfix")
    inbox = Inbox()
    async with listening(inbox) as where:
        command = ["-s", "10", "-m", "300", "-l", "5120", *options, "-f", "warga@example.org", "-t", OWN, where]
        status, printed = await run(program, *command)
    assert status == 0, printed
    assert len(inbox.deliveries) == 300
    assert all(len(body) >= 5_120 for body in inbox.bodies)


async def test_postfix_delivers_over_lmtp_once_to_each_recipient() -> None:
    inbox, next_hop = Inbox(), free_port()
    async with (
        listening(inbox, smtp="", lmtp=f"127.0.0.1:{next_hop}"),
        postfix(f"lmtp:inet:127.0.0.1:{next_hop}", free_port()) as relay,
    ):
        await swaks(relay.address, to=ALL_THREE)
        fates = await relay.settled(3)
    assert fates == {recipient: ["sent"] for recipient in ALL_THREE.split(",")}
    assert len(inbox.deliveries) == 1


async def test_postfix_tries_again_what_was_not_kept_and_delivers_it_once() -> None:
    inbox, next_hop = Inbox(NotAccepted()), free_port()
    async with (
        listening(inbox, smtp=f"127.0.0.1:{next_hop}"),
        postfix(f"smtp:[127.0.0.1]:{next_hop}", free_port()) as relay,
    ):
        await swaks(relay.address, "--body", "x" * 3_000)
        fates = await relay.settled(1)
        await asyncio.sleep(0.2)
    assert fates == {OWN: ["deferred", "sent"]}
    assert (inbox.calls, len(inbox.deliveries)) == (2, 1)


async def test_the_same_mail_through_a_relay_twice_is_the_same_delivery(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    inbox, next_hop = Inbox(), free_port()
    same = mail(to=OWN).decode()
    async with (
        listening(inbox, smtp=f"127.0.0.1:{next_hop}", certificate=str(certificate), private_key=str(key)),
        postfix(f"smtp:[127.0.0.1]:{next_hop}", free_port()) as relay,
    ):
        for _ in range(2):
            status, printed = await swaks(relay.address, "--data", same.replace("\r\n", "\\n"))
            assert status == 0, printed
        await inbox.given(2)
    first, second = inbox.deliveries
    assert first.headers["protocol"] == "ESMTPS"
    assert first.body != second.body
    assert first.id == second.id
