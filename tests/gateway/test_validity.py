"""A channel outside its dates: it neither asks, takes nor sends, and says so."""

import asyncio
import json
import smtplib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway import validity
from gateway.channels import status
from gateway.cli.commands import app
from gateway.errors import ConfigError
from tests.end_to_end.kanal import free_port
from tests.gateway.support import FLOOD, SECRET, channel, keep, query, running, settings_in, sms, sms_channel, until
from tests.poison import installed

ENDED, NOT_YET = {"valid_until": date(2021, 12, 31)}, {"valid_from": date(2200, 1, 1)}


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


DAYS = {
    "no dates": ({}, ""),
    "the day before its first": ({"valid_from": "2022-01-02"}, "not_yet"),
    "its first day": ({"valid_from": "2022-01-01"}, ""),
    "its last day": ({"valid_until": "2022-01-01"}, ""),
    "the day after its last": ({"valid_until": "2021-12-31"}, "ended"),
    "its only day": ({"valid_from": "2022-01-01", "valid_until": "2022-01-01"}, ""),
}


@pytest.mark.parametrize(("dates", "state"), DAYS.values(), ids=DAYS)
def test_its_days_are_those_from_its_first_to_its_last(tmp_path: Path, dates: dict[str, Any], state: str) -> None:
    (found,) = settings_in(tmp_path, sms_channel(**dates)).channels
    assert validity.outside(found, date(2022, 1, 1)) == state


WRONG = {
    "it ends before it begins": ({**ENDED, "valid_from": date(2022, 1, 1)}, "valid_until: lies before valid_from"),
    "no date": ({"valid_from": "tomorrow"}, "valid_from: "),
}


@pytest.mark.parametrize(("dates", "said"), WRONG.values(), ids=WRONG)
def test_dates_that_cannot_be_are_a_problem(tmp_path: Path, dates: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=f"channels\\[0\\] 'sms': {said}"):
        settings_in(tmp_path, sms_channel(**dates))


async def test_outside_its_dates_nothing_comes_in(tmp_path: Path) -> None:
    box, port = tmp_path / "box", free_port()
    box.mkdir()
    (box / "1").write_text(FLOOD)
    loaded = settings_in(
        tmp_path,
        sms_channel(family="not geotagged", **ENDED),
        sms_channel(**NOT_YET) | {"name": "later"},
        channel("folder", "box", folder=str(box), **ENDED),
        channel("form", "balai", **ENDED),
        channel("smtp", "mail", recipients=["kota@example.org"], smtp=f"127.0.0.1:{port}", **ENDED),
    )
    async with running(loaded) as gateway:
        said = query("m1", FLOOD)
        answers = [(await gateway.ask(f"/in/{name}/{SECRET}/mo?{said}")).status for name in ("sms", "later")]
        assert answers == [410, 404]
        assert (await gateway.ask("/lapor/balai")).status == 404
        assert (await asyncio.to_thread(mailed, port)) == 452
        assert not (box / "committed").exists()
        assert gateway.all("deliveries") == []
        states = {name: status(one).state for name, one in gateway.app.channels.items()}
        assert states == dict.fromkeys(("sms", "box", "balai", "mail"), "ended") | {"later": "not_yet"}
        metrics = (await gateway.ask("/metrics")).text
        assert 'kanal_channel_state{channel="later",state="not_yet"} 1.0' in metrics


def mailed(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        server.mail("warga@example.org")
        server.rcpt("kota@example.org")
        return server.data(b"Subject: Banjir\r\n\r\nBanjir di Jl. Mawar")[0]


async def test_what_is_to_be_said_by_a_channel_that_ended_has_failed_with_its_reason(tmp_path: Path) -> None:
    way_out = {"send_url": "http://127.0.0.1:9/sendsms", "username": "kanal", "password": {"file": "secret"}}
    loaded = settings_in(tmp_path, sms_channel(**way_out, **ENDED))
    await keep(loaded, [sms("m1", FLOOD)])
    async with running(loaded) as gateway:
        await until(lambda: [one for one in gateway.replies() if one[1] == "failed"], "the reply")
        assert gateway.all("replies")[0]["error"] == "the channel ended on 2021-12-31"


async def test_family_and_dates_are_listed(tmp_path: Path) -> None:
    table = '[[channels]]\nname = "qlue"\nkind = "form"\nfamily = "geotagged"\nvalid_until = 2021-12-31\n'
    file = tmp_path / "kanal.toml"
    file.write_text(f'[gateway]\ndata = "data"\n{table}')
    async with running(settings_in(tmp_path)):
        pass
    listed = await asyncio.to_thread(CliRunner().invoke, app, ["channels", "list", "--config", str(file)])
    shown = await asyncio.to_thread(
        CliRunner().invoke, app, ["channels", "show", "qlue", "--json", "--config", str(file)]
    )
    assert "geotagged" in listed.output and "2021-12-31" in listed.output
    row = json.loads(shown.output)
    assert (row["family"], row["valid_from"], row["valid_until"]) == ("geotagged", "", "2021-12-31")
