"""The inbox: who finds which cases, by what, and how the list goes on."""

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from gateway.cases import code_begun
from tests.gateway.console.support import Seen, Visitor, account
from tests.gateway.support import LAMP, RINA, Running, running, settings_in, sms

ACCUSES = "Lurah minta uang pelicin untuk surat, tolong ditindak pungli ini"
ADVERT = "PROMO pinjaman online cepat cair tanpa jaminan, hubungi WA 081234567890 sekarang, klik bit.ly/xyz"
FLOOD = "Banjir setinggi lutut di Jl. Kemang Raya, ada korban hanyut tolong"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path_factory.mktemp("inbox"))) as found:
        await found.judging()
        await found.send(sms("1", LAMP), sms("2", FLOOD, RINA), sms("3", ACCUSES), sms("4", ADVERT))
        yield found


def visitor(gateway: Running, role: Role = Role.OPERATOR, **values: str) -> Visitor:
    return Visitor(gateway.app, account(role, **values))


def codes(seen: Seen) -> list[str]:
    return re.findall(r'data-row href="/petugas/kasus/([^"]+)"', seen.html)


def code_of(gateway: Running, words: str) -> str:
    return str(next(row["code"] for row in gateway.all("cases") if words in row["what"]))


async def test_what_is_open_stands_there_emergencies_and_then_the_newest_first_without_noise(gateway: Running) -> None:
    seen = await visitor(gateway).get("/petugas")
    assert codes(seen) == [code_of(gateway, words) for words in ("Banjir", "Lurah", "Lampu")]
    assert ("Darurat" in seen.text, seen.text.count("Sekarang")) == (True, 1)
    assert "Masuk 3" in seen.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=banjir", ["Banjir"]),
        ("q=BANJIR+kem", ["Banjir"]),
        ("q=banjir+lampu", []),
        ("q=%22%29+OR+%2A", []),
        ("q=%27+OR+1%3D1+--", []),
        ("darurat=1", ["Banjir"]),
        ("kategori=lampu-jalan", ["Lampu"]),
        ("unit=dinas-sda", ["Banjir"]),
        ("kanal=sms", ["Banjir", "Lurah", "Lampu"]),
        ("kanal=sm", []),
        ("wilayah=31", []),
        ("telat=1", []),
        ("status=menunggu", ["Banjir", "PROMO", "Lurah", "Lampu"]),
        ("status=selesai", []),
        ("status=semua&q=pinjaman", ["PROMO"]),
        ("tenggat=1&q=jl", ["Banjir", "Lampu"]),
        ("setelah=omong", ["Banjir", "Lurah", "Lampu"]),
        ("petugas=belum", ["Banjir", "Lurah", "Lampu"]),
        ("petugas=saya", []),
        ("setelah=0_2", ["Lampu"]),
        ("setelah=1_9", ["Banjir", "Lurah", "Lampu"]),
        ("setelah=1_2", ["Lurah", "Lampu"]),
        ("tenggat=1&setelah=0_9e9_0", []),
    ],
)
async def test_a_list_is_narrowed_down_by_its_address(gateway: Running, query: str, found: list[str]) -> None:
    seen = await visitor(gateway).get(f"/petugas?{query}")
    wanted = [code_of(gateway, words) for words in found]
    assert codes(seen) == wanted


async def test_what_was_asked_for_stands_in_the_form_again(gateway: Running) -> None:
    seen = await visitor(gateway).get("/petugas?q=%3Cb%3Ebanjir&status=proses&telat=1")
    assert 'value="&lt;b&gt;banjir"' in seen.html
    assert '<option value="proses" selected>' in seen.html
    assert re.search(r'name="telat" value="1" checked', seen.html)


async def test_what_a_list_is_narrowed_down_by_stands_above_it(gateway: Running) -> None:
    seen = await visitor(gateway).get("/petugas?q=lampu&status=proses&darurat=1")
    assert "Yang tampil: lampu · Dikerjakan · Hanya yang mendesak Hapus saringan" in seen.text
    assert "Saringan (3)" in seen.text
    assert "Yang tampil" not in (await visitor(gateway).get("/petugas")).text


async def test_a_village_that_a_link_names_stays_chosen(gateway: Running) -> None:
    seen = await visitor(gateway).get("/petugas?wilayah=31.74.03.1002")
    assert '<option value="31.74.03.1002" selected>Bangka</option>' in seen.html
    assert "Yang tampil: Bangka" in seen.text


async def test_a_code_leads_to_its_case(gateway: Running) -> None:
    code = code_of(gateway, "Lampu")
    assert (await visitor(gateway).get(f"/petugas?q={code.lower()}")).to == f"/petugas/kasus/{code}"


async def test_the_first_half_of_a_code_finds_it_with_and_without_its_prefix(gateway: Running) -> None:
    code = code_of(gateway, "Lampu")
    prefix, first, second = code.split("-")
    for typed in (f"{prefix}-{first}", first.lower(), f"{first}{second}".lower(), f"{prefix}+{first}-{second[:2]}"):
        assert code in codes(await visitor(gateway).get(f"/petugas?q={typed}")), typed
    for typed in ("", prefix, first[:3], f"{first}-{second}x", "%", f"{prefix}-%25"):
        assert code_begun(typed, prefix) == "", typed


@pytest.mark.threat("P0-33")
async def test_a_unit_sees_and_counts_its_own_cases_alone(gateway: Running) -> None:
    unit = visitor(gateway, Role.UNIT, unit="dinas-sda")
    for path in ("/petugas", "/petugas?status=semua", "/petugas?q=jl&status=semua", "/petugas?unit=dinas-bina-marga"):
        seen = await unit.get(path)
        assert set(codes(seen)) <= {code_of(gateway, "Banjir")}
        assert "Masuk 1" in seen.text
    assert codes(await visitor(gateway, Role.UNIT).get("/petugas")) == []


@pytest.mark.threat("P0-33")
async def test_whom_a_case_accuses_does_not_find_it(gateway: Running) -> None:
    code = code_of(gateway, "Lurah")
    values = {"code": code, "category": "pungutan-liar", "why": "menyebut lurah", "actor": "budi"}
    await gateway.app.site.means.ask("category", **values)
    office = visitor(gateway, office="kelurahan-31.74.03.1002")
    for path in ("/petugas?status=semua", "/petugas?q=lurah", "/petugas?kategori=pungutan-liar"):
        assert code in codes(await visitor(gateway).get(path))
        assert code not in (await office.get(path)).html


async def test_a_list_goes_on_where_the_page_before_ended(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.console.inbox.pages.A_PAGE", 2)
    for order in ("", "tenggat=1&"):
        first = await visitor(gateway).get(f"/petugas?{order}kanal=sms")
        following = re.search(r'rel="next" href="([^"]+)"', first.html)
        assert following
        second = await visitor(gateway).get(unescape(following[1]))
        assert len(codes(first) + codes(second)) == len({*codes(first), *codes(second)}) == 3
        assert 'rel="next"' not in second.html


async def test_a_list_refreshes_itself_without_the_page_around_it(gateway: Running) -> None:
    whole, part = (
        await visitor(gateway).get("/petugas"),
        await visitor(gateway).get("/petugas", **{"HX-Request": "true"}),
    )
    assert codes(part) == codes(whole)
    assert "<html" not in part.html
    counts = await visitor(gateway).get("/petugas/angka", **{"HX-Current-URL": "http://kanal.test/petugas?q=a"})
    assert "Masuk <b>3</b>" in " ".join(counts.html.split())
    assert counts.html.count("aria-current") == 1


async def test_what_is_late_is_one_step_away(gateway: Running) -> None:
    assert (await visitor(gateway).get("/petugas/telat")).to == "/petugas?telat=1&tenggat=1"


async def test_a_list_follows_what_becomes_of_cases(gateway: Running) -> None:
    at, ask = visitor(gateway), gateway.app.site.means.ask
    await gateway.send(sms("5", "Pohon tumbang di Jl. Cipete Raya"), sms("6", "Trotoar rusak di Jl. Cipete Raya"))
    tree, pavement = code_of(gateway, "Pohon"), code_of(gateway, "Trotoar")
    await ask("join", code=tree, into=pavement, actor="budi", tell=False)
    seen = await at.get("/petugas?q=pohon+tumbang")
    assert codes(seen) == [pavement]
    assert "×2" in seen.text
    await ask("part", code=tree, actor="budi")
    seen = await at.get("/petugas?q=cipete")
    assert sorted(codes(seen)) == sorted([tree, pavement])
    assert "×2" not in seen.text


async def test_what_was_erased_is_found_no_more(gateway: Running) -> None:
    await gateway.send(sms("7", "Kabel menjuntai di gang Cempaka"))
    code = code_of(gateway, "Kabel")
    await gateway.app.site.means.ask("erase", target=code, why="diminta", actor="budi")
    assert codes(await visitor(gateway).get("/petugas?q=menjuntai&status=semua")) == []
    index = gateway.views.connection.execute("SELECT group_concat(hex(block)) FROM search_data").fetchone()[0]
    assert b"menjuntai".hex().upper() not in index


async def test_a_view_is_kept_by_its_name_for_oneself_or_for_all(gateway: Running) -> None:
    mine, colleague = visitor(gateway), visitor(gateway, id="u-rina", name="rina")
    wanted = {"nama": "Hujan <b>", "alamat": "q=banjir&telat=1&jahat=1&setelah=9"}
    assert (await mine.post("/petugas/simpanan", wanted)).to == "/petugas?q=banjir&telat=1"
    await mine.post("/petugas/simpanan", wanted | {"nama": "Lampu", "alamat": "q=lampu", "bersama": "1"})
    await mine.post("/petugas/simpanan", wanted | {"nama": " "})
    seen = await mine.get("/petugas")
    assert '<a href="/petugas?q=banjir&amp;telat=1"><bdi>Hujan &lt;b&gt;</bdi></a>' in seen.html
    others = await colleague.get("/petugas")
    assert "Hujan" not in others.text
    assert '<a href="/petugas?q=lampu"><bdi>Lampu</bdi></a>' in others.html
    own, shared = re.findall(r"/petugas/simpanan/(v-\w+)/hapus", seen.html)
    assert (await colleague.post(f"/petugas/simpanan/{shared}/hapus")).status == 404
    assert (await mine.post(f"/petugas/simpanan/{own}/hapus")).status == 303
    assert "Hujan" not in (await mine.get("/petugas")).text
    assert b"lampu" not in gateway.views.connection.execute("SELECT sealed FROM saved_views").fetchone()[0]
