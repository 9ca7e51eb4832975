"""The public form in a real browser: a phone, no script, a lost connection, keys alone, and machines kept out."""

import json
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from tests.browser.chromium import DESKTOP, PHONE, browsing, is_accessible
from tests.end_to_end.kanal import Gateway
from tests.gateway import borders

WHAT, WHERE = "Lampu jalan padam di depan SDN 03", "Jl. Kemang Raya No. 8"
FORM = "/lapor/balai-warga"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("form")
    form = {"name": "balai-warga", "kind": "form", "difficulty": 10, "unproven_per_hour": 100, "per_minute": 100}
    borders.imported(folder / "data")
    with Gateway(folder, more=[form]) as running:
        yield running


def photo(width: int = 40, height: int = 30) -> bytes:
    file = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(file, "JPEG", quality=98)
    return file.getvalue()


def next_step(page: Page) -> None:
    page.get_by_role("button", name="Lanjut").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Kirim laporan").click()


def code_of(page: Page) -> str:
    page.get_by_role("heading", name="Terima kasih").wait_for()
    page.locator(".receipt .code").first.wait_for()  # it loads itself again until the code is there
    code, pin = page.locator(".receipt .code").all_inner_texts()
    assert re.fullmatch(r"\d{6}", pin)
    return code


def case(gateway: Gateway, code: str) -> str:
    """All that officers see of it."""
    return json.dumps(gateway.rows("cases", "show", code))


def test_a_report_from_a_phone_on_three_screens(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        page.get_by_text("Langkah 1 dari 3").wait_for()
        page.locator("[name=photo]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        page.get_by_label("Ceritakan masalahnya").fill(WHAT)
        is_accessible(page)
        next_step(page)
        page.get_by_role("application").click(position={"x": 60, "y": 150})
        page.get_by_text("Titik: Kelurahan").wait_for()
        is_accessible(page)
        next_step(page)
        page.locator("[name=altcha]").wait_for(state="attached")
        is_accessible(page)
        send(page)
        code = code_of(page)
        is_accessible(page)
    told = case(gateway, code)
    assert "unproven" not in told
    assert "a.jpg" in told or "image/jpeg" in told


def test_what_may_be_the_same_is_offered_beside_the_place_and_a_choice_stays(
    chromium: Browser, gateway: Gateway, address: str
) -> None:
    words = "Pohon tumbang menutup jalan di Jl. Mahakam No. 8"
    with browsing(chromium, address, PHONE) as page:
        codes = []
        for is_first in (True, False):
            page.goto(FORM)
            page.get_by_label("Ceritakan masalahnya").fill(words)
            next_step(page)
            if not is_first:
                page.locator("[data-report-near] [type=radio]").first.check()
                is_accessible(page)
            with page.expect_response("**/serupa"):
                page.get_by_label("Tulis tempatnya").fill("Jl. Mahakam No. 8")
                next_step(page)
            page.locator("[name=altcha]").wait_for(state="attached")
            if not is_first:
                assert page.locator("[name=joins]:checked").input_value() != ""
            send(page)
            codes.append(code_of(page))
    assert codes[0] == codes[1]


def test_without_script_it_is_four_pages_and_photos_come_last(
    chromium: Browser, gateway: Gateway, address: str
) -> None:
    with browsing(chromium, address, PHONE, script=False) as page:
        page.goto(FORM)
        next_step(page)
        page.get_by_text("Tulis apa yang terjadi, atau tambahkan foto.").first.wait_for()
        page.get_by_label("Ceritakan masalahnya").fill(WHAT)
        next_step(page)
        page.get_by_label("Tulis tempatnya").fill(WHERE)
        next_step(page)
        page.get_by_role("heading", name="Hampir selesai").wait_for()
        next_step(page)
        page.locator("[name=photo]").set_input_files({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        send(page)
        told = case(gateway, code_of(page))
    assert "unproven" in told
    assert "image/jpeg" in told


def test_by_keys_alone(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address, DESKTOP) as page:
        page.goto(FORM)
        press_to(page, "what")
        page.keyboard.type(WHAT)
        press_to(page, "go")
        page.keyboard.press("Enter")
        press_to(page, "where")
        page.keyboard.type(WHERE)
        while page.evaluate("document.activeElement.getAttribute('role')") != "application":
            page.keyboard.press("Tab")
        for key in ("ArrowRight", "ArrowDown", "+"):
            page.keyboard.press(key)
        page.get_by_text("Titik: Kelurahan").wait_for()
        press_to(page, "go")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "H2"
        press_to(page, "go")
        page.keyboard.press("Enter")
        assert code_of(page)


def press_to(page: Page, name: str) -> None:
    """By Tab alone."""
    for _ in range(40):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} cannot be reached by keys")


def test_the_phone_says_where_it_is_if_it_may(chromium: Browser, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        page.get_by_label("Ceritakan masalahnya").fill(WHAT)
        next_step(page)
        page.get_by_role("button", name="Pakai lokasi saya").click()
        page.get_by_text("Lokasi tidak didapat").wait_for()
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"latitude": -6.255, "longitude": 106.815, "accuracy": 30})
        page.get_by_role("button", name="Pakai lokasi saya").click()
        page.get_by_text("Titik: Kelurahan Bangka").wait_for()
        given = [float(page.locator(f"[name={name}]").input_value()) for name in ("lat", "lon", "accuracy")]
        assert given == [-6.255, 106.815, 30]
        page.get_by_role("button", name="Hapus titik").click()
        assert page.locator("[name=lat]").input_value() == ""


def test_what_was_not_sent_is_kept_and_sent_once_when_the_connection_is_back(
    chromium: Browser, gateway: Gateway, address: str
) -> None:
    before = len(gateway.all("reports"))
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        page.locator("[name=photo]").set_input_files({"name": "c.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        fill(page)
        page.locator("[name=altcha]").wait_for(state="attached")
        page.route(f"**{FORM}", lost_after_it_arrived)
        send(page)
        page.get_by_text("Belum terkirim").wait_for()
        page.unroute(f"**{FORM}")
        page.reload()
        page.get_by_text("Isian Anda yang belum terkirim").wait_for()
        assert page.get_by_label("Ceritakan masalahnya").input_value() == WHAT
        assert page.evaluate("document.querySelector('[name=photo]').files[0].name") == "c.jpg"
        next_step(page)
        next_step(page)
        page.locator("[name=altcha]").wait_for(state="attached")
        send(page)
        assert code_of(page)
        page.goto(FORM)
        assert page.get_by_label("Ceritakan masalahnya").input_value() == ""
    assert len(gateway.all("reports")) == before + 1


def test_it_is_sent_by_itself_once_the_phone_is_connected(chromium: Browser, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        fill(page)
        page.locator("[name=altcha]").wait_for(state="attached")
        page.context.set_offline(True)
        send(page)
        page.get_by_text("Belum terkirim").wait_for()
        page.context.set_offline(False)
        assert code_of(page)


def fill(page: Page) -> None:
    """Up to the last step."""
    page.get_by_label("Ceritakan masalahnya").fill(WHAT)
    next_step(page)
    page.get_by_label("Tulis tempatnya").fill(WHERE)
    next_step(page)


def lost_after_it_arrived(route: Route) -> None:
    """The gateway has it, but the phone is not told so."""
    route.fetch(max_redirects=0)
    route.abort()


def test_what_is_wrong_is_said_beside_it_and_photos_stay(chromium: Browser, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        page.locator("[name=photo]").set_input_files({"name": "d.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        fill(page)
        page.get_by_label("Nomor telepon atau surel").fill("nanti saja")
        page.locator("[name=altcha]").wait_for(state="attached")
        send(page)
        page.locator("#contact-error").wait_for()
        is_accessible(page)
        assert page.evaluate("document.querySelector('[name=photo]').files[0].name") == "d.jpg"
        page.get_by_label("Nomor telepon atau surel").fill("")
        send(page)
        assert code_of(page)


def test_large_photos_are_made_small_before_they_are_sent(chromium: Browser, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        page.goto(FORM)
        large = photo(1800, 1400)
        page.locator("[name=photo]").set_input_files({"name": "e.jpg", "mimeType": "image/jpeg", "buffer": large})
        page.locator("[data-report-pictures] img").wait_for()
        size = page.evaluate("document.querySelector('[name=photo]').files[0].size")
        assert size < len(large)


@pytest.mark.threat("P1-35")
def test_it_weighs_little_before_the_last_step(chromium: Browser, address: str) -> None:
    sizes: list[int] = []
    with browsing(chromium, address, PHONE) as page:
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto(FORM, wait_until="networkidle")
        assert sum(sizes) < 100_000
