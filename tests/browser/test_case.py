"""A case in real browsers: two people on it, drafts that outlive a browser, keys alone, and words that attack."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gateway.accounts.account import Role
from tests.browser.chromium import PHONE, browsing, is_accessible
from tests.browser.people import signed_in
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.gateway.support import query

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "javascript:alert(4)",
    "{{ 7*7 }}${7*7}",
    "' autofocus onfocus=alert(5) x='",
    "</textarea><script>alert(6)</script>",
    "\u202e<a href=//jahat.example>klik</a>",
)
TEXTS = {
    "1": "Banjir selutut di Jl. Kemang Raya depan pasar",
    "2": f"Lampu jalan padam di Jl. Fatmawati No. 12 {' '.join(ATTACKS)}",
    "3": "Pohon tumbang di Jl. Barito",
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("case"), sms={"quiet_seconds": 0}) as running:
        for identity, text in TEXTS.items():
            fetch(f"{running.sms_url}/{SECRET}/mo?{query(identity, text)}")
        running.reported(len(TEXTS))
        yield running


@pytest.fixture(scope="module")
def rina(chromium: Browser, address: str, gateway: Gateway) -> Iterator[Page]:
    with browsing(chromium, address) as page:
        signed_in(page, gateway, Role.OPERATOR, "rina")
        yield page


@pytest.fixture(scope="module")
def joko(chromium: Browser, address: str, gateway: Gateway) -> Iterator[Page]:
    with browsing(chromium, address, PHONE) as page:
        signed_in(page, gateway, Role.OPERATOR, "joko")
        yield page


def case(gateway: Gateway, words: str) -> str:
    code = next(row["case"] for row in gateway.all("reports") if words in row["text"])
    return f"/petugas/kasus/{code}"


def photo() -> bytes:
    file = BytesIO()
    Image.effect_noise((40, 30), 90).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def test_two_people_on_one_case_see_each_other_and_overwrite_nothing(gateway: Gateway, rina: Page, joko: Page) -> None:
    path = case(gateway, "Banjir")
    rina.goto(path)
    joko.goto(path)
    rina.get_by_label("Jawaban", exact=True).press_sequentially("Mohon kirim foto")
    expect(rina.locator("#measured")).to_contain_text("1 SMS")
    joko.reload()
    expect(joko.locator("#here")).to_contain_text("rina juga membuka kasus ini")
    joko.get_by_label("Jawaban", exact=True).fill("Petugas segera datang")
    joko.get_by_role("button", name="Kirim jawaban").click()
    expect(joko.get_by_text("Jawaban disimpan. Sampaikan sendiri")).to_be_visible()
    rina.get_by_role("button", name="Kirim jawaban").click()
    expect(rina.locator("#changed")).to_contain_text("Petugas segera datang")
    expect(rina.get_by_label("Jawaban", exact=True)).to_have_value("Mohon kirim foto")
    is_accessible(rina)


def test_a_draft_is_there_in_another_browser(chromium: Browser, address: str, gateway: Gateway, rina: Page) -> None:
    path = case(gateway, "Pohon")
    rina.goto(path)
    rina.get_by_label("Catatan", exact=True).press_sequentially("Sudah saya telepon RT")
    expect(rina.locator("#memo-kept")).to_contain_text("tersimpan")
    state = rina.context.storage_state()
    with browsing(chromium, address, PHONE) as phone:
        phone.context.add_cookies(state["cookies"])  # type: ignore[arg-type]
        phone.goto(path)
        expect(phone.get_by_label("Catatan", exact=True)).to_have_value("Sudah saya telepon RT")


def test_a_case_is_handled_by_keys_alone(gateway: Gateway, rina: Page) -> None:
    rina.goto(case(gateway, "Pohon"))
    rina.keyboard.press("s")
    expect(rina.get_by_label("Status baru")).to_be_focused()
    rina.keyboard.type("Dik")
    for _ in range(2):
        rina.keyboard.press("Tab")
    rina.keyboard.type("Regu sudah berangkat")
    expect(rina.locator("#status blockquote")).to_contain_text("Regu sudah berangkat")
    while not rina.get_by_role("button", name="Ubah status").evaluate("button => button === document.activeElement"):
        rina.keyboard.press("Tab")
    rina.keyboard.press("Enter")
    expect(rina.get_by_text("Status sudah diubah.")).to_be_visible()
    expect(rina.locator("#timeline")).to_contain_text("Regu sudah berangkat")
    rina.keyboard.press("n")
    expect(rina.get_by_label("Catatan", exact=True)).to_be_focused()


def test_what_is_done_is_proven_by_a_photo(gateway: Gateway, rina: Page) -> None:
    path = case(gateway, "Pohon")
    (row,) = gateway.rows("cases", "show", path.rpartition("/")[2])
    if row["status"] != "proses":
        gateway.order("cases", "move", row["code"], "proses")
    rina.goto(path)
    rina.locator("summary", has_text="Ubah status").click()
    rina.get_by_label("Status baru").select_option("selesai-diusulkan")
    rina.get_by_label("Foto bukti").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(rina.locator("#status blockquote").first).to_be_visible()
    rina.get_by_role("button", name="Ubah status").click()
    expect(rina.get_by_text("Status sudah diubah.")).to_be_visible()
    link = rina.locator("#timeline").get_by_role("link", name="Foto bukti")
    answer = rina.request.get(link.get_attribute("href") or "")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")


@pytest.mark.threat("P0-20")
def test_words_that_attack_are_only_words(gateway: Gateway, rina: Page) -> None:
    path = case(gateway, "Lampu")
    rina.goto(path)
    rina.get_by_label("Catatan", exact=True).fill(" ".join(ATTACKS))
    rina.get_by_role("button", name="Tambahkan catatan").click()
    expect(rina.locator("#timeline .internal .body").last).to_be_visible()
    rina.get_by_label("Jawaban", exact=True).fill(" ".join(ATTACKS))
    expect(rina.locator("#measured blockquote").first).to_contain_text("<script>alert(1)</script>")
    rina.get_by_role("button", name="Kirim jawaban").click()
    rina.goto(f"{path}?dari={ATTACKS[2]}&buka=gabung&into={ATTACKS[5]}")
    expect(rina.locator("#timeline")).to_contain_text("<img src=x onerror=alert(2)>")
    assert rina.locator("main script, main a[href*='jahat.'], [onload], [onerror], [onfocus], [autofocus]").count() == 0
    rina.goto(f"{path}/pelapor")
    rina.get_by_label("Alasan").fill(ATTACKS[1])
    rina.get_by_role("button", name="Lihat identitas pelapor").click()
    expect(rina.locator("main")).to_contain_text("<script>alert(1)</script>")
