"""The same reports among ten thousand, a hundred thousand and a million others that are open.

As many others come in between as would in a city that always has so many open: when one comes the oldest is closed. The
last third of a set's reports is measured, once the window is full; what they repeat may be any earlier one.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import attrgetter

import msgspec

from dedupe.fingerprint import Fingerprint, fingerprint
from gateway import lasting
from tests.bench.load import percentile
from tests.duplicates_bench.apart import apart, resident
from tests.duplicates_bench.engine import AUTOMATIC, Engine, Judged, Seconds, is_even
from tests.duplicates_bench.figures import latency, recall
from tests.duplicates_bench.normalised import Arrival, Stream
from tests.duplicates_bench.padding import Padding
from tests.duplicates_bench.progress import shown
from tests.duplicates_bench.recall import Labelled
from tests.duplicates_bench.streaming import Window
from tests.normalizer_bench.rows import Goal, Row, share

#: By how many are open, the least share of true pairs among the candidates.
SIZES = {10_000: 0.98, 100_000: 0.97, 1_000_000: 0.90}
MEASURED = 3
MOST_BYTES = 500


class Figures(msgspec.Struct):
    """Of the measured reports. Links are automatic, or `even`: more likely right than wrong."""

    bytes_each: float = 0.0
    labelled: Labelled = msgspec.field(default_factory=Labelled)
    links: int = 0
    right_links: int = 0
    even: int = 0
    right_even: int = 0
    seconds: list[Seconds] = []

    def count(self, judged: Judged, partners: Collection[str], labels: Mapping[str, str]) -> None:
        """What became of one report, of whose incident `partners` are open; a link to one of the others is wrong."""
        self.labelled.count(judged, partners)
        self.seconds.append(judged.seconds)
        old = judged.verdict.same_as
        right = old is not None and labels.get(old) == labels[judged.new.report]
        if judged.verdict.kind in AUTOMATIC:
            self.links += 1
            self.right_links += right
        if is_even(judged.verdict):
            self.even += 1
            self.right_even += right


def measure(stream: Stream, size: int) -> Figures:
    """The figures of `stream` among `size` others, found in a process of its own, which shows how far it is."""
    return apart(Figures, _measured, stream, size)


def line(name: str, size: int, figures: Figures) -> str:
    """The figures that goals are set for, as soon as they are there."""
    times = sorted(1e3 * one.total for one in figures.seconds) or [0.0]
    held = figures.labelled.found_pairs / max(figures.labelled.pairs, 1)
    latency = f"p50 {percentile(times, 50):.2f} ms p99 {percentile(times, 99):.2f} ms"
    return f"{name} among {size:,}: candidates {held:.3f} {latency} {figures.bytes_each:.0f} bytes a report"


def rows(figures: Figures, size: int) -> Iterator[Row]:
    """Candidates, links, time and memory."""
    held = figures.labelled
    yield from recall(held, SIZES.get(size, min(SIZES.values())))
    yield share("automatic links, right", figures.right_links, figures.links, goal=Goal(0.98))
    yield share("automatic links, of reports with one", figures.right_links, held.reports)
    yield share("more likely than not, right", figures.right_even, figures.even)
    yield share("more likely than not, of reports with one", figures.right_even, held.reports)
    yield from latency(figures.seconds)
    goal = Goal(MOST_BYTES, below=True)
    yield Row(measure="memory of an open report", count=size, value=figures.bytes_each, unit="bytes", goal=goal)


def _measured(stream: Stream, size: int) -> Figures:
    made = [fingerprint(arrival.report, stream.common) for arrival in stream.arrivals]
    warm = len(made) - len(made) // MEASURED
    first, full, last = made[0].time, made[warm - 1].time, made[-1].time
    more = round(size * (last - full) / ((last - first) or 1.0))
    padding, city = Padding(made), _City(Engine(stream.common))
    earlier = shown(padding.between(full - (last - first), full, size), f"{stream.name} among {size:,}", size)
    figures = Figures(bytes_each=city.load(earlier, stream.arrivals[:warm], made[:warm]))
    labels = stream.labels
    coming = iter(shown(padding.between(full, last, more), f"{more:,} more come", more))
    following = next(coming, None)
    for arrival, new in zip(stream.arrivals[warm:], made[warm:], strict=True):
        while following and following.time <= new.time:
            city.turn(following)
            following = next(coming, None)
        city.window.advance(new.time)
        judged = city.engine.judged(arrival.report)
        figures.count(judged, city.window.partners(arrival.cluster), labels)
        city.window.add(arrival, new)
    return figures


class _City:
    """Its open reports: those of a set, and others, of which the oldest leaves when one comes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.window = Window(engine)
        self._others: deque[str] = deque()

    def load(self, others: Iterable[Fingerprint], arrivals: Sequence[Arrival], made: Sequence[Fingerprint]) -> float:
        """Take in what came before, in the order of time; how many bytes an open report takes then."""
        before, now = resident(), made[-1].time if made else 0.0
        both = [(arrival, new) for arrival, new in zip(arrivals, made, strict=True) if not _left(arrival, now)]
        self.engine.index.load(merge(self._noted(others), (new for _, new in both), key=attrgetter("time")))
        for arrival, new in both:
            self.window.know(arrival, new)
        lasting.keep()
        return (resident() - before) / max(len(self.engine.index), 1)

    def turn(self, new: Fingerprint) -> None:
        """One of the others comes, and one leaves."""
        self.engine.index.add(new)
        self._others.append(new.report)
        self.engine.index.remove(self._others.popleft())

    def _noted(self, others: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
        for other in others:
            self._others.append(other.report)
            yield other


def _left(arrival: Arrival, now: float) -> bool:
    return arrival.closed is not None and arrival.closed.timestamp() <= now
