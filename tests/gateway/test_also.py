"""Further addresses that a sender gave in a message: sealed, shown to who may look, forgotten with the report."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import Address
from gateway import control
from gateway.cli.commands import app
from gateway.contacts import contact_of
from gateway.store.connecting import FILE
from gateway.store.purge import DAY, Retention
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, Running, copy, letter, prepare, running, settings_in
from tests.poison import poison_installed

MAIL = Address("email", "budi.canary@example.org")
OTHER = Address("email", "budi.kantor@example.org")
CHANNEL = {"name": "poison", "kind": "poison"}
MESSAGES = [
    letter("m1", FLOOD, also=(MAIL, OTHER)),
    letter("m2", LAMP, RINA),
    letter("m3", "Pohon tumbang di Jl. Wijaya", also=(OTHER, Address("phone", BUDI))),
]


@pytest.fixture(scope="module", autouse=True)
def poison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with poison_installed(tmp_path_factory.mktemp("site")):
        yield


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory, poison: None) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    prepare(settings_in(folder, CHANNEL), lambda gateway: gateway.post(*MESSAGES))
    return folder


@pytest.fixture
async def gateway(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    """Budi gave two mail addresses with the flood, and the second again with the tree; Rina gave none."""
    copy(filed, tmp_path)
    (tmp_path / "kanal.toml").write_text('[gateway]\ndata = "data"\n[[channels]]\nname = "poison"\nkind = "poison"\n')
    async with running(settings_in(tmp_path, CHANNEL), process=False) as gateway:
        yield gateway


def contacts(gateway: Running, *addresses: Address) -> set[str]:
    """Which of these people are kept, by their addresses."""
    key = gateway.app.store.vault.lookup
    with closing(sqlite3.connect(gateway.folder / FILE)) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM contacts")}
        linked = {row[0] for row in connection.execute("SELECT contact FROM also")}
    assert linked <= kept
    return {one.value for one in addresses if contact_of(key, one).id in kept}


async def kanal(folder: Path, *words: str) -> str:
    """What a command says, the gateway's own log left out."""
    command = [*words, "--why", "permintaan warga", "--config", str(folder / "kanal.toml")]
    done = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert done.exit_code == 0, done.output
    return done.stdout[done.stdout.find("{") :]


PEOPLE = (MAIL, OTHER, Address("phone", BUDI), Address("phone", RINA))


async def test_they_are_kept_but_for_the_sender_s_own_and_stand_nowhere_in_clear(gateway: Running) -> None:
    assert contacts(gateway, *PEOPLE) == {MAIL.value, OTHER.value, BUDI, RINA}
    files = b"".join(path.read_bytes() for path in gateway.folder.rglob("*") if path.is_file())
    assert b"canary" not in files
    with closing(sqlite3.connect(gateway.folder / FILE)) as connection:
        assert connection.execute("SELECT report, count(*) FROM also GROUP BY report ORDER BY 2").fetchall() == [
            (gateway.all("reports")[2]["id"], 1),
            (gateway.all("reports")[0]["id"], 2),
        ]


async def test_who_says_why_may_see_them(gateway: Running, tmp_path: Path) -> None:
    report = gateway.all("reports")[0]["id"]
    shown = json.loads(await kanal(tmp_path, "reports", "show", report, "--full", "--json"))
    assert shown["also_reached_at"] == [f"email: {MAIL.value}", f"email: {OTHER.value}"]


@pytest.mark.parametrize(("who", "texts"), [(BUDI, 2), (OTHER.value, 2), (MAIL.value, 1), (RINA, 1)])
async def test_an_account_has_the_reports_in_which_the_address_was_given(
    gateway: Running, tmp_path: Path, who: str, texts: int
) -> None:
    await kanal(tmp_path, "access", who, "--output", str(tmp_path / "told.json"))
    told = json.loads((tmp_path / "told.json").read_text())
    assert len(told["reports"]) == len(told["cases"]) == texts
    assert [row.get("left_out") for row in told["deliveries"]] == [None] * texts
    given = [{one["address"] for one in report["also_reached_at"]} for report in told["reports"]]
    assert given == {BUDI: [{MAIL.value, OTHER.value}, {OTHER.value}], RINA: [set()]}.get(who, given)


ERASED = {
    "the sender": (BUDI, {RINA}, [2]),
    "an address of all reports": (OTHER.value, {RINA}, [2]),
    "an address of one report": (MAIL.value, {OTHER.value, BUDI, RINA}, [2, 3]),
    "somebody else": (RINA, {MAIL.value, OTHER.value, BUDI}, [1, 3]),
}


@pytest.mark.parametrize(("who", "left", "readable"), ERASED.values(), ids=ERASED)
async def test_with_an_address_its_reports_are_erased_and_who_was_named_in_nothing_else(
    gateway: Running, tmp_path: Path, who: str, left: set[str], readable: list[int]
) -> None:
    await kanal(tmp_path, "erase", who, "--yes", "--json")
    assert contacts(gateway, *PEOPLE) == left
    assert [row["seq"] for row in gateway.deliveries() if "body" in row] == readable
    texts = [row["text"] != "" for row in gateway.all("replies")]
    assert texts == [number in readable for number in (1, 2, 3)]


async def test_they_are_forgotten_with_the_last_report_that_they_were_given_in(gateway: Running) -> None:
    store, now, kept = gateway.app.store, 4e9, Retention(0, 730)

    async def purged(number: int) -> set[str]:
        code = gateway.all("reports")[number]["case"]
        values = {"code": code, "status": "ditolak", "note": "bukan wewenang", "actor": "camat"}
        await control.ask(gateway.folder, "move", values)
        later = now + number * DAY
        await store.forget("poison", kept, later, await store.overdue("poison", kept, later, 9))
        return contacts(gateway, *PEOPLE)

    assert await purged(0) == {OTHER.value, BUDI, RINA}
    assert await purged(2) == {RINA}
