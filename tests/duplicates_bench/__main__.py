"""`python -m tests.duplicates_bench [--data DIR] [SECTION…]`: measures how well reports of one incident are found."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.duplicates_bench import quality, sets
from tests.duplicates_bench.sections import USUAL, Bench, Section, measure
from tests.duplicates_bench.wrong import wrong

NARROWEST = 200

app = typer.Typer(add_completion=False)


@app.command()
def main(
    sections: Annotated[
        list[Section] | None, typer.Argument(help="What to measure; without one all but sustain and unseen.")
    ] = None,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Labelled sets.", show_default="../shared/data/duplicates")
    ] = sets.FOLDER,
    quick: Annotated[bool, typer.Option("--quick", help="Leave the window of a million out.")] = False,
    minutes: Annotated[int, typer.Option(min=1, help="How long to sustain.")] = 10,
    curves: Annotated[Path | None, typer.Option(metavar="DIR", help="Also draw pictures into this folder.")] = None,
    show_wrong: Annotated[
        tuple[int, str] | None,
        typer.Option("--wrong", metavar="N SET", help="Instead, show the first N wrong automatic links of a set."),
    ] = None,
) -> None:
    """Measure how well reports of one incident are found. Goals missed fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    chosen = quality.found(data, console)
    if show_wrong:
        _show(console, chosen, *show_wrong)
        return
    bench = Bench(chosen, console, quick, minutes, curves)
    for section in sections or USUAL:
        measure(section, bench)


def _show(console: Console, chosen: list[sets.Set], most: int, name: str) -> None:
    stream = next((stream for one in chosen for stream in sets.streams(one, [name])), None)
    if stream is None:
        raise typer.BadParameter(f"no set is called {name}")
    for line in wrong(stream, most):
        quality.say(console, line)


if __name__ == "__main__":
    app()
