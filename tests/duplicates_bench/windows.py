"""The same reports among ten thousand, a hundred thousand and a million others that are open.

As many others come in between as would in a city that always has so many open: when one comes the oldest is closed. The
last third of a set's reports is measured, once the window is full; what they repeat may be any earlier one.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from dedupe.fingerprint import Fingerprint, fingerprint
from gateway import lasting
from tests.duplicates_bench.apart import apart, resident
from tests.duplicates_bench.engine import AUTOMATIC, Engine, Judged, Seconds, is_even
from tests.duplicates_bench.figures import latency, recall
from tests.duplicates_bench.normalised import Stream
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
    total = size + round(size * (last - full) / ((last - first) or 1.0))
    coming = Padding(made).between(full - (last - first), last, total)
    others = shown(coming, f"{stream.name} among {size:,}", total)
    return _streamed(_City(Engine(stream.common), others, size), stream, made, warm)


def _streamed(city: "_City", stream: Stream, made: Sequence[Fingerprint], warm: int) -> Figures:
    figures, labels, before = Figures(), stream.labels, resident()
    for number, (arrival, new) in enumerate(zip(stream.arrivals, made, strict=True)):
        city.until(new.time)
        if number == warm:
            lasting.keep()
            figures.bytes_each = (resident() - before) / max(len(city.engine.index), 1)
        if number >= warm:
            judged = city.engine.judged(arrival.report)
            figures.count(judged, city.window.partners(arrival.cluster), labels)
        city.window.add(arrival, new)
    return figures


class _City:
    """Others come in as time goes on, and the oldest of them leaves."""

    def __init__(self, engine: Engine, others: Iterable[Fingerprint], size: int) -> None:
        self.engine = engine
        self.window = Window(engine)
        self._others = iter(others)
        self._next = next(self._others, None)
        self._open: deque[str] = deque()
        self._size = size

    def until(self, now: float) -> None:
        """Everything that comes and goes until `now` (epoch seconds)."""
        self.window.advance(now)
        while self._next and self._next.time <= now:
            self.engine.index.add(self._next)
            self._open.append(self._next.report)
            if len(self._open) > self._size:
                self.engine.index.remove(self._open.popleft())
            self._next = next(self._others, None)
