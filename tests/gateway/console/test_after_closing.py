"""A report that is like one of a case that was closed lately: its page says so, and one click goes on with that."""

import re
from pathlib import Path

from gateway.accounts.account import Role
from gateway.cases import Status
from gateway.store.contract import CaseChange, Settlement
from tests.gateway.console.support import Visitor, account
from tests.gateway.incidents import KEY, incidents
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD, Running, running, settings_in


async def filed(folder: Path) -> tuple[str, str]:
    """The codes of a flood that was closed, and of one that was reported after that."""
    async with incidents(folder) as city:
        closed = await city.report(FLOOD, BUDI)
        await city.report(LAMP, RINA)
        await city.move(closed.case, Status.DITOLAK)
        new = await city.report(SAME_FLOOD, RINA)
        assert new.case != closed.case
    (folder / "data" / "master.key").write_bytes(KEY)
    (folder / "data" / "master.key").chmod(0o600)
    return closed.case, new.case


def operator(gateway: Running, role: Role = Role.OPERATOR, **values: str) -> Visitor:
    return Visitor(gateway.app, account(role, **values))


async def test_both_pages_name_the_other_and_one_click_opens_and_joins(tmp_path: Path) -> None:
    closed, new = await filed(tmp_path)
    async with running(settings_in(tmp_path), process=False) as gateway:
        at = operator(gateway)
        page = await at.get(f"/petugas/kasus/{new}")
        assert re.search(f"Laporan serupa ditutup .*: {closed}", page.text)
        assert re.search(
            f"serupa masuk sesudah kasus ini ditutup, .*: {new}", (await at.get(f"/petugas/kasus/{closed}")).text
        )
        version = re.search(r'name="version" value="([^"]*)"', page.html)
        assert version
        asked = {"into": closed, "version": version[1]}
        assert (await at.post(f"/petugas/kasus/{new}/buka-lagi", asked | {"into": "KNL-0000-0000"})).status == 404
        done = await at.post(f"/petugas/kasus/{new}/buka-lagi", asked)
        assert done.to.startswith(f"/petugas/kasus/{closed}")
        assert gateway.case(new)["joined_into"] == closed
        assert (gateway.case(closed)["status"], gateway.case(closed)["closed_at"]) == ("menunggu", None)
        assert "serupa masuk sesudah" not in (await at.get(f"/petugas/kasus/{closed}")).text


async def test_what_the_visitor_may_not_see_is_not_named(tmp_path: Path) -> None:
    closed, new = await filed(tmp_path)
    async with running(settings_in(tmp_path), process=False) as gateway:
        await operator(gateway).get("/petugas")
        unit = gateway.case(new)["unit"]
        await gateway.app.store.settle(_hidden(closed))
        page = await operator(gateway, Role.UNIT, unit=unit).get(f"/petugas/kasus/{new}")
        assert page.status == 200
        assert closed not in page.html


def _hidden(code: str) -> Settlement:
    """What accuses an official is for none of the units of an area."""
    return Settlement(changes=[CaseChange(code=code, expected="ditolak", category="pungutan-liar", unit="inspektorat")])
