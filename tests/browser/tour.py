"""`python -m tests.browser.tour [FOLDER]`: the pictures of the README's tour, of the demo's afternoon in a browser."""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from gateway.demo import afternoon
from tests.browser.chromium import DESKTOP, PHONE, Size, browsing, start
from tests.browser.people import by_link

FOLDER = Path(__file__).parents[2] / "docs" / "tour"
#: Minutes of the afternoon in a second.
SPEED = 20.0
COLOURS = 64
FLOOD = "Banjir selutut di Jl. Kemang Raya depan pasar seni"


def inbox(page: Page) -> None:
    page.goto("/petugas?tenggat=1")
    page.keyboard.press("j")


def case(page: Page) -> None:
    """The one that most reported."""
    page.goto("/petugas?q=kemang")
    rows = page.locator("tbody tr")
    counts = [int(one.removeprefix("×")) for one in rows.locator(".by .number").all_inner_texts()]
    rows.nth(counts.index(max(counts))).locator("a").click()
    page.locator("h1 .code").wait_for()


def review(page: Page) -> None:
    page.goto("/petugas/ragu")
    page.locator(".pair").wait_for()


def channels(page: Page) -> None:
    page.goto("/petugas/kanal")


def desk(page: Page) -> None:
    page.goto("/meja")
    page.locator("#desk-entry[data-ready]").wait_for()
    page.locator("#office").select_option("kelurahan-31.74.03.1001")
    page.locator("#what").press_sequentially(FLOOD)
    page.get_by_label("Ikut laporan ini").first.wait_for()


def receipt(page: Page) -> None:
    desk(page)
    page.locator("#what").fill("Lampu taman padam di Jl. Ampera Raya")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Tanda terima").wait_for()


def form(page: Page) -> None:
    page.goto("/lapor")
    page.locator("[name=what]").fill(FLOOD)


def status(page: Page) -> None:
    """Of what the receipt is of, as its citizen sees it."""
    code, pin = page.locator(".receipt .code").all_inner_texts()[:2]
    page.context.clear_cookies()
    page.goto("/lacak")
    page.locator("main [name=kode]").fill(code)
    page.locator("main [name=pin]").fill(pin)
    page.locator("main button").first.click()
    page.locator(".timeline").wait_for()


SHOTS: Mapping[Callable[[Page], None], Size] = {
    inbox: DESKTOP,
    case: DESKTOP,
    review: DESKTOP,
    channels: DESKTOP,
    desk: DESKTOP,
    receipt: PHONE,
    status: PHONE,
    form: PHONE,
}


def take(link: str, folder: Path) -> None:
    """As an administrator who comes in by this link."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = start(playwright)
        with browsing(browser, link.partition("/masuk")[0]) as page:
            by_link(page, link)
            for show, size in SHOTS.items():
                page.set_viewport_size({"width": size.width, "height": size.height})
                show(page)
                path = folder / f"{show.__name__}.png"
                page.evaluate("scrollTo(0, 0)")
                path.write_bytes(small(page.screenshot()))
                print(f"{path}  {path.stat().st_size // 1000} kB", file=sys.stderr)
        browser.close()


def small(png: bytes) -> bytes:
    """The picture in few colours, as pages have them."""
    file = BytesIO()
    flat = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    flat.save(file, "PNG", optimize=True)
    return file.getvalue()


def main(folder: Path) -> None:
    async def look(_: afternoon.Ending, link: str) -> None:
        await asyncio.to_thread(take, link, folder)

    with tempfile.TemporaryDirectory(prefix="kanal-tour-") as data:
        asyncio.run(afternoon.run(Path(data), SPEED, Console(quiet=True), look))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
