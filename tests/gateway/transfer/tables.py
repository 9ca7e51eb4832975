"""Tables as bytes, and what is understood of them."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from adapters import TableRow
from gateway import categories
from gateway.transfer import headings, importing, opening, wording
from gateway.transfer.checking import Checked, Checking
from gateway.transfer.table import Cell, Form, Line, Table
from gateway.transfer.writing import new_sheet

WORDING = wording.load()
CATEGORIES = categories.load()
ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def workbook(*rows: Sequence[Any], title: str = "Sheet") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def opened(content: bytes, sheet: str = "") -> Table:
    return opening.opened(content, WORDING, sheet)


def table(names: Sequence[str], rows: Sequence[Sequence[Cell]], suffix: str = ".csv") -> Table:
    lines = [Line(number, tuple(cells)) for number, cells in enumerate(rows, 2)]
    return Table(tuple(names), lines, Form(suffix, ";"))


def refused(table: Table, bad: Sequence[Checked]) -> bytes:
    """The file in which these rows come back."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ditolak"
        with new_sheet(file, table.form) as sheet:
            importing.write_refused(sheet, table, bad, WORDING, "id")
        return file.read_bytes()


def checked(content: bytes, *said: str) -> list[Checked]:
    return checked_table(opened(content), *said)


def checked_table(table: Table, *said: str) -> list[Checked]:
    checking = Checking(table, headings.mapped(table, WORDING, said), WORDING, CATEGORIES, ZONE, NOW)
    return [checking.check(line) for line in table.lines]


def row(content: bytes, *said: str) -> TableRow:
    [one] = checked(content, *said)
    assert one.row is not None, one.refusals
    return one.row


def why(content: bytes, *said: str) -> list[list[str]]:
    """The names of the reasons for each row."""
    return [[refusal.name for refusal in one.refusals] for one in checked(content, *said)]
