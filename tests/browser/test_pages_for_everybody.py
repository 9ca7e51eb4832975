"""Pages that need no log-in, in a real browser."""

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, PHONE, Size, browsing, is_accessible


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "without script"])
def test_a_page_that_is_not_there_says_so(chromium: Browser, address: str, size: Size, script: bool) -> None:
    with browsing(chromium, address, size, script) as page:
        answer = page.goto("/statis/there/is/nothing/here/at/all")
        assert answer is not None
        assert answer.status == 404
        assert page.locator("h1").count() == 1
        if script:
            is_accessible(page)
