"""A reload takes the new configuration whole or not at all, and cuts nothing off."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

from adapters import Listens
from gateway import settings
from gateway.health.condition import State
from gateway.reloading import Reload
from gateway.store.views import Views
from tests.adapters.certificates import make_certificate
from tests.adapters.smtp_running import Peer, peer
from tests.adapters.smtp_running import mail as a_mail
from tests.end_to_end.kanal import free_port
from tests.gateway.support import (
    FLOOD,
    LAMP,
    RINA,
    SECRET,
    Running,
    channel,
    keep,
    letter,
    of,
    query,
    running,
    sms,
    sms_channel,
    until,
)
from tests.gateway.test_replies import kannel

Channels = tuple[dict[str, Any], ...]

SMS = sms_channel()
POISON = channel("poison")
FREE = "127.0.0.1:0"


def mailbox(name: str = "mail", **values: Any) -> dict[str, Any]:
    return channel("smtp", name, recipients=["dki@jakarta.go.id"], smtp=FREE) | values


def write(folder: Path, *channels: dict[str, Any], web: Mapping[str, Any] | None = None, **gateway: Any) -> Path:
    """The settings file, with the data beside it."""
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)
    tables = {
        "gateway": {"data": "data", "workers": 1, "drain_seconds": 5} | gateway,
        "web": {"port": 0} | dict(web or {}),
        "channels": list(channels),
    }
    file = folder / "kanal.toml"
    file.write_text("\n".join(f"{name} = {toml(table)}" for name, table in tables.items()))
    return file


def toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


@asynccontextmanager
async def started(folder: Path, *channels: dict[str, Any], process: bool = True, **more: Any) -> AsyncIterator[Running]:
    loaded = settings.load(write(folder, *channels, **more), make_secrets=True)
    async with running(loaded, process) as gateway:
        yield gateway


async def reloaded(gateway: Running, folder: Path, *channels: dict[str, Any], **more: Any) -> Reload:
    write(folder, *channels, **more)
    return await gateway.app.reload()


def where(gateway: Running, name: str) -> str:
    """Where a channel listens."""
    adapter = gateway.app.channels[name].adapter
    assert isinstance(adapter, Listens)
    return adapter.addresses()[0].partition("://")[2]


async def figure(gateway: Running, name: str) -> float:
    [line] = [one for one in (await gateway.ask("/metrics")).text.splitlines() if one.startswith(f"{name} ")]
    return float(line.split()[1])


async def sends(talk: Peer, text: str = FLOOD) -> str:
    """A whole mail in a conversation that is open; what is said to it."""
    await talk.envelope()
    return await talk.say(a_mail(text) + b".\r\n")


def is_refused(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def is_kept(gateway: Running, count: int) -> bool:
    return len(gateway.all("deliveries")) == count


# What becomes of the channels.

BOTH = (mailbox(), SMS)
CHANGES: dict[str, tuple[Channels, Channels, dict[str, Any]]] = {
    "nothing": (BOTH, BOTH, {"kept": ("mail", "sms")}),
    "another order": (BOTH, BOTH[::-1], {"kept": ("sms", "mail")}),
    "one more": (BOTH, (*BOTH, mailbox("mail-2")), {"added": ("mail-2",), "kept": ("mail", "sms")}),
    "one less": (BOTH, (SMS,), {"removed": ("mail",), "kept": ("sms",)}),
    "all others": ((mailbox(),), (SMS,), {"added": ("sms",), "removed": ("mail",)}),
    "none left": ((SMS,), (), {"removed": ("sms",)}),
    "another setting": (BOTH, (mailbox(sender_name="DKI"), SMS), {"changed": ("mail",), "kept": ("sms",)}),
    "another kind": ((mailbox("one"),), (sms_channel(name="one"),), {"changed": ("one",)}),
}


@pytest.mark.parametrize(("before", "after", "told"), CHANGES.values(), ids=CHANGES)
async def test_only_what_changes_is_replaced(
    tmp_path: Path, before: Channels, after: Channels, told: dict[str, Any]
) -> None:
    async with started(tmp_path, *before, process=False) as gateway:
        old = gateway.app.channels
        found = await reloaded(gateway, tmp_path, *after)
        assert found == Reload(file=str(tmp_path / "kanal.toml"), warnings=gateway.app.settings.warnings, **told)
        new = gateway.app.channels
        assert list(new) == [one["name"] for one in after]
        assert tuple(name for name in new if new[name] is old.get(name)) == told.get("kept", ())
        assert {one.state for one in new.values()} <= {State.OK}
        assert await figure(gateway, "kanal_config_last_reload_successful") == 1


async def test_the_content_of_files_counts_as_well(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    boxes = (mailbox(certificate=str(certificate), private_key=str(key)), mailbox("mail-2"), SMS)
    async with started(tmp_path, *boxes, process=False) as gateway:
        assert (await reloaded(gateway, tmp_path, *boxes)).changed == ()
        make_certificate(tmp_path)
        assert (await reloaded(gateway, tmp_path, *boxes)).changed == ("mail",)
        (tmp_path / "secret").write_text("another-secret-of-the-path")
        assert (await gateway.app.reload()).changed == ("sms",)
        assert (await gateway.ask(f"/in/sms/another-secret-of-the-path/mo?{query('m1', FLOOD)}")).status == 200


async def test_what_is_filed_from_then_on_follows_the_new_rules(tmp_path: Path) -> None:
    async with started(tmp_path, SMS) as gateway:
        await gateway.send(sms("m1", FLOOD))
        texts = tmp_path / "data" / "texts"
        texts.mkdir()
        (texts / "id.toml").write_text('received = "Baru: {code}, PIN {pin}"')
        found = await reloaded(gateway, tmp_path, SMS, code_prefix="JKT", deadline_days=3)
        assert (found.problems, found.kept) == ((), ("sms",))
        await gateway.send(sms("m2", LAMP, RINA))
        assert [code[:4] for code in of(gateway.all("cases"), "code")] == ["KNL-", "JKT-"]
        assert [text.startswith("Baru: JKT-") for text in of(gateway.all("replies"), "text")] == [False, True]


@pytest.mark.usefixtures("poison")
async def test_what_comes_in_from_then_on_is_sorted_by_the_new_tables(tmp_path: Path) -> None:
    async with started(tmp_path, POISON) as gateway:
        await gateway.post(letter("m1", "Dermaga ambruk", fields={"category": "dermaga"}))
        jetty = '[categories.dermaga]\nname = { id = "Dermaga", en = "Jetty" }\ngroup = "lalu-lintas"'
        (tmp_path / "data" / "categories.toml").write_text(jetty)
        rule = '[rules.dermaga]\ncategories = ["dermaga"]\nunit = "dinas-perumahan"'
        (tmp_path / "data" / "units.toml").write_text(rule)
        assert not (await reloaded(gateway, tmp_path, POISON)).problems
        await gateway.post(letter("m2", "Dermaga miring", RINA, fields={"category": "dermaga"}))
        cases = [(row["category"], row["unit"]) for row in gateway.all("cases")]
        assert cases == [(None, "biro-pemerintahan"), ("dermaga", "dinas-perumahan")]


async def test_the_number_of_workers_changes(tmp_path: Path) -> None:
    async with started(tmp_path, SMS) as gateway:
        await gateway.send(sms("m1", FLOOD))
        for count in (3, 1):
            assert not (await reloaded(gateway, tmp_path, SMS, workers=count)).problems
            await until(lambda: len(gateway.children("gateway.worker")) == count, f"{count} workers")  # noqa: B023
            await gateway.send(sms(f"m{count + 1}", f"{LAMP} {count}"))
        assert len(gateway.all("reports")) == 3


# What keeps it out.


def texts(folder: Path, text: str) -> None:
    (folder / "data" / "texts").mkdir(exist_ok=True)
    (folder / "data" / "texts" / "id.toml").write_text(text)


def taken(folder: Path, one: int, other: int) -> None:
    write(folder, SMS, mailbox("mail-2", smtp=f"127.0.0.1:{one}"), mailbox("mail-3"), web={"port": other})


LACKING = {"name": "sms", "kind": "sms", "secret": {"file": "nowhere"}}
UNUSABLE = mailbox("mail-2", certificate="secret", private_key="secret")
Spoil = Callable[[Path, int, int], object]
REFUSED: dict[str, tuple[Spoil, list[str]]] = {
    "settings": (lambda to, *_: write(to, mailbox(colour="red"), LACKING), ["colour", "number", "nowhere"]),
    "no TOML": (lambda to, *_: (to / "kanal.toml").write_text("[[["), ["is not TOML"]),
    "no file": (lambda to, *_: (to / "kanal.toml").unlink(), ["cannot be read"]),
    "a text": (lambda to, *_: texts(to, 'received = "no code"'), ["must always show {code}"]),
    "data elsewhere": (lambda to, *_: write(to, SMS, data="elsewhere"), ["gateway.data: ", "stop the gateway"]),
    "a master key": (
        lambda to, *_: write(to, SMS, master_key={"file": "key"}),
        ["gateway.master_key: ", "not the one"],
    ),
    "a certificate": (lambda to, *_: write(to, UNUSABLE, SMS), ["channels[0] 'mail-2': certificate or private_key"]),
    "ports of strangers": (taken, ["channels[1] 'mail-2': cannot listen", "web: cannot listen"]),
}


@pytest.mark.parametrize(("spoil", "words"), REFUSED.values(), ids=REFUSED)
async def test_with_anything_wrong_all_stays_as_it_was(tmp_path: Path, spoil: Spoil, words: list[str]) -> None:
    (tmp_path / "key").write_text("00" * 32)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        async with started(tmp_path, mailbox(), SMS, process=False) as gateway:
            old, ports = gateway.app.channels, listening_ports()
            async with peer(where(gateway, "mail")) as talk:
                spoil(tmp_path, one.getsockname()[1], other.getsockname()[1])
                problems = (await gateway.app.reload()).problems
                told = "\n".join(f"{problem.where}: {problem.what} {problem.hint}" for problem in problems)
                assert [word for word in words if word not in told] == []
                assert (gateway.app.channels, listening_ports()) == (old, ports)
                assert (await sends(talk))[:3] == "250"
            assert (await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}")).status == 200
            assert await figure(gateway, "kanal_config_last_reload_successful") == 0
            (tmp_path / "data" / "texts" / "id.toml").unlink(missing_ok=True)
            assert not (await reloaded(gateway, tmp_path, mailbox(), SMS)).problems


def listening_ports() -> list[int]:
    """Those of this process; in proc_net_tcp the state 0A is LISTEN."""
    own = {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    rows = (line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:])
    return sorted(int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own)


async def test_a_channel_that_cannot_be_built_keeps_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with started(tmp_path, SMS, process=False) as gateway:
        monkeypatch.setattr("adapters.smtp.Smtp.__init__", None)
        found = await reloaded(gateway, tmp_path, SMS, mailbox())
        assert [problem.where for problem in found.problems] == ["gateway"]
        assert list(gateway.app.channels) == ["sms"]


async def test_a_secret_is_made_only_if_all_is_well(tmp_path: Path) -> None:
    made, box = sms_channel(name="sms-2") | {"secret": {"made": "sms-2"}}, tmp_path / "data" / "secrets"
    async with started(tmp_path, SMS, process=False) as gateway:
        assert (await reloaded(gateway, tmp_path, SMS, made, LACKING)).problems
        assert not box.exists()
        assert (await reloaded(gateway, tmp_path, SMS, made)).added == ("sms-2",)
        assert len((box / "sms-2").read_text().strip()) == 32


async def test_a_refused_reload_leaves_no_folder_behind(tmp_path: Path) -> None:
    made = sms_channel() | {"secret": {"made": "sms"}}
    async with started(tmp_path, made, process=False) as gateway:
        assert (await reloaded(gateway, tmp_path, made, data="elsewhere")).problems
        assert not (tmp_path / "elsewhere").exists()


async def test_a_secret_in_use_that_was_lost_is_not_replaced(tmp_path: Path) -> None:
    made = sms_channel() | {"secret": {"made": "sms"}}
    async with started(tmp_path, made, process=False) as gateway:
        (tmp_path / "data" / "secrets" / "sms").rename(tmp_path / "away")
        (problem,) = (await gateway.app.reload()).problems
        assert (problem.where, "in use" in problem.what) == (str(tmp_path / "data" / "secrets" / "sms"), True)
        assert not (tmp_path / "data" / "secrets" / "sms").exists()
        (tmp_path / "away").rename(tmp_path / "data" / "secrets" / "sms")
        assert (await gateway.app.reload()).kept == ("sms",)


async def test_a_removed_channel_with_work_that_waits_is_warned_of(tmp_path: Path) -> None:
    async with started(tmp_path, SMS, mailbox(), process=False) as gateway:
        await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}")
        done = await reloaded(gateway, tmp_path, mailbox())
        assert done.removed == ("sms",)
        assert ("channel 'sms'", "it is removed, but 1 of its deliveries and replies wait") in {
            (warning.where, warning.what) for warning in done.warnings
        }


@pytest.mark.parametrize("chosen", [None, "elsewhere"])
@pytest.mark.parametrize("named", [None, "kanal.toml"])
def test_the_same_sources_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, chosen: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SMS)
    data = Path(chosen) if chosen else None
    loaded = settings.load(Path(named) if named else None, data=data, make_secrets=True)
    assert settings.again(loaded) == loaded


# What is under way.


async def test_a_conversation_on_an_unchanged_channel_goes_on(tmp_path: Path) -> None:
    async with started(tmp_path, mailbox(), process=False) as gateway:
        port = where(gateway, "mail")
        async with peer(port) as talk:
            await talk.envelope()
            await talk.send(b"Subject: Banjir\r\n\r\nSelutut")
            assert (await reloaded(gateway, tmp_path, mailbox(), SMS)).kept == ("mail",)
            assert (await talk.say(b" di Kemang\r\n.\r\n"))[:3] == "250"
            assert (await sends(talk))[:3] == "250"
        assert (where(gateway, "mail"), is_kept(gateway, 2)) == (port, True)


async def test_a_changed_channel_hands_its_port_on_and_answers_the_mail_under_way(tmp_path: Path) -> None:
    async with started(tmp_path, mailbox(), process=False) as gateway:
        port = where(gateway, "mail")
        async with peer(port) as idle, peer(port) as sending:
            await sending.envelope()
            await sending.send(a_mail())
            assert (await reloaded(gateway, tmp_path, mailbox(hostname="new.example"))).changed == ("mail",)
            assert where(gateway, "mail") == port
            assert (await idle.hear())[:3] == "421"
            assert (await sending.say(b".\r\n"))[:3] == "250"
        async with peer(port) as talk:
            assert "new.example" in await talk.say("EHLO x")
            assert (await sends(talk, LAMP))[:3] == "250"
        assert is_kept(gateway, 2)


async def test_a_removed_channel_finishes_and_what_it_had_waiting_is_worked_off_when_it_is_back(tmp_path: Path) -> None:
    async with started(tmp_path, mailbox(), SMS) as gateway:
        port = where(gateway, "mail")
        async with peer(port) as sending:
            await sending.envelope()
            assert (await reloaded(gateway, tmp_path, SMS)).removed == ("mail",)
            await until(lambda: is_refused(port), "the port to be free")
            assert (await sending.say(a_mail(FLOOD) + b".\r\n"))[:3] == "250"
        assert (await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', LAMP, RINA)}")).status == 200
        await until(lambda: gateway.reported(1), "the other channel's report")
        assert gateway.app.store.waiting() == {"mail": 1}
        assert (await reloaded(gateway, tmp_path, mailbox(), SMS)).added == ("mail",)
        await gateway.settled()
        assert len(gateway.all("reports")) == 2


async def test_places_are_swapped(tmp_path: Path) -> None:
    async with started(tmp_path, mailbox("a"), mailbox("b"), process=False) as gateway:
        first, second = where(gateway, "a"), where(gateway, "b")
        await reloaded(gateway, tmp_path, mailbox("a", smtp=first), mailbox("b", smtp=second))
        await reloaded(gateway, tmp_path, mailbox("a", smtp=second), mailbox("b", smtp=first))
        for port in (first, second):
            async with peer(port) as talk:
                assert (await sends(talk, f"{FLOOD} {port}"))[:3] == "250"
        assert of(gateway.all("deliveries"), "channel") == ["b", "a"]


async def test_a_connection_to_the_web_server_stays_and_sees_the_new_settings(tmp_path: Path) -> None:
    long = "banjir " * 3000
    async with started(tmp_path, mailbox(), process=False) as gateway, one_connection() as client:
        address, path = gateway.app.web.address, f"/in/sms/{SECRET}/mo"
        assert await status(client, f"{address}{path}?{query('m1', FLOOD)}") == 404
        await reloaded(gateway, tmp_path, mailbox(), SMS)
        assert await status(client, f"{address}{path}?{query('m1', FLOOD)}") == 200
        await reloaded(
            gateway, tmp_path, mailbox(), sms_channel(allow=["10.0.0.0/8"]), web={"trusted_proxies": ["::1"]}
        )
        assert await status(client, f"{address}{path}?{query('m2', FLOOD)}") == 403
        assert gateway.app.web.address == address
        await reloaded(gateway, tmp_path, mailbox(), sms_channel(max_size=1_000_000))
        async with ClientSession() as another:
            assert await status(another, f"{address}{path}?{query('m3', long)}") == 200
        await reloaded(gateway, tmp_path, mailbox(), web={"max_connections_per_address": 1})
        async with ClientSession() as another:
            assert await status(another, f"{address}/healthz") == 503
        assert await status(client, f"{address}/healthz") == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "127.0.0.2"])
async def test_the_web_server_moves_and_who_is_connected_stays(tmp_path: Path, host: str) -> None:
    port = free_port()
    async with started(tmp_path, SMS, process=False, web={"port": port}) as gateway, one_connection() as client:
        before = gateway.app.web.address
        assert await status(client, f"{before}/healthz") == 200
        web = {"host": host, "port": free_port() if host == "127.0.0.1" else port}
        assert not (await reloaded(gateway, tmp_path, SMS, web=web)).problems
        assert await status(client, f"{before}/healthz") == 200
        assert (await gateway.ask(f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}")).status == 200
        assert is_refused(before.removeprefix("http://")) == (host != "0.0.0.0")


@asynccontextmanager
async def one_connection() -> AsyncIterator[ClientSession]:
    """A client that must keep the one connection that it makes."""
    made = 0

    class OnlyOne(TCPConnector):
        async def _create_connection(self, *args: Any, **values: Any) -> Any:
            nonlocal made
            made += 1
            return await super()._create_connection(*args, **values)

    async with ClientSession(connector=OnlyOne(limit=1)) as client:
        yield client
    assert made == 1


async def status(client: ClientSession, address: str) -> int:
    async with client.get(address) as response:
        await response.read()
        return response.status


async def test_a_batch_is_finished_and_no_try_is_counted_for_nothing(tmp_path: Path, poison: None) -> None:
    loaded = settings.load(write(tmp_path, SMS, POISON))
    await keep(loaded, [letter(f"m{number}", f"{LAMP}{number} RT {number}") for number in range(200)])
    async with running(loaded) as gateway:
        for number in range(4):
            await until(lambda: len(gateway.all("reports")) > 20 * number, "some reports")  # noqa: B023
            assert not (await reloaded(gateway, tmp_path, SMS, POISON, deadline_days=number + 1)).problems
        await gateway.settled()
        rows = gateway.all("deliveries")
        assert set(of(rows, "tries")) == {1}
        assert (len(gateway.all("reports")), set(of(rows, "state"))) == (200, {"done"})


async def test_workers_that_cannot_be_started_are_mended_by_a_reload(tmp_path: Path) -> None:
    loaded = settings.load(write(tmp_path, SMS))
    await keep(loaded, [sms("m1", FLOOD)])
    write(tmp_path, SMS | {"secret": {"file": "other"}}, workers=2)
    (tmp_path / "secret").rename(tmp_path / "other")
    async with running(loaded) as gateway:
        assert gateway.app.store.waiting() == {"sms": 1}
        assert (await gateway.app.reload()).kept == ("sms",)
        await gateway.settled()
        assert of(gateway.all("deliveries"), "tries") == [1]


async def test_a_reply_under_way_is_sent_once_and_the_next_by_the_new_settings(tmp_path: Path) -> None:
    async with kannel() as (server, old), started(tmp_path, old) as gateway:
        slow = asyncio.Event()
        server.gate = slow
        await gateway.send(sms("m1", FLOOD))
        await until(lambda: server.sent, "the reply to be under way")
        new = old | {"number": "1709"}
        assert (await reloaded(gateway, tmp_path, new)).changed == ("sms",)
        await gateway.send(sms("m2", LAMP, RINA))
        assert len(server.sent) == 1
        slow.set()
        await until(lambda: gateway.replies() == [("received", "sent")] * 2, "both to be sent")
        assert server.senders == ["1708", "1709"]


async def test_many_reloads_under_load_and_at_the_stop(tmp_path: Path) -> None:
    async with started(tmp_path, mailbox(), SMS, drain_seconds=30) as gateway:
        address = f"{gateway.app.web.address}/in/sms/{SECRET}/mo"

        async def citizen(number: int) -> list[int]:
            names = [f"m{number}-{turn}" for turn in range(20)]
            told = [query(name, f"{LAMP} {name}", f"+628111{number:03}{turn:04}") for turn, name in enumerate(names)]
            async with ClientSession() as client:
                return [await status(client, f"{address}?{one}") for one in told]

        async def operator() -> list[Reload]:
            boxes = [mailbox(sender_name="DKI"), SMS]
            return [await reloaded(gateway, tmp_path, *boxes[number:], workers=2 - number) for number in range(2)]

        citizens = asyncio.gather(*map(citizen, range(8)))
        assert [one.problems for one in await operator()] == [(), ()]
        assert [set(answers) for answers in await citizens] == [{200}] * 8
        last = [asyncio.create_task(gateway.app.reload()) for _ in range(3)]
    told = {problem.what for one in await asyncio.gather(*last) for problem in one.problems}
    assert told <= {"it is stopping"} == {problem.what for problem in (await gateway.app.reload()).problems}
    with Views(tmp_path / "data") as views:
        assert len(list(views.reports(limit=999))) == 160
