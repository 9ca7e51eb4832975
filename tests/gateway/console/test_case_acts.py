"""What is done on the page of a case: whatever is in the way, nothing that was entered is lost; citizens are told what
was shown before; nothing is overwritten that somebody did not see."""

import re
from collections.abc import AsyncIterator
from html import escape, unescape
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from gateway.store.contract import Settlement
from tests.gateway.console.support import Seen, Visitor, account
from tests.gateway.support import Running, running, settings_in, sms

pytestmark = pytest.mark.asyncio(loop_scope="module")
STREETS = (
    "Mawar",
    "Melati",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Anggrek",
    "Flamboyan",
    "Teratai",
    "Bougenville",
    "Kamboja",
    "Seroja",
    "Wijaya",
    "Gandaria",
    "Radio",
    "Barito",
    "Mahakam",
    "Bulungan",
    "Melawai",
    "Panglima",
    "Senopati",
    "Suryo",
    "Tendean",
    "Ciranjang",
    "Birah",
)
NUMBERS = count(1)
VALUE = re.compile(r'name="(\w+)" value="([^"]*)"')


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path_factory.mktemp("acts"))) as found:
        await found.judging()
        yield found


class Officer:
    """Somebody on the page of one case: what its forms hold is sent along, as a browser does."""

    def __init__(self, gateway: Running, code: str, role: Role = Role.OPERATOR, **values: str) -> None:
        self.visitor = Visitor(gateway.app, account(role, **values))
        self.path = f"/petugas/kasus/{code}"
        self.hidden: dict[str, str] = {}

    async def look(self) -> Seen:
        return self.keep(await self.visitor.get(self.path))

    async def send(self, act: str, **fields: str) -> Seen:
        return self.keep(await self.visitor.post(f"{self.path}/{act}", self.hidden | fields))

    def keep(self, seen: Seen) -> Seen:
        found = dict(VALUE.findall(seen.html))
        self.hidden |= {name: found[name] for name in ("version", "foreseen", "proof_due") if name in found}
        return seen


async def reported(gateway: Running, words: str = "Lampu jalan padam") -> str:
    number = next(NUMBERS)
    sender = f"+62811100{number:05}"
    await gateway.send(sms(f"m{number}", f"{words} di Jl. {STREETS[number]} No. {number}", sender))
    return str(gateway.all("cases")[-1]["code"])


async def officer(gateway: Running, code: str, **values: Any) -> Officer:
    found = Officer(gateway, code, **values)
    await found.look()
    return found


async def test_reporters_are_told_what_was_shown_before(gateway: Running) -> None:
    code = await reported(gateway)
    rina = await officer(gateway, code, name="rina")
    seen = await rina.send("status", status="proses", note="Tim listrik sudah berangkat")
    assert seen.status == 200
    assert "Tim listrik sudah berangkat" in seen.text
    assert "1 orang" in seen.text
    assert gateway.case(code)["status"] == "menunggu"
    assert (await rina.send("status", status="proses", note="Lain lagi")).status == 200, "it was not what was shown"
    done = await rina.send("status", status="proses", note="Lain lagi")
    assert (done.status, done.to) == (303, f"/petugas/kasus/{code}?jadi=status")
    assert gateway.case(code)["status"] == "proses"
    assert any("Lain lagi" in row["text"] for row in gateway.all("replies"))
    assert gateway.views.history(code)[-1]["actor"] == "rina"


async def test_what_reporters_will_read_is_shown_while_the_form_is_filled_in(gateway: Running) -> None:
    rina = await officer(gateway, await reported(gateway))
    seen = await rina.send("status/pratinjau", status="ditolak")
    assert "foreseen" not in seen.html
    seen = await rina.send("status/pratinjau", status="ditolak", note="Bukan jalan kota")
    assert "Bukan jalan kota" in seen.text
    assert (await rina.send("status", status="ditolak", note="Bukan jalan kota")).status == 303


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "not from here": ({"status": "selesai", "note": "jalan <licin>"}, "Pilih yang lain"),
    "rejected without a why": ({"status": "ditolak"}, "Tulis mengapa ditolak"),
    "nothing changes": ({"status": "menunggu"}, "Tidak ada yang berubah"),
    "no day": ({"status": "menunggu", "estimate": "besok", "reason": "hujan"}, "2026-12-31"),
    "no reason": ({"status": "menunggu", "estimate": "2030-12-31"}, "Isi sebab"),
    "no date": ({"status": "menunggu", "reason": "hujan"}, "Isi tanggal"),
    "refused by the act": ({"status": "menunggu", "unit": "tidak-ada"}, "Unit itu tidak ada"),
}


async def test_errors_say_what_to_do_and_keep_what_was_entered(gateway: Running) -> None:
    rina = await officer(gateway, await reported(gateway))
    for why, (fields, says) in WRONG.items():
        seen = await rina.send("status", **fields)
        assert seen.status in {409, 422}, why
        assert says in seen.text, why
        assert f">{escape(fields.get('note', ''))}</textarea>" in seen.html, why


async def test_what_is_done_is_proven(gateway: Running) -> None:
    code = await reported(gateway)
    await gateway.app.site.means.ask("move", code=code, status="proses", actor="rina")
    rina = await officer(gateway, code)
    assert "Pilih foto yang membuktikan" in (await rina.send("status", status="selesai-diusulkan")).text


async def test_a_proof_is_not_lost_unseen(gateway: Running) -> None:
    code = await reported(gateway)
    rina = await officer(gateway, code)
    fields = {"status": "proses", "note": "Sudah dikerjakan"}
    with_photo = await rina.visitor.post_file(f"{rina.path}/status", rina.hidden | fields, "proof", b"foto")
    assert (with_photo.status, "Pilih lagi foto buktinya" in with_photo.text) == (200, True)
    rina.keep(with_photo)
    without = await rina.send("status", **fields)
    assert (without.status, without.text.count("Pilih lagi foto buktinya")) == (422, 2)
    assert gateway.case(code)["status"] == "menunggu"
    again = await rina.visitor.post_file(f"{rina.path}/status", rina.hidden | fields, "proof", b"foto")
    assert again.status == 303
    assert gateway.views.history(code)[-1]["detail"]["proof"]
    other = await officer(gateway, code)
    changed = {"status": "proses", "note": "Besok", "proof_due": "1", "no_proof": "1"}
    assert [(await other.send("status", **changed)).status for _ in range(2)] == [200, 303]


async def test_nothing_is_overwritten_that_somebody_did_not_see(gateway: Running) -> None:
    code = await reported(gateway)
    rina, joko = await officer(gateway, code, name="rina"), await officer(gateway, code, name="joko")
    await joko.send("catatan", memo="Saya sudah telepon kantor unit")
    seen = await rina.send("kategori", category="banjir", category_why="Fotonya <jelas>")
    assert seen.status == 409
    assert "Kasus ini berubah" in seen.text
    assert seen.text.count("Saya sudah telepon kantor unit") == 2, "in what is new, and in the timeline"
    assert 'value="Fotonya &lt;jelas&gt;"' in seen.html
    assert gateway.case(code)["category"] != "banjir"
    assert (await rina.send("kategori", category="banjir", category_why="Fotonya jelas")).status == 303
    assert gateway.case(code)["category"] == "banjir"


async def test_who_else_changed_a_case_is_said_before_what_is_wrong(gateway: Running) -> None:
    code = await reported(gateway)
    rina, joko = await officer(gateway, code, name="rina"), await officer(gateway, code, name="joko")
    for _ in range(2):
        await joko.send("status", status="proses")
    seen = await rina.send("status", status="disposisi", note="Bukan <kami>")
    assert seen.status == 409
    changed, wrong = seen.text.index("Status: ◐ Dikerjakan joko"), seen.text.index("Status itu tidak bisa dari sini")
    assert seen.text.index("Kasus ini berubah") < changed < wrong
    assert "Bukan &lt;kami&gt;</textarea>" in seen.html


async def test_a_unit_is_suggested_by_a_rule_only(gateway: Running) -> None:
    code = await reported(gateway, "Halo semua")
    assert gateway.case(code)["category"] is None
    rina = await officer(gateway, code)
    for _ in range(2):
        await rina.send("status", status="disposisi", unit="dinas-bina-marga")
    seen = await rina.look()
    assert gateway.case(code)["unit"] == "dinas-bina-marga"
    assert "Saran:" not in seen.text
    assert "(saran)" not in seen.text
    assert '<option value="biro-pemerintahan">' in seen.html
    await rina.send("kategori", category="banjir", category_why="kata pelapor")
    for _ in range(2):
        await rina.send("status", status="disposisi", unit="dinas-bina-marga")
    seen = await rina.look()
    assert "Saran: Dinas Sumber Daya Air" in seen.text
    assert seen.html.count('<option value="dinas-sda">') == 1


async def test_a_case_is_placed_by_the_name_or_code_of_an_area(gateway: Running) -> None:
    code = await reported(gateway)
    rina = await officer(gateway, code)
    for wrong, says in (("Atlantis", "tidak ada"), ("", "tidak ada"), ("99.99", "tidak ada")):
        assert says in (await rina.send("tempat", area=wrong, area_why="kata pelapor")).text
    assert (await rina.send("tempat", area="bangka", area_why="kata pelapor")).status == 303
    assert gateway.case(code)["area"] == "31.74.03.1002"


async def test_what_may_be_meant_is_told_apart_and_chosen(gateway: Running) -> None:
    rina = await officer(gateway, await reported(gateway, "Banjir dan got mampet dekat Pasar Minggu,"))
    page = await rina.look()
    chosen = {name: unescape(to) for to, name in re.findall(r'<li><a href="([^"#]+)#\w+">([^<]+)</a>', page.html)}
    district = await rina.visitor.get(chosen["Pasar Minggu (Jakarta Selatan)"])
    assert 'name="area" type="text" value="31.74.04"' in district.html
    assert "Pasar Minggu (Pasar Minggu)" in chosen
    flood = await rina.visitor.get(chosen["Banjir atau genangan"])
    assert '<option value="banjir" selected>' in flood.html


async def test_two_cases_become_one_and_are_parted_again(gateway: Running) -> None:
    lesser, greater = await reported(gateway), await reported(gateway, "Pohon tumbang")
    rina = await officer(gateway, lesser)
    for wrong in ("KNL-0000-0000", lesser, "bukan kode"):
        assert "tidak ditemukan" in (await rina.send("gabung", into=wrong)).text
    assert (await rina.send("gabung", into=greater)).status == 200
    done = await rina.send("gabung", into=greater)
    assert done.to == f"/petugas/kasus/{greater}?jadi=gabung"
    assert (await rina.look()).to == f"/petugas/kasus/{greater}?dari={lesser}"
    second = await officer(gateway, greater)
    seen = await second.look()
    assert lesser in seen.text
    assert "2 orang, 2 laporan" in seen.text
    assert (await second.send("pisah", joined=lesser)).status == 303
    assert gateway.case(lesser)["joined_into"] is None


async def test_a_report_gets_a_case_of_its_own(gateway: Running) -> None:
    lesser, greater = await reported(gateway), await reported(gateway, "Got mampet")
    await gateway.app.site.means.ask("join", code=lesser, into=greater, actor="rina", tell=False)
    rina = await officer(gateway, greater)
    own, joined = ([row["id"] for row in gateway.all("reports") if row["case"] == code] for code in (greater, lesser))
    buttons = re.findall(r'form="part" name="report" value="([^"]+)"', (await rina.look()).html)
    assert buttons == joined, "its own only report cannot be parted"
    assert (await rina.send("pisah", report="r-lain")).status == 404
    assert "hanya punya laporan itu" in (await rina.send("pisah", report=own[0])).text
    assert (await rina.send("pisah", report=joined[0])).status == 303
    assert gateway.case(lesser)["joined_into"] is None


async def test_a_case_is_assigned_to_a_colleague_only(gateway: Running) -> None:
    rina = await officer(gateway, await reported(gateway))
    assert "tidak bisa menangani" in (await rina.send("tugas", to="siapa")).text
    await gateway.app.people.add("petugas", "budi", "operator", "Budi")
    assert "Budi (belum membuat kata sandi)" in (await rina.look()).text


async def test_a_citizen_is_answered_and_the_draft_outlives_the_browser(gateway: Running) -> None:
    code = await reported(gateway)
    rina = await officer(gateway, code, name="rina")
    kept = await rina.visitor.post(
        f"{rina.path}/naskah", {"answer": "Mohon fotonya, “ya”", "fields": "answer"}, **{"HX-Request": "true"}
    )
    assert "tersimpan" in kept.text
    assert "1 SMS" in kept.text
    assert "lebih pendek" in kept.text
    again = await (await officer(gateway, code, name="rina")).look()
    assert "Mohon fotonya, “ya”</textarea>" in again.html
    assert "Mohon fotonya" not in (await (await officer(gateway, code, name="joko")).look()).text
    sent = await rina.send("jawab", answer="Mohon kirim fotonya")
    assert "Sampaikan sendiri kepada pelapor" in (await rina.visitor.get(sent.to)).text, "the channel has no way out"
    after = await rina.look()
    assert "Mohon kirim fotonya" in after.text
    assert "“ya”" not in after.html


async def test_an_answer_begins_with_a_canned_text(gateway: Running) -> None:
    code = await reported(gateway)
    rina = await officer(gateway, code, name="rina")
    begun = await rina.send("jawab", answer="Selamat pagi.", canned="canned.any.thanks", canned_now="1")
    assert begun.status == 303
    assert f"Selamat pagi.\nTerima kasih. Laporan {code}" in (await rina.look()).html


async def test_what_two_write_at_once_is_not_sent_twice_unseen(gateway: Running) -> None:
    code = await reported(gateway)
    rina, joko = await officer(gateway, code, name="rina"), await officer(gateway, code, name="joko")
    assert (await joko.send("jawab", answer="Kami segera datang")).status == 303
    seen = await rina.send("jawab", answer="Petugas menuju lokasi")
    assert seen.status == 409
    assert "Kami segera datang" in seen.text
    assert "Petugas menuju lokasi</textarea>" in seen.html


@pytest.mark.parametrize("text", ["", "x" * 1001])
async def test_an_answer_has_words_but_not_without_end(gateway: Running, text: str) -> None:
    code = gateway.all("cases")[0]["code"]
    assert (await (await officer(gateway, code)).send("jawab", answer=text)).status == 422


async def test_who_hands_a_case_on_to_others_does_not_see_it_any_more(gateway: Running) -> None:
    code = await reported(gateway)
    unit = gateway.case(code)["unit"]
    staff = await officer(gateway, code, role=Role.UNIT, unit=unit, name="staf")
    other = "dinas-bina-marga" if unit != "dinas-bina-marga" else "biro-pemerintahan"
    await staff.send("status", status="disposisi", unit=other)
    assert (await staff.send("status", status="disposisi", unit=other)).to == "/petugas"
    assert (await staff.look()).status == 404


async def test_a_refusal_is_in_the_officers_words(gateway: Running) -> None:
    code = await reported(gateway)
    [(_, contact)] = gateway.app.store.reporters(code)
    assert contact is not None
    await gateway.app.store.settle(Settlement(stopped=[contact.id]))
    rina = await officer(gateway, code)
    seen = await rina.send("jawab", answer="Halo")
    assert (seen.status, "minta tidak dikirimi pesan" in seen.text) == (409, True)
    seen = await rina.send("status", status="proses", estimate="2091-01-01", reason="jauh")
    assert "melewati batas akhir" in seen.text
    assert "Sengaja tidak dikirim" in (await rina.send("status", status="proses")).text


async def test_who_gets_a_code_of_their_own_is_told_what_was_shown(gateway: Running) -> None:
    number = next(NUMBERS)
    words = f"Lampu jalan padam di Jl. {STREETS[number]} No. {number}"
    await gateway.send(sms(f"a{number}", words, "+6281110020001"), sms(f"b{number}", words, "+6281110020002"))
    first, second = gateway.all("reports")[-2:]
    assert first["case"] == second["case"]
    rina = await officer(gateway, first["case"])
    seen = await rina.send("pisah", report=second["id"])
    assert "PIN ••••••" in seen.text
    assert f'name="report" value="{second["id"]}"' in seen.html
    assert (await rina.send("pisah", report=second["id"])).status == 303
    assert gateway.all("reports")[-1]["case"] != first["case"]


async def test_a_colleague_is_chosen_from_those_who_may_handle_the_case(gateway: Running) -> None:
    code = await reported(gateway)
    for name, role in (("sari", {"role": "officer", "office": "balai-kota"}), ("joko", {"role": "operator"})):
        await gateway.app.site.means.ask("add user", actor="rina", name=name, **role)
    rina = await officer(gateway, code)
    seen = await rina.look()
    assert '<option value="joko"' in seen.html
    assert '<option value="sari"' not in seen.html
    assert (await rina.send("tugas", to="joko")).status == 303
    assert "Ditugaskan: joko" in (await rina.look()).text
