"""Debian's Chromium, and what is watched while a test is at a page: nothing may be shown that a page did not intend,
nothing be asked of other hosts, and nothing be done that the pages forbid themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from shutil import which
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Playwright, expect

from tests.end_to_end.kanal import PATIENCE_SECONDS

#: A browser that looks for nothing by itself.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


class Size(NamedTuple):
    width: int
    height: int


DESKTOP, PHONE = Size(1280, 800), Size(360, 740)


def start(playwright: Playwright) -> Browser:
    program = which("chromium")
    if program is None:
        pytest.fail("Debian's chromium is not installed: run tests/system.sh as root")
    expect.set_options(timeout=PATIENCE_SECONDS * 1_000)
    return playwright.chromium.launch(executable_path=program, args=list(QUIET))


class Watched:
    """A browser of one person. `forbidden` are what a page tried and its policy kept it from, `dialogs` what it popped
    up, `hosts` whom it asked for something."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.forbidden: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        context.on("request", lambda request: self._asked(request.url))
        context.on("page", self._watch)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _asked(self, url: str) -> None:
        if not url.startswith(("blob:", "data:")):  # which are in the page itself
            self.hosts.add(urlsplit(url).netloc)

    def _watch(self, page: Page) -> None:
        page.on("dialog", self._answer)
        page.on("console", lambda line: self._heard(line.text))

    def _answer(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.accept()

    def _heard(self, line: str) -> None:
        if "Content Security Policy" in line or "Content-Security-Policy" in line:
            self.forbidden.append(line)


@contextmanager
def browsing(chromium: Browser, address: str, size: Size = DESKTOP, script: bool = True) -> Iterator[Page]:
    """A person's own browser at `address`, with none of another's cookies. At its end nothing was forbidden, popped up
    or asked of other hosts."""
    is_phone = size.width <= 640
    context = chromium.new_context(
        base_url=address,
        viewport={"width": size.width, "height": size.height},
        has_touch=is_phone,
        java_script_enabled=script,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1_000)
    watched = Watched(context)
    try:
        yield context.new_page()
        found = (watched.forbidden, watched.dialogs, watched.errors, watched.hosts - {urlsplit(address).netloc})
        assert found == ([], [], [], set()), found
    finally:
        context.close()


def is_accessible(page: Page) -> None:
    """WCAG 2.2 AA as far as a machine can tell (axe-core), nothing is wider than the screen, and no value is squeezed
    beside its name."""
    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:5]) for one in found] == []
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], "it is wider than the screen"
    values = "[...document.querySelectorAll('.facts dd')].filter((one) => one.offsetParent && one.clientWidth < 100)"
    assert page.evaluate(f"{values}.map((one) => one.textContent)") == []


def screenshot(page: Page, folder: Path, name: str) -> Path:
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
