"""A mailbox as an adapter: the common suite, settings, and which mails are the same."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters import Address, Reply
from adapters.imap import Imap, places
from adapters.mails.identity import identity, identity_in_mailbox
from adapters.testing import AdapterContract, settings_of
from gateway.listening import clashes
from tests.adapters.dovecot import Dovecot
from tests.adapters.meddler import between
from tests.adapters.smtp_running import mail
from tests.adapters.test_smtp import ANSWERS
from tests.adapters.test_smtp_replies import Relay, serving
from tests.end_to_end.kanal import free_port

USABLE: dict[str, Any] = {
    "recipients": ["dki@jakarta.go.id"],
    "host": "mail.jakarta.go.id",
    "username": "dki@jakarta.go.id",
    "password": "sangat-rahasia",
    "relay": "relay.jakarta.go.id:587",
    "relay_username": "kanal",
    "relay_password": "juga-rahasia",
}
OURS, REFRESHING = "rahasia-klien", "rahasia-segar"
TOKEN: dict[str, Any] = {
    "password": None,
    "client_id": "kanal",
    "client_secret": OURS,
    "refresh_token": REFRESHING,
    "token_url": "https://login.example.org/token",
}
WRONG: dict[str, Mapping[str, Any]] = {
    "no recipient": {"recipients": []},
    "a host that is none": {"host": "999.1.1.1"},
    "a host with its port": {"host": "mail.jakarta.go.id:993"},
    "a port too high": {"port": 70_000},
    "a way of encryption that is none": {"tls": "ssl"},
    "clear text beyond this machine": {"tls": "none"},
    "an authority that is not there": {"ca": "nowhere.pem"},
    "no user": {"username": ""},
    "no way in": {"password": None},
    "two ways in": TOKEN | {"password": "sangat-rahasia"},
    "a token of nobody": TOKEN | {"client_id": ""},
    "a token for nothing": TOKEN | {"client_secret": None, "refresh_token": None},
    "a token in clear text": TOKEN | {"token_url": "http://login.example.org/token"},
    "half of a token": {"client_id": "kanal"},
    "no folder": {"folders": []},
    "a folder without name": {"folders": [""]},
    "a folder twice": {"folders": ["INBOX", "INBOX"]},
    "moved nowhere": {"after": "move"},
    "moved in a circle": {"after": "move", "moved_to": "INBOX"},
    "a folder for nothing": {"moved_to": "Diproses"},
    "looked at too often": {"poll_seconds": 0},
    "a relay without port": {"relay": "relay.jakarta.go.id"},
}


class TestImap(AdapterContract):
    adapter = Imap
    settings = USABLE
    refused_settings = WRONG
    payloads = Path(__file__).parent / "payloads" / "imap"
    outcomes = tuple(ANSWERS)
    poll_outcomes = ("ok", "down", "unauthorized")
    reply: ClassVar[Reply] = Reply(
        id="r1", channel="imap", to=Address("email", "siti@example.org"), text="Laporan Anda kami terima."
    )
    server: ClassVar[Dovecot]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def dovecot(cls) -> Iterator[None]:
        with Dovecot() as cls.server:
            cls.server.deliver(mail(), mail("Lampu jalan padam", message_id="<2@example.org>"))
            yield

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        async with serving(Relay(ANSWERS[outcome])) as where:
            yield {"relay": where, "relay_tls": "none", "relay_username": "", "relay_password": None}

    @asynccontextmanager
    async def feed(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        changes: dict[str, dict[str, Any]] = {
            "unauthorized": {"password": "salah-sama-sekali"},
            "down": {"port": free_port()},
        }
        yield {**self.server.settings(after="seen"), **changes.get(outcome, {})}


def settings(**changes: Any) -> Any:
    return settings_of(Imap, USABLE | changes)


PORTS: dict[str, int] = {"tls": 993, "starttls": 143}


@pytest.mark.parametrize(("tls", "port"), PORTS.items())
def test_the_port_is_the_usual_one(tls: str, port: int) -> None:
    assert settings(tls=tls).port_number() == port


SOURCES: dict[str, dict[str, Any]] = {
    "imaps://dki%40jakarta.go.id@mail.jakarta.go.id:993": {},
    "imap://dki%40jakarta.go.id@mail.jakarta.go.id:143": {"tls": "starttls"},
    "imaps://dki@[::1]:9993": {"host": "::1", "port": 9993, "username": "dki"},
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_mailbox_is_named_by_user_and_server(source: str) -> None:
    assert Imap(settings(**SOURCES[source])).source() == source


@pytest.mark.parametrize("host", ["MAIL.jakarta.go.id", "mail.jakarta.go.id."])
def test_a_mailbox_is_the_same_however_its_host_is_spelled(host: str) -> None:
    assert Imap(settings(host=host)).source() == Imap(settings()).source()


TWICE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "another host and user": ({"host": "10.0.0.7", "username": "dki"}, ["takes what is for dki@jakarta.go.id"]),
    "an address among others": (
        {"host": "10.0.0.7", "recipients": ["lapor@jakarta.go.id", "DKI@jakarta.go.id"]},
        ["takes what is for dki@jakarta.go.id"],
    ),
    "the same host and user": ({"recipients": ["lapor@jakarta.go.id"]}, ["asks imaps://"]),
    "another mailbox": ({"username": "lapor", "recipients": ["lapor@jakarta.go.id"]}, []),
}


@pytest.mark.threat("P0-7")
@pytest.mark.parametrize("name", TWICE)
def test_no_two_channels_read_one_mailbox(name: str) -> None:
    changes, told = TWICE[name]
    problems = clashes(None, {"one": settings(), "two": settings(**changes)})
    assert [(one.where, found in one.what) for one, found in zip(problems, told, strict=True)] == [("two", True)] * len(
        told
    )


def test_settings_of_a_token() -> None:
    assert settings(**TOKEN).by_token()
    assert settings(**TOKEN | {"refresh_token": None}, since=date(2026, 11, 1)).by_token()


def test_what_is_noted_between_two_polls() -> None:
    cursor = places.encode({"Kecamatan": places.Place(2, 9, (3, 5)), "INBOX": places.Place(1795356040, 4)})
    assert cursor == '{"INBOX":[1795356040,4,[]],"Kecamatan":[2,9,[3,5]]}'
    assert places.decode(cursor)["Kecamatan"] == places.Place(2, 9, (3, 5))
    assert places.decode('{"INBOX":[1795356040,4]}') == {"INBOX": places.Place(1795356040, 4)}
    assert places.decode(None) == {}


def test_of_the_mails_that_a_server_does_not_hand_over_the_latest_are_noted() -> None:
    place = places.Place(1, 0)
    for uid in range(1, 2 * places.MOST):
        place = place.losing(uid).at(uid)
    assert place.lost == tuple(range(places.MOST, 2 * places.MOST))
    assert place.finding(places.MOST).lost[0] == places.MOST + 1


NAMELESS = b"From: warga@example.org\r\nSubject: Banjir\r\n\r\nBanjir\r\n"


def test_a_mail_has_the_same_id_in_a_mailbox_as_on_its_way() -> None:
    assert identity_in_mailbox(b"Received: from a by b\r\n" + mail()) == identity(mail())


@pytest.mark.threat("P0-7")
def test_a_mail_that_does_not_say_which_it_is_is_known_again_where_it_lies_and_is_not_another_ones() -> None:
    one, other = (b"Received: by mx; Mon, 2 Nov 2026 08:00:0%d +0700\r\n" % at + NAMELESS for at in (1, 2))
    assert identity_in_mailbox(one) == identity_in_mailbox(bytes(one))
    assert identity_in_mailbox(one) != identity_in_mailbox(other)


async def test_the_token_server_is_down(tmp_path: Path) -> None:
    async with between(free_port()) as nobody:
        adapter = Imap(settings(**TOKEN | {"token_url": f"https://127.0.0.1:{nobody.port}/token"}))
        with pytest.raises(Exception, match="token server cannot be reached") as caught:
            await adapter.poll(None)
    assert "rahasia" not in repr(caught.value)
