"""Wherever words of a report come out without a reason given, none of the personal data in them does."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from gateway.control import ask
from gateway.store import full
from gateway.store.connecting import FILE
from tests.gateway.support import BUDI, LAMP, RINA, Running, channel, letter, of, running, settings_in, sms, sms_channel

PERSONAL = {
    "phone": "0812-3456-7890",
    "NIK": "3174051208900001",
    "mail": "kartini@canary.example",
    "handle": "@kartini_p",
    "name": "Kartini Purnamawati",
}
WHO = "Nama saya {name}, hp {phone}, NIK {NIK}, surel {mail}, IG {handle}".format(**PERSONAL)
WORDS = f"Lampu mati Jl. Mahakam. {WHO}"
COMMANDS = {
    "cases list": ("cases", "list"),
    "cases list as JSON": ("cases", "list", "--json"),
    "cases show": ("cases", "show", "CODE"),
    "cases show as JSON": ("cases", "show", "CODE", "--json"),
    "reports list as JSON": ("reports", "list", "--json"),
    "replies list as JSON": ("replies", "list", "--json"),
    "export": ("export",),
    "export as JSON": ("export", "--json"),
}

#: Those that show words at all.
SHOWN = {*COMMANDS, "/in/apps/requests.json", "/in/apps/requests.xml", "the database"} - {"replies list as JSON"}


@pytest.mark.threat("P0-30")
async def test_no_outlet_gives_personal_data_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    loaded = settings_in(tmp_path, sms_channel(), channel("open311", "apps"))
    async with running(loaded) as gateway:
        await gateway.send(sms("m1", WORDS, RINA))
        values = {"app": "jaki", "actor": "budi", "channel": None, "per_minute": 0, "per_day": 0}
        key = (await ask(gateway.folder, "add key", values))["key"]
        posted = {
            "service_code": "trotoar-rusak",
            "description": f"Trotoar pecah Jl. Panglima Polim. {WHO}",
            "private": "false",
            "api_key": key,
        }
        assert (await gateway.ask("/in/apps/requests.json", "POST", data=posted)).status == 200
        await gateway.settled()
        said = {name: printed(gateway, words) for name, words in COMMANDS.items()} | await pages(gateway)
        said["the database"] = "".join(dumped(gateway.folder / FILE))
        said["the logs"] = caplog.text
    assert [name for name in SHOWN if "Jl. " not in said[name]] == []
    assert {name: given_away(text) for name, text in said.items() if given_away(text)} == {}


@pytest.mark.usefixtures("poison")
async def test_whoever_is_named_in_a_text_is_nobody_s_contact(tmp_path: Path) -> None:
    """Two who write are two contacts, also where one gives the number of the other."""
    async with running(settings_in(tmp_path, sms_channel(), channel("poison"))) as gateway:
        await gateway.send(sms("m1", LAMP, BUDI))
        await gateway.post(letter("m2", f"Sampah menumpuk di Jl. Mawar, hubungi {BUDI} atau budi@example.org", RINA))
        connection = gateway.views.connection
        assert connection.execute("SELECT count(*) FROM contacts").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM also").fetchone() == (0,)
        assert len({row["reporter"] for row in map(opened(gateway), of(gateway.all("reports"), "id"))}) == 2


def printed(gateway: Running, words: tuple[str, ...]) -> str:
    code = gateway.all("cases")[0]["code"]
    done = CliRunner().invoke(
        app, [code if word == "CODE" else word for word in words] + ["--data", str(gateway.folder)]
    )
    assert done.exit_code == 0, done.output
    return done.output


async def pages(gateway: Running) -> dict[str, str]:
    """What anybody is told of the cases."""
    code = gateway.all("cases")[-1]["code"]
    paths = (f"/lacak/{code}", "/in/apps/requests.json", "/in/apps/requests.xml", f"/in/apps/requests/{code}.json")
    return {path.replace(code, "CODE"): (await gateway.ask(path)).text for path in paths}


def dumped(file: Path) -> Iterator[str]:
    with closing(sqlite3.connect(file)) as connection:
        yield from connection.iterdump()


def opened(gateway: Running) -> Callable[[str], dict[str, str]]:
    return lambda report: {"reporter": full.reporter(gateway.views.connection, report)}


def given_away(said: str) -> list[str]:
    return [name for name, value in PERSONAL.items() if value in said or value.replace("-", "") in said]
