"""The page on which cases and reports are taken out as a table."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import load_workbook

from gateway.accounts.account import Role
from gateway.console.seeing import Scope
from gateway.console.transfer.choosing import visible
from gateway.store import audit
from gateway.transfer.table import FORMULA
from tests.gateway.console.support import Seen, Visitor, account
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, Running, running, settings_in, sms

EVIL = '=HYPERLINK("http://x")'
WHY = {"identity": "1", "why": "rekap untuk inspektorat"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path_factory.mktemp("export"))) as found:
        await found.judging()
        await found.send(sms("m1", FLOOD), sms("m2", f"{LAMP}, hubungi 081234567890", RINA), sms("m3", EVIL))
        yield found


async def exported(gateway: Running, **form: str) -> Seen:
    return await sent(gateway, Role.OPERATOR, **form)


async def sent(gateway: Running, role: Role, **form: str) -> Seen:
    return await Visitor(gateway.app, account(role)).post("/petugas/ekspor", {"what": "reports", "form": "csv"} | form)


def lines(seen: Seen) -> list[dict[str, str]]:
    assert seen.status == 200, seen.text
    return list(csv.DictReader(io.StringIO(seen.body.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_units_to_choose_from_are_there(gateway: Running) -> None:
    seen = await Visitor(gateway.app, account(Role.OPERATOR)).get("/petugas/ekspor")
    assert '<option value="dinas-sda">' in seen.html
    assert "{area}" not in seen.html


async def test_reports_go_out_under_headings_that_officers_know(gateway: Running) -> None:
    seen = await exported(gateway)
    assert seen.headers["Content-Disposition"].startswith('attachment; filename="laporan-')
    found = lines(seen)
    assert [row["Isi laporan"] for row in found][::2] == [FLOOD, f"'{EVIL}"]
    assert (found[1]["Status"], found[1]["Kategori"]) == ("Menunggu", "Lampu jalan mati")


CHOSEN: dict[str, tuple[dict[str, str], int]] = {
    "cases": ({"what": "cases"}, 3),
    "by category": ({"category": "lampu-jalan"}, 1),
    "by status": ({"status": "menunggu"}, 3),
    "by channel": ({"channel": "sms"}, 3),
    "of these days": ({"since": "2020-01-01", "until": "2099-01-01"}, 3),
    "an empty choice": ({"category": "", "unit": "", "area": ""}, 3),
}


@pytest.mark.parametrize(("form", "count"), CHOSEN.values(), ids=CHOSEN)
async def test_what_goes_out_can_be_chosen(gateway: Running, form: dict[str, str], count: int) -> None:
    assert len(lines(await exported(gateway, **form))) == count


@pytest.mark.threat("P1-27")
async def test_no_cell_is_a_formula(gateway: Running) -> None:
    seen = await exported(gateway, form="xlsx", **WHY)
    sheet: Any = load_workbook(io.BytesIO(seen.body)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n", "d"}
    told = [value for row in lines(await exported(gateway, **WHY)) for value in row.values()]
    assert not [value for value in told if value.startswith(FORMULA)]


@pytest.mark.threat("P0-31")
async def test_who_reported_goes_out_only_for_a_reason_that_is_recorded(gateway: Running) -> None:
    plain = (await exported(gateway)).body.decode()
    assert [number for number in (BUDI[3:], RINA[3:], "81234567890") if number in plain] == []
    refused = await exported(gateway, identity="1", why="ya", area="31.74")
    assert (refused.status, 'value="31.74"' in refused.html) == (422, True)
    assert "Tulis alasan paling sedikit 8 huruf." in refused.text
    found = lines(await exported(gateway, **WHY))
    assert [row["Kontak"] for row in found] == [f"'{BUDI}", f"'{RINA}", f"'{BUDI}"]
    views = gateway.views
    entry = next(audit.entries(views.connection, views.vault))
    assert (entry["actor"], entry["action"], entry["why"]) == ("operator", "export who reported", WHY["why"])
    assert entry["about"] == [row["Nomor laporan"] for row in found]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"since": "kemarin"}, "Tanggal ini tidak terbaca."),
        ({"area": "99.99"}, "Tidak ada yang cocok."),
        ({"channel": "fax"}, "Tidak ada yang cocok."),
    ],
)
async def test_what_is_wrong_is_said_beside_all_that_was_chosen(
    gateway: Running, form: dict[str, str], says: str
) -> None:
    seen = await exported(gateway, status="menunggu", **form)
    assert seen.status == 422
    assert says in seen.text
    assert 'value="menunggu" selected' in seen.html


@pytest.mark.parametrize(("role", "status"), [(Role.OFFICER, 403), (Role.UNIT, 403), (Role.ADMINISTRATOR, 200)])
async def test_only_who_may_export_does(gateway: Running, role: Role, status: int) -> None:
    assert (await sent(gateway, role)).status == status
    assert (await Visitor(gateway.app, account(role)).get("/petugas/ekspor")).status == status


async def test_a_case_that_is_kept_from_somebody_does_not_go_out(gateway: Running) -> None:
    hidden = visible(gateway.views, Scope(hidden=frozenset({"lampu-jalan"})))
    assert [case["category"] for case in gateway.all("cases") if not hidden(case)] == ["lampu-jalan"]
