"""`python -m tests.normalizer_bench [--data DIR] [SECTION…]`: measures, and prints figures beside their goals."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from tests.normalizer_bench.rows import Row
from tests.normalizer_bench.sections import SECTIONS
from tests.normalizer_bench.table import drawn

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
NARROWEST = 120

app = typer.Typer(add_completion=False)


@app.command()
def main(
    sections: Annotated[
        list[str] | None, typer.Argument(metavar="[SECTION]…", help=f"Of {', '.join(SECTIONS)}; all without one.")
    ] = None,
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="The folder of labelled texts.", show_default="../shared/data")
    ] = DATA,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.")] = None,
) -> None:
    """Measure how well citizens' words are read. Goals missed are named and fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    found = {name: _measured(console, name, data) for name in _known(sections or SECTIONS)}
    _summary(console, [(name, row) for name, rows in found.items() for row in rows])
    if json:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(found)))


def _known(names: Iterable[str]) -> list[str]:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise typer.BadParameter(f"no section is called {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    return list(names)


def _measured(console: Console, name: str, data: Path) -> list[Row]:
    section = SECTIONS[name]
    try:
        with console.status(f"{name} …"):
            rows = list(section.measure(data))
    except FileNotFoundError as missing:
        console.print(f"[bold]{name}[/]: not measured, {missing.filename} is missing (another folder: --data DIR)\n")
        return []
    console.print(drawn(f"{name}: {section.TITLE}", rows))
    return rows


def _summary(console: Console, rows: Sequence[tuple[str, Row]]) -> None:
    missed = [(name, row) for name, row in rows if row.met is False]
    judged = sum(row.met is not None for _, row in rows)
    console.print(f"{judged - len(missed)} of {judged} goals met." if judged else "No goal was judged.")
    for name, row in missed:
        console.print(f"[red]Missed[/] {name}: {row.measure} {row.half} is {row.value:,.3f}", highlight=False)


if __name__ == "__main__":
    app()
