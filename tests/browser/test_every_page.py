"""Every page that the router has, as an administrator sees it, at both widths: it is there, it is accessible, it fits,
and it asks nobody else for anything. A page with a new value in its path needs an example of it here."""

import re
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from gateway.accounts.account import Role
from gateway.console.pages import ROUTES
from tests.browser.chromium import DESKTOP, PHONE, Size, browsing, is_accessible
from tests.browser.people import signed_in
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.gateway.support import query

MORE = ({"name": "loket", "kind": "desk"}, {"name": "balai-warga", "kind": "form"})
TEXTS = {
    "1": "Banjir selutut di Jl. Kemang Raya depan pasar <script>alert(1)</script>",
    "2": "Jl Kemang Raya banjir selutut depan pasar seni",
    "3": "Lampu jalan padam di Jl. Fatmawati No. 12",
}
#: Of what is not there, or not asked for well, a page says so.
ANSWERS = {200, 303, 400, 404, 409, 410}
READ = sorted({route.path for route in ROUTES if route.method == "GET" and not route.path.startswith("/statis/")})
_VALUE = re.compile(r"\{([a-z_]+)\}")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("pages"), more=MORE, sms={"quiet_seconds": 0}) as running:
        for identity, text in TEXTS.items():
            fetch(f"{running.sms_url}/{SECRET}/mo?{query(identity, text)}")
        running.reported(len(TEXTS))
        yield running


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str, gateway: Gateway) -> Iterator[Page]:
    size: Size = request.param
    with browsing(chromium, address, size) as opened:
        signed_in(opened, gateway, Role.ADMINISTRATOR, f"lihat-{size.width}")
        yield opened


@pytest.fixture(scope="module")
def examples(gateway: Gateway) -> Mapping[str, str]:
    """A value for each in a path, as far as there is one that is shown to everybody who may come."""
    case, *_ = gateway.all("cases")
    report, *_ = gateway.all("reports")
    return {
        "channel": "balai-warga",
        "code": case["code"],
        "digest": "0",
        "entry": "entry-of-nobody",
        "file": "0",
        "import": "0",
        "name": "nobody",
        "number": "1",
        "report": report["id"],
        "seq": "1",
        "token": "link-of-nobody",
        "version": "0",
    }


@pytest.mark.parametrize("path", READ)
def test_a_page_is_accessible(page: Page, examples: Mapping[str, str], path: str) -> None:
    at_desk = {"channel": "loket"} if path.startswith("/meja") else {}
    answer = page.goto(_VALUE.sub(lambda found: ({**examples, **at_desk})[found[1]], path))
    assert answer is not None
    assert answer.status in ANSWERS
    if page.locator("h1").count():  # else it is a part of a page, or a file
        is_accessible(page)
    assert page.locator("h1").count() == (1 if "<!doctype html>" in answer.text()[:20] else 0)
