"""An import that somebody prepares or that is under way, as it is kept so that it survives a closed browser and a
restart."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from gateway.transfer.table import Cell, Form, Line, Table, words
from normalizer.message import Discreet


class State(StrEnum):
    """A DRAFT waits for its columns to be said, a STOPPED or FAILED one may go on where it ended."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """`account` is the id of whose it is. Of its `rows` `done` were looked at: `taken`, `known` before or `refused`;
    `began` says how many were when it was last started, at `started_at`. `problem` says why it failed: the name of a
    refusal, or words. Times in seconds since the epoch."""

    id: str
    account: str
    channel: str
    made_at: float
    changed_at: float
    rows: int
    state: State = State.DRAFT
    started_at: float = 0.0
    began: int = 0
    done: int = 0
    taken: int = 0
    known: int = 0
    refused: int = 0
    problem: str = ""


#: What a cell is once dates have become text.
Plain = str | int | float | bool | None


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A table without its types of times."""

    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[Plain, ...]], ...]
    form: Form

    def table(self, most: int | None = None) -> Table:
        """With all its rows, which may take a tenth of a second, or the first of them."""
        return Table(self.headings, [Line(number, cells) for number, cells in self.lines[:most]], self.form)


class Content(Discreet, frozen=True, kw_only=True):
    """What is sealed of an import: its table, what the columns hold (headings by names), and whether people are told.
    `name` is what its file was called."""

    name: str
    table: Kept
    mapping: Mapping[str, Sequence[str]] = {}
    told: bool = False


def kept(table: Table) -> Kept:
    lines = tuple((line.number, tuple(map(plain, line.cells))) for line in table.lines)
    return Kept(table.headings, lines, table.form)


def plain(cell: Cell) -> Plain:
    is_plain = cell is None or isinstance(cell, str | float | bool) or (isinstance(cell, int) and abs(cell) < 1 << 63)
    return cell if is_plain else words(cell)  # type: ignore[return-value] # none of the others is plain
