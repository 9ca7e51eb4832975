"""What a citizen takes back is gone from every place where it was: pages, lists, maps, the reports that applications
read, exports, commands, the index, the bytes that came in, and the copies of its photos. That something was stays."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.whatsapp import WhatsApp
from gateway.accounts.account import Role
from gateway.cli.commands import app
from gateway.store.connecting import FILE
from tests.gateway.console.support import Visitor, account
from tests.gateway.meta import known
from tests.gateway.support import Running, channel, running, settings_in, until
from tests.gateway.test_outlets import dumped
from tests.gateway.test_photos import file, picture

WHO = "6281234567890"
WORD, PIN = "kenarimerah", "-6.2154321"
SAID = f"Jalan berlubang {WORD} di depan SD, banyak motor jatuh"
Place = Callable[[Running], Awaitable[str]]


def page(path: str, role: Role | None = Role.OPERATOR) -> Place:
    async def seen(gateway: Running) -> str:
        code, report = gateway.all("cases")[0]["code"], gateway.all("reports")[0]["id"]
        visitor = Visitor(gateway.app, account(role) if role else None)
        return (await visitor.get(path.replace("CODE", code).replace("REPORT", report))).html

    return seen


def asked(path: str) -> Place:
    async def seen(gateway: Running) -> str:
        return (await gateway.ask(path.replace("CODE", gateway.all("cases")[0]["code"]))).text

    return seen


def command(*words: str) -> Place:
    async def seen(gateway: Running) -> str:
        report = gateway.all("reports")[0]["id"]
        given = [report if word == "REPORT" else word for word in words]
        done = await asyncio.to_thread(CliRunner().invoke, app, [*given, "--data", str(gateway.folder)])
        return done.output

    return seen


async def the_database(gateway: Running) -> str:
    return "".join(dumped(gateway.folder / FILE))


async def what_came_in(gateway: Running) -> str:
    return str([one.get("body") for one in gateway.deliveries()])


PUBLIC: Mapping[str, Place] = {
    "Open311's list": asked("/in/apps/requests.json"),
    "Open311's list in XML": asked("/in/apps/requests.xml"),
    "Open311's request": asked("/in/apps/requests/CODE.json"),
    "the page of a case": page("/petugas/kasus/CODE"),
    "the inbox": page("/petugas"),
    "a search": page(f"/petugas?cari={WORD}"),
    "an export": command("export"),
    "an export as JSON": command("export", "--json"),
    "the list of cases": command("cases", "list"),
    "the list of reports": command("reports", "list", "--json"),
    "a report with its words": command("reports", "show", "REPORT", "--full", "--why", "memeriksa penarikan", "--json"),
    "what came in": what_came_in,
    "the database": the_database,
}


@pytest.mark.threat("P0-31")
async def test_a_post_that_is_removed_is_gone_from_every_place(tmp_path: Path) -> None:
    with Facebook() as meta:
        loaded = settings_in(tmp_path, channel("facebook", "meta", **known(meta, tmp_path)), channel("open311", "apps"))
        async with running(loaded) as gateway:
            assert await meta.subscribe(f"{gateway.app.web.address}/in/meta")
            post = meta.posts("7100000000000001", SAID)
            await until(lambda: gateway.all("reports"), "the report")
            await gateway.settled()
            before = {name: await place(gateway) for name, place in PUBLIC.items()}
            shown = {name for name, text in before.items() if WORD in text}
            assert shown == PUBLIC.keys()
            meta.becomes(post, "remove")
            await until(lambda: "retracted" in str(history(gateway)), "the removal")
            await gateway.settled()
            after = {name: await place(gateway) for name, place in PUBLIC.items()}
            assert [name for name, text in after.items() if WORD in text.replace(f"cari={WORD}", "")] == []
            assert "ditarik" in re.sub(r"\s+", " ", after["the page of a case"]).lower()
            assert gateway.all("cases")[0]["code"] in after["the list of cases"]


def history(gateway: Running) -> list[object]:
    return list(gateway.views.connection.execute("SELECT event FROM history"))


PRIVATE: Mapping[str, Place] = {
    **{name: place for name, place in PUBLIC.items() if "Open311" not in name and name != "a search"},
    "the map": page("/petugas/peta?kasus=CODE"),
}


@pytest.mark.threat("P0-31")
async def test_of_what_is_revoked_pin_and_photos_are_gone_too(tmp_path: Path) -> None:
    with WhatsApp() as meta:
        loaded = settings_in(tmp_path, channel("whatsapp", "wa", quiet_seconds=3, **known(meta, tmp_path)))
        async with running(loaded) as gateway:
            assert await meta.subscribe(f"{gateway.app.web.address}/in/wa")
            said = [
                meta.sends_file(WHO, "image", file("JPEG", picture()), "image/jpeg", caption=SAID),
                meta.shares_location(WHO, float(PIN), 106.8176543),
            ]
            await until(lambda: gateway.all("deliveries")[1:], "both messages")
            await gateway.settled()
            await until(lambda: copies(gateway) == 1, "the photo's copy")
            clear = gateway.views.connection.execute("SELECT data FROM reports").fetchone()[0]
            assert PIN in clear
            for one in said:
                meta.takes_back(WHO, one)
            await until(lambda: str(history(gateway)).count("retracted") == 2, "both to be taken back")
            await gateway.settled()
            after = {name: await place(gateway) for name, place in PRIVATE.items()}
            marks = (WORD, PIN, "106.8176543")
            assert {name for name, text in after.items() if any(mark in text for mark in marks)} == set()
            assert copies(gateway) == 0
            assert gateway.views.connection.execute("SELECT pin_hash, contact FROM reports").fetchall() == [(None, "")]


def copies(gateway: Running) -> int:
    """Photos that somebody could look at."""
    found = gateway.views.connection.execute("SELECT count(*) FROM files WHERE key IS NOT NULL AND blob IS NOT NULL")
    return int(found.fetchone()[0])
