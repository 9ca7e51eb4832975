"""`kanal export`: cases and reports for a spreadsheet; who reported only with a reason, which is recorded."""

import asyncio
import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from gateway.cli.commands import app
from gateway.store import audit
from gateway.store.views import Views
from gateway.transfer.exporting import CASES, IDENTITY, REPORTS
from gateway.transfer.table import FORMULA, unguarded
from gateway.transfer.writing import CsvSheet, XlsxSheet
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, running, settings_in, sms
from tests.gateway.transfer import tables

WHY = ("--identity", "--why", "rekap untuk inspektorat")
EVIL = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that has stopped: a flood, a lamp of which a number is told, and a formula."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\n'
        'secret = { file = "secret" }\n'
    )

    async def a_day() -> None:
        async with running(settings_in(folder)) as gateway:
            await gateway.judging()
            await gateway.send(sms("m1", FLOOD), sms("m2", f"{LAMP}, hubungi 081234567890", RINA), sms("m3", EVIL))
            code = gateway.all("cases")[0]["code"]
            await gateway.app._lineup.operations.move(code, "proses", "budi")

    asyncio.run(a_day())
    return folder


def kanal(folder: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["export", *words, "--config", str(folder / "kanal.toml")])
    assert result.exit_code == code, result.output
    return result


def lines(folder: Path, *words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(kanal(folder, *words).stdout, newline="")))


FILTERS: dict[str, tuple[list[str], int]] = {
    "all reports": (["reports"], 3),
    "all cases": (["cases"], 3),
    "by status": (["cases", "--status", "proses"], 1),
    "reports by their case's status": (["reports", "--status", "menunggu"], 2),
    "by unit": (["cases", "--unit", "biro-pemerintahan"], 2),
    "by area": (["cases", "--area", "31.74"], 0),
    "unsure": (["cases", "--unsure"], 0),
    "late": (["cases", "--late"], 0),
    "by channel": (["reports", "--channel", "sms"], 3),
    "since": (["reports", "--since", "2020-01-01"], 3),
    "until": (["reports", "--until", "2020-01-01"], 0),
    "cases until": (["cases", "--until", "2020-01-01"], 0),
}


@pytest.mark.parametrize(("words", "count"), FILTERS.values(), ids=FILTERS)
def test_what_is_exported_can_be_chosen(folder: Path, words: list[str], count: int) -> None:
    found = lines(folder, *words)
    assert len(found) == count
    assert all(tuple(row) == (CASES if words[0] == "cases" else REPORTS) for row in found)
    assert len(kanal(folder, *words, "--json").stdout.splitlines()) == count


def test_a_workbook_has_text_as_text_and_times_as_times_of_the_place(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "laporan.xlsx"
    assert "3 reports written" in kanal(folder, "reports", str(file)).stderr
    assert file.stat().st_mode & 0o777 == 0o600
    sheet: Any = load_workbook(file).active
    head, *found = sheet.iter_rows()
    assert tuple(cell.value for cell in head) == REPORTS
    text = [row[REPORTS.index("text")] for row in found]
    assert [(cell.value, cell.data_type) for cell in text][::2] == [(FLOOD, "s"), (EVIL, "s")]
    told = datetime.fromisoformat(json.loads(kanal(folder, "--json").stdout.splitlines()[0])["received_at"])
    assert found[0][REPORTS.index("received_at")].value == told.astimezone(tables.ZONE).replace(tzinfo=None)


@pytest.mark.threat("P0-31")
def test_who_reported_is_left_out_and_numbers_in_words_are_masked(folder: Path, tmp_path: Path) -> None:
    kanal(folder, "reports", str(tmp_path / "laporan.xlsx"))
    kanal(folder, "cases", str(tmp_path / "kasus.csv"))
    said = kanal(folder).stdout + kanal(folder, "--json").stdout + (tmp_path / "kasus.csv").read_text("utf-8-sig")
    sheet: Any = load_workbook(tmp_path / "laporan.xlsx").active
    said += "".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)
    assert "Jl. Fatmawati" in said
    assert [number for number in (BUDI[3:], RINA[3:], "81234567890") if number in said] == []


@pytest.mark.threat("P0-31")
def test_who_reported_is_told_for_a_reason_that_is_recorded_before(folder: Path) -> None:
    assert "needs" in kanal(folder, "--help").stdout
    assert "say by --why" in kanal(folder, "--identity", code=2).stderr
    found = lines(folder, "reports", *WHY)
    assert tuple(found[0]) == (*REPORTS, *IDENTITY)
    assert [unguarded(row["address"]) for row in found] == [BUDI, RINA, BUDI]
    assert "081234567890" in found[1]["text"]
    with Views(folder / "data") as views:
        entry = next(audit.entries(views.connection, views.vault))
    assert (entry["action"], entry["why"]) == ("export who reported", "rekap untuk inspektorat")
    assert entry["about"] == [row["report"] for row in found]


REFUSED: dict[str, tuple[list[str], str]] = {
    "something else": (["units"], "'units' is not one of"),
    "another kind of file": (["reports", "laporan.pdf"], "name it .csv, .xlsx or .jsonl"),
    "a status that is none": (["--status", "selsai"], "did you mean 'selesai'?"),
    "a category that is none": (["--category", "banjr"], "did you mean 'banjir'?"),
    "a day that is none": (["--since", "kemarin"], "write it as 2026-11-20"),
    "whose a case is": (["cases", *WHY], "export reports"),
}


@pytest.mark.parametrize(("words", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_exported_is_said(folder: Path, words: list[str], says: str) -> None:
    assert says in kanal(folder, *words, code=2).stderr


WILD = st.lists(st.text(max_size=30) | st.text("=+-@\t\r\n＝＋－＠'\" 1", max_size=8), min_size=1, max_size=4)


@pytest.mark.threat("P1-27")
@settings(deadline=None)
@given(WILD)
def test_no_cell_of_a_csv_file_is_a_formula_and_all_can_be_read_back(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    CsvSheet(file, ";").write(cells)
    [found] = csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=";")
    assert not [cell for cell in found if cell.startswith(FORMULA)]
    assert [unguarded(cell) for cell in found] == [unguarded(cell) for cell in cells]


@pytest.mark.threat("P1-27")
@settings(max_examples=30, deadline=None)
@given(WILD)
def test_every_cell_of_a_workbook_is_text(cells: list[str]) -> None:
    sheet, file = XlsxSheet(), io.BytesIO()
    sheet.write(cells)
    sheet.save(file)
    read: Any = load_workbook(file).active
    assert {cell.data_type for row in read.iter_rows() for cell in row if cell.value is not None} <= {"s"}


def test_a_number_stays_readable_and_comes_back_as_it_was() -> None:
    file = io.StringIO(newline="")
    CsvSheet(file, ",").write(["Isi Laporan", "No HP"])
    CsvSheet(file, ",").write(["Got mampet", BUDI])
    assert f"'{BUDI}" in file.getvalue()
    assert tables.row(file.getvalue().encode()).phone == BUDI
