"""A table goes in: its rows are checked, taken in batches, and those that are refused are written down with why."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import msgspec

from gateway.transfer.checking import Checked
from gateway.transfer.table import REASON, Cell, Table
from gateway.transfer.wording import Wording
from gateway.transfer.writing import Sheet

AT_ONCE = 200
#: As the audit log has it, about a channel.
IMPORTED = "import a table"
T = TypeVar("T")
Ask = Callable[[str, dict[str, Any]], Awaitable[Any]]


class Count(msgspec.Struct):
    """Rows: all there are, taken in now, there already, refused."""

    rows: int = 0
    taken: int = 0
    known: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        return self.taken + self.known + self.refused


async def take(
    checked: Iterable[Checked],
    channel: str,
    ask: Ask,
    count: Count,
    tell: Callable[[Count], None],
) -> list[Checked]:
    """Have rows taken in, with a look at what was refused; `tell` is called after each batch. Returns those refused."""
    refused: list[Checked] = []
    for batch in _batches(checked, AT_ONCE):
        rows = [one.row for one in batch if one.row is not None]
        if rows:
            done = await ask("take_rows", {"channel": channel, "rows": msgspec.to_builtins(rows)})
            count.taken += done["taken"]
            count.known += done["known"]
        refused += [one for one in batch if one.row is None]
        count.refused = len(refused)
        tell(count)
    return refused


def write_refused(sheet: Sheet, table: Table, refused: Sequence[Checked], wording: Wording, language: str) -> None:
    """As they stood, with why in a column before the others, so that they can be mended and imported again."""
    place = _place_of_reason(table)
    sheet.write([REASON, *_without(table.headings, place)])
    for one in refused:
        why = "; ".join(wording.said(refusal, language) for refusal in one.refusals)
        missing = [None] * (len(table.headings) - len(one.line.cells))  # equal widths tell a reader the separator
        sheet.write([why, *_without([*one.line.cells, *missing], place)])


def _place_of_reason(table: Table) -> int | None:
    return next((place for place, heading in enumerate(table.headings) if heading.casefold() == REASON), None)


def _without(cells: Sequence[Cell], place: int | None) -> list[Cell]:
    return [cell for number, cell in enumerate(cells) if number != place]


def _batches(found: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(found)
    while batch := list(islice(left, size)):
        yield batch
