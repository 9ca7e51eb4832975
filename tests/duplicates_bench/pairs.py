"""Pairs of reports as the judge meets them: a new one and a candidate, and whether they are of one incident."""

from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedupe.features import features
from dedupe.fingerprint import Fingerprint
from dedupe.judge import is_hopeless, says_nothing
from dedupe.likeness import Comparison
from tests.duplicates_bench.engine import Engine
from tests.duplicates_bench.normalised import Stream
from tests.duplicates_bench.streaming import Window


class Pairs(NamedTuple):
    """A row for each pair: its features, 1 or 0 for one incident or two, the halves that its two incidents are in, and
    how much it counts."""

    features: NDArray[np.float64]
    same: NDArray[np.float64]
    halves: NDArray[np.float64]
    counts: NDArray[np.float64]

    def only(self, chosen: NDArray[np.bool_]) -> "Pairs":
        return Pairs(*(column[chosen] for column in self))


def half(incident: str) -> int:
    """0 or 1, by chance but always the same."""
    return crc32(incident.encode()) % 2


def paired(stream: Stream, common: Mapping[str, float]) -> Pairs:
    """Of each report of `stream` with those candidates that the judge would weigh."""
    engine = Engine(stream.common)
    window, incidents = Window(engine), stream.labels
    rows, same, halves = [], [], []
    for arrival in stream.arrivals:
        window.advance(arrival.report.received_at.timestamp())
        judged = engine.judged(arrival.report)
        for old, row in _weighed(engine, judged.new, judged.candidates, common):
            rows.append(row)
            same.append(incidents[old] == arrival.cluster)
            halves.append((half(arrival.cluster), half(incidents[old])))
        window.add(arrival, judged.new)
    known = np.array(rows, np.float64), np.array(same, np.float64), np.array(halves, np.float64)
    return Pairs(*known, np.ones(len(same)))


def _weighed(
    engine: Engine, new: Fingerprint, candidates: list[Fingerprint], common: Mapping[str, float]
) -> list[tuple[str, tuple[float, ...]]]:
    if says_nothing(new):
        return []
    comparison = Comparison(new, engine.index.window(new), common)
    return [
        (old.report, features(comparison.likeness(old)))
        for old in candidates
        if not says_nothing(old) and not is_hopeless(comparison, new, old)
    ]
