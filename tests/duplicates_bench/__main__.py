"""`python -m tests.duplicates_bench [--data DIR] [SECTION…]`: measures how well reports of one incident are found."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.duplicates_bench import quality, sets

NARROWEST = 190


class Section(StrEnum):
    SETS = "sets"


app = typer.Typer(add_completion=False)


@app.command()
def main(
    sections: Annotated[list[Section] | None, typer.Argument(help="What to measure; everything without one.")] = None,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Labelled sets.", show_default="../shared/data/duplicates")
    ] = sets.FOLDER,
) -> None:
    """Measure how well reports of one incident are found. Goals missed fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    chosen = quality.found(data, console)
    for section in sections or Section:
        match section:
            case Section.SETS:
                list(quality.measure(chosen, console))


if __name__ == "__main__":
    app()
