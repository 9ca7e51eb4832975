"""From the bytes of a file to a table. Pure; strangers may have made them."""

from collections.abc import Iterable, Sequence

from gateway.transfer import csvfile, workbook
from gateway.transfer.headings import recognised
from gateway.transfer.table import MOST_COLUMNS, Form, Line, Table, words
from gateway.transfer.wording import NotTaken, Wording

MOST_BYTES = 64 << 20
#: Above the headings there may be a title.
_TITLE_ROWS = 10


def opened(content: bytes, wording: Wording, sheet: str = "") -> Table:
    """A table by its bytes, whatever its file is called. Raises `NotTaken`."""
    if len(content) > MOST_BYTES:
        raise NotTaken("too-large", most=MOST_BYTES >> 20)
    if content.startswith(workbook.COMPOUND):
        raise NotTaken("old-excel")
    if content.startswith(workbook.ZIP):
        return _table(workbook.lines(content, sheet), wording, Form(".xlsx"))
    text = csvfile.decoded(content)
    separated_by = csvfile.separator(text)
    return _table(csvfile.lines(text, separated_by), wording, Form(".csv", separated_by))


def _table(found: Iterable[Line], wording: Wording, form: Form) -> Table:
    lines = list(found)
    if not lines:
        raise NotTaken("empty-table")
    top = _heading_row(lines, wording)
    return Table(_headings(lines[top]), lines[top + 1 :], form)


def _heading_row(lines: Sequence[Line], wording: Wording) -> int:
    """The first row with headings that are known, as there may be a title above them; else the first one."""
    for place, line in enumerate(lines[:_TITLE_ROWS]):
        if len(recognised([words(cell) for cell in line.cells], wording)) > 1:
            return place
    return 0


def _headings(line: Line) -> tuple[str, ...]:
    """Each once, so that a column can be named by it; a column without one has its number."""
    found: list[str] = []
    for place, cell in enumerate(line.cells[:MOST_COLUMNS], 1):
        heading = " ".join(words(cell).split()) or f"kolom {place}"
        found.append(heading if heading not in found else f"{heading} ({place})")
    return tuple(found)
