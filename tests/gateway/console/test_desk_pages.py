"""The desk: one entry is one report, however often it is sent, with a receipt; and who comes back is found."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex

import pytest
import pytest_asyncio

from gateway import cases
from gateway.accounts.account import Account, Role
from gateway.console.desk import receipt
from gateway.store import audit, desks
from gateway.store.copies import State
from tests.gateway.console.support import MOST_WEIGHT, TOKEN, Seen, Visitor, account, weight
from tests.gateway.support import FLOOD, Running, channel, running, settings_in, sms_channel, until

BANGKA, OTHER = "kelurahan-31.74.03.1002", "kelurahan-31.74.03.1001"
SARI = account(Role.OFFICER, id="u-sari", name="sari", display_name="Sari Dewi", office=BANGKA)
TONO = account(Role.OFFICER, id="u-tono", name="tono", display_name="Tono", office=OTHER)
OPERATOR = account(Role.OPERATOR)
NIK = "3174034107850002"
PHOTO = (Path(__file__).parents[3] / "config" / "demo" / "photo.png").read_bytes()
DRAIN = {"what": "Saluran depan rumah mampet", "where": "Jl. Bangka XI No. 7", "area": "31.74.03.1002"}
PIN = re.compile(r"PIN (\d{6})")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    way_out = sms_channel(send_url="http://127.0.0.1:1/cgi-bin/sendsms", username="kanal", password={"file": "secret"})
    channels = (channel("desk"), channel("desk", "kliping"), way_out)
    folder = tmp_path_factory.mktemp("desk")
    async with running(settings_in(folder, *channels, fall_back=["sms"])) as gateway:
        await gateway.judging()
        yield gateway


def at(gateway: Running, who: Account = SARI) -> Visitor:
    return Visitor(gateway.app, who)


async def entered(gateway: Running, /, who: Account = SARI, desk: str = "desk", **fields: str) -> Seen:
    """The receipt of what was entered."""
    return await entry(gateway, fields, who, desk)


async def entry(gateway: Running, fields: dict[str, str], who: Account = SARI, desk: str = "desk") -> Seen:
    visitor = at(gateway, who)
    sent = await visitor.post(f"/meja/{desk}", {"entry": token_hex(16)} | fields)
    assert sent.status == 303, sent.text
    return await settled(gateway, visitor, sent.to)


async def settled(gateway: Running, visitor: Visitor, path: str) -> Seen:
    """A machine that has much to do may take longer than a page waits."""
    await gateway.settled()
    return await visitor.get(path)


def code_on(paper: Seen) -> str:
    return cases.codes_in(paper.text, "KNL")[0]


async def test_the_page_asks_in_the_order_of_a_conversation(gateway: Running) -> None:
    page = await at(gateway).get("/meja")
    names = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page.html)
    shown = [name for name in names if name not in {"csrf", "entry", "lat", "lon", "accuracy"}]
    wanted = ["what", "where", "area", "since", "category", "photo", "name", "phone", "email", "anonymous", "known"]
    assert (page.status, shown[: len(wanted)]) == (200, wanted)
    assert "Kelurahan Bangka" in page.text
    assert len(page.body) < 100_000


async def test_the_page_is_light(gateway: Running) -> None:
    assert await weight(at(gateway), "/meja") < MOST_WEIGHT


async def test_an_entry_is_a_report_with_its_office_and_clerk_and_a_receipt(gateway: Running) -> None:
    person = {"name": "Budi Santoso", "phone": "0812-3456-7890"}
    paper = await entry(gateway, DRAIN | person | {"since": "minggu lalu"})
    code = code_on(paper)
    (report,) = gateway.views.case_reports(code)
    assert report["desk"] == {"office": BANGKA, "clerk": "sari"}
    assert report["text"].endswith("\nSejak minggu lalu")
    assert gateway.case(code)["area"] == "31.74.03.1002"
    assert f"/lacak/{code}" in paper.html
    assert "<svg" in paper.html
    assert "Kelurahan Bangka, Sari Dewi" in paper.text
    assert not any(one in paper.text for one in ("Budi", "Santoso", "7890"))


@pytest.mark.threat("P0-21")
async def test_the_pin_on_the_receipt_opens_more(gateway: Running) -> None:
    paper = await entered(gateway, what="Pohon miring di Jl. Kemang Timur", anonymous="1")
    code, (pin,) = code_on(paper), PIN.findall(paper.text)
    told = await gateway.ask(f"/lacak/{code}?pin={pin}", headers={"Accept": "application/json"})
    assert (told.status, "Pohon miring" in told.text) == (200, True)


async def test_an_entry_counts_once_however_often_it_is_sent(gateway: Running) -> None:
    entry = token_hex(16)
    first = await entered(gateway, entry=entry, what="Pagar taman rusak di Jl. Ampera")
    second = await entered(gateway, entry=entry, what="Pagar taman rusak di Jl. Ampera")
    assert code_on(first) == code_on(second)
    assert len(gateway.views.case_reports(code_on(first))) == 1


async def test_scripts_are_told_where_to_go_on(gateway: Running) -> None:
    form = {"entry": "e-0123456789", "what": "Halte kotor di Jl. Antasari"}
    sent = await at(gateway).post("/meja/desk", form, Accept="application/json")
    assert (sent.status, sent.html) == (200, '{"to":"/meja/desk/terima/e-0123456789"}')


async def test_a_case_that_is_shown_can_be_joined(gateway: Running) -> None:
    code = code_on(await entered(gateway, what=FLOOD))
    visitor = at(gateway, TONO)
    seen = await visitor.post("/meja/desk/serupa", {"what": "banjir kemang raya"})
    assert code in seen.text
    joined = await entered(gateway, TONO, what="Rumah saya juga kebanjiran", joins=code)
    assert code_on(joined) == code
    assert gateway.case(code)["reports"] == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"where": "Jl. Ampera"}, "Tulis apa yang terjadi"),
        ({"what": "Lampu padam", "phone": "0812"}, "Nomor telepon ini tidak benar"),
        ({"what": "Lampu padam", "email": "sari"}, "Alamat surel ini tidak benar"),
        ({"what": "Lampu padam", "nik": "31740-satu"}, "NIK ini tidak benar"),
        ({"what": "Lampu padam", "anonymous": "1", "name": "Budi"}, "Kosongkan nama"),
        ({"what": "Lampu padam", "category": "entahlah"}, "Kategori ini tidak ada"),
        ({"joins": "KNL-0000-0000"}, "Laporan ini sudah ditutup"),
        ({"what": "Lampu padam", "area": "31.74.03.9999"}, "Kelurahan ini tidak ada"),
    ],
)
async def test_an_error_loses_nothing_and_says_what_to_do(gateway: Running, fields: dict[str, str], said: str) -> None:
    before = len(gateway.all("reports"))
    page = await at(gateway).post("/meja/desk", {"entry": "e-0123456789ab"} | fields)
    assert (page.status, said in page.text) == (422, True)
    kept = {name: value for name, value in fields.items() if name not in {"anonymous", "area"}}
    assert all(value in page.html for value in kept.values())
    assert 'value="e-0123456789ab"' in page.html
    assert len(gateway.all("reports")) == before


async def test_news_by_phone_is_promised_only_where_it_can_be_sent(gateway: Running, tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, channel("desk"))) as mute:
        pages = [await at(one).get("/meja/desk") for one in (gateway, mute)]
    assert ["dikirim ke nomor ini" in page.text for page in pages] == [True, False]


async def test_a_nik_is_nowhere_afterwards(gateway: Running) -> None:
    code = code_on(await entered(gateway, what=f"KTP {NIK} belum jadi", nik=NIK, name="Rina"))
    (report,) = gateway.views.case_reports(code)
    row = gateway.app.store.report(report["id"])
    assert row
    assert NIK not in f"{row.report.text} {row.report.fields}"
    assert not any(NIK in one.get("body", "") for one in gateway.deliveries())


async def test_a_category_is_chosen_by_what_people_call_it(gateway: Running) -> None:
    category = gateway.app.site.means.rules.book.categories.offered()[0]
    code = code_on(await entered(gateway, what="Mohon dilihat di Jl. Poltangan", category=category.name.id.upper()))
    assert gateway.case(code)["category"] == category.code


async def test_the_code_is_sent_to_the_phone(gateway: Running) -> None:
    paper = await entered(gateway, what="Trotoar rusak di Jl. Pejaten", phone="0812-0000-0099")
    code, (pin,) = code_on(paper), PIN.findall(paper.text)
    assert "Kabar juga dikirim" in paper.text
    (reply,) = [row for row in gateway.all("replies") if row["case"] == code and row["channel"] == "desk"]
    sms = await until(lambda: gateway.views.reply(f"f-{reply['id']}"), "the SMS")
    assert sms
    assert (sms["about"], sms["channel"]) == ("received", "sms")
    kept = gateway.app.store.reporter(reply["report"])
    assert kept and kept[1]
    assert kept[1].value == "+6281200000099"
    assert any(code in text and pin in text for text in gateway.told())


async def test_another_instance_is_a_page_of_its_own(gateway: Running) -> None:
    paper = await entered(gateway, desk="kliping", what="Koran hari ini: jalan rusak di Jl. Ciledug")
    (report,) = gateway.views.case_reports(code_on(paper))
    assert report["channel"] == "kliping"
    assert (await at(gateway).get("/meja/lain")).status == 404


async def test_who_has_no_office_chooses_one(gateway: Running) -> None:
    visitor = at(gateway, OPERATOR)
    assert "Pendopo Balai Kota" in (await visitor.get("/meja")).text
    missing = await visitor.post("/meja/desk", {"entry": "e-0123456789cd", "what": "Lampu padam"})
    assert (missing.status, "Pilih kantor" in missing.text) == (422, True)
    paper = await entered(gateway, OPERATOR, what="Lampu padam di Jl. Ragunan", office="balai-kota")
    assert "Pendopo Balai Kota" in paper.text
    assert "/meja/desk?kantor=balai-kota" in paper.html
    again = await visitor.get("/meja/desk?kantor=balai-kota")
    assert '<option value="balai-kota" selected>' in again.html


async def test_an_officer_cannot_name_another_office(gateway: Running) -> None:
    paper = await entered(gateway, what="Lampu padam di Jl. Salihara", office=OTHER)
    assert gateway.views.case_reports(code_on(paper))[0]["desk"]["office"] == BANGKA


@pytest.mark.threat("P0-21")
async def test_a_receipt_is_shown_again_to_its_own_clerk_alone(gateway: Running) -> None:
    entry = token_hex(16)
    paper = await entered(gateway, entry=entry, what="Lampu padam di Jl. Margasatwa")
    again = await at(gateway).get(f"/meja/desk/terima/{entry}")
    assert PIN.findall(again.text) == PIN.findall(paper.text)
    other = await at(gateway, TONO).get(f"/meja/desk/terima/{entry}")
    assert (other.status, PIN.findall(other.text)) == (403, [])
    (report,) = gateway.views.case_reports(code_on(paper))
    assert (await at(gateway).get(f"/meja/desk/lagi/{report['id']}")).status == 200
    assert (await at(gateway, TONO).get(f"/meja/desk/lagi/{report['id']}")).status == 403
    assert (await at(gateway).get("/meja/desk/terima/tidak-ada-1")).status == 404


async def test_what_is_not_filed_yet_is_said_to_be_kept_and_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt, "PATIENCE_SECONDS", 0.1)
    async with running(settings_in(tmp_path, channel("desk")), process=False) as idle:
        visitor = at(idle)
        sent = await visitor.post("/meja/desk", {"entry": "e-0123456789", "what": FLOOD})
        kept = await visitor.get(sent.to)
    assert (kept.status, kept.headers["Refresh"], "sudah tersimpan" in kept.text) == (202, "3", True)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        pytest.param("Kebakaran di Jl. Bangka, orang terjebak api", "112", id="an emergency"),
        pytest.param("Pungli di kelurahan, diminta uang 200 ribu", "jangan memotret", id="somebody breaks a rule"),
    ],
)
async def test_the_receipt_says_first_what_matters_most(gateway: Running, what: str, said: str) -> None:
    paper = await entered(gateway, what=what)
    assert said in paper.html.split('class="code"')[0]


async def test_an_officer_whose_office_has_no_desk_chooses_one(gateway: Running) -> None:
    lost = account(Role.OFFICER, name="lost", office="kelurahan-31.74.03.9999")
    paper = await entered(gateway, lost, what="Lampu padam di Jl. Tendean", office=BANGKA)
    assert "Kelurahan Bangka" in paper.text


async def test_places_are_suggested(gateway: Running) -> None:
    found = await at(gateway).get("/meja/tempat?q=bang")
    assert "Bangka, Mampang Prapatan" in found.html
    assert (await at(gateway).get("/meja/tempat?q=ba")).html == "[]"


@pytest.fixture
def found_words() -> dict[str, str]:
    return {
        "what": "Rumah kosong di Jl. Kebagusan jadi sarang nyamuk",
        "name": "Wahyu Hidayat",
        "phone": "0812-0000-0123",
    }


@pytest.mark.parametrize(
    ("who", "asked", "is_found"),
    [
        pytest.param(SARI, "{code}", True, id="by code"),
        pytest.param(SARI, "0812 0000 0123", True, id="by phone"),
        pytest.param(SARI, "wahyu", True, id="by a part of the name"),
        pytest.param(SARI, "HIDAYAT wah", True, id="by words in any order"),
        pytest.param(SARI, "wahyuni", False, id="another name"),
        pytest.param(TONO, "{code}", False, id="at another office"),
        pytest.param(TONO, "wahyu", False, id="at another office by name"),
        pytest.param(OPERATOR, "wahyu", True, id="with the right to see who reported"),
    ],
)
async def test_who_comes_back_is_found_and_each_look_recorded(
    gateway: Running, found_words: dict[str, str], who: Account, asked: str, is_found: bool
) -> None:
    code = code_on(await entry(gateway, found_words | {"entry": "e-kembali-0001"}))
    before = len(await looks(gateway))
    page = await at(gateway, who).post("/meja/cari", {"q": asked.format(code=code)})
    assert (page.status, "0 laporan ditemukan" not in page.text) == (200, is_found)
    assert (f"/lacak/{code}" in page.html) is (asked == "{code}" and not is_found), "it may be of another channel"
    assert not any(one in page.text.replace(asked, "") for one in ("Wahyu", "Hidayat", "0123"))
    (look,) = (await looks(gateway))[before:]
    assert look["actor"] == who.name
    assert bool(look["about"]) is is_found
    assert "wahyu" not in str(look).lower()


async def test_what_accuses_officials_is_not_found_at_their_offices(gateway: Running) -> None:
    paper = await entered(gateway, what="Lurah minta uang", category="pungutan-liar", name="Yanto Wibowo")
    assert gateway.app.site.means.rules.book.categories.accuses(gateway.case(code_on(paper))["category"])
    assert code_on(paper) not in (await at(gateway).post("/meja/cari", {"q": "yanto"})).text
    assert code_on(paper) in (await at(gateway, OPERATOR).post("/meja/cari", {"q": "yanto"})).text


async def test_what_an_office_took_down_is_found_by_its_index(gateway: Running) -> None:
    sql = f"EXPLAIN QUERY PLAN SELECT 1 FROM reports r WHERE {desks.OFFICE} = ? ORDER BY r.seq DESC LIMIT 9"
    assert "reports_desk" in str(gateway.views.connection.execute(sql, ("x",)).fetchall())


async def test_the_worker_may_serve_all_of_the_desk(gateway: Running) -> None:
    worker = await Visitor(gateway.app).get("/meja/luring.js")
    assert (worker.status, worker.headers["Service-Worker-Allowed"]) == (200, "/meja")


async def looks(gateway: Running) -> list[dict[str, object]]:
    found = audit.entries(gateway.views.connection, gateway.views.vault, newest=False)
    return [row for row in found if row["action"] == "look up at a desk"]


async def test_a_photo_is_shown_with_what_is_similar_and_only_then(gateway: Running) -> None:
    visitor = at(gateway)
    fields = {"csrf": TOKEN, "entry": token_hex(16), "what": "Jembatan retak di Jl. Cilandak"}
    parts = [f'form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts.append(b'form-data; name="photo"; filename="a.png"\r\n\r\n' + PHOTO + b"\r\n")
    body = b"".join(b"--pisah\r\nContent-Disposition: " + part for part in parts) + b"--pisah--\r\n"
    sent = await visitor.send("/meja/desk", body, **{"Content-Type": "multipart/form-data; boundary=pisah"})
    code = code_on(await settled(gateway, visitor, sent.to))
    name = gateway.views.case_reports(code)[0]["attachments"][0]["digest"]
    await until(lambda: (file := gateway.app.store.file(name)) and file.state is State.KEPT, "the copy")
    seen = await visitor.post("/meja/desk/serupa", {"what": "jembatan retak cilandak"})
    assert f"/meja/foto/{name}" in seen.html
    photo = await visitor.get(f"/meja/foto/{name}")
    assert (photo.status, photo.headers.get("Cache-Control"), photo.body[:2]) == (200, "no-store", b"\xff\xd8")
    assert (await visitor.get(f"/meja/foto/{'0' * 64}")).status == 404


@pytest.mark.threat("P0-30")
async def test_nothing_of_who_came_stands_in_clear(gateway: Running) -> None:
    """Neither in the database nor beside it."""
    await entered(gateway, what="Genteng jatuh di Jl. Radio Dalam", name="Zulkarnaen Zaelani", phone="0812-7777-6666")
    kept = b"".join(path.read_bytes() for path in gateway.folder.rglob("*") if path.is_file())
    assert not any(one in kept for one in (b"Zulkarnaen", b"Zaelani", b"77776666", b"7777-6666"))
