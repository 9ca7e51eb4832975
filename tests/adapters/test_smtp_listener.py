"""The listener against peers that speak by hand: careless, hostile, slow or gone."""

import asyncio
import logging
import time
from pathlib import Path

import pytest

from adapters import ChannelDown, NotAccepted
from adapters.smtp import listener
from adapters.sockets import bind
from tests.adapters.smtp_running import OWN, Inbox, Peer, adapter, listening, mail, peer, placed, running

SMUGGLED = b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<dki@jakarta.go.id>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"


async def sent(talk: Peer, content: bytes) -> str:
    await talk.envelope()
    return await talk.say(content + b".\r\n")


async def test_a_mail_is_kept_as_it_came_with_its_envelope() -> None:
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        answer = await sent(talk, b"..dot first\r\n" + mail())
    (delivery,) = inbox.deliveries
    assert answer.startswith("250 ")
    assert delivery.body == b".dot first\r\n" + mail()
    assert (delivery.channel, delivery.content_type) == ("smtp", "message/rfc822")
    assert delivery.headers == {
        "mail_from": "warga@example.org",
        "rcpt_to": OWN,
        "peer": "127.0.0.1",
        "helo": "warga.example.org",
        "protocol": "ESMTP",
    }


async def test_250_is_said_only_after_the_mail_is_kept() -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    async with listening(inbox) as where, peer(where) as talk:
        await talk.envelope()
        await talk.send(mail() + b".\r\n")
        hearing = asyncio.create_task(talk.hear())
        await inbox.called.wait()
        await asyncio.sleep(0.1)
        assert (inbox.calls, hearing.done()) == (1, False)
        gate.set()
        assert (await hearing).startswith("250 ")


async def test_one_mail_that_waits_to_be_kept_holds_up_no_other_session() -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    async with listening(inbox) as where, peer(where) as first, peer(where) as second:
        await first.envelope()
        await first.send(mail() + b".\r\n")
        assert (await second.envelope()).startswith("354")
        await second.send(mail() + b".\r\n")
        await inbox.given(2)
        gate.set()
        assert [(await talk.hear())[:3] for talk in (first, second)] == ["250", "250"]


EXTENSIONS = ["SIZE 26214400", "8BITMIME", "SMTPUTF8", "PIPELINING", "HELP"]


async def test_what_is_offered() -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        lines = (await talk.say("EHLO x")).splitlines()
    assert [line[4:] for line in lines] == ["jakarta.go.id", *EXTENSIONS]


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        (OWN, "250"),
        ("DKI@Jakarta.go.id", "250"),
        ("dki+KNL-7F3K@jakarta.go.id", "250"),
        ("siapa-saja@lapor.jakarta.go.id", "250"),
        ("lain@jakarta.go.id", "550"),
        ("warga@example.org", "550"),
        ("dki%example.org@example.org", "550"),
        ("dki@jakarta.go.id.example.org", "550"),
        ("dki", "550"),
        ('"dki@jakarta.go.id"@example.org', "550"),
    ],
)
async def test_only_own_recipients_are_taken(recipient: str, code: str) -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        await talk.say("EHLO x")
        await talk.say("MAIL FROM:<>")
        assert (await talk.say(f"RCPT TO:<{recipient}>"))[:3] == code


COMMANDS = {
    "VRFY tells nothing": ([f"VRFY {OWN}"], "252"),
    "VRFY of a foreign address tells the same": (["VRFY warga@example.org"], "252"),
    "EXPN is not there": (["EXPN dki"], "502"),
    "RCPT before MAIL": ([f"RCPT TO:<{OWN}>"], "503"),
    "DATA before RCPT": (["MAIL FROM:<a@example.org>", "DATA"], "503"),
    "DATA with an argument": (["MAIL FROM:<a@example.org>", f"RCPT TO:<{OWN}>", "DATA now"], "501"),
    "AUTH is not offered": (["AUTH PLAIN AGEAYg=="], "538"),
    "STARTTLS without a certificate": (["STARTTLS"], "454"),
    "a size beyond ours": (["MAIL FROM:<a@example.org> SIZE=26214401"], "552"),
    "8BITMIME and SMTPUTF8": (["MAIL FROM:<warga@contoh.id> BODY=8BITMIME SMTPUTF8"], "250"),
    "an address in UTF-8": (["MAIL FROM:<wárga@contoh.id> SMTPUTF8"], "250"),
    "a null sender": (["MAIL FROM:<>"], "250"),
    "an address that is none": (["MAIL FROM:< >"], "553"),
    "an unknown command": (["XYZZY"], "500"),
    "a command of 70,000 letters": (["NOOP " + "x" * 70_000], "500"),
}


@pytest.mark.parametrize(("commands", "code"), COMMANDS.values(), ids=COMMANDS)
async def test_commands(commands: list[str], code: str) -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        await talk.say("EHLO x")
        answers = [await talk.say(command) for command in commands]
    assert answers[-1][:3] == code


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r"])
async def test_no_second_mail_is_smuggled_in(end: bytes) -> None:
    inbox = Inbox()
    content = b"Subject: one\r\n\r\nbody" + end + SMUGGLED.removesuffix(b".\r\n")
    async with listening(inbox) as where, peer(where) as talk:
        assert (await sent(talk, content)).startswith("250 ")
    assert inbox.bodies == [content.replace(b"\r\n.", b"\r\n")]


CONTENT = {
    "a line of 2,000 characters": b"Subject: x\r\n\r\n" + b"x" * 2_000 + b"\r\n",
    "a line of 200,000 characters": b"Subject: x\r\n\r\n" + b"x" * 200_000 + b"\r\n",
    "a line of 3,000,000 characters": b"Subject: x\r\n\r\n" + b"x" * 3_000_000 + b"\r\n",
    "300,000 short lines": b"Subject: x\r\n" + b"\r\n" * 300_000,
    "bare LF": b"Subject: x\n\nsatu\ndua\n\r\n",
    "bare CR": b"Subject: x\r\rsatu\rdua\r\r\n",
    "8 bit": "Subject: Air setinggi ½ m\r\n\r\nKé\r\n".encode() + b"\xff\xfe\x80\r\n",
    "NUL": b"Subject: x\r\n\r\n\0\0\r\n",
    "nothing": b"",
    "nothing but dots": b"...\r\n",
}


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT)
async def test_content_is_kept_octet_for_octet(content: bytes) -> None:
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        await talk.envelope()
        dotted = b"." + content if content.startswith(b".") else content
        assert (await talk.say(dotted + b".\r\n")).startswith("250 ")
    assert inbox.bodies == [content]


async def test_all_that_is_pipelined_is_answered_in_order() -> None:
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        await talk.say("EHLO x")
        once = f"MAIL FROM:<a@example.org>\r\nRCPT TO:<{OWN}>\r\nDATA\r\n".encode() + mail() + b".\r\n"
        await talk.send(once + once + b"QUIT\r\n")
        codes = [(await talk.hear())[:3] for _ in range(9)]
    assert codes == ["250", "250", "354", "250"] * 2 + ["221"]
    assert inbox.bodies == [mail(), mail()]


async def test_many_mails_in_one_session() -> None:
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        await talk.say("EHLO x")
        for number in range(150):
            for words in ("RSET", "MAIL FROM:<a@example.org>", f"RCPT TO:<{OWN}>", "DATA"):
                await talk.say(words)
            assert (await talk.say(mail(str(number)) + b".\r\n")).startswith("250 ")
    assert len(inbox.deliveries) == 150


async def test_a_mail_that_is_too_big_is_refused_and_the_next_is_taken() -> None:
    inbox = Inbox()
    async with listening(inbox, max_size=10_000) as where, peer(where) as talk:
        assert (await sent(talk, b"x" * 10_000 + b"\r\n")).startswith("552 ")
        assert (await sent(talk, mail())).startswith("250 ")
    assert inbox.bodies == [mail()]


async def test_large_mails_share_the_memory_there_is_and_the_one_too_many_may_come_again() -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    large = mail("x" * 2_000_000)
    async with listening(inbox, max_memory=3_000_000) as where, peer(where) as first, peer(where) as second:
        await first.envelope()
        await first.send(large + b".\r\n")
        await inbox.called.wait()
        assert (await sent(second, large))[:9] == "452 4.3.1"
        gate.set()
        assert (await first.hear())[:3] == "250"
        assert (await sent(second, large))[:3] == "250"
    assert len(inbox.deliveries) == 2


ERRORS = {
    "not accepted": (NotAccepted("disk full at /var/lib/kanal"), "452 4.3.1"),
    "any other error": (RuntimeError("disk full at /var/lib/kanal"), "451 4.3.0"),
    "cancelled from within": (asyncio.CancelledError(), "451 4.3.0"),
}


@pytest.mark.threat("P0-3")
@pytest.mark.parametrize(("error", "code"), ERRORS.values(), ids=ERRORS)
async def test_what_cannot_be_kept_is_tried_again_and_no_reason_is_told(error: BaseException, code: str) -> None:
    inbox = Inbox(error)
    async with listening(inbox) as where, peer(where) as talk:
        first = await sent(talk, mail())
        second = await sent(talk, mail())
    assert (first[:9], "disk" in first) == (code, False)
    assert (second[:3], inbox.bodies) == ("250", [mail()])


@pytest.mark.threat("P0-30")
async def test_what_was_sent_instead_of_a_command_is_not_said_again() -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        await talk.say("EHLO x")
        answers = [await talk.say("rahasia-budi@example.org") for _ in range(4)]
    assert {answer.rstrip() for answer in answers} == {"500 Error: command not recognized"}


async def test_octets_that_are_no_utf_8_in_the_envelope_can_be_stored() -> None:
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        await talk.say(b"EHLO w\xffrga\r\n")
        await talk.say(b"MAIL FROM:<w\xffrga@example.org>\r\n")
        await talk.say(f"RCPT TO:<{OWN}>")
        await talk.say("DATA")
        assert (await talk.say(mail() + b".\r\n")).startswith("250 ")
    assert "".join(inbox.deliveries[0].headers.values()).encode()


@pytest.mark.parametrize("text", ["kecil", "x" * 3_000_000], ids=["small", "large"])
async def test_a_peer_that_hangs_up_after_the_final_dot_does_not_undo_the_mail(text: str) -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    async with listening(inbox) as where:
        async with peer(where) as talk:
            await talk.envelope()
            await talk.send(mail(text) + b".\r\n")
        await inbox.called.wait()
        await asyncio.sleep(0.1)
        gate.set()
    assert inbox.bodies == [mail(text)]


async def test_a_peer_that_hangs_up_before_the_final_dot_left_nothing() -> None:
    inbox = Inbox()
    async with listening(inbox) as where:
        async with peer(where) as talk:
            await talk.envelope()
            await talk.send(mail())
        async with peer(where) as talk:
            await sent(talk, mail("lain"))
    assert inbox.bodies == [mail("lain")]


async def test_at_most_a_hundred_recipients_however_many_are_named() -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        await talk.say("EHLO x")
        await talk.say("MAIL FROM:<a@example.org>")
        await talk.send("".join(f"RCPT TO:<u{number}@lapor.jakarta.go.id>\r\n" for number in range(2_000)).encode())
        codes = [(await talk.hear())[:3] for _ in range(2_000)]
    assert codes == ["250"] * 100 + ["452"] * 1_900


async def test_a_session_of_nothing_but_noop_is_ended() -> None:
    async with listening(Inbox()) as where, peer(where) as talk:
        answers = [(await talk.say("NOOP"))[:3] for _ in range(51)]
        assert answers == ["250"] * 50 + ["421"]
        assert await talk.hear() == ""


SLOW = {
    "silent from the start": [],
    "silent after a greeting": [b"EHLO x\r\n"],
    "half a command": [b"EHLO"],
    "a command letter by letter": [b"N"] * 40,
    "empty lines": [b"\r\n"] * 40,
}


@pytest.mark.parametrize("drips", SLOW.values(), ids=SLOW)
async def test_who_finishes_no_command_in_time_is_told_and_cut(drips: list[bytes]) -> None:
    async with listening(Inbox(), command_timeout=0.3) as where, peer(where) as talk:
        began = time.monotonic()
        heard = await asyncio.gather(_all_heard(talk), _drip(talk, drips))
        assert time.monotonic() - began < 30
    assert heard[0][-1].startswith("421 ")


@pytest.mark.parametrize("drips", [[], [b"x"] * 40, [b"x\r\n"] * 40], ids=["silent", "letters", "lines"])
async def test_the_whole_of_data_has_one_time_limit(drips: list[bytes]) -> None:
    inbox = Inbox()
    async with listening(inbox, command_timeout=5, data_timeout=0.4) as where, peer(where) as talk:
        began = time.monotonic()
        await talk.envelope()
        heard = await asyncio.gather(_all_heard(talk), _drip(talk, drips))
        assert 0.3 < time.monotonic() - began < 30
    assert (heard[0][-1][:3], inbox.calls) == ("421", 0)


async def test_a_slow_mail_may_take_longer_than_a_command() -> None:
    inbox = Inbox()
    async with listening(inbox, command_timeout=1, data_timeout=60) as where, peer(where) as talk:
        await talk.envelope()
        for line in mail().splitlines(keepends=True):
            await talk.send(line)
            await asyncio.sleep(0.2)
        assert (await talk.say(b".\r\n")).startswith("250 ")


async def _drip(talk: Peer, drips: list[bytes]) -> None:
    try:
        for drip in drips:
            await talk.send(drip)
            await asyncio.sleep(0.03)
    except ConnectionError:
        pass


async def _all_heard(talk: Peer) -> list[str]:
    answers = []
    while answer := await talk.hear():
        answers.append(answer)
    return answers


async def test_a_peer_that_never_reads_is_cut_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.smtp.session._PARTING", 0.2)
    async with listening(Inbox(), command_timeout=0.3) as where:
        host, _, port = where.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1)
        with pytest.raises(ConnectionError):
            while True:
                writer.write(b"EHLO x\r\nHELP\r\n" * 10_000)
                await asyncio.wait_for(writer.drain(), 60)
        writer.transport.abort()
        del reader


@pytest.mark.parametrize("caps", [{"max_connections": 3}, {"max_connections_per_address": 3}], ids=["all", "address"])
async def test_connections_beyond_the_cap_are_told_to_come_again(caps: dict[str, int]) -> None:
    inbox = Inbox()
    async with listening(inbox, **caps) as where:
        host, _, port = where.rpartition(":")
        talks = [Peer(*await asyncio.open_connection(host, int(port))) for _ in range(5)]
        assert [(await talk.hear())[:3] for talk in talks] == ["220"] * 3 + ["421"] * 2
        for talk in talks:
            await talk.close()
        async with placed(where) as talk:
            assert (await sent(talk, mail())).startswith("250 ")


async def test_lmtp_answers_each_recipient() -> None:
    inbox = Inbox(NotAccepted())
    async with listening(inbox, smtp="", lmtp="127.0.0.1:0") as where, peer(where) as talk:
        answers = []
        for _ in range(2):
            await talk.say("LHLO x")
            await talk.say("MAIL FROM:<a@example.org>")
            codes = [(await talk.say(f"RCPT TO:<{to}>"))[:3] for to in (OWN, "x@example.org", "lapor@jakarta.go.id")]
            assert codes == ["250", "550", "250"]
            await talk.say("DATA")
            answers += [await talk.say(mail() + b".\r\n"), await talk.hear()]
        assert [answer[:3] for answer in answers] == ["452", "452", "250", "250"]
        assert (await talk.say("QUIT"))[:3] == "221"
    assert inbox.deliveries[0].headers["rcpt_to"] == "dki@jakarta.go.id,lapor@jakarta.go.id"
    assert inbox.deliveries[0].headers["protocol"] == "LMTP"


async def test_lmtp_answers_each_recipient_of_a_mail_that_is_too_big() -> None:
    async with listening(Inbox(), smtp="", lmtp="127.0.0.1:0", max_size=1_000) as where, peer(where) as talk:
        await talk.say("LHLO x")
        await talk.say("MAIL FROM:<a@example.org>")
        await talk.say(f"RCPT TO:<{OWN}>")
        await talk.say("RCPT TO:<lapor@jakarta.go.id>")
        await talk.say("DATA")
        assert (await talk.say(b"x" * 2_000 + b"\r\n.\r\n"))[:3] == "552"
        assert (await talk.hear())[:3] == "552"


async def test_lmtp_on_a_unix_socket_that_any_local_server_may_use(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    inbox = Inbox()
    async with listening(inbox, smtp="", lmtp=str(path)) as where, peer(where) as talk:
        assert path.stat().st_mode & 0o777 == 0o666
        await talk.say("LHLO x")
        await talk.say("MAIL FROM:<a@example.org>")
        await talk.say(f"RCPT TO:<{OWN}>")
        await talk.say("DATA")
        assert (await talk.say(mail() + b".\r\n"))[:3] == "250"
    assert inbox.bodies == [mail()]


async def test_both_ways_in_at_once_and_where_they_are() -> None:
    async with running(Inbox(), smtp="127.0.0.1:0", lmtp="[::1]:0") as (smtp, _):
        assert [address.rpartition(":")[0] for address in smtp.addresses()] == ["smtp://127.0.0.1", "lmtp://[::1]"]


async def test_a_port_that_is_taken_is_said_plainly() -> None:
    async with listening(Inbox()) as where:
        with pytest.raises(ChannelDown, match="cannot listen"):
            await adapter(smtp=where).listen(bind, Inbox().accept, lambda: None)


async def test_told_to_stop_the_idle_are_dismissed_and_what_is_under_way_is_finished() -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    async with running(inbox) as (smtp, task):
        where = smtp.addresses()[0].removeprefix("smtp://")
        async with peer(where) as idle, peer(where) as sending, peer(where) as waiting:
            await sending.envelope()
            await sending.send(mail("pertama"))
            await waiting.envelope()
            await waiting.send(mail("kedua") + b".\r\n")
            await inbox.called.wait()
            await asyncio.sleep(0.1)
            task.cancel()
            assert (await idle.hear())[:3] == "421"
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", int(where.rpartition(":")[2]))
            gate.set()
            assert [(await waiting.hear())[:3] for _ in range(2)] == ["250", "421"]
            assert (await sending.say(b".\r\n"))[:3] == "250"
            await asyncio.wait_for(asyncio.shield(task), 60)
    assert sorted(inbox.bodies) == sorted([mail("pertama"), mail("kedua")])


async def test_told_to_stop_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "GRACE", 0.2)
    inbox = Inbox(gate=asyncio.Event())
    async with running(inbox) as (smtp, task), peer(smtp.addresses()[0].removeprefix("smtp://")) as talk:
        await talk.envelope()
        await talk.send(mail() + b".\r\n")
        await inbox.called.wait()
        task.cancel()
        await asyncio.wait_for(asyncio.shield(task), 60)
        assert await talk.hear() == ""
    assert inbox.deliveries == []


async def test_nothing_of_the_peers_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with listening(Inbox(RuntimeError("warga@example.org"))) as where, peer(where) as talk:
        await sent(talk, mail())
        await talk.say("XYZZY warga@example.org")
    assert "accepted" in caplog.text
    assert "example.org" not in caplog.text
    assert "127.0.0.1" not in caplog.text
