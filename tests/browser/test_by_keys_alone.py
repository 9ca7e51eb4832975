"""A working day by the keyboard: from the log-in to the desk no mouse is needed, and where one is can be seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from gateway.accounts.account import Role
from tests.browser.chromium import browsing
from tests.browser.people import PASSWORD, signed_in
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.gateway.support import query

#: The first two may be of one incident.
TEXTS = (
    "Lampu jalan padam di Jl. Fatmawati No. 12",
    "Lampu PJU padam dekat Fatmawati, gelap sekali",
    "Pohon miring di Jl. Ampera",
)
#: What somebody who looks can tell the focus by.
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  if (one === document.body) return ["what is around the page", "browser", true, true];
  return [`${one.tagName} ${one.type} ${one.name}`, style.outlineStyle,
    parseFloat(style.outlineWidth) > 0, one.getClientRects().length > 0];
}"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    desk = {"name": "loket", "kind": "desk"}
    with Gateway(tmp_path_factory.mktemp("keys"), more=[desk], sms={"quiet_seconds": 0}) as running:
        for number, text in enumerate(TEXTS):
            fetch(f"{running.sms_url}/{SECRET}/mo?{query(str(number), text, f'+62811000000{number}')}")
        running.reported(len(TEXTS))
        yield running


class Hands:
    """At a keyboard alone; after each key it can be seen where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        if key == "Tab":
            self.is_seen()

    def is_seen(self) -> None:
        tag, style, is_wide, is_there = self.page.evaluate(FOCUS)
        assert (tag, style != "none", is_wide, is_there) == (tag, True, True, True)

    def tab_to(self, selector: str) -> None:
        for _ in range(80):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        pytest.fail(f"{selector} cannot be reached by Tab on {self.page.url}")

    def enter(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(text)


def test_from_the_log_in_to_the_desk(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address) as page:
        signed_in(page, gateway, Role.OPERATOR, "rina")
        page.context.clear_cookies()
        page.goto("/masuk")
        hands = Hands(page)
        hands.enter("[name=name]", "rina")
        hands.enter("[name=password]", PASSWORD)
        hands.press("Enter")
        page.wait_for_url("**/petugas")
        hands.press("j")
        hands.is_seen()
        hands.press("Enter")
        page.wait_for_url("**/petugas/kasus/*")
        hands.press("s")
        hands.tab_to("#new-status")
        hands.is_seen()
        page.keyboard.press("ArrowDown")
        page.locator("#status [name=foreseen]").wait_for(state="attached")
        hands.tab_to("#status button:not([type=button])")
        hands.press("Enter")
        page.wait_for_url("**/petugas/kasus/*jadi=status*")
        hands.tab_to("nav a[href='/petugas/ragu']")
        hands.press("Enter")
        page.wait_for_url("**/petugas/ragu")
        hands.press("n")
        page.wait_for_url("**/petugas/ragu?*putusan=beda*")
        hands.tab_to("nav a[href='/meja']")
        hands.press("Enter")
        page.locator("#desk-entry[data-ready]").wait_for()
        hands.tab_to("#office")
        page.keyboard.press("ArrowDown")
        hands.enter("#what", "Got mampet di Jl. Mawar")
        hands.press("Control+Enter")
        page.get_by_role("heading", name="Tanda terima").wait_for()
        hands.is_seen()


def test_the_first_key_leads_past_the_navigation(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address) as page:
        page.goto("/masuk")
        hands = Hands(page)
        hands.press("Tab")
        hands.press("Enter")
        assert page.evaluate("document.activeElement.id") == "isi"
