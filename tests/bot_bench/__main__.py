"""`python -m tests.bot_bench [SECTION…]`: measures, and prints figures beside their goals."""

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console

from tests.bot_bench import bursts, memory, turns
from tests.normalizer_bench.table import drawn


class Section(StrEnum):
    TURNS = "turns"
    MEMORY = "memory"
    BURSTS = "bursts"


SECTIONS: dict[Section, ModuleType] = {Section.TURNS: turns, Section.MEMORY: memory, Section.BURSTS: bursts}
#: On a real disk, as /tmp need not be.
BELOW = Path("/var/tmp")
NARROWEST = 110


def main(
    sections: Annotated[list[Section] | None, typer.Argument(help="What to measure; everything without one.")] = None,
) -> None:
    """Measure the bot. Goals missed fail nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    with tempfile.TemporaryDirectory(prefix="kanal-bot-bench-", dir=BELOW) as name:
        for section in sections or Section:
            with console.status(f"{section} …"):
                rows = list(SECTIONS[section].measure(Path(name)))
            console.print(drawn(f"{section}: {SECTIONS[section].TITLE}", rows))


if __name__ == "__main__":
    typer.run(main)
