"""`kanal talks`: a citizen asks for a person, who reads what was said, answers, and gives the talk back to the bot."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner, Result

from gateway.chat.settings import SOCKET
from gateway.chat.talk import Talk, talking
from gateway.cli.commands import app
from tests.gateway.support import LAMP, SECONDS, Row, Running, channel, running, settings_in

WHY = ("--why", "menjawab warga yang meminta petugas")
FLOOD = "Banjir setinggi lutut di depan rumah saya sejak pagi"
QUESTION = "Bisa telepon saya?"
ANSWER = "Kami telepon sebentar lagi."
LONG = "Petugas kami sudah menuju lokasi. " * 20
CITIZEN = "warga"
ids = map(str, count(1))


class Desk(NamedTuple):
    """A gateway, the citizen at its terminal, and an officer's commands."""

    folder: Path
    gateway: Running
    citizen: Talk

    async def says(self, text: str, who: str = CITIZEN) -> list[str]:
        """What the citizen is told."""
        said = await self.citizen.say({"id": next(ids), "from": who, "text": text})
        return [one.text for one in said]

    async def kanal(self, *words: str, code: int = 0, typed: str | None = None) -> Result:
        given = [*words, "--config", str(self.folder / "kanal.toml")]
        result = await asyncio.to_thread(CliRunner().invoke, app, given, input=typed)
        assert result.exit_code == code, result.output
        return result

    async def rows(self, *words: str) -> list[Row]:
        return [json.loads(line) for line in (await self.kanal(*words, "--json")).stdout.splitlines()]

    async def talk(self) -> Row:
        (found,) = await self.rows("talks", "list")
        return found

    async def hears(self) -> str:
        """What the citizen is told unasked."""
        told = await self.citizen.hear(SECONDS)
        assert told
        return told.text


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    terminal = {"socket": str(tmp_path / SOCKET), "text_limit": 459, "alphabet": "gsm7"}
    lines = "".join(
        f"{name} = {json.dumps(value)}\n" for name, value in {"name": "meja", "kind": "terminal", **terminal}.items()
    )
    (tmp_path / "kanal.toml").write_text(f'[gateway]\ndata = "data"\n[[channels]]\n{lines}')
    async with running(settings_in(tmp_path, channel("terminal", "meja", **terminal))) as gateway:
        await gateway.judging()
        async with talking(tmp_path) as citizen:
            yield Desk(tmp_path, gateway, citizen)


async def test_who_asks_for_a_person_is_answered_by_one_and_then_by_the_bot_again(desk: Desk) -> None:
    await desk.says(FLOOD)
    await desk.says("petugas")
    assert await desk.says(QUESTION) == []
    talk = await desk.talk()
    assert (talk["mode"], talk["answered_at"], talk["heard_at"] is None) == ("person", None, False)

    await desk.kanal("talks", "answer", talk["id"], "-", typed=f"{ANSWER}\n")
    assert await desk.hears() == ANSWER
    assert (await desk.talk())["answered_at"]

    await desk.kanal("talks", "give-back", talk["id"])
    assert (await desk.talk())["mode"] == "ended"
    assert len(await desk.says("bantuan")) == 1

    (shown,) = await desk.rows("talks", "show", talk["id"], *WHY)
    assert shown["with_address"] == CITIZEN
    lines = [(line["from"], line["text"]) for line in shown["said"] if line.get("state") != "withheld"]
    assert [who for who, _ in lines] == ["citizen", "bot", "citizen", "bot", "citizen", "person", "citizen", "bot"]
    assert [text for who, text in lines if who != "bot"] == [FLOOD, "petugas", QUESTION, ANSWER, "bantuan"]
    assert "PIN ••••••" in lines[1][1]

    log = await desk.rows("audit", "--all")
    assert [one["action"] for one in log] == ["answer in a talk", "give a talk back", "look at a talk"]
    assert {tuple(one["about"][:2]) for one in log} == {(talk["id"], shown["with"])}


async def test_what_was_reported_to_a_person_is_told_by_its_code(desk: Desk) -> None:
    await desk.says("petugas")
    assert await desk.says(LAMP) == []
    (urgent,) = await desk.says("Kebakaran rumah di Jl. Fatmawati, ada orang terjebak!")
    assert urgent.startswith("Darurat? Segera telepon 112. Laporan Anda kami terima. Kode KNL-")
    talk = await desk.talk()
    assert talk["mode"] == "person"
    await desk.kanal("talks", "give-back", talk["id"])
    told = await desk.hears()
    assert re.fullmatch(r"Laporan ini sudah kami terima. Kode KNL-\S+ Kami kabari perkembangannya.", told)
    assert told.split()[6] not in urgent


async def test_what_would_speak_over_the_bot_or_say_nothing_is_refused(desk: Desk) -> None:
    await desk.says("bantuan")
    talk = (await desk.talk())["id"]
    assert "--anyway" in (await desk.kanal("talks", "answer", talk, ANSWER, code=1)).stderr
    assert "no person has" in (await desk.kanal("talks", "give-back", talk, code=1)).stderr
    assert "--why" in (await desk.kanal("talks", "show", talk, code=2)).stderr
    await desk.kanal("talks", "take", talk)
    assert "already" in (await desk.kanal("talks", "take", talk, code=1)).stderr
    assert await desk.says("bantuan") == []
    for words in ("", " ", "a" * 1001):
        assert "1 to 1000" in (await desk.kanal("talks", "answer", talk, words, code=1)).stderr
    assert "there is no talk t-x" in (await desk.kanal("talks", "answer", "t-x", ANSWER, code=1)).stderr
    await desk.kanal("talks", "give-back", talk)

    await desk.kanal("talks", "answer", talk, LONG, "--anyway")
    first, second = await desk.hears(), await desk.hears()
    assert (first.endswith(" (1/2)"), second.endswith(" (2/2)")) == (True, True)
    said = await desk.kanal("talks", "show", talk, *WHY)
    assert "> bantuan" in said.stdout and "(a person, sent)" in said.stdout


async def test_those_that_wait_for_a_person_are_listed_first(desk: Desk) -> None:
    for who in ("budi", "rina", "warga"):
        await desk.says("bantuan", who)
        if who != "warga":
            await desk.says("petugas", who)
    listed = await desk.rows("talks", "list")
    assert [row["mode"] for row in listed] == ["person", "person", "ended"]
    assert [row["since"] for row in listed[:2]] == sorted(row["since"] for row in listed[:2])
    assert await desk.rows("talks", "list", "--limit", "1") == listed[:1]
    assert await desk.rows("talks", "list", "--mode", "ended") == listed[2:]
    assert "ended, open, person" in (await desk.kanal("talks", "list", "--mode", "x", code=2)).stderr
    assert "meja" in (await desk.kanal("talks", "list", "--channel", "meja")).stdout
