"""A table of reports as it stands in a file, and what its cells say. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

MOST_ROWS = 100_000
MOST_COLUMNS = 250
#: What a spreadsheet would take for a formula (OWASP, "CSV injection"), full-width forms included.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: The column in which rows that were not taken come back.
REASON = "alasan"

Cell = str | int | float | bool | date | time | timedelta | None


class Line(NamedTuple):
    """A row; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]


class Form(msgspec.Struct, frozen=True):
    """How a table is written: `separator` is "" in XLSX."""

    suffix: str
    separator: str = ""


class Table(NamedTuple):
    headings: tuple[str, ...]
    lines: Sequence[Line]
    form: Form

    def column(self, heading: str) -> int:
        return self.headings.index(heading)


def words(cell: Cell) -> str:
    """What a cell says, without the mark that keeps a spreadsheet from computing it."""
    match cell:
        case None:
            return ""
        case str():
            return unguarded(cell).strip()
        case bool():
            return "ya" if cell else "tidak"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "seconds")
    return str(cell)


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def is_blank(cells: Sequence[Cell]) -> bool:
    return not any(map(words, cells))


def trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Without empty cells at its end."""
    last = max((place for place, cell in enumerate(cells, 1) if words(cell)), default=0)
    return tuple(cells[:last])


def numbered(rows: Iterator[Sequence[Cell]]) -> Iterator[Line]:
    """The rows that hold something."""
    for number, cells in enumerate(rows, 1):
        if found := trimmed(cells):
            yield Line(number, found)
