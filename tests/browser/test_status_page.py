"""The status page in a real browser: what the code tells, what the PIN opens, and that it is not done."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PHONE, browsing, is_accessible
from tests.end_to_end.kanal import SECRET, Gateway, fetch, until

#: With script and without: two reports that are not the same.
WHAT = {True: "Lampu jalan padam di Jl. Fatmawati No. 12", False: "Sampah menumpuk di belakang Pasar Minggu"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    form = {"name": "form", "kind": "form", "unproven_per_hour": 100}
    with Gateway(tmp_path_factory.mktemp("status"), more=[form]) as running:
        yield running


def reported(page: Page, script: bool) -> tuple[str, str]:
    """Code and PIN of a new report."""
    page.goto("/lapor")
    page.get_by_label("Ceritakan masalahnya").fill(WHAT[script])
    go_on(page, "Lanjut", "Di mana?")
    page.get_by_label("Tulis tempatnya").fill(WHAT[script].partition(" di ")[2])
    go_on(page, "Lanjut", "Hampir selesai")
    if not script:
        go_on(page, "Lanjut", "Foto")
    go_on(page, "Kirim laporan", "Terima kasih, laporan Anda sudah kami terima")
    page.locator(".receipt .code").first.wait_for()  # it loads itself again until the code is there
    code, pin = page.locator(".receipt .code").all_inner_texts()
    return code, pin


def reported_by_others(gateway: Gateway, what: str, code: str) -> None:
    for number in (1, 2):
        form = {"sender": f"+628111000000{number}", "id": f"{code}-{number}", "message": what}
        assert fetch(f"{gateway.sms_url}/{SECRET}/mo", urlencode(form).encode())[0] == 200
    until(lambda: [row["case"] for row in gateway.all("reports")].count(code) == 3, "all to be in one case")


def go_on(page: Page, button: str, heading: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("heading", name=heading).wait_for()


@pytest.mark.threat("P0-21")
@pytest.mark.parametrize("script", [True, False], ids=["script", "without script"])
def test_a_report_is_followed_until_it_is_not_done(
    chromium: Browser, gateway: Gateway, address: str, script: bool
) -> None:
    with browsing(chromium, address, PHONE, script) as page:
        code, pin = reported(page, script)
        if script:
            reported_by_others(gateway, WHAT[script], code)
        page.get_by_role("link", name="Lihat status").click()
        page.get_by_text("menunggu diteruskan").wait_for()
        assert WHAT[script] not in page.content()
        page.get_by_label("PIN laporan").fill("nol")
        page.get_by_role("button", name="Buka dengan PIN").click()
        page.get_by_text("Kode ini tidak kami temukan").first.wait_for()
        assert page.get_by_label("Kode laporan").input_value() == code
        page.get_by_label("PIN").fill(pin)
        page.get_by_role("button", name="Lihat status").click()
        page.get_by_text(WHAT[script]).wait_for()
        assert page.get_by_text("Orang yang melaporkan hal yang sama").count() == script
        assert pin not in page.url
        gateway.order("cases", "move", code, "ditolak", "--note", "bukan lampu kami")
        page.reload()
        page.get_by_text("bukan lampu kami").wait_for()
        if script:
            is_accessible(page)
        page.get_by_label("Apa yang belum beres?").fill("lampu itu milik kota, masih padam")
        page.get_by_role("button", name="Nyatakan belum selesai").click()
        page.get_by_text("Laporan ini dibuka lagi").wait_for()
    assert re.search(r"menunggu", gateway.order("cases", "show", code))
