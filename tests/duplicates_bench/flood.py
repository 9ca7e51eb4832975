"""A flood: 20,000 reports within six hours over 30 quarters, four fifths of them of high water."""

from rich.console import Console

from tests.duplicates_bench.figures import agreements, line, rows
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.normalised import normalised
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.streaming import run

REPORTS = 20_000
SAMPLED = 30


def measure(console: Console, count: int = REPORTS) -> None:
    """Prints the line and the figures of a made-up flood."""
    stream = normalised("flood", reports(seed=1, count=count), "31")
    done, labels = run(stream, SAMPLED), stream.labels
    console.print(line(stream.name, *agreements(done, labels)), highlight=False)
    console.print(drawn(f"{count:,} reports of one flood (95 %)", {stream.name: list(rows(done, labels))}))
