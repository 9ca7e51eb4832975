"""Tables in a real browser: a file goes in with its columns and a bar, what was refused comes back, reports go out."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gateway.accounts.account import Role
from tests.browser.chromium import PHONE, browsing, is_accessible
from tests.browser.people import signed_in
from tests.end_to_end.kanal import Gateway
from tests.gateway.support import BUDI

EVIL = "<img src=x onerror=alert(1)>"
BAD = f"kemarin;{EVIL} got mampet;Jl. Mawar;;Siti\n"
MANY = "".join(
    f"0{number % 9 + 1}/02/2025;Got mampet di gang {number};Jl. Melati {number};;\n" for number in range(300)
)
TABLE = (
    f"Tanggal;Cerita {EVIL};Alamat;No HP;Catatan\n{BAD}03/02/2025;Lampu jalan padam;Jl. Fatmawati;{BUDI};Budi\n{MANY}"
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("tables"), more=[{"name": "arsip", "kind": "table"}]) as running:
        yield running


def bring(page: Page) -> None:
    page.goto("/petugas/impor")
    page.get_by_label("Berkas tabel").set_input_files(
        {"name": f"lama{EVIL}.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Lihat isinya").click()


def test_a_table_goes_in_while_nobody_looks(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address, PHONE) as page:
        signed_in(page, gateway, Role.OPERATOR, "impor")
        bring(page)
        page.get_by_text("ditolak.").first.wait_for()
        is_accessible(page)
        assert page.get_by_text("tanggal 'kemarin' tidak terbaca").is_visible()
        page.get_by_role("button", name=re.compile("Mulai impor")).click()
        page.locator("progress").wait_for()
        is_accessible(page)
        here = page.url
        page.goto("about:blank")
        page.goto(here)
        page.get_by_text("302 dari 302 baris.").wait_for()
        page.get_by_text("Selesai", exact=True).wait_for()
        with page.expect_download() as coming:
            page.get_by_role("link", name="Unduh baris yang ditolak").click()
        back = coming.value
        assert back.suggested_filename.endswith("-ditolak.csv")
        head, bad = csv.reader(back.path().read_text("utf-8-sig").splitlines(), delimiter=";")
        assert (head[0], bad[1], len(bad)) == ("alasan", "kemarin", 6)


def test_without_script_it_goes_as_well(chromium: Browser, gateway: Gateway, address: str) -> None:
    with browsing(chromium, address, script=False) as page:
        signed_in(page, gateway, Role.OPERATOR, "impor-tanpa-skrip")
        bring(page)
        page.get_by_role("button", name=re.compile("Mulai impor")).click()
        for _ in range(100):
            if page.get_by_text("Selesai", exact=True).count():
                break
            page.reload()
        assert page.get_by_text("302 dari 302 baris.").is_visible()


def test_reports_go_out(chromium: Browser, gateway: Gateway, address: str, tmp_path: Path) -> None:
    if len(gateway.all("reports")) < 300:
        (tmp_path / "lama.csv").write_text(TABLE.replace(BAD, ""), "utf-8")
        done = gateway.kanal("import", str(tmp_path / "lama.csv"), "--channel", "arsip", "--yes")
        assert done.returncode == 0, done
        gateway.settled()
    with browsing(chromium, address) as page:
        signed_in(page, gateway, Role.OPERATOR, "ekspor")
        page.goto("/petugas/ekspor")
        page.get_by_label("Kode wilayah").fill("99.99")
        page.get_by_role("button", name="Unduh").click()
        page.get_by_text("Tidak ada yang cocok.").first.wait_for()
        is_accessible(page)
        page.get_by_label("Kode wilayah").fill("")
        page.get_by_label("Bentuk berkas").select_option("csv")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Unduh").click()
        lines = list(csv.reader(coming.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))
        assert lines[0][0] == "Kode"
        assert len(lines) > 300
