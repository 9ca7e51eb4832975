"""Logging in, one's own account and those of others, in a real browser: by keys, on a phone, without script."""

import json
import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESKTOP, PHONE, browsing, is_accessible
from tests.end_to_end.kanal import Gateway, until

PASSWORD, WRONG = "sepeda-ontel-biru", "salah-sekali-ini"


@pytest.fixture(params=[(PHONE, True), (DESKTOP, False)], ids=["on a phone", "without script"])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    size, script = request.param
    with browsing(chromium, address, size, script) as opened:
        yield opened


def added(gateway: Gateway, name: str) -> str:
    """The link by which somebody new comes in."""
    done = gateway.kanal("user", "add", name, "--role", "administrator", "--called", "Ibu Ani", "--json")
    assert done.returncode == 0, done
    return str(json.loads(done.stdout)["link"])


def looked_at(page: Page, script: bool) -> None:
    """axe is a script, too."""
    if script:
        is_accessible(page)


def typed(page: Page, *texts: str) -> None:
    """From the field that has the focus on, by keys alone."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def refused_words(page: Page) -> str:
    return page.locator("#errors").inner_text()


@pytest.mark.threat("P1-22")
@pytest.mark.threat("P0-30")
def test_somebody_comes_in_by_keys_and_nothing_that_lets_in_is_logged(
    page: Page, gateway: Gateway, request: pytest.FixtureRequest
) -> None:
    script = "without" not in request.node.callspec.id
    name = re.sub(r"\W", "-", request.node.callspec.id)
    link = added(gateway, name)
    page.goto(link)
    looked_at(page, script)
    page.focus("#password_new")
    typed(page, "pendek", "pendek")
    assert "paling sedikit 12" in refused_words(page)
    looked_at(page, script)
    page.focus("#password_new")
    typed(page, PASSWORD, PASSWORD)
    page.goto("/akun")
    looked_at(page, script)
    page.click("a[href='/akun/aplikasi']")
    looked_at(page, script)
    secret = page.locator("code").inner_text()
    page.focus("#code")
    typed(page, pyotp.TOTP(secret).now())
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == 10
    looked_at(page, script)
    page.goto("/petugas/orang")
    looked_at(page, script)
    page.click(f"a[href='/petugas/orang/akun/{name}']")
    assert page.locator("#display_name").input_value() == "Ibu Ani"
    looked_at(page, script)
    with page.expect_navigation():
        page.click("form[action='/keluar'] button")
    page.focus("#name")
    typed(page, name, WRONG)
    assert "salah" in refused_words(page)
    assert page.locator("#name").input_value() == name
    page.focus("#password")
    typed(page, PASSWORD)
    looked_at(page, script)
    page.focus("#code")
    typed(page, codes[0])
    page.goto("/akun")
    assert page.locator("h1").inner_text() == "Akun saya"
    token = next(one["value"] for one in page.context.cookies() if one["name"] == "kanal")
    secrets = [PASSWORD, WRONG, secret, token, link.rpartition("/")[2], *codes, "Ibu Ani"]
    assert [one for one in secrets if one in gateway.log] == []


def test_the_first_link_stands_where_the_gateway_was_started(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Gateway(tmp_path_factory.mktemp("first")) as fresh:
        line = until(lambda: re.findall(r"log in .*(?=\n)", fresh.log), "the link below the banner")[0]
        assert re.fullmatch(rf"log in   http://127\.0\.0\.1:{fresh.web}/masuk/[\w-]{{43}}   \(once, within 15 .*", line)
