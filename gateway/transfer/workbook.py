"""XLSX: cells as they were last computed; nothing is computed here, and nothing outside is looked up."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from gateway.transfer.table import MOST_COLUMNS, MOST_ROWS, Line, numbered
from gateway.transfer.wording import NotTaken

ZIP = b"PK\x03\x04"
#: Office files before 2007, and those with a password, are compound files ([MS-CFB], 2.2).
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What is unpacked may be so large; `zipfile` reads no more of a member than its head declares.
MOST_BYTES = 150 << 20
_MOST_MEMBERS = 2_000


def lines(content: bytes, sheet: str = "") -> Iterator[Line]:
    """The rows of a sheet: the first one that is to be seen, if none is named. Raises `NotTaken`."""
    _refuse_bomb(content)
    try:
        yield from _lines(content, sheet)
    except NotTaken:
        raise
    except MemoryError:
        raise NotTaken("bomb") from None
    except Exception:  # openpyxl raises whatever its parts raise: KeyError, ValueError, ParseError, BadZipFile
        raise NotTaken("no-table") from None


def _lines(content: bytes, sheet: str) -> Iterator[Line]:
    from openpyxl import load_workbook  # noqa: PLC0415 a tenth of a second

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found = _sheet(book, sheet)
    found.reset_dimensions()  # what a file says of its own size need not be so
    rows = found.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    yield from numbered(_few(rows))
    book.close()


def _few(rows: Iterator[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise NotTaken("too-many", most=MOST_ROWS)
        yield row


def _sheet(book: Any, name: str) -> Any:
    sheets = book.worksheets
    if name:
        named = [one for one in sheets if one.title.casefold() == name.casefold()]
        if not named:
            raise NotTaken("no-sheet", sheet=name, sheets=", ".join(one.title for one in sheets))
        return named[0]
    shown = [one for one in sheets if one.sheet_state == "visible"] or sheets
    if not shown:
        raise NotTaken("empty-table")
    return shown[0]


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise NotTaken("no-table") from None
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
        raise NotTaken("bomb")
