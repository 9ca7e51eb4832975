"""A labelled stream through the index and the judge, in the order of time."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from random import Random

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.model import Model
from tests.duplicates_bench.clusters import Link
from tests.duplicates_bench.engine import AUTOMATIC, MODEL, Engine, Judged, is_even
from tests.duplicates_bench.normalised import Arrival, Stream
from tests.duplicates_bench.recall import Exhaustive, Labelled

#: Reports that are also compared with every open one.
SAMPLED = 100


class Window:
    """The open reports of a stream, and which are of one incident: who closes leaves."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._partners: dict[str, set[str]] = {}
        self._closing: list[tuple[float, str, str]] = []

    def advance(self, now: float) -> None:
        """Let those leave that were closed by `now` (epoch seconds)."""
        while self._closing and self._closing[0][0] <= now:
            _, report, cluster = heappop(self._closing)
            self._partners[cluster].discard(report)
            self._engine.index.remove(report)

    def add(self, arrival: Arrival, new: Fingerprint) -> None:
        self._engine.index.add(new)
        self.know(arrival, new)

    def know(self, arrival: Arrival, new: Fingerprint) -> None:
        """It is in the index."""
        self._partners.setdefault(arrival.cluster, set()).add(new.report)
        if arrival.closed:
            heappush(self._closing, (arrival.closed.timestamp(), new.report, arrival.cluster))

    def partners(self, cluster: str) -> set[str]:
        """The open reports of an incident."""
        return self._partners.get(cluster, set())

    def everything(self) -> Iterable[str]:
        """The ids of all open reports."""
        return (report for reports in self._partners.values() for report in reports)


class Run(msgspec.Struct, frozen=True):
    """What became of a stream."""

    judged: list[Judged]
    labelled: Labelled
    exhaustive: Exhaustive

    @property
    def links(self) -> list[Link]:
        """Whatever the verdict, each to the older report that is most probably the same."""
        return _links(self.judged)

    @property
    def even(self) -> list[Link]:
        """Those that are more likely right than wrong."""
        return _links(one for one in self.judged if is_even(one.verdict))

    @property
    def automatic(self) -> list[Link]:
        """Those made without a person."""
        return _links(one for one in self.judged if one.verdict.kind in AUTOMATIC)


def run(stream: Stream, sampled: int = SAMPLED, model: Model = MODEL) -> Run:
    """All of `stream` against what is open of it; so many reports are compared exhaustively as well."""
    engine = Engine(stream.common, model)
    window, done = Window(engine), Run([], Labelled(), Exhaustive())
    chosen = _sample(stream.arrivals, sampled)
    for arrival in stream.arrivals:
        window.advance(arrival.report.received_at.timestamp())
        judged = engine.judged(arrival.report)
        done.labelled.count(judged, window.partners(arrival.cluster))
        if judged.new.report in chosen:
            done.exhaustive.count(engine, judged, window.everything())
        window.add(arrival, judged.new)
        done.judged.append(judged)
    return done


def _sample(arrivals: Sequence[Arrival], count: int) -> set[str]:
    chosen = Random(1).sample(range(len(arrivals)), min(count, len(arrivals)))
    return {arrivals[number].report.id for number in chosen}


def _links(judged: Iterable[Judged]) -> list[Link]:
    return [Link(one.new.report, one.verdict.same_as, one.verdict.score) for one in judged if one.verdict.same_as]
