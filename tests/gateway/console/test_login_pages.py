"""Coming in, one's own account, and looking after those of others, as browsers see it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from gateway.accounts.passwords import MOST
from gateway.app import App
from tests.disk import fill
from tests.gateway.console.browsing import PASSWORD, Browser, browser
from tests.gateway.console.support import Seen
from tests.gateway.support import running, settings_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = "kopi-tubruk-pagi"
CROSS = {"Sec-Fetch-Site": "cross-site"}
SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")
CODE = re.compile(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    async with running(settings_in(tmp_path_factory.mktemp("login")), process=False) as gateway:
        yield gateway.app


@pytest_asyncio.fixture(loop_scope="module")
async def person(app: App) -> AsyncIterator[Browser]:
    async with browser(app) as made:
        yield made


async def settled(app: App, name: str, role: Role = Role.OPERATOR, **values: str) -> None:
    """Somebody with an account and a password."""
    done = await app.people.add("budi", name, role, **values)
    async with browser(app) as their:
        seen = await _set_password(their, str(done["link"]))
        assert seen.status == 303, seen.text


async def _set_password(who: Browser, link: str, **first: str) -> Seen:
    await who.get(link)
    return await who.post(link, {"password_new": PASSWORD, "password_again": PASSWORD} | first)


async def test_the_first_administrator_comes_in_by_the_link_and_adds_others(app: App, person: Browser) -> None:
    link = await app.people.first_link()
    assert link
    assert "administrator pertama" in (await person.get(link)).text
    wrong = await person.post(link, {"name": "Rini W", "password_new": "pendek", "password_again": "pendek"})
    assert (wrong.status, 'value="Rini W"' in wrong.html) == (422, True)
    assert wrong.text.count("Terlalu pendek") == 2
    seen = await person.post(
        link, {"name": "kepala", "display_name": "Ibu Ani", "password_new": PASSWORD, "password_again": PASSWORD}
    )
    assert (seen.status, seen.to) == (303, "/")
    assert "Ibu Ani" in (await person.get("/petugas/orang")).text
    assert (await person.get(link)).status == 410
    await person.get("/petugas/orang/tambah")
    refused = await person.post("/petugas/orang/tambah", {"name": "sari", "role": "unit", "display_name": "Sari"})
    assert (refused.status, 'value="sari"' in refused.html) == (409, True)
    assert refused.text.count("Petugas unit memerlukan unit") == 2
    for code in ("kelurahan-31.74.03.1002", "sudin-sda-31.74", "inspektorat"):
        assert f'<option value="{code}">' in refused.html
    added = await person.post("/petugas/orang/tambah", {"name": "sari", "role": "unit", "unit": "inspektorat"})
    (their_link,) = re.findall(r"<code>(http[^<]+)</code>", added.html)
    async with browser(app) as sari:
        assert (await _set_password(sari, their_link)).to == "/"
        assert (await sari.get("/petugas/orang")).status == 403
        await person.get("/petugas/orang/akun/kepala")
        last = await person.post("/petugas/orang/akun/kepala", {"role": "operator"})
        assert (last.status, "administrator terakhir" in last.text) == (409, True)
        await person.get("/petugas/orang/akun/kepala")
        assert "administrator terakhir" in (await person.post("/petugas/orang/akun/kepala/nonaktif")).text
        await person.get("/petugas/orang/akun/sari")
        assert (await person.post("/petugas/orang/akun/sari/nonaktif")).status == 303
        assert (await sari.get("/akun")).to == "/masuk?lanjut=%2Fakun"
    await person.get("/petugas/orang/akun/sari")
    await person.post("/petugas/orang/akun/sari/aktif")
    await person.get("/petugas/orang/akun/sari")
    reset = await person.post("/petugas/orang/akun/sari/reset")
    assert their_link not in reset.html
    assert "berlaku sekali" in reset.text
    assert "/kepala/reset" not in (await person.get("/petugas/orang/akun/kepala")).html
    own = await person.post("/petugas/orang/akun/kepala/reset")
    assert (own.status, "halaman akun Anda" in own.text) == (409, True)
    assert (await person.get("/akun")).status == 200


@pytest.mark.threat("P1-22")
async def test_the_cookie_changes_with_the_log_in_and_no_other_is_believed(app: App, person: Browser) -> None:
    await settled(app, "rini")
    person.set_cookie("kanal", "dipilih-orang-lain")
    assert (await person.log_in("rini")).status == 303
    assert person.cookies["kanal"] != "dipilih-orang-lain"
    assert [("HttpOnly" in one, "SameSite=Lax" in one, "Path=/" in one) for one in person.set] == [(True,) * 3] * 2
    assert (await person.get("/akun")).status == 200
    await person.post("/keluar")
    assert "kanal" not in person.cookies
    assert "kanal-device" in person.cookies
    assert (await person.get("/akun")).to.startswith("/masuk")


@pytest.mark.threat("P1-22")
async def test_while_too_many_come_in_the_page_says_when_to_come_again(app: App, person: Browser) -> None:
    crowd = [asyncio.create_task(app.door._passwords.hashed(PASSWORD)) for _ in range(4 * MOST)]
    seen = await person.log_in("siapa", "salah-sekali-ini")
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    assert (seen.status, seen.headers["Retry-After"], 'value="siapa"' in seen.html) == (503, "60", True)
    assert "Sedang banyak yang masuk. Tunggu satu menit, lalu coba lagi." in seen.text


@pytest.mark.threat("P1-22")
async def test_a_wrong_name_and_a_wrong_password_look_the_same(app: App, person: Browser) -> None:
    await settled(app, "dewi")
    wrong = await person.log_in("dewi", "salah-sekali-ini")
    unknown = await person.log_in("siapa", "salah-sekali-ini")
    assert (wrong.status, wrong.text) == (unknown.status, unknown.text) == (403, wrong.text)
    assert wrong.html.replace("dewi", "") == unknown.html.replace("siapa", "")
    assert "salah-sekali-ini" not in wrong.html
    counted = (await person.get("/metrics")).html
    assert re.search(r'^kanal_log_ins_total{outcome="wrong"} [1-9]', counted, re.MULTILINE)
    assert re.search(r'^kanal_log_ins_total{outcome="in"} [1-9]', counted, re.MULTILINE)


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/petugas/orang?a=1", "/petugas/orang?a=1"),
        ("https://jahat.example", "/"),
        ("//jahat.example", "/"),
        ("/\\jahat.example", "/"),
        ("/\t/jahat.example", "/"),
        ("/%0d%0aSet-Cookie: a=b", "/"),
    ],
)
async def test_the_log_in_leads_back_to_pages_of_ours_alone(
    app: App, person: Browser, wanted: str, goes_to: str
) -> None:
    if app.store.user_named("wati") is None:
        await settled(app, "wati")
    await person.get("/masuk")
    seen = await person.post("/masuk", {"name": "wati", "password": PASSWORD, "lanjut": wanted})
    assert seen.to == goes_to


async def test_the_log_in_can_be_read_in_the_other_language(person: Browser) -> None:
    link = '<a href="/masuk?lanjut=%2Fakun&amp;bahasa=en" lang="en"'
    assert link in (await person.get("/masuk?lanjut=%2Fakun")).html
    english = await person.get("/masuk?lanjut=%2Fakun&bahasa=en")
    assert '<a href="/masuk?lanjut=%2Fakun&amp;bahasa=id" lang="id"' in english.html
    assert "Password" in english.text


@pytest.mark.threat("P1-22")
async def test_forms_of_other_sites_log_nobody_in_or_out(app: App, person: Browser) -> None:
    await settled(app, "tono")
    assert (await person.post("/masuk", {"name": "tono", "password": PASSWORD}, **CROSS)).status == 403
    await person.log_in("tono")
    await person.get("/akun")
    assert (await person.post("/keluar", None, **CROSS)).status == 403
    assert (await person.post("/keluar", {"csrf": "tebakan"})).status == 403
    assert (await person.get("/akun")).status == 200


@pytest.mark.threat("P1-22")
async def test_an_app_is_set_up_asked_for_and_turned_off(app: App, person: Browser) -> None:
    await settled(app, "agus")
    await person.log_in("agus")
    page = await person.get("/akun/aplikasi")
    assert 'src="data:image/svg+xml' in page.html
    totp = pyotp.TOTP(SECRET.findall(page.html)[0])
    assert (await person.post("/akun/aplikasi", {"code": "000000"})).status == 403
    codes = CODE.findall((await person.post("/akun/aplikasi", {"code": totp.now()})).html)
    assert len(codes) == 10
    assert "tersisa: 10" in (await person.get("/akun")).text
    async with browser(app) as other:
        half = await other.log_in("agus")
        assert half.to == "/masuk/kode"
        assert (await other.get("/akun")).to.startswith("/masuk")
        await other.get("/masuk/kode")
        assert (await other.post("/masuk/kode", {"code": totp.at(int(time.time()) - 3600)})).status == 403
        assert (await other.post("/masuk/kode", {"code": codes[0]})).to == "/"
        assert (await other.get("/akun")).status == 200
    await person.get("/akun")
    assert (await person.post("/akun/aplikasi/hapus", {"password_app": "salah-sekali-ini"})).status == 403
    assert (await person.post("/akun/aplikasi/hapus", {"password_app": PASSWORD})).status == 303
    assert "Belum aktif" in (await person.get("/akun")).text


async def test_somebody_changes_their_password_and_language_and_ends_sessions(app: App, person: Browser) -> None:
    await settled(app, "putri")
    await person.log_in("putri")
    async with browser(app) as other:
        await other.log_in("putri")
        page = await person.get("/akun")
        (theirs,) = re.findall(r'action="/akun/sesi/([^"]+)"', page.html)[:1]
        assert (await person.post(f"/akun/sesi/{theirs}")).status == 303
    await person.get("/akun")
    assert (await person.post("/akun/bahasa", {"language": "en"})).status == 303
    assert "My account" in (await person.get("/akun")).text
    typed = {"password": PASSWORD, "password_new": OTHER, "password_again": OTHER}
    assert (await person.post("/akun/sandi", typed | {"password_again": "lain-lagi"})).status == 422
    assert (await person.post("/akun/sandi", typed | {"password": "salah-sekali-ini"})).status == 403
    await person.get("/akun")
    assert "is changed" in (await person.follow(await person.post("/akun/sandi", typed))).text
    async with browser(app) as again:
        assert (await again.log_in("putri")).status == 403
        assert (await again.log_in("putri", OTHER)).status == 303


@pytest.mark.threat("P1-22")
async def test_over_https_the_cookies_are_its_hosts_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    loaded = settings_in(tmp_path_factory.mktemp("https"), public_url="https://kanal.example")
    async with running(loaded, process=False) as gateway, browser(gateway.app) as person:
        link = await gateway.app.people.first_link()
        assert link
        path = link.removeprefix("https://kanal.example")
        await _set_password(person, path, name="rini")
        assert [one.partition("=")[0] for one in person.set] == ["__Host-kanal", "__Host-kanal-device"]
        assert all("; Secure" in one and "Path=/;" in one and "Domain" not in one for one in person.set)


@pytest.mark.threat("P0-3")
async def test_who_is_in_goes_on_looking_while_nothing_can_be_written(small_disk: Path) -> None:
    async with running(settings_in(small_disk), process=False) as gateway, browser(gateway.app) as person:
        await settled(gateway.app, "rini")
        await person.log_in("rini")
        gateway.app.door._clock = lambda: time.time() + 120  # that they were here is to be written anew
        filler = fill(small_disk)
        assert (await person.get("/akun")).status == 200
        refused = await person.post("/akun/bahasa", {"language": "en"})
        assert (refused.status, "Retry-After" in refused.headers) == (503, True)
        filler.unlink()
        await gateway.app.store.try_again()
        await person.get("/akun")
        assert (await person.post("/akun/bahasa", {"language": "en"})).status == 303
