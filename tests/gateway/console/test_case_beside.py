"""Beside the page of a case: who else is there, which reports are alike, who reported (for a reason on record), and
photos with nothing but the picture."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
import pytest_asyncio
from msgspec.structs import replace

from adapters import Delivery
from gateway.accounts.account import Role
from gateway.console.case.presence import GONE_SECONDS, WRITING_SECONDS, Presence, Present
from gateway.store import audit
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import (
    BUDI,
    FLOOD,
    RINA,
    Row,
    Running,
    delivery,
    keep,
    running,
    settings_in,
    sms,
    sms_channel,
    until,
)
from tests.gateway.test_copying import MAIL, PHOTO, mail
from tests.gateway.test_photos import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEARBY = "Air masuk toko di ruko Jl. Kemang Raya"
CRACKED = "Jembatan retak di Jl. Cilandak Tengah, besi terlihat"
CRACKED_TOO = "Jl. Cilandak Tengah, jembatannya goyang dan retak panjang, bahaya dilewati truk"


def ago(hours: float, came: Delivery) -> Delivery:
    return replace(came, received_at=came.received_at - timedelta(hours=hours))


ATTACK = "<script>alert(1)</script>"


def hostile() -> Delivery:
    """A mail that attacks wherever it can: name, subject, words, and the name of its file."""
    made = EmailMessage()
    made["From"], made["To"] = Address(ATTACK, "warga", "example.org"), "dki@jakarta.go.id"
    made["Subject"] = f"Parkir liar {ATTACK}"
    made.set_content(f"Parkir liar di Jl. Wijaya No. 3 {ATTACK}")
    made.add_attachment(b"<svg onload=alert(2)>", maintype="image", subtype="svg+xml", filename=f"{ATTACK}.svg")
    return delivery("8", made.as_bytes(), "mail", content_type="message/rfc822")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    loaded = settings_in(tmp_path_factory.mktemp("beside"), sms_channel(), MAIL)
    mails = [mail(7, (PHOTO, "image/jpeg"), (b"%PDF-1.4 dokumen", "application/pdf")), hostile()]
    await keep(loaded, [*mails, ago(3, sms("3", CRACKED)), ago(1.5, sms("4", CRACKED_TOO, RINA))])
    async with running(loaded) as found:
        await found.judging()
        await found.send(sms("1", f"{FLOOD}. Nama saya Budi Santoso, NIK 3174010101900001", BUDI))
        await found.send(sms("2", "Pungli di kelurahan, lurah minta uang", RINA))
        await until(lambda: found.reported(6), "the reports")
        await until(lambda: not found.app.store.due_files(2e9, 9), "the copies")
        yield found


def report(gateway: Running, words: str) -> Row:
    return next(row for row in gateway.all("reports") if words in row["text"])


def visitor(gateway: Running, role: Role = Role.OPERATOR, **values: str) -> Visitor:
    return Visitor(gateway.app, account(role, **values))


@pytest.mark.threat("P0-33")
async def test_who_reported_is_shown_for_a_reason_that_is_recorded_before(gateway: Running) -> None:
    row = report(gateway, "setinggi lutut")
    path = f"/petugas/kasus/{row['case']}/pelapor"
    rina = visitor(gateway, name="rina")
    asked = await rina.get(path)
    assert BUDI not in asked.text
    vague = await rina.post(path, {"report": row["id"], "why": "x"})
    assert (vague.status, BUDI in vague.text) == (422, False)
    seen = await rina.post(path, {"report": row["id"], "why": "menanyakan patokan <rumah>"})
    assert BUDI in seen.text
    assert "3174010101900001" in seen.text
    entry = next(audit.entries(gateway.views.connection, gateway.views.vault))
    assert (entry["actor"], entry["why"]) == ("rina", "menanyakan patokan <rumah>")
    assert {row["case"], row["id"]} < set(entry["about"])


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize("role", [Role.UNIT, Role.OFFICER])
async def test_a_unit_and_a_desk_never_see_who_reported(gateway: Running, role: Role) -> None:
    row = report(gateway, "setinggi lutut")
    unit = gateway.case(row["case"])["unit"]
    them = visitor(gateway, role, unit=unit)
    path = f"/petugas/kasus/{row['case']}/pelapor"
    assert (await them.get(path)).status == 403
    assert (await them.post(path, {"report": row["id"], "why": "ingin tahu saja"})).status == 403
    if role is Role.UNIT:
        seen = await them.get(f"/petugas/kasus/{row['case']}")
        assert seen.status == 200
        assert 'pelapor"' not in seen.html
        assert BUDI[3:] not in seen.text


@pytest.mark.threat("P0-32")
async def test_a_photo_is_shown_with_nothing_but_the_picture(gateway: Running) -> None:
    row = report(gateway, "Fatmawati")
    seen = await visitor(gateway).get(f"/berkas/{row['id']}/1")
    assert seen.status == 200
    assert seen.body.startswith(b"\xff\xd8\xff")
    assert SECRET in PHOTO
    assert SECRET not in seen.body
    assert b"Exif" not in seen.body
    assert seen.headers["Content-Disposition"] == f'inline; filename="{row["case"]}-1.jpg"'
    assert (seen.headers["X-Content-Type-Options"], seen.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert f"/berkas/{row['id']}/1" in (await visitor(gateway).get(f"/petugas/kasus/{row['case']}")).html


@pytest.mark.threat("P0-21")
@pytest.mark.parametrize("number", ["0", "2", "3", "9999", "-1", "²", "x"])
async def test_only_photos_are_given_out(gateway: Running, number: str) -> None:
    row = report(gateway, "Fatmawati")
    assert (await visitor(gateway).get(f"/berkas/{row['id']}/{number}")).status == 404


@pytest.mark.threat("P0-21")
async def test_photos_are_for_those_who_may_see_the_case(gateway: Running) -> None:
    row = report(gateway, "Fatmawati")
    for path in (f"/berkas/{row['id']}/1", f"/petugas/kasus/{row['case']}/serupa"):
        assert (await visitor(gateway, Role.UNIT, unit="sudin-sda-31.74").get(path)).status == 404
    assert (await visitor(gateway, Role.OFFICER).get(f"/berkas/{row['id']}/1")).status == 403
    assert (await visitor(gateway).get("/berkas/r-tidak-ada/1")).status == 404


@pytest.mark.threat("P0-32")
async def test_a_proof_is_shown_painted_anew(gateway: Running) -> None:
    row = report(gateway, "Fatmawati")
    ask, by = gateway.app.site.means.ask, {"code": row["case"], "actor": "rina"}
    await ask("move", status="proses", **by)
    proof = b64encode(PHOTO).decode()
    await ask("move", status="selesai-diusulkan", proof=proof, **by)
    digest = gateway.views.history(row["case"])[-1]["detail"]["proof"]
    path = f"/berkas/bukti/{row['case']}/{digest}"
    seen = await visitor(gateway).get(path)
    assert seen.body.startswith(b"\xff\xd8\xff")
    assert SECRET not in seen.body
    assert path in (await visitor(gateway).get(f"/petugas/kasus/{row['case']}")).html
    other = report(gateway, "setinggi lutut")["case"]
    warned = await visitor(gateway).get(f"/petugas/kasus/{other}?bukti={row['case']}+palsu")
    assert f"sudah dipakai di kasus {row['case']}" in warned.text
    assert "palsu" not in warned.text
    assert (await visitor(gateway).get(f"/berkas/bukti/{other}/{digest}")).status == 404


@pytest.mark.threat("P0-20")
async def test_no_field_of_a_mail_gets_into_the_page_as_more_than_words(gateway: Running) -> None:
    row = report(gateway, "Parkir liar di")
    path = f"/petugas/kasus/{row['case']}"
    whole = await visitor(gateway).post(f"{path}/pelapor", {"report": "", "why": f"mencoba {ATTACK}"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in whole.html
    for seen in (whole, await visitor(gateway).get(path), await visitor(gateway).get(f"{path}/serupa")):
        assert seen.status == 200
        assert ATTACK not in seen.html
        assert "<svg onload" not in seen.html
    assert (await visitor(gateway).get(f"/berkas/{row['id']}/1")).status == 404, "an SVG is no photo"


@pytest.mark.threat("P0-33")
async def test_a_report_about_an_official_is_hidden_from_the_office_it_accuses(gateway: Running) -> None:
    row = report(gateway, "Pungli")
    ask = gateway.app.site.means.ask
    await ask("category", code=row["case"], category="pungutan-liar", why="jelas", actor="rina")
    office = visitor(gateway, office="kelurahan-31.74.03.1002")
    for path in ("", "/serupa", "/hadir", "/pelapor"):
        assert (await office.get(f"/petugas/kasus/{row['case']}{path}")).status == 404
    assert (await office.post(f"/petugas/kasus/{row['case']}/catatan", {"memo": "x"})).status == 404
    assert (await visitor(gateway).get(f"/petugas/kasus/{row['case']}")).status == 200


async def test_similar_open_reports_can_be_joined(gateway: Running) -> None:
    first = report(gateway, "setinggi lutut")["case"]
    await gateway.send(sms("9", NEARBY, "+6281110000009"))
    second = gateway.all("cases")[-1]["code"]
    assert second != first
    seen = await visitor(gateway).get(f"/petugas/kasus/{second}/serupa")
    assert first in seen.text
    assert f"/petugas/kasus/{second}?buka=gabung&amp;into={first}#gabung" in seen.html


async def test_how_far_apart_similar_reports_came_does_not_grow_with_time(gateway: Running) -> None:
    seen = await visitor(gateway).get(f"/petugas/kasus/{report(gateway, 'goyang')['case']}/serupa")
    assert report(gateway, "besi terlihat")["case"] in seen.text
    assert ", 1 jam" in seen.text


async def test_two_people_on_one_case_see_each_other(gateway: Running) -> None:
    code = report(gateway, "setinggi lutut")["case"]
    rina = visitor(gateway, id="u-1", name="rina", display_name="Rina <b>")
    joko = visitor(gateway, id="u-2", name="joko", display_name="Joko")
    await joko.get(f"/petugas/kasus/{code}/hadir")
    await joko.post(f"/petugas/kasus/{code}/naskah", {"memo": "Saya"}, **{"HX-Request": "true"})
    seen = await rina.get(f"/petugas/kasus/{code}/hadir?versi=0.0.0.0")
    assert "Joko juga membuka kasus ini, sedang menulis." in seen.text
    assert "hal baru" in seen.text
    assert "Rina &lt;b&gt;" in (await joko.get(f"/petugas/kasus/{code}/hadir")).html


async def test_who_is_there_is_told_for_as_long_as_they_are() -> None:
    now = 0.0
    presence = Presence(lambda: now)
    presence.is_here("K", "u-1", "Rina", is_writing=True)
    presence.is_here("K", "u-2", "Joko")
    assert presence.others("K", "u-2") == [Present("Rina", True)]
    assert presence.others("lain", "u-2") == []
    now = WRITING_SECONDS + 1
    presence.is_here("K", "u-1", "Rina")
    assert presence.others("K", "u-2") == [Present("Rina", False)]
    now += GONE_SECONDS
    assert presence.others("K", "u-2") == []
