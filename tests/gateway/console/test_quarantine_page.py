"""The page of what could not be processed: why, seen only for a reason, and tried again."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import LAMP, Running, channel, delivery, keep, letter, running, settings_in
from tests.poison import poison_installed

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """What is in it stays there, whatever is tried."""
    with poison_installed(tmp_path_factory.mktemp("site")):
        loaded = settings_in(tmp_path_factory.mktemp("quarantine"), channel("poison"))
        await keep(loaded, [letter("m1", LAMP), delivery("m2", b"refuse"), delivery("m3", b"refuse")])
        async with running(loaded) as found:
            await found.settled()
            yield found


def operator(gateway: Running) -> Visitor:
    return Visitor(gateway.app, account())


async def test_what_failed_alike_stands_together_with_why(gateway: Running) -> None:
    seen = await operator(gateway).get("/petugas/karantina")
    assert "2 · poison · parse" in seen.text
    assert "Karantina 2" in seen.text
    assert "Tidak ada yang di karantina" in (await operator(gateway).get("/petugas/karantina?kanal=sms")).text
    assert "no letter in it" in (await operator(gateway).get("/petugas/karantina?setelah=omong")).text


@pytest.mark.threat("P0-33")
async def test_what_is_in_it_is_shown_for_a_reason_that_is_recorded_first(gateway: Running) -> None:
    at = operator(gateway)
    assert "refuse" not in (await at.get("/petugas/karantina/2")).text
    without = await at.post("/petugas/karantina/2", {"alasan": " "})
    assert without.status == 422
    assert "Tulis alasannya dulu" in without.text
    assert "refuse" not in without.text
    shown = await at.post("/petugas/karantina/2", {"alasan": "surat keluhan 17"})
    assert "refuse" in shown.text
    found = gateway.views.connection.execute("SELECT actor, action, about FROM audit").fetchall()
    assert found[-1] == ("operator", "look at a delivery", "2")


@pytest.mark.parametrize("path", ["/petugas/karantina/1", "/petugas/karantina/99", "/petugas/karantina/omong"])
async def test_what_is_not_in_quarantine_is_not_shown(gateway: Running, path: str) -> None:
    assert (await operator(gateway).get(path)).status == 404
    assert (await operator(gateway).post(path, {"alasan": "ingin tahu"})).status == 404


async def test_one_or_all_that_failed_alike_are_tried_again(gateway: Running) -> None:
    at = operator(gateway)
    still = await at.get((await at.post("/petugas/karantina/ulang", {"seq": "2"})).to)
    assert "0 berhasil diproses, 1 tetap di karantina" in still.text
    (reason,) = {row["reason"] for row in gateway.views.deliveries(state="quarantined")}
    both = await at.post("/petugas/karantina/ulang", {"kanal": "poison", "langkah": "parse", "sebab": str(reason)})
    assert "2 tetap di karantina" in (await at.get(both.to)).text
    nothing = await at.post("/petugas/karantina/ulang", {"kanal": "poison", "langkah": "parse", "sebab": "lain"})
    assert "0 berhasil diproses, 0 tetap" in (await at.get(nothing.to)).text


async def test_it_is_for_those_who_handle_all_cases(gateway: Running) -> None:
    assert (await Visitor(gateway.app, account(Role.UNIT, unit="dinas-sda")).get("/petugas/karantina")).status == 403
