"""Open reports of other incidents, to fill a window: made of the parts of a set's own reports, each part of another."""

from collections.abc import Iterator, Sequence
from itertools import chain
from random import Random
from typing import NamedTuple, TypeVar

from dedupe.fingerprint import MOST_WORDS, Fingerprint

T = TypeVar("T")

PREFIX = "other-"
#: How far (degrees, one standard deviation) a pin is moved: some 500 m, off the place of the true incident.
SCATTER = 0.005


class Piece(NamedTuple):
    """What a report says apart from its streets, the words of its streets, and the report."""

    said: list[str]
    street: list[str]
    whole: Fingerprint


class Padding:
    """An endless source, always the same for the same seed. None of its reports is of an incident of the set."""

    def __init__(self, reports: Sequence[Fingerprint], seed: int = 1) -> None:
        self._reports = reports
        self._chance = Random(seed)
        self._pieces = [_apart(report) for report in reports]
        self._count = 0

    def between(self, first: float, last: float, count: int) -> Iterator[Fingerprint]:
        """So many, evenly from the time `first` to `last` (epoch seconds)."""
        step = (last - first) / max(count, 1)
        return (self.at(first + step * number) for number in range(count))

    def at(self, time: float) -> Fingerprint:
        """One that came in at `time`: half the words of two reports, the street of a third, numbers of a fourth, the
        pin of a fifth."""
        self._count += 1
        said, also, where = (self._some(self._pieces) for _ in range(3))
        detail, pin, area = (self._some(self._reports) for _ in range(3))
        words = chain(self._half(said.said), self._half(also.said), where.street)
        return Fingerprint(
            report=f"{PREFIX}{self._count}",
            reporter=f"person-{int(self._chance.random() * 1e6)}" if detail.reporter else "",
            time=time,
            words=tuple(sorted(set(words)))[:MOST_WORDS],
            numbers=detail.numbers,
            streets=where.whole.streets,
            areas=area.areas,
            latitude=self._near(pin.latitude),
            longitude=self._near(pin.longitude),
            accuracy=pin.accuracy,
            category=said.whole.category,
            problems=said.whole.problems,
            landmarks=also.whole.landmarks,
        )

    def _some(self, values: Sequence[T]) -> T:
        return values[int(self._chance.random() * len(values))]

    def _half(self, words: Sequence[str]) -> Sequence[str]:
        return words[int(self._chance.random() * 2) :: 2]

    def _near(self, degrees: float | None) -> float | None:
        return None if degrees is None else degrees + self._chance.gauss(0, SCATTER)


def _apart(report: Fingerprint) -> Piece:
    of_streets = {word for street in report.streets for word in street.split()}
    said = [word for word in report.words if word not in of_streets]
    return Piece(said, [word for word in report.words if word in of_streets], report)
