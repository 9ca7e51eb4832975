"""Tables to be opened by a spreadsheet, in which nothing is a formula."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TextIO

from gateway.durable import for_its_owner
from gateway.transfer.table import Cell, Form, harmless, words

#: What XML 1.0 cannot carry, and so no XLSX.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767


class Sheet(Protocol):
    def write(self, cells: Sequence[Cell]) -> None: ...


class CsvSheet:
    def __init__(self, file: TextIO, separator: str = ",") -> None:
        self._writer = csv.writer(file, delimiter=separator or ",")

    def write(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([harmless(_text(cell)) for cell in cells])


class XlsxSheet:
    """Text is written as text, whatever it looks like; numbers and times as such."""

    def __init__(self, title: str = "Kanal") -> None:
        from openpyxl import Workbook  # noqa: PLC0415 a tenth of a second

        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet(title)

    def write(self, cells: Sequence[Cell]) -> None:
        self._sheet.append([self._cell(cell) for cell in cells])

    def save(self, file: BinaryIO) -> None:
        self._book.save(file)

    def _cell(self, cell: Cell) -> Any:
        if not isinstance(cell, str):
            return cell.replace(tzinfo=None) if isinstance(cell, datetime | time) else cell
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 loaded already

        made = WriteOnlyCell(self._sheet, _NOT_IN_XML.sub("�", cell[:_LONGEST_CELL]))
        made.data_type = "s"  # "=1+1" would be taken for a formula, "#N/A" for an error
        return made


@contextmanager
def new_sheet(path: Path, form: Form) -> Iterator[Sheet]:
    """A sheet in a file of its owner's alone. Raises OSError."""
    if form.suffix == ".xlsx":
        with open(path, "wb", opener=for_its_owner) as file:
            sheet = XlsxSheet()
            yield sheet
            sheet.save(file)
        return
    # with a mark, without which Excel takes UTF-8 for Windows-1252
    with open(path, "w", encoding="utf-8-sig", errors="replace", newline="", opener=for_its_owner) as text:
        yield CsvSheet(text, form.separator)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else words(cell)
