"""`kanal replay` and `kanal quarantine replay`: a repaired parser makes good what it missed, and tells nobody twice."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from gateway import control
from gateway.cli.commands import app
from gateway.settings import Settings
from gateway.store.contract import MessageRow, ReplyState, Settlement
from tests.gateway.store.rows import case
from tests.gateway.store.rows import report as row
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    Running,
    channel,
    delivery,
    keep,
    letter,
    piece,
    running,
    settings_in,
    sms_channel,
    until,
    with_store,
)
from tests.poison import poison_installed

Row = dict[str, Any]
SINCE = ["--channel", "poison", "--since", "2020-01-01"]
KEPT = [
    letter("m1", LAMP, BUDI),
    letter("m2", "Pohon tumbang di Jl. Wijaya", RINA),
    delivery("m3", b"refuse", "poison"),
    delivery("m4", b"nothing", "poison"),
]


@pytest.fixture(scope="module")
def worked_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which a gateway has filed two reports, put one delivery in quarantine, and seen one that said
    nothing."""
    folder = tmp_path_factory.mktemp("replay")
    (folder / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\nworkers = 1\n[web]\nport = 0\n[[channels]]\nname = "poison"\nkind = "poison"\n'
        '[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\nsecret = { file = "secret" }\n'
    )
    with poison_installed(tmp_path_factory.mktemp("site")):
        asyncio.run(_work_off(settings_of(folder)))
        yield folder


async def _work_off(loaded: Settings) -> None:
    await keep(loaded, KEPT)
    async with running(loaded) as gateway:
        await gateway.settled()


def settings_of(folder: Path) -> Settings:
    return settings_in(folder, channel("poison"), sms_channel())


@pytest.fixture
def loaded(tmp_path: Path, worked_off: Path) -> Settings:
    """Of a copy of that folder."""
    shutil.copytree(worked_off, tmp_path, dirs_exist_ok=True)
    return settings_of(tmp_path)


@pytest.fixture
def repaired(loaded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANAL_POISON_REPAIRED", "1")


async def command(folder: Path, *arguments: str, code: int = 0) -> list[Row]:
    done = await asyncio.to_thread(
        CliRunner().invoke, app, [*arguments, "--json", "--config", str(folder / "kanal.toml")]
    )
    assert done.exit_code == code, done.output
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]  # the gateway logs beside them
    return [json.loads(line) for line in lines] if code == 0 else [{"said": done.output}]


def texts(gateway: Running) -> list[str]:
    return [row["text"] for row in gateway.all("reports")]


async def test_nothing_differs_while_the_parser_is_the_same(loaded: Settings, tmp_path: Path) -> None:
    assert await command(tmp_path, "replay", *SINCE) == []


async def test_it_shows_what_would_change_and_changes_nothing(loaded: Settings, repaired: None, tmp_path: Path) -> None:
    found = await command(tmp_path, "replay", *SINCE)
    assert [(row["delivery"], row["kind"]) for row in found] == [
        (1, "changed"),
        (2, "changed"),
        (3, "readable"),
        (4, "new"),
    ]
    assert "text" in found[0]["fields"] and found[0]["after"].startswith(f"{LAMP} dekat Pasar Santa")
    assert await command(tmp_path, "replay", *SINCE) == found
    async with running(loaded) as gateway:
        assert texts(gateway) == [LAMP, "Pohon tumbang di Jl. Wijaya"]


@pytest.mark.parametrize("runs", [True, False], ids=["while the gateway runs", "while none runs"])
async def test_it_puts_the_changes_in_place_and_tells_nobody_twice(
    loaded: Settings, repaired: None, tmp_path: Path, runs: bool
) -> None:
    if not runs:
        await command(tmp_path, "replay", *SINCE, "--apply")
    async with running(loaded) as gateway:
        before = {row["id"]: row["state"] for row in gateway.all("replies")}
        if runs:
            await command(tmp_path, "replay", *SINCE, "--apply")
        await until(lambda: len(gateway.all("reports")) == 4, "all to be filed")
        assert [text.endswith("dekat Pasar Santa") for text in texts(gateway)] == [True, True, False, False]
        assert gateway.all("cases")[0]["what"].endswith("dekat Pasar Santa")
        assert [row["version"] for row in gateway.all("reports")] == [2, 2, 1, 1]
        events = [row["event"] for row in gateway.views.history(gateway.all("cases")[0]["code"])]
        assert events == ["opened", "read again"]
        replies = {row["id"]: row["state"] for row in gateway.all("replies")}
        assert before.items() <= replies.items()
        states = sorted(state for name, state in replies.items() if name not in before)
        assert len(before) == 2 if runs else len(before) >= 2
        if runs:
            assert states == [ReplyState.KEPT, ReplyState.WITHHELD], "answered is only what never was"
    assert await command(tmp_path, "replay", *SINCE) == []


@pytest.mark.usefixtures("repaired")
async def test_what_a_person_decided_stays(loaded: Settings, tmp_path: Path) -> None:
    async with running(loaded) as gateway:
        code = gateway.all("cases")[0]["code"]
        said = {"code": code, "actor": "camat", "why": "ditelepon"}
        await control.ask(gateway.folder, "place", said | {"area": "31.74.03.1002"})
        await control.ask(gateway.folder, "category", said | {"category": "pungutan-liar"})
        await command(tmp_path, "replay", *SINCE, "--apply")
        await until(lambda: gateway.case(code)["what"].endswith("dekat Pasar Santa"), "the report to be read again")
        case = gateway.case(code)
        assert (case["area"], case["category"]) == ("31.74.03.1002", "pungutan-liar")
        assert case["where"].endswith(", Bangka")
        [(kept, _)] = gateway.app.store.reporters(code)
        assert kept.report.confidentiality.private, "it accuses somebody"


async def test_later_reports_are_compared_with_what_is_read_now(
    loaded: Settings, repaired: None, tmp_path: Path
) -> None:
    async with running(loaded) as gateway:
        await gateway.judging()
        await command(tmp_path, "replay", *SINCE, "--apply")
        await until(lambda: len(gateway.all("reports")) == 4, "all to be filed")
        first = gateway.all("reports")[0]
        [(kept, _), *_] = gateway.app.store.reporters(first["case"])
        assert b"santa" in kept.fingerprint


async def test_a_text_in_pieces_stays_what_it_is(loaded: Settings, tmp_path: Path) -> None:
    await keep(loaded, [piece(f"p{number}", f"Tiang miring {number} ", number, 2) for number in (1, 2)])
    async with running(loaded) as gateway:
        await gateway.settled()
        assert "Tiang miring 1 Tiang miring 2" in texts(gateway)
    assert await command(tmp_path, "replay", "--channel", "sms", "--since", "2020-01-01T00:00") == []


async def test_reports_of_older_stores_keep_the_ids_that_no_key_made(
    loaded: Settings, repaired: None, tmp_path: Path
) -> None:
    await keep(loaded, [letter("m5", LAMP)])
    old = row("r-old", "KNL-5", channel="poison", text=LAMP)
    made = Settlement(cases=[case("KNL-5")], reports=[msgspec.structs.replace(old, masked=old.report)], done=[5])
    made.messages = [MessageRow("poison", "m5", 5, "r-old", None)]
    await with_store(loaded, lambda store: store.settle(made))
    found = await command(tmp_path, "replay", *SINCE, "--apply")
    assert [(one["kind"], one["report"]) for one in found if one["delivery"] == 5] == [("changed", "r-old")]
    async with running(loaded) as gateway:
        await gateway.settled()
        assert texts(gateway).count(f"{LAMP} dekat Pasar Santa") == 2
        [(kept, _)] = gateway.app.store.reporters("KNL-5")
        assert (kept.report.id, kept.report.version) == ("r-old", 2)
        assert kept.masked and kept.masked.id == "r-old" and b"r-old" in kept.fingerprint


async def test_what_was_said_in_a_talk_is_no_new_report_and_its_report_is_left_as_the_talk_made_it(
    loaded: Settings, repaired: None, tmp_path: Path
) -> None:
    await keep(loaded, [letter("m5", LAMP), letter("m6", "dekat pasar"), letter("m7", "batal")])
    old = row("r-talk", "KNL-5", channel="poison", text=f"{LAMP}\ndekat pasar")
    made = Settlement(cases=[case("KNL-5")], reports=[msgspec.structs.replace(old, masked=old.report)], done=[5, 6, 7])
    said = [("m5", 5, "r-talk"), ("m6", 6, "r-talk"), ("m7", 7, None)]
    made.messages = [MessageRow("poison", name, seq, report, None) for name, seq, report in said]
    await with_store(loaded, lambda store: store.settle(made))
    found = await command(tmp_path, "replay", *SINCE)
    assert [one["kind"] for one in found if one["delivery"] >= 5] == []


async def test_what_was_erased_stays_erased(loaded: Settings, repaired: None, tmp_path: Path) -> None:
    done = await asyncio.to_thread(
        CliRunner().invoke, app, ["erase", BUDI, "--yes", "--why", "x", "--config", str(tmp_path / "kanal.toml")]
    )
    assert done.exit_code == 0, done.output
    assert [row["delivery"] for row in await command(tmp_path, "replay", *SINCE)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["replay", "--channel", "poison", "--since", "kemarin"], "no time"),
        (["replay", "--channel", "posion", "--since", "2020-01-01"], "did you mean 'poison'"),
        (["quarantine", "replay"], "or --all"),
        (["quarantine", "replay", "1"], "not in quarantine"),
    ],
)
async def test_what_cannot_be_is_said(loaded: Settings, tmp_path: Path, arguments: list[str], says: str) -> None:
    code = 1 if arguments[-1] == "1" else 2
    assert says in (await command(tmp_path, *arguments, code=code))[0]["said"]


async def test_from_quarantine_it_is_filed_and_answered(loaded: Settings, repaired: None, tmp_path: Path) -> None:
    async with running(loaded) as gateway:
        [row] = await command(tmp_path, "quarantine", "replay", "3")
        assert (row["seq"], row["state"], row["reason"]) == (3, "done", None)
        assert texts(gateway)[-1] == "Lampu padam di Jl. Barito"
        assert [one["state"] for one in gateway.all("replies")] == [ReplyState.KEPT] * 3


async def test_what_is_still_unreadable_goes_back_with_its_reason(loaded: Settings, tmp_path: Path) -> None:
    async with running(loaded):
        said = (await command(tmp_path, "quarantine", "replay", "--all", code=1))[0]["said"]
        assert "no letter in it" in said and "not all of them can be processed" in said
    [row] = await command(tmp_path, "quarantine", "replay", "3")
    assert row["state"] == "received", "it waits for the gateway"
    async with running(loaded) as gateway:
        await gateway.settled()
        assert gateway.all("deliveries")[2]["state"] == "quarantined"
    assert FLOOD not in str(row)
