"""Units are told of their cases by mail, webhook and Telegram, over real sockets."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters import Delivery
from adapters.signing import proven
from gateway import control
from gateway.errors import OperationRefused
from gateway.settings import Settings
from gateway.store.connecting import FILE
from tests.canary.canaries import Citizen, canaries_in
from tests.end_to_end.relay import Relay
from tests.gateway.borders import imported, pin
from tests.gateway.support import BUDI, RINA, Row, Running, channel, keep, letter, of, running, settings_in, until

TOKEN, SECRET = "123456:AAF-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "secret-of-the-notices"
FALLEN = "Pohon tumbang di kel. Bangka, hubungi saya 0811-1000-0001"
NIGHT = {"pohon-tumbang": "sudin-pertamanan", "banjir": "sudin-sda", "pungutan-liar": "inspektorat"}
pytestmark = pytest.mark.usefixtures("poison")


class Listener:
    """A server that takes what is POSTed: a unit's webhook, and Telegram."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Row]] = []
        self.proven: dict[str, bool] = {}
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.taken.append((request.path, await request.json()))
        self.proven[request.path] = proven([SECRET], body, request.headers, time.time())
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        return web.json_response({"ok": status == 200}, status=status, headers=headers)

    def cases(self) -> list[str]:
        return [notice["case"] for _, body in self.taken for notice in body["notices"]]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    application = web.Application()
    application.router.add_post("/{path:.*}", made.answer)
    async with TestServer(application) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


def settings_with(folder: Path, table: str, relay: Relay | None = None, **notices: Any) -> Settings:
    """A gateway whose units are reached as `table` says."""
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    (folder / "data" / "units.toml").write_text(table)
    imported(folder / "data")
    (folder / "notices").write_text(SECRET)
    (folder / "token").write_text(TOKEN)
    for name in ("notices", "token"):
        (folder / name).chmod(0o600)
    channels = [channel("poison")]
    if relay:
        mail = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **relay.settings)
        channels, notices = [*channels, mail], notices | {"mail_channel": "mail"}
    return settings_in(folder, *channels, notices=notices)


def webhook(url: str) -> str:
    return "".join(f'[units.{unit}]\nwebhook = "{url}/{unit}"\n' for unit in NIGHT.values())


HOOK: dict[str, Any] = {"webhook_secret": {"file": "notices"}}


def flooded(place: str, sender: str = BUDI) -> Delivery:
    return letter(f"flood {place}", f"Banjir di kel. {place}", sender, fields={"category": "banjir"}, place=pin(place))


def fallen() -> Delivery:
    return letter("fallen", FALLEN, fields={"category": "pohon-tumbang"}, place=pin("Bangka"))


def accusing(sender: str | None = RINA) -> Delivery:
    return letter(
        "accusing", "Diminta uang di kel. Bangka", sender, fields={"category": "pungutan-liar"}, place=pin("Bangka")
    )


def states(gateway: Running) -> list[str]:
    return [row["state"] for row in gateway.all("notices")]


@pytest.mark.threat("P0-34")
async def test_a_unit_is_told_in_each_of_its_ways_and_in_none_by_whom(
    tmp_path: Path, relay: Relay, listener: Listener
) -> None:
    """Whatever the citizen writes of himself, and however the channel knows him."""
    who = Citizen(7)
    table = f'[units.sudin-sda]\nmail = ["sda@example.go.id"]\nwebhook = "{listener.url}/sda"\ntelegram = "-1001"'
    telegram = {"telegram_token": {"file": "token"}, "telegram_url": listener.url}
    loaded = settings_with(tmp_path, table, relay, **HOOK, **telegram)
    sent = letter(
        "m1",
        f"{who.words}, kel. Bangka",
        who.phone,
        subject=who.words,
        fields={"category": "banjir"},
        place=pin("Bangka"),
    )
    await keep(loaded, [sent])
    async with running(loaded) as gateway:
        await until(lambda: states(gateway) == ["sent"] * 3, "all three")
        [code], [mail], taken = of(gateway.all("cases"), "code"), relay.to("sda@example.go.id"), dict(listener.taken)
        said = json.dumps(taken).encode() + mail.read.as_bytes()
        assert said.count(b"Jl. Mahakam") == 6 and b"[nama]" in said
        assert not [*canaries_in(said), *canaries_in(json.dumps(gateway.all("notices")).encode())]
    assert mail.read["Subject"] == f"Laporan {code}: Banjir atau genangan"
    assert f"MENDESAK: laporan {code}, tenggat" in mail.text
    message = taken[f"/bot{TOKEN}/sendMessage"]
    assert message["chat_id"] == "-1001" and f"MENDESAK: laporan {code}, tenggat" in message["text"]
    assert listener.proven["/sda"]
    assert taken["/sda"]["unit"] == {"code": "sudin-sda-31.74", "name": "Suku Dinas Sumber Daya Air Jakarta Selatan"}
    [notice] = taken["/sda"]["notices"]
    told = {key: notice[key] for key in ("about", "case", "category", "area", "reporters", "status")}
    assert told == {
        "about": "urgent",
        "case": code,
        "category": {"code": "banjir", "name": "Banjir atau genangan"},
        "area": "31.74.03.1002",
        "reporters": 1,
        "status": "menunggu",
    }


NOISE: dict[str, dict[str, Any]] = {
    "automatic": {"automatic": True},
    "spam": {"doubts": ("spam",)},
    "forged": {"doubts": ("forged-sender",)},
}


async def test_who_has_a_case_is_told_and_who_may_not_know_of_it_is_not(tmp_path: Path, listener: Listener) -> None:
    """Nor is anybody told of what machines send; but of what nobody signed."""
    table = webhook(listener.url) + f'[units.kelurahan]\nwebhook = "{listener.url}/kelurahan"\n'
    loaded = settings_with(tmp_path, table, **HOOK, digest_minutes=0)
    noise = [letter(name, f"Banjir {name}", fields={"category": "banjir"}, **how) for name, how in NOISE.items()]
    await keep(loaded, [*noise, fallen(), accusing()])
    async with running(loaded) as gateway:
        await until(lambda: len(listener.taken) == 2, "both")
        assert len(gateway.all("cases")) == 5
        assert sorted(path for path, _ in listener.taken) == ["/inspektorat", "/sudin-pertamanan"]
        code = gateway.all("cases")[3]["code"]
        move = {"code": code, "status": "koordinasi", "actor": "camat", "unit": "kelurahan-31.74.03.1002"}
        await control.ask(gateway.folder, "move", move)
        await until(lambda: len(listener.taken) == 3, "the one that has it now")
        path, body = listener.taken[-1]
        assert (path, body["notices"][0]["about"], body["notices"][0]["case"]) == ("/kelurahan", "moved", code)


async def test_new_cases_within_some_minutes_are_one_message(tmp_path: Path, listener: Listener) -> None:
    loaded = settings_with(tmp_path, webhook(listener.url), **HOOK, digest_minutes=60)
    places = ("Bangka", "Kuningan Barat", "Pela Mampang", "Tegal Parang", "Mampang Prapatan")
    flood = [flooded(place, f"+6281110000{number:02}") for number, place in enumerate(places)]
    async with running(loaded) as gateway:
        await gateway.post(flood[0])
        await until(lambda: states(gateway) == ["sent"], "the first")
        await gateway.post(*flood[1:])
        await until(lambda: states(gateway) == ["sent", *["due"] * 4], "the others")
        await asyncio.sleep(1.2)  # in which they would be told
        assert len(listener.taken) == 1
        first = gateway.all("notices")[1]["id"]
        with closing(sqlite3.connect(gateway.folder / FILE)) as database:
            database.execute("UPDATE notices SET settled_at = settled_at - 3601 WHERE state = 'sent'")
            database.commit()
        await until(lambda: states(gateway) == ["sent"] * 5, "one message")
        assert (len(listener.taken), len(set(listener.cases()))) == (2, 5)
        assert listener.taken[1][1]["notices"][0]["id"] == first


async def test_an_outage_costs_nothing_and_what_is_out_of_date_by_then_is_not_told(
    tmp_path: Path, relay: Relay
) -> None:
    loaded = settings_with(tmp_path, '[units.sudin-sda]\nmail = ["sda@example.go.id"]', relay)
    relay.stop()
    await keep(loaded, [flooded("Bangka"), flooded("Pela Mampang", RINA)])
    async with running(loaded) as gateway:
        await until(lambda: [row["tries"] for row in gateway.all("notices")] == [1, 1], "a try")
        assert states(gateway) == ["due", "due"] and "relay" in gateway.all("notices")[0]["error"]
        first, second = of(gateway.all("cases"), "code")
        move = {"code": second, "status": "ditolak", "actor": "camat", "note": "latihan"}
        await control.ask(gateway.folder, "move", move)
    relay.start()
    async with running(loaded) as gateway:
        await until(lambda: "due" not in states(gateway), "both to be settled after the next start")
        [told, left] = gateway.all("notices")
        assert (told["state"], left["state"], left["error"]) == ("sent", "withheld", "the case is closed by now")
        [mail] = relay.to("sda@example.go.id")
        assert first in mail.text and second not in mail.text


async def test_one_units_server_that_is_down_or_refuses_holds_up_no_other(tmp_path: Path, listener: Listener) -> None:
    """What was refused has failed, and is told again by hand."""
    table = f'[units.sudin-sda]\nwebhook = "http://127.0.0.1:1/"\n[units.inspektorat]\nwebhook = "{listener.url}/x"'
    loaded = settings_with(tmp_path, table, **HOOK)
    listener.answers = [(422, {})]
    await keep(loaded, [flooded("Bangka"), accusing()])
    async with running(loaded) as gateway:
        await until(lambda: states(gateway) == ["due", "failed"], "a try of both")
        [_, row] = gateway.all("notices")
        assert row["error"] == "the unit's webhook answers 422"
        with pytest.raises(OperationRefused, match="there is no notice t-0"):
            await control.ask(gateway.folder, "retry_notice", {"notice": "t-0"})
        await control.ask(gateway.folder, "retry_notice", {"notice": row["id"]})
        await until(lambda: states(gateway) == ["due", "sent"], "the second try")
        shown = (await gateway.ask("/metrics")).text
        assert 'kanal_due_notices{way="webhook"} 1.0' in shown
        assert 'kanal_notice_attempts_total{outcome="sent",way="webhook"} 1.0' in shown


@pytest.mark.threat("P0-31")
async def test_what_waits_holds_nothing_of_a_citizen_and_goes_with_an_erased_case(tmp_path: Path) -> None:
    loaded = settings_with(tmp_path, webhook("http://127.0.0.1:1"), **HOOK)
    await keep(loaded, [fallen()])
    async with running(loaded) as gateway:
        [row] = await until(lambda: gateway.all("notices"), "the notice")
        assert not [value for value in row.values() if isinstance(value, str) and ("Pohon" in value or "0811" in value)]
        erase = {"target": row["case"], "why": "diminta", "actor": "camat"}
        await control.ask(gateway.folder, "erase", erase)
        assert states(gateway) == ["withheld"]
