"""`python -m tests.duplicates_bench [--data DIR] [SECTION…]`: measures how well reports of one incident are found."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dedupe.fingerprint import Fingerprint, fingerprint
from tests.duplicates_bench import beside, flood, quality, sets, sustain, windows
from tests.duplicates_bench.sets import Set
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.streaming import run

NARROWEST = 190


class Section(StrEnum):
    SETS = "sets"
    WINDOWS = "windows"
    METHODS = "methods"
    FLOOD = "flood"
    SUSTAIN = "sustain"


#: What does not take minutes by itself.
USUAL = tuple(section for section in Section if section is not Section.SUSTAIN)

app = typer.Typer(add_completion=False)


@app.command()
def main(
    sections: Annotated[
        list[Section] | None, typer.Argument(help="What to measure; without one all but sustain.")
    ] = None,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Labelled sets.", show_default="../shared/data/duplicates")
    ] = sets.FOLDER,
    quick: Annotated[bool, typer.Option("--quick", help="Leave the window of a million out.")] = False,
    minutes: Annotated[int, typer.Option(min=1, help="How long to sustain.")] = 10,
) -> None:
    """Measure how well reports of one incident are found. Goals missed fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    chosen = quality.found(data, console)
    for section in sections or USUAL:
        match section:
            case Section.SETS:
                list(quality.measure(chosen, console))
            case Section.WINDOWS:
                wide(chosen, console, quick)
            case Section.METHODS:
                others(chosen, console, quick)
            case Section.FLOOD:
                flood.measure(console)
            case Section.SUSTAIN:
                sustain.measure(fingerprints(chosen), minutes, console)


def fingerprints(chosen: list[Set]) -> list[Fingerprint]:
    """Of the first set."""
    stream = next(sets.streams(chosen[0]))
    return [fingerprint(arrival.report, stream.common) for arrival in stream.arrivals]


def wide(chosen: list[Set], console: Console, quick: bool) -> None:
    """The first set, which is the largest of those with all signals, in ever wider windows."""
    stream = next(sets.streams(chosen[0]))
    figures = {f"{size:,}": list(windows.rows(windows.measure(stream, size), size)) for size in sizes(quick)}
    console.print(drawn(f"{stream.name} among so many other open reports (95 %)", figures))


def others(chosen: list[Set], console: Console, quick: bool) -> None:
    """All methods on all sets, and then what they cost among those of the first set."""
    for stream in (stream for one in chosen if not one.is_twins for stream in sets.streams(one)):
        figures = beside.agreement(stream, run(stream, sampled=0))
        console.print(drawn(f"{stream.name}: ours, and others at their best threshold", figures))
    stream = next(sets.streams(chosen[0]))
    for size in sizes(quick):
        console.print(drawn(f"{stream.name} among {size:,} open", beside.costs(stream, size)))


def sizes(quick: bool) -> list[int]:
    return [size for size in windows.SIZES if not (quick and size == max(windows.SIZES))]


if __name__ == "__main__":
    app()
