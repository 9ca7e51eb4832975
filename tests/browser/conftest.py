"""Browsers at the pages of a gateway that runs as a process of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium as programs
from tests.end_to_end.kanal import Gateway


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of this module alone: while it is there, no asynchronous test can run in the same process."""
    with sync_playwright() as playwright:
        browser = programs.start(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def address(gateway: Gateway) -> str:
    return f"http://127.0.0.1:{gateway.web}"
