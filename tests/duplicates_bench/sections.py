"""What is measured, by the names under which it can be asked for."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from dedupe.fingerprint import fingerprint
from tests.duplicates_bench import beside, curves, flood, heldback, quality, sustain, windows
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.sets import Set, streams
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.streaming import run


class Section(StrEnum):
    SETS = "sets"
    WINDOWS = "windows"
    METHODS = "methods"
    FLOOD = "flood"
    SUSTAIN = "sustain"
    UNSEEN = "unseen"


#: What does not take minutes by itself.
USUAL = tuple(section for section in Section if section not in {Section.SUSTAIN, Section.UNSEEN})


class Bench(NamedTuple):
    """What is asked for: the sets, the window of a million or not, minutes to sustain, and where pictures go."""

    chosen: list[Set]
    console: Console
    quick: bool = False
    minutes: int = 10
    pictures: Path | None = None

    @property
    def sizes(self) -> list[int]:
        return [size for size in windows.SIZES if not (self.quick and size == max(windows.SIZES))]

    @property
    def first(self) -> Stream:
        """With all signals, of the first set whose reports are of incidents: the largest of those we know."""
        return next(streams(next((one for one in self.chosen if not one.is_twins), self.chosen[0])))

    def of_incidents(self) -> Iterator[Stream]:
        return (stream for one in self.chosen if not one.is_twins for stream in streams(one))


def measure(section: Section, bench: Bench) -> None:
    """Prints the figures of a section."""
    _MEASURES[section](bench)


def _sets(bench: Bench) -> None:
    for stream, done in quality.measure(bench.chosen, bench.console):
        if bench.pictures:
            curves.thresholds(stream, done, bench.pictures)


def _windows(bench: Bench) -> None:
    stream = bench.first
    found = {}
    for size in bench.sizes:
        found[size] = windows.measure(stream, size)
        quality.say(bench.console, windows.line(stream.name, size, found[size]))
    columns = {f"{size:,}": list(windows.rows(figures, size)) for size, figures in found.items()}
    bench.console.print(drawn(f"{stream.name} among so many other open reports (95 %)", columns))
    if bench.pictures:
        curves.windows(stream.name, found, bench.pictures)


def _methods(bench: Bench) -> None:
    for stream in bench.of_incidents():
        figures = beside.agreement(stream, run(stream, sampled=0))
        bench.console.print(drawn(f"{stream.name}: ours, and others at their best threshold", figures))
    stream = bench.first
    for size in bench.sizes:
        bench.console.print(drawn(f"{stream.name} among {size:,} open", beside.costs(stream, size)))


def _flood(bench: Bench) -> None:
    flood.measure(bench.console)


def _sustain(bench: Bench) -> None:
    stream = bench.first
    made = [fingerprint(arrival.report, stream.common) for arrival in stream.arrivals]
    sustain.measure(made, bench.minutes, bench.console)


def _unseen(bench: Bench) -> None:
    heldback.measure(bench.chosen, bench.console)


_MEASURES: dict[Section, Callable[[Bench], None]] = {
    Section.SETS: _sets,
    Section.WINDOWS: _windows,
    Section.METHODS: _methods,
    Section.FLOOD: _flood,
    Section.SUSTAIN: _sustain,
    Section.UNSEEN: _unseen,
}
