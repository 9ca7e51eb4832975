"""The desk in a real browser: keys alone, a phone, a draft, no network, and each entry once."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Cookie, Error, Page, Route

from gateway.accounts.account import Role
from tests.browser.chromium import PHONE, browsing, is_accessible
from tests.browser.people import signed_in, signed_in_again
from tests.end_to_end.kanal import Gateway
from tests.gateway import borders

OFFICE = "kelurahan-31.74.03.1002"
WHAT = "Saluran di depan rumah mampet, air masuk ke dapur kalau hujan"
WHERE, SINCE, NAME, PHONE_NUMBER = "Jl. Bangka XI No. 7", "Senin lalu", "Sari Dewi", "081234567890"
#: An officer's hands.
PER_MINUTE, SECONDS = 200, 60
Cookies = list[Cookie]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("desk")
    borders.imported(folder / "data")
    with Gateway(folder, more=[{"name": "desk", "kind": "desk"}]) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(chromium: Browser, gateway: Gateway, address: str) -> Cookies:
    """Of an officer who is logged in."""
    with browsing(chromium, address) as page:
        signed_in(page, gateway, Role.OFFICER, "sari", office=OFFICE, called="Sari Dewi")
        return page.context.cookies()


def at_desk(page: Page, cookies: Cookies, to: str = "/meja") -> None:
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(to)
    page.locator("#desk-entry[data-ready]").wait_for()


def code_of(page: Page) -> str:
    page.get_by_role("heading", name="Tanda terima").wait_for()
    return page.locator(".receipt .code").first.inner_text()


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)

    def tab_to(self, name: str) -> None:
        for _ in range(20):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.press("Tab")
        pytest.fail(f"{name} cannot be reached by keys")


def test_a_walk_in_is_entered_by_keys_within_a_minute(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        keys = Keys(page)
        for name, text in (("what", WHAT), ("where", WHERE), ("since", SINCE), ("name", NAME), ("phone", PHONE_NUMBER)):
            keys.tab_to(name)
            keys.type(text)
        keys.press("Enter")
        code = code_of(page)
        assert page.evaluate("document.activeElement.id") == "print"
        keys.press("Tab")
        keys.press("Enter")
        page.locator("#desk-entry[data-ready]").wait_for()
        assert page.locator("#what").input_value() == ""
    seconds = keys.count * 60 / PER_MINUTE
    print(f"\na walk-in takes {keys.count} keystrokes, {seconds:.0f} s at {PER_MINUTE} a minute, receipt included")
    assert seconds <= SECONDS
    (report,) = [row for row in gateway.all("reports") if row["case"] == code]
    assert report["desk"] == {"office": OFFICE, "clerk": "sari"}


def test_errors_receipt_and_look_up_are_accessible_on_a_phone(
    chromium: Browser, address: str, cookies: Cookies
) -> None:
    with browsing(chromium, address, PHONE) as page:
        at_desk(page, cookies)
        page.locator("summary").first.click()
        is_accessible(page)
        page.get_by_role("button", name="Simpan").click()
        page.get_by_text("Ada isian yang perlu diperbaiki").wait_for()
        is_accessible(page)
        page.locator("#what").fill("Pohon miring di Jl. Kemang")
        page.get_by_role("button", name="Simpan").click()
        code = code_of(page)
        is_accessible(page)
        page.emulate_media(media="print")
        assert page.locator(".receipt svg").is_visible() and not page.locator("#next").is_visible()
        page.emulate_media(media="screen")
        page.goto("/meja/cari")
        page.locator("[name=q]").fill(code)
        page.get_by_role("button", name="Cari").click()
        page.get_by_text("1 laporan ditemukan").wait_for()
        is_accessible(page)


def test_what_is_wrong_loses_no_photo(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies, tmp_path: Path
) -> None:
    photo = tmp_path / "pagar.png"
    photo.write_bytes((Path(__file__).parents[2] / "config" / "demo" / "photo.png").read_bytes())
    with browsing(chromium, address, PHONE) as page:
        at_desk(page, cookies)
        page.locator("#what").fill("Pagar taman roboh di Jl. Benda")
        page.locator("#photo").set_input_files(photo)
        page.locator("#phone").fill("12")
        page.get_by_role("button", name="Simpan").click()
        page.get_by_text("Ada isian yang perlu diperbaiki").wait_for()
        page.locator("#desk-entry[data-ready]").wait_for()
        assert page.evaluate("[...document.querySelector('#photo').files].map((one) => one.name)") == ["pagar.png"]
        page.locator("#phone").fill("")
        page.get_by_role("button", name="Simpan").click()
        code = code_of(page)
        page.goto("/meja")
        page.locator("#desk-entry[data-ready]").wait_for()
        assert page.evaluate("document.querySelector('#photo').files.length") == 0
    (report,) = [row for row in gateway.all("reports") if row["case"] == code]
    assert [one["media_type"] for one in report["attachments"]] == ["image/png"]


def test_without_script_it_is_the_same_form(chromium: Browser, address: str, cookies: Cookies, tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    photo.write_bytes((Path(__file__).parents[2] / "config" / "demo" / "photo.png").read_bytes())
    with browsing(chromium, address, script=False) as page:
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto("/meja")
        page.locator("#what").fill("Lampu taman padam di Jl. Ampera")
        page.get_by_role("button", name="Cari laporan serupa").click()
        assert page.locator("#what").input_value() == "Lampu taman padam di Jl. Ampera"
        page.locator("#photo").set_input_files(photo)
        page.get_by_role("button", name="Simpan").click()
        assert code_of(page)


def test_similar_reports_appear_while_typing_and_one_is_joined(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.locator("#what").fill("Banjir setinggi lutut di Jl. Kemang Raya sejak pagi")
        page.keyboard.press("Control+Enter")
        code = code_of(page)
        page.locator("#next").click()
        page.locator("#desk-entry[data-ready]").wait_for()
        page.locator("#what").press_sequentially("banjir kemang raya selutut")
        page.get_by_label(f"Ikut laporan ini {code}").wait_for()
        assert not page.locator("#similar-seen").is_visible()
        page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
        page.get_by_text("Lihat 1 laporan serupa").click()
        page.get_by_label(f"Ikut laporan ini {code}").check()
        page.keyboard.press("Enter")
        assert code_of(page) == code
    assert len([row for row in gateway.all("reports") if row["case"] == code]) == 2


def test_a_draft_survives_a_closed_page_but_no_nik_and_in_no_clear_words(
    chromium: Browser, address: str, cookies: Cookies
) -> None:
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.locator("#what").press_sequentially("Pagar sekolah roboh")
        page.locator("#name").fill("Wulan")
        page.locator("#desk-entry[data-draft=kept]").wait_for()
        kept = page.evaluate(DUMP)
        assert "Wulan" not in kept
        page.close()
        later = page.context.new_page()
        later.goto("/meja")
        later.locator("#desk-entry[data-restored]").wait_for()
        found = [later.locator(name).input_value() for name in ("#what", "#name")]
        assert found == ["Pagar sekolah roboh", "Wulan"]
        later.get_by_role("button", name="Simpan").click()
        code_of(later)
        later.goto("/meja")
        later.locator("#desk-entry[data-ready]").wait_for()
        assert later.locator("#what").input_value() == ""


def open_without_network(page: Page) -> None:
    """As a clerk does, who loads the page again if it did not come: while Chromium takes the network away from the
    worker it may end what the worker is about, be it the page or its script."""
    for _ in range(5):
        with suppress(Error):
            page.goto("/meja")
            page.locator("#desk-entry[data-ready]").wait_for(timeout=15_000)
            return
        page.wait_for_timeout(200)
    pytest.fail("without a network the page does not open")


def test_without_a_network_entries_wait_and_are_sent_once_each(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    said = ["Sampah menumpuk di Jl. Cipete", "Trotoar rusak di Jl. Pejaten", "Halte kotor di Jl. Antasari"]
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("caches.open('kanal-desk-1').then(c => c.match('/meja')).then(Boolean)")
        page.context.set_offline(True)
        for number, words in enumerate(said, 1):
            open_without_network(page)
            page.locator("#what").fill(words)
            page.keyboard.press("Control+Enter")
            page.locator(f"#desk-bar[data-waiting-count='{number}']").wait_for()
            assert page.locator("#what").input_value() == ""
        assert page.locator("#desk-bar").inner_text().strip() == (
            "Jaringan terputus. Teruskan saja: isian disimpan di peramban ini. 3 isian menunggu dikirim."
        )
        assert words not in page.evaluate(DUMP)
        page.context.set_offline(False)
        page.get_by_text("3 isian terkirim.").wait_for()
        page.goto("/meja")
        page.locator("#desk-entry[data-ready]").wait_for()
        is_accessible(page)
        assert words not in page.evaluate(DUMP)
        page.get_by_role("link", name=words).click()
        code = code_of(page)
        page.goto("/meja")
        page.get_by_role("button", name="Semua sudah diserahkan").click()
        page.locator("#desk-bar").wait_for(state="hidden")
    gateway.settled()
    assert [row["case"] for row in gateway.all("reports") if row["text"] == words] == [code]
    texts = [row["text"] for row in gateway.all("reports")]
    assert [texts.count(words) for words in said] == [1, 1, 1]


def test_an_answer_that_was_lost_makes_no_second_report(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    words = "Kabel menjuntai di Jl. Poltangan"
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.route("**/meja/desk", lost_after_it_arrived)
        page.locator("#what").fill(words)
        page.keyboard.press("Control+Enter")
        page.locator("#desk-bar[data-waiting-count='1']").wait_for()
        page.unroute("**/meja/desk")
        page.goto("/meja")
        page.locator("#desk-bar[data-waiting-count='0']").wait_for(state="attached")
    gateway.settled()
    assert [row["text"] for row in gateway.all("reports")].count(words) == 1


def test_what_waits_is_sent_after_the_next_log_in_by_the_same_officer_alone(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    words = "Portal jalan rusak di Jl. Salihara"
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.context.clear_cookies()
        page.locator("#what").fill(words)
        page.keyboard.press("Control+Enter")
        page.get_by_role("link", name="Masuk lagi").wait_for()
        signed_in(page, gateway, Role.OFFICER, "tono", office=OFFICE)
        page.goto("/meja")
        page.get_by_text("1 isian milik petugas lain").wait_for()
        page.context.clear_cookies()
        signed_in_again(page, "sari")
        page.goto("/meja")
        page.locator("#desk-bar[data-waiting-count='0']").wait_for(state="attached")
    gateway.settled()
    (report,) = [row for row in gateway.all("reports") if row["text"] == words]
    assert report["desk"]["clerk"] == "sari"


def test_an_entry_that_was_wrong_is_corrected_later(
    chromium: Browser, gateway: Gateway, address: str, cookies: Cookies
) -> None:
    words = "Gorong-gorong ambles di Jl. Ragunan"
    with browsing(chromium, address) as page:
        at_desk(page, cookies)
        page.context.set_offline(True)
        page.locator("#what").fill(words)
        page.locator("#phone").fill("0812")
        page.keyboard.press("Enter")
        page.locator("#desk-bar[data-waiting-count='1']").wait_for()
        page.context.set_offline(False)
        page.get_by_role("button", name="Perbaiki").click()
        page.get_by_text("Nomor telepon ini tidak benar").first.wait_for()
        assert page.locator("#what").input_value() == words
        page.locator("#phone").fill("081200000077")
        page.keyboard.press("Enter")
        assert code_of(page)
    assert [row["text"] for row in gateway.all("reports")].count(words) == 1


def lost_after_it_arrived(route: Route) -> None:
    route.fetch()
    route.abort()


#: All that the browser keeps for us, as text.
DUMP = """async () => {
  const database = await new Promise((resolve) => {
    const asked = indexedDB.open("kanal-desk");
    asked.onsuccess = () => resolve(asked.result);
  });
  const all = (name) => new Promise((resolve) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => resolve(asked.result);
  });
  const rows = [...await all("drafts"), ...await all("entries")];
  const bytes = rows.flatMap((row) => Object.values(row).filter((one) => one instanceof ArrayBuffer));
  const sealed = bytes.map((one) => new TextDecoder("latin1").decode(one));
  return JSON.stringify([rows, localStorage]) + sealed.join("");
}"""
