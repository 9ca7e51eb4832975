"""`python -m tests.soak [--minutes M] [--rate R] [--seed S]`: one gateway with all channels at once, for ten minutes.

Everybody it talks to is a stand-in that answers 429 and 5xx, is slow, cuts its answers short, says things twice and in
another order, does not know our token for a while, or is not there. At the end every message is accounted for. Exits
with 1 and says why if one is not.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.soak.playing import Plan, Player
from tests.soak.proof import Row, books, missing, rows
from tests.soak.town import town

NARROWEST = 110
#: Where nobody watches, a line is printed every so many seconds.
EVERY = 15

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(
    minutes: Annotated[float, typer.Option(help="How long messages are sent.")] = 10.0,
    rate: Annotated[float, typer.Option(help="Messages a second, over all channels.")] = 4.0,
    seed: Annotated[int, typer.Option(help="What is drawn: who writes, and what goes wrong.")] = 1,
) -> None:
    """Run all channels at once with faults on, and account for every message."""
    console = Console() if sys.stdout.isatty() else Console(width=NARROWEST)
    console.print(f"seed {seed}: {minutes:g} minutes, {rate:g} messages a second")
    with tempfile.TemporaryDirectory(prefix="kanal-soak-", dir="/var/tmp") as name:
        table, wrong = soaked(Path(name), Plan(seconds=minutes * 60, rate=rate, seed=seed), console)
    console.print(drawn(table))
    for words in wrong:
        console.print(words, style="red", markup=False)
    console.print("Something is wrong." if wrong else "Every message is accounted for.")
    raise typer.Exit(1 if wrong else 0)


def soaked(folder: Path, plan: Plan, console: Console, workers: int = 2) -> tuple[list[Row], list[str]]:
    """The table, and what is wrong in words."""
    with telling(console) as tell, town(folder, workers) as place:
        player = Player(place, plan, tell)
        played = player.play()
        found, told = books(place.gateway, player.weather.past), player.weather.told
        table = rows(played, found, told, [line.name for line in place.lines])
        return list(table), list(missing(played, found, told))


@contextmanager
def telling(console: Console) -> Iterator[Callable[[str], None]]:
    """What is going on, in one line of a terminal; elsewhere a line now and then."""
    if console.is_terminal:
        with console.status("starting") as status:
            yield status.update
        return
    told_at = 0.0

    def tell(words: str) -> None:
        nonlocal told_at
        if time.monotonic() >= told_at + EVERY:
            told_at = time.monotonic()
            console.print(words, markup=False)

    yield tell


def drawn(table: list[Row]) -> Table:
    made = Table(title="messages, by channel", title_justify="left", title_style="bold")
    for number, heading in enumerate(("", "sent", "kept", "reports", "answered", "a person's", "faults")):
        made.add_column(heading, justify="right" if 0 < number < 6 else "left", no_wrap=number < 6)
    for row in table:
        answers = f"{row.answered} of {row.answerable}" if row.answerable else "–"
        faults = ", ".join(f"{words} {count}" for words, count in sorted(row.faults.items()))
        made.add_row(row.channel, *map(str, (row.sent, row.kept, row.reports, answers, row.with_people, faults)))
    return made


if __name__ == "__main__":
    app()
