"""The inbox and the review of unsure duplicates in a real browser, worked by keys alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.accounts.account import Role
from tests.browser.chromium import browsing, is_accessible
from tests.browser.people import signed_in
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.gateway.support import BUDI, RINA, query

TEXTS = (
    (BUDI, "Lampu jalan padam di Jl. Fatmawati No. 12"),
    (RINA, "Lampu PJU padam dekat Fatmawati, gelap sekali"),
    (BUDI, "Pohon tumbang menutup trotoar di Jl. Barito"),
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("inbox"), sms={"quiet_seconds": 0}) as running:
        for number, (sender, text) in enumerate(TEXTS):
            fetch(f"{running.sms_url}/{SECRET}/mo?{query(str(number), text, sender)}")
        running.reported(len(TEXTS))
        yield running


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str, gateway: Gateway) -> Iterator[Page]:
    with browsing(chromium, address) as opened:
        signed_in(opened, gateway, Role.OPERATOR)
        yield opened


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_list_is_gone_through_searched_and_opened_by_keys(page: Page) -> None:
    page.goto("/petugas")
    rows = [str(row.get_attribute("id")) for row in page.locator("[data-row]").all()]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == rows[1]
    page.keyboard.press("k")
    assert focused(page) == rows[0]
    page.keyboard.press("e")
    page.wait_for_url(f"**/petugas/kasus/{rows[0]}#tugas")
    page.goto("/petugas")
    page.keyboard.press("/")
    page.keyboard.type("pohon")
    assert page.locator("#q").input_value() == "pohon"
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/petugas/kasus/*")


def test_what_refreshes_keeps_the_row_that_was_chosen(page: Page) -> None:
    page.goto("/petugas")
    page.keyboard.press("j")
    chosen = focused(page)
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.evaluate("htmx.ajax('GET', location.pathname, {target: '#daftar'})")
    page.wait_for_function("id => document.activeElement.id === id", arg=chosen)


def test_the_keys_are_told_and_can_be_switched_off(page: Page) -> None:
    page.goto("/petugas")
    page.keyboard.press("?")
    dialog = page.locator("#pintasan")
    expect(dialog).to_be_visible()
    is_accessible(page)
    dialog.get_by_label("Pakai pintasan satu huruf").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert focused(page) == ""
    page.get_by_role("button", name=re.compile("Pintasan")).click()
    dialog.get_by_label("Pakai pintasan satu huruf").check()


def test_a_pair_is_decided_and_taken_back_by_keys(page: Page) -> None:
    page.goto("/petugas/ragu")
    expect(page.locator(".pair section")).to_have_count(2)
    is_accessible(page)
    page.keyboard.press("n")
    expect(page.get_by_text("dicatat berbeda")).to_be_visible()
    expect(page.locator(".pair section")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(".pair section")).to_have_count(2)
    page.keyboard.press(" ")
    page.wait_for_url("**setelah=*")
    expect(page.locator(".pair section")).to_have_count(0)
    page.go_back()
    page.keyboard.press("y")
    expect(page.get_by_text("kini satu kasus")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".pair section")).to_have_count(2)
