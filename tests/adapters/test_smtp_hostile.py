"""The mail listener against peers that want to wear it out."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.adapters.certificates import make_certificate
from tests.adapters.smtp_running import OWN, Inbox, Peer, listening, mail, peer, placed

HANDSHAKES = {
    "nothing": b"",
    "the beginning of a handshake": bytes.fromhex("16030100c8010000"),
    "no handshake at all": b"EHLO again\r\n",
}


@pytest.mark.threat("P1-36", "P1-37")
@pytest.mark.parametrize("said", HANDSHAKES.values(), ids=HANDSHAKES)
async def test_who_begins_no_tls_after_starttls_gives_its_place_back(
    tmp_path: Path, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.smtp.session._PARTING", 0.1)
    certificate, key = make_certificate(tmp_path)
    options = {"certificate": str(certificate), "private_key": str(key), "command_timeout": 0.5, "max_connections": 1}
    async with listening(Inbox(), **options) as where:
        async with peer(where) as talk:
            await talk.say("EHLO x")
            assert (await talk.say("STARTTLS")).startswith("220 ")
            await talk.send(said)
            assert await talk.hear() == ""
        async with placed(where) as talk:
            assert (await talk.say("EHLO x")).startswith("250-")


@pytest.mark.threat("P1-37")
async def test_when_all_places_are_taken_who_has_none_gets_one_but_no_mail_that_is_being_kept_is_cut() -> None:
    gate = asyncio.Event()
    inbox = Inbox(gate=gate)
    async with (
        listening(inbox, max_connections=3) as where,
        peer(where) as keeping,
        peer(where) as silent,
        peer(where) as writing,
    ):
        await keeping.envelope()
        await keeping.send(mail() + b".\r\n")
        await inbox.called.wait()
        await writing.envelope()
        async with peer(where, "127.0.0.2") as newcomer:
            assert (await newcomer.say("EHLO x")).startswith("250-")
        assert (await silent.hear()).startswith("421 ")
        gate.set()
        assert (await keeping.hear()).startswith("250 ")
        assert (await writing.say(mail("lain") + b".\r\n")).startswith("250 ")
    assert len(inbox.bodies) == 2


IN_VAIN = {
    "unknown recipients": (["MAIL FROM:<a@example.org>", *[f"RCPT TO:<u{n}@example.org>" for n in range(60)]], "421"),
    "no address": (["MAIL FROM:<a@example.org>", *["RCPT TO:<" + "(" * 480] * 60], "421"),
    "resets": (["RSET"] * 60, "421"),
    "empty lines": ([""] * 60, "421"),
    "commands too long": (["NOOP " + "x" * 600] * 60, "421"),
    "nested transactions": (["MAIL FROM:<a@example.org>"] * 60, "421"),
    "no commands": (["XYZZY"] * 10, "502"),
}


@pytest.mark.threat("P1-37")
@pytest.mark.parametrize(("commands", "code"), IN_VAIN.values(), ids=IN_VAIN)
async def test_who_makes_nothing_but_errors_is_sent_away(
    commands: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 0)
    async with listening(Inbox()) as where, peer(where) as talk:
        await talk.say("EHLO x")
        await talk.send("".join(f"{command}\r\n" for command in commands).encode())
        answers = []
        while answer := await talk.hear():
            answers.append(answer[:3])
        assert answers[-1] == code
        assert len(answers) <= len(commands)


async def test_errors_are_forgiven_with_each_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 0)
    inbox = Inbox()
    async with listening(inbox) as where, peer(where) as talk:
        await talk.say("EHLO x")
        for number in range(4):
            for words in ("RSET", "MAIL FROM:<a@example.org>", *["RCPT TO:<nobody@example.org>"] * 15):
                await talk.say(words)
            await talk.say(f"RCPT TO:<{OWN}>")
            await talk.say("DATA")
            assert (await talk.say(mail(str(number)) + b".\r\n")).startswith("250 ")
    assert len(inbox.deliveries) == 4


@pytest.mark.threat("P1-37")
async def test_who_makes_many_errors_waits_for_each_further_one_and_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 3)
    async with listening(Inbox()) as where, peer(where) as first, peer(where) as second:
        for talk in (first, second):
            await talk.say("EHLO x")
            await talk.say("MAIL FROM:<a@example.org>")
        await asyncio.gather(*(_refused(talk, 10) for talk in (first, second)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_refused(first, 10), 1)
        assert (await second.say(f"RCPT TO:<{OWN}>")).startswith("250 ")


async def test_our_own_servers_have_all_connections_and_never_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 30)
    limits = {"max_connections_per_address": 1, "trusted_relays": ["127.0.0.0/8"]}
    async with listening(Inbox(), **limits) as where, peer(where) as first, peer(where) as second:
        for talk in (first, second):
            await talk.say("EHLO x")
            await talk.say("MAIL FROM:<a@example.org>")
            await asyncio.wait_for(_refused(talk, 19), 60)


async def _refused(talk: Peer, times: int) -> None:
    for _ in range(times):
        assert (await talk.say("RCPT TO:<nobody@example.org>")).startswith("550 ")


@pytest.mark.threat("P1-37")
async def test_a_flood_of_pipelined_commands_holds_up_no_other_session() -> None:
    loop = asyncio.get_running_loop()
    flood = b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n"
    flood += f"RCPT TO:<{OWN}>\r\n".encode() * 2_000
    async with listening(Inbox()) as where, peer(where) as other:
        with socket.socket() as client:
            client.setblocking(False)
            host, _, port = where.rpartition(":")
            await loop.sock_connect(client, (host, int(port)))
            await loop.sock_sendall(client, flood)
            assert (await other.say("NOOP")).startswith("250 ")
            answers = client.recv(1 << 20)
            assert answers.count(b"\r\n") < 500
            while answers.count(b"\r\n452 ") < 1_900:
                answers += await loop.sock_recv(client, 1 << 20)
