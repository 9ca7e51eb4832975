"""Each set in the order of time: what is linked, what is left to a person, and what the candidates held."""

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from dedupe.fingerprint import fingerprint
from tests.duplicates_bench import reliability
from tests.duplicates_bench.engine import Engine
from tests.duplicates_bench.figures import agreements, line, rows
from tests.duplicates_bench.made import reports
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.sets import Set, sets, streams
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.streaming import Run, run
from tests.normalizer_bench.rows import Row, share

#: Reports that are made up where there are no others.
MADE = 300


def found(folder: Path, console: Console) -> list[Set]:
    """The labelled sets of `folder`; without any a small made-up one. Skipped lines are named."""
    chosen = list(sets(folder))
    for one in chosen:
        for fault in one.faulty:
            say(console, f"{one.name}, line {fault.line} is skipped: {fault.reason}")
    full = [one for one in chosen if one.rows]
    if not full:
        say(console, f"There are no labelled sets (*.jsonl) in {folder}: made-up reports are used instead.")
    return full or [Set("made", reports(seed=1, count=MADE), [])]


def measure(chosen: list[Set], console: Console) -> Iterator[tuple[Stream, Run]]:
    """Prints one line for each stream, and after all lines the other figures of each."""
    figures = {}
    for one in chosen:
        for stream in streams(one):
            if one.is_twins:
                say(console, f"{one.name} top-1 {top_one(stream).value:.3f}")
                continue
            done = run(stream)
            labels = stream.labels
            say(console, line(stream.name, *agreements(done, labels)))
            say(console, reliability.line(stream.name, done.judged, labels))
            figures[stream.name] = list(rows(done, labels))
            yield stream, done
    if figures:
        console.print(drawn("at once, for review, and what the candidates held (95 %)", figures))


def top_one(stream: Stream) -> Row:
    """For how many sentences the most probable of those in another wording is their own: all others are asked for among
    the last of each pair. None has a time of its own, so all are taken to be of one moment."""
    engine, labels = Engine(stream.common), stream.labels
    made = [fingerprint(arrival.report, stream.common) for arrival in stream.arrivals]
    moment = made[0].time
    kept = {labels[new.report]: replace(new, time=moment) for new in made}
    engine.index.load(kept.values())
    asked = [replace(new, time=moment) for new in made if kept[labels[new.report]].report != new.report]
    nearest = [(new.report, engine.nearest(new)) for new in asked]
    right = sum(old is not None and labels[old] == labels[new] for new, old in nearest)
    return share("the twin is the most probable", right, len(asked))


def say(console: Console, text: str) -> None:
    """A line as it is, however long."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)
