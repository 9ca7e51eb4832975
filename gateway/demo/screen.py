"""What the watcher sees: a live table on a terminal, plain lines elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from gateway.demo.figures import Figures, Filings
from gateway.demo.running import CASE_STORE
from gateway.demo.script import Entry

LATEST = 5
LINE_MINUTES = 30
COLUMNS = ("CHANNEL", "RECEIVED", "CASES", "DUPLICATES", "ANSWERED", "WAITING")
#: The lines of the screen that are neither channels nor messages.
FRAME = 7


class Screen:
    """Entered, it shows whatever `show` is told until it is left."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._half_hour = 0

    def __enter__(self) -> "Screen":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def show(
        self, played: Sequence[Entry], figures: Mapping[str, Figures], filings: Filings, answers: Mapping[str, str]
    ) -> None:
        """`played` is the story so far, `answers` what was last said by each channel."""
        if self._live:
            room = self._console.height - len(figures) - FRAME
            latest = _latest(played[-max(1, min(LATEST, room)) :])
            shown = Group(_table(played, figures, answers), Text(), _case_store(filings), Text(), *latest)
            self._live.update(shown, refresh=True)
        elif played:
            self._line(played, figures, filings)

    def _line(self, played: Sequence[Entry], figures: Mapping[str, Figures], filings: Filings) -> None:
        """A line when another half hour of the story has begun."""
        now = played[-1].minutes // LINE_MINUTES
        if now > (self._half_hour or played[0].minutes // LINE_MINUTES):
            self._half_hour = now
            self._console.print(_line(played[-1], figures, filings), soft_wrap=True)


def cases_table(cases: Iterable[Mapping[str, object]]) -> Table:
    """Cases as `kanal cases list` shows them, in part."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("CODE", "REPORTS", "WHAT"):
        table.add_column(heading, no_wrap=heading != "WHAT")
    for case in cases:
        what = Text(str(case["what"]), no_wrap=True, overflow="ellipsis")
        table.add_row(str(case["code"]), str(case["reports"]), what)
    return table


def _table(played: Sequence[Entry], figures: Mapping[str, Figures], answers: Mapping[str, str]) -> Table:
    clock = played[-1].at if played else ""
    table = Table(title=f"A flood afternoon in Jakarta   {clock}", title_justify="left", pad_edge=False, box=None)
    for number, heading in enumerate(COLUMNS):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    table.add_column("LAST ANSWER", style="dim")  # the one that gives way where there is no room
    for name, row in figures.items():
        answer = Text(" ".join(answers.get(name, "").split()), no_wrap=True, overflow="ellipsis")
        table.add_row(name, *_cells(row), answer)
    table.add_row("all", *_cells(_total(figures)), style="bold")
    return table


def _cells(row: Figures) -> list[str]:
    return [str(value) for value in (row.received, row.cases, row.duplicates, row.answered, row.waiting)]


def _case_store(filings: Filings) -> Text:
    said = Text(f"{CASE_STORE}: {filings.filed} filed, {filings.waiting} waiting")
    return said.append(", DOWN", style="bold red") if filings.down else said


def _latest(played: Sequence[Entry]) -> list[Text]:
    lines = (f"{entry.at}  {entry.by:<16} {entry.shown}" for entry in played)
    return [Text(line, no_wrap=True, overflow="ellipsis") for line in lines]


def _line(entry: Entry, figures: Mapping[str, Figures], filings: Filings) -> str:
    total = _total(figures)
    return (
        f"{entry.at}  {total.received} deliveries received, {total.cases} cases, {total.duplicates} duplicates,"
        f" {total.answered} answered, {total.waiting} waiting; {_case_store(filings)}"
    )


def _total(figures: Mapping[str, Figures]) -> Figures:
    return reduce(add, figures.values(), Figures())
