"""Ours beside what else is used: on the same streams, in the same order, with the same open reports.

Each links a report to the open one that is most alike, if that is alike enough. What is enough is chosen for the others
as it is best for them on the very set; ours is shown as it is.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from heapq import heappop, heappush

import msgspec

from dedupe.fingerprint import Fingerprint, fingerprint
from gateway import lasting
from tests.bench.load import percentile
from tests.duplicates_bench.apart import apart, resident
from tests.duplicates_bench.clusters import Link, b_cubed, best, clusters, curve, pairwise
from tests.duplicates_bench.engine import Engine
from tests.duplicates_bench.methods import METHODS, Method, Nearest
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.padding import Padding
from tests.duplicates_bench.progress import shown
from tests.duplicates_bench.streaming import Run
from tests.normalizer_bench.rows import Row

OURS = "ours"
ASKED = 20
#: MinHash LSH takes gigabytes for more, and minutes to be filled.
WIDEST = {"MinHash LSH": 100_000}


class Cost(msgspec.Struct, frozen=True):
    """Microseconds to find what is most alike, and bytes of an open report."""

    p50: float
    bytes_each: float


def agreement(stream: Stream, run: Run) -> dict[str, list[Row]]:
    """How each method's clusters agree with the labels."""
    labels = stream.labels
    ours = _rows(run.even, labels)
    found = {OURS: ours}
    for name, method in METHODS.items():
        links = list(_links(stream, method(), shown(labels, f"{stream.name}: {name}", len(labels))))
        threshold = best(curve(labels, links)).threshold
        rows = _rows([link for link in links if link.score >= threshold], labels)
        ratio = ours[0].value / rows[0].value if rows[0].value else 0.0
        found[name] = [*rows, Row(measure="F1, ours ÷ its", count=len(labels), value=ratio)]
    return found


def costs(stream: Stream, size: int, names: Collection[str] = METHODS) -> dict[str, list[Row]]:
    """What ours and each method of `names` takes among `size` open reports."""
    made = [fingerprint(arrival.report, stream.common) for arrival in stream.arrivals]
    wanted: dict[str, Callable[[], Method]] = {OURS: _Ours}
    wanted |= {name: method for name, method in METHODS.items() if name in names and size <= WIDEST.get(name, size)}
    found = {}
    for name, method in wanted.items():
        found[name] = apart(Cost, _cost, method, made, size, f"{name} among {size:,}")
    return {name: list(_cost_rows(cost, found[OURS], size)) for name, cost in found.items()}


class _Ours:
    """The index and the judge as a method like the others."""

    def __init__(self) -> None:
        self._engine = Engine()

    def add(self, new: Fingerprint) -> None:
        self._engine.index.add(new)

    def remove(self, report: str) -> None:
        self._engine.index.remove(report)

    def nearest(self, new: Fingerprint) -> Nearest | None:
        verdict = self._engine.compared(new).verdict
        return Nearest(verdict.same_as, verdict.score) if verdict.same_as else None


def _rows(links: Iterable[Link], labels: Mapping[str, str]) -> list[Row]:
    found = clusters(labels, links)
    pairs, each = pairwise(found, labels), b_cubed(found, labels)
    figures = {"F1": pairs.f1, "precision": pairs.precision, "recall": pairs.recall, "B-cubed F1": each.f1}
    return [Row(measure=name, count=len(labels), value=value) for name, value in figures.items()]


def _links(stream: Stream, method: Method, reports: Iterable[str]) -> Iterator[Link]:
    closing: list[tuple[float, str]] = []
    for arrival, _ in zip(stream.arrivals, reports, strict=True):
        new = fingerprint(arrival.report, stream.common)
        while closing and closing[0][0] <= new.time:
            method.remove(heappop(closing)[1])
        if nearest := method.nearest(new):
            yield Link(new.report, nearest.report, nearest.score)
        method.add(new)
        if arrival.closed:
            heappush(closing, (arrival.closed.timestamp(), new.report))


def _cost(method: Callable[[], Method], made: list[Fingerprint], size: int, title: str) -> Cost:
    before, filled = resident(), method()
    padding = Padding(made)
    for new in shown(padding.between(made[0].time, made[-1].time, size), title, size):
        filled.add(new)
    lasting.keep()
    grown = resident() - before
    times = sorted(_seconds(filled, new) for new in padding.between(made[-1].time, made[-1].time + 1, ASKED))
    return Cost(1e6 * percentile(times, 50), grown / size)


def _seconds(method: Method, new: Fingerprint) -> float:
    began = time.thread_time()
    method.nearest(new)
    return time.thread_time() - began


def _cost_rows(cost: Cost, ours: Cost, size: int) -> Iterator[Row]:
    yield Row(measure="most alike, p50", count=ASKED, value=cost.p50, unit="µs")
    yield Row(measure="most alike, its ÷ ours", count=ASKED, value=cost.p50 / max(ours.p50, 1e-3), unit="")
    yield Row(measure="memory of an open report", count=size, value=cost.bytes_each, unit="bytes")
    yield Row(measure="memory, its ÷ ours", count=size, value=cost.bytes_each / max(ours.bytes_each, 1e-3), unit="")
