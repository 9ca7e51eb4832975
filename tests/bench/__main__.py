"""`python -m tests.bench [SECTION…] [--quick] [--json FILE]`: measures, and prints figures beside their goals."""

import os
import platform
import sqlite3
import sys
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench import accept, end_to_end, mail, pages, ready, sealing
from tests.bench.figures import Figure
from tests.bench.plan import QUICK, Bench, Plan
from tests.bench.table import drawn


class Section(StrEnum):
    ACCEPT = "accept"
    SMTP = "smtp"
    END_TO_END = "end-to-end"
    SEALING = "sealing"
    READY = "ready"
    PAGES = "pages"


MODULES: dict[Section, ModuleType] = {
    Section.ACCEPT: accept,
    Section.SMTP: mail,
    Section.END_TO_END: end_to_end,
    Section.SEALING: sealing,
    Section.READY: ready,
    Section.PAGES: pages,
}

#: On a real disk, as /tmp need not be.
BELOW = Path("/var/tmp")
NARROWEST = 110


def main(
    sections: Annotated[list[Section] | None, typer.Argument(help="What to measure; everything without one.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One short round: shows that it runs, measures little.")
    ] = False,
    json: Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.")] = None,
) -> None:
    """Measure Kanal beside the bare servers it stands on. Goals missed fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    with tempfile.TemporaryDirectory(prefix="kanal-bench-", dir=BELOW) as name:
        directory = Path(name)
        directory.chmod(0o755)  # Postfix works below it as another user
        console.print(_machine(directory))
        figures = _measured(console, directory, sections or list(Section), QUICK if quick else Plan())
    if json:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))


def _measured(console: Console, directory: Path, sections: list[Section], plan: Plan) -> list[Figure]:
    figures: list[Figure] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        bench = Bench(
            plan,
            directory,
            tick=lambda step: progress.update(task, description=step, advance=1),
            tell=lambda how_far: progress.update(task, description=how_far),
        )
        progress.update(task, total=sum(MODULES[section].steps(bench) for section in sections))
        for section in sections:
            found = MODULES[section].measure(bench)
            console.print(drawn(MODULES[section].TITLE, found))
            figures += found
    return figures


def _machine(directory: Path) -> str:
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores with a load of"
        f" {os.getloadavg()[0]:.1f} before the start, {_fsync_ms(directory / 'probe'):.2f} ms an fsync of 4 KB"
    )


def _fsync_ms(path: Path) -> float:
    """The median of a hundred; a disk that keeps its promises takes a tenth of a millisecond or more."""
    times: list[float] = []
    with path.open("wb", buffering=0) as file:
        for _ in range(100):
            os.pwrite(file.fileno(), os.urandom(4096), 0)
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return 1000 * median(times)


if __name__ == "__main__":
    typer.run(main)
