"""What may be no report: it waits aside, a person confirms or corrects it, and nothing is lost by that."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from tests.gateway.console.support import Seen, Visitor, account
from tests.gateway.support import LAMP, RINA, Running, running, settings_in, sms

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADVERT = "PROMO pinjaman online cepat cair tanpa jaminan, hubungi WA 081234567890, klik bit.ly/xyz"
OTHER_ADVERT = "Jual obat kuat herbal murah, promo diskon 50%, order WA 081234567891 sekarang"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that took everything in."""
    folder = tmp_path_factory.mktemp("triage")
    async with running(settings_in(folder)) as found:
        await found.judging()
        await found.send(sms("1", LAMP), sms("2", ADVERT, RINA), sms("3", OTHER_ADVERT, RINA))
    return folder


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    shutil.copytree(filed, tmp_path, dirs_exist_ok=True)
    async with running(settings_in(tmp_path), process=False) as found:
        yield found


def operator(gateway: Running, **values: str) -> Visitor:
    return Visitor(gateway.app, account(Role.OPERATOR, **values))


def code_of(gateway: Running, words: str) -> str:
    return str(next(row["code"] for row in gateway.all("cases") if words in row["what"]))


def listed(seen: Seen) -> list[str]:
    return re.findall(r'data-row href="/petugas/kasus/([^"]+)"', seen.html)


async def test_what_is_marked_waits_with_score_and_reasons(gateway: Running) -> None:
    seen = await operator(gateway).get("/petugas/pilah")
    assert listed(seen) == [code_of(gateway, "obat"), code_of(gateway, "pinjaman")]
    assert "Iklan 2" in seen.text
    assert re.search(r"Iklan \d+%: \w+", seen.text)
    assert "Pilah 2" in seen.text
    assert listed(await operator(gateway).get("/petugas/pilah?jenis=prank")) == []
    assert listed(await operator(gateway).get("/petugas/pilah?jenis=%3Cb%3E&setelah=x")) == []


async def test_what_is_a_report_after_all_gets_into_the_lists_with_its_time_from_now(gateway: Running) -> None:
    code, at = code_of(gateway, "obat"), operator(gateway)
    before = gateway.case(code)
    done = await at.post("/petugas/pilah", {"satu": f"{code} report"})
    assert "1 dipilah sebagai: Laporan" in (await at.get(done.to)).text
    assert code in listed(await at.get("/petugas"))
    after = gateway.case(code)
    assert (after["status"], after["closed_at"]) == ("menunggu", None)
    assert after["due_at"] >= before["due_at"]
    assert [row["event"] for row in gateway.views.history(code)][-1] == "sorted"
    assert listed(await at.get("/petugas/pilah")) == [code_of(gateway, "pinjaman")]


async def test_what_is_none_is_closed_without_a_word_and_taken_back_whole(gateway: Running) -> None:
    both, at = [code_of(gateway, "obat"), code_of(gateway, "pinjaman")], operator(gateway)
    told = len(gateway.all("replies"))
    done = await chosen(at, "/petugas/pilah", both, sebagai="advertising")
    page = await at.get(done.to)
    assert "2 dipilah sebagai: Iklan" in page.text
    assert [gateway.case(code)["status"] for code in both] == ["ditolak", "ditolak"]
    assert len(gateway.all("replies")) == told
    assert listed(page) == []
    await chosen(at, "/petugas/pilah/urung", both)
    assert [gateway.case(code)["status"] for code in both] == ["menunggu", "menunggu"]
    assert sorted(listed(await at.get("/petugas/pilah"))) == sorted(both)
    assert not set(both) & set(listed(await at.get("/petugas")))
    assert (await chosen(at, "/petugas/pilah/urung", both)).status == 409


async def chosen(at: Visitor, path: str, codes: list[str], **values: str) -> Seen:
    """Post with several boxes ticked."""
    return await at.post(path, {"kode": codes, **values})


async def test_a_question_stays_open_and_praise_is_done(gateway: Running) -> None:
    question, praise, at = code_of(gateway, "obat"), code_of(gateway, "pinjaman"), operator(gateway)
    await chosen(at, "/petugas/pilah", [question], sebagai="question")
    await chosen(at, "/petugas/pilah", [praise], sebagai="praise")
    assert gateway.case(question)["status"] == "menunggu"
    assert gateway.case(praise)["status"] == "selesai"
    assert question in listed(await at.get("/petugas"))


async def test_what_somebody_works_on_is_not_closed_beside_them(gateway: Running) -> None:
    code, at = code_of(gateway, "obat"), operator(gateway)
    await gateway.app.site.means.ask("move", code=code, status="proses", actor="budi")
    assert (await at.post("/petugas/pilah", {"satu": f"{code} advertising"})).status == 409
    assert gateway.case(code)["status"] == "proses"


@pytest.mark.parametrize(
    "form", [{}, {"satu": "KNL-0000-0000 report"}, {"satu": "report"}, {"kode": "x", "sebagai": "lain"}], ids=str
)
async def test_what_means_nothing_changes_nothing(gateway: Running, form: dict[str, str]) -> None:
    assert (await operator(gateway).post("/petugas/pilah", form)).status == 303
    lamp = code_of(gateway, "Lampu")
    await operator(gateway).post("/petugas/pilah", {"satu": f"{lamp} advertising"})
    assert {row["status"] for row in gateway.all("cases")} == {"menunggu"}


@pytest.mark.threat("P0-33")
async def test_whom_a_message_accuses_neither_sees_nor_sorts_it(gateway: Running) -> None:
    code = code_of(gateway, "obat")
    values = {"code": code, "category": "pungutan-liar", "why": "menyebut lurah", "actor": "budi"}
    await gateway.app.site.means.ask("category", **values)
    accused = operator(gateway, office="kelurahan-31.74.03.1002")
    assert code not in (await accused.get("/petugas/pilah")).html
    await accused.post("/petugas/pilah", {"satu": f"{code} advertising"})
    assert gateway.case(code)["status"] == "menunggu"
    assert (await Visitor(gateway.app, account(Role.UNIT, unit="dinas-sda")).get("/petugas/pilah")).status == 403
