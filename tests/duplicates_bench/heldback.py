"""Each half of the incidents judged by weights that were learnt on the other half."""

from collections.abc import Iterator

from rich.console import Console

from dedupe.model import Model
from tests.duplicates_bench import reliability
from tests.duplicates_bench.figures import agreements, line, rows
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.pairs import half
from tests.duplicates_bench.quality import say
from tests.duplicates_bench.sets import Set, streams
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.streaming import Run, run
from tests.duplicates_bench.weights import collected, learnt


def measure(chosen: list[Set], console: Console) -> None:
    """Prints, as for all incidents at once, one line for each stream, and the other figures."""
    pairs = collected(chosen, console)
    models = [learnt(pairs, without=one) for one in (0, 1)]
    figures = {}
    for stream in _of_incidents(chosen):
        done, labels = judged_by_the_other(models, stream), stream.labels
        say(console, line(f"{stream.name} (held back)", *agreements(done, labels)))
        say(console, reliability.line(f"{stream.name} (held back)", done.judged, labels))
        figures[stream.name] = list(rows(done, labels))
    console.print(drawn("judged by weights learnt on the other half of the incidents (95 %)", figures))


def _of_incidents(chosen: list[Set]) -> Iterator[Stream]:
    return (stream for one in chosen if not one.is_twins for stream in streams(one))


def judged_by_the_other(models: list[Model], stream: Stream) -> Run:
    """Of each report the verdict of the model that has not seen its half of the incidents."""
    runs = [run(stream, 0, model) for model in models]
    judged = [runs[half(arrival.cluster)].judged[number] for number, arrival in enumerate(stream.arrivals)]
    return Run(judged, runs[0].labelled, runs[0].exhaustive)
