"""What channels cost: counted as it is spent, each thing once, and told by commands, figures and the page."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway import money, spending
from gateway.accounts.account import Role
from gateway.cli.commands import app
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import FLOOD, LAMP, RINA, channel, running, settings_in, sms, until
from tests.gateway.test_replies import kannel
from tests.poison import installed

TEXTS = ("Banjir selutut di depan rumah", "Lampu jalan padam sejak kemarin", "Pohon tumbang menutup jalan")


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


def box(folder: Path, *texts: str) -> Path:
    made = folder / "box"
    made.mkdir(exist_ok=True)
    for number, text in enumerate(texts, 1):
        (made / str(number)).write_text(text)
    return made


async def kanal(*words: object) -> str:
    done = await asyncio.to_thread(CliRunner().invoke, app, ["channels", *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        (214_000.0, "IDR", "Rp 214.000"),
        (1234.5, "USD", "$1,234.50"),
        (0.005, "USD", "$0.01"),
        (41.2, "EUR", "EUR 41.20"),
        (41.2, "", "41.20"),
    ],
)
def test_money_is_written_as_people_write_it(amount: float, currency: str, told: str) -> None:
    assert money.told(amount, currency) == told


def test_days_and_months_are_those_of_utc() -> None:
    late = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC).timestamp()
    assert (spending.day(late), spending.month(late), spending.month(late + 1)) == ("2026-11-30", "2026-11", "2026-12")


async def test_what_is_read_and_said_is_counted_once_with_its_price_also_after_a_restart(tmp_path: Path) -> None:
    costs: dict[str, Any] = {"segment": 350, "monthly_cap": 1_000_000}
    async with kannel() as (_, by_sms):
        polled = channel("folder", "box", folder=str(box(tmp_path, *TEXTS)), costs={"currency": "USD"})
        loaded = settings_in(tmp_path, by_sms | {"costs": costs}, polled)
        async with running(loaded) as gateway:
            await gateway.send(sms("m1", FLOOD), sms("m2", LAMP, RINA))
            await until(lambda: gateway.replies().count(("received", "sent")) == 2, "both to be sent")
            await until(lambda: gateway.reported(5), "all reports")
        async with running(loaded) as gateway:
            said = {(one.channel, one.unit): (one.count, one.cost) for one in gateway.views.spent(this_month())}
            assert said == {("box", "read"): (3, 1.5), ("sms", "segment"): (4, 1400.0)}
            assert [row["cost"] for row in gateway.all("replies") if row["channel"] == "sms"] == [2, 2]
            await figures(gateway)


async def figures(gateway: Any) -> None:
    figures = (await gateway.ask("/metrics")).text
    assert 'kanal_channel_month_units{channel="box",unit="read"} 3.0' in figures
    assert 'kanal_channel_month_cost{channel="sms",currency="IDR"} 1400.0' in figures
    assert 'kanal_channel_monthly_cap{channel="sms",currency="IDR"} 1e+06' in figures
    seen = (await Visitor(gateway.app, account(Role.ADMINISTRATOR)).get("/petugas/kanal")).text
    assert ("Rp 1.400 dari Rp 1.000.000 bulan ini" in seen, "$1.50 bulan ini" in seen) == (True, True)


async def test_commands_tell_what_a_month_cost_by_channel(tmp_path: Path) -> None:
    file = tmp_path / "kanal.toml"
    folder = box(tmp_path, *TEXTS)
    file.write_text(
        f'[gateway]\ndata = "data"\n[[channels]]\nname = "box"\nkind = "folder"\nfolder = "{folder}"\n'
        'costs = { currency = "USD", monthly_cap = 150 }\n'
    )
    polled = channel("folder", "box", folder=str(folder), costs={"currency": "USD"})
    async with running(settings_in(tmp_path, polled)) as gateway:
        await until(lambda: gateway.reported(3), "three reports")
    lines = (await kanal("costs", "box", "-c", file)).splitlines()
    assert [line.split() for line in lines] == [
        ["CHANNEL", "FOR", "COUNT", "COST", "OF"],
        ["box", "read", "3", "$1.50"],
        ["box", "all", "–", "$1.50", "$150.00"],
    ]
    assert json.loads((await kanal("costs", "-c", file, "--json")).splitlines()[1]) == {
        "month": this_month(),
        "channel": "box",
        "unit": "all",
        "currency": "USD",
        "count": None,
        "cost": 1.5,
        "monthly_cap": 150,
    }
    assert "$1.50 of $150.00" in await kanal("list", "-c", file)
    assert (await kanal("costs", "-c", file, "--month", "2025-01")).splitlines()[1].split()[3:] == ["$0.00", "$150.00"]
    assert CliRunner().invoke(app, ["channels", "costs", "-c", str(file), "--month", "2026-13"]).exit_code == 2


async def test_what_is_fetched_anew_is_charged_for_again(tmp_path: Path) -> None:
    polled = channel("folder", "box", folder=str(box(tmp_path, *TEXTS)))
    async with running(settings_in(tmp_path, polled)) as gateway:
        await until(lambda: gateway.reported(3), "three reports")
        await gateway.app._lineup.polling.backfill("box", datetime.now(UTC))
        assert [one.count for one in gateway.views.spent(this_month())] == [6]


def this_month() -> str:
    return spending.month(time.time())
