"""How well clusters agree with labels: pairwise and B-cubed, and at every threshold."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import msgspec


class Link(msgspec.Struct, frozen=True, gc=False):
    """`new` was matched with the older report `old`."""

    new: str
    old: str
    score: float


class Agreement(msgspec.Struct, frozen=True):
    """Precision and recall, 0 to 1; of nothing found the precision is 1, of nothing to find the recall."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Point(msgspec.Struct, frozen=True):
    """Pairwise agreement where links of at least `threshold` are taken."""

    threshold: float
    agreement: Agreement


def clusters(reports: Iterable[str], links: Iterable[Link]) -> dict[str, str]:
    """For each report the cluster it is in; reports that links join are in one."""
    groups = _Groups({report: report for report in reports})
    for link in links:
        groups.join(link.new, link.old)
    return {report: groups.leader(report) for report in groups.labels}


def pairwise(found: Mapping[str, str], labels: Mapping[str, str]) -> Agreement:
    """Of all pairs of reports in one cluster, how many are of one incident, and the other way round."""
    return _agreement(right_pairs(found, labels), pairs(found), pairs(labels))


def right_pairs(found: Mapping[str, str], labels: Mapping[str, str]) -> int:
    """How many pairs are in one cluster and of one incident."""
    return _all_pairs((found[report], label) for report, label in labels.items())


def b_cubed(found: Mapping[str, str], labels: Mapping[str, str]) -> Agreement:
    """The mean over reports of how many in a report's cluster are of its incident, and the other way round (Bagga and
    Baldwin 1998)."""
    both = Counter((found[report], labels[report]) for report in labels)
    clustered, labelled = Counter(found[report] for report in labels), Counter(labels.values())
    if not labels:
        return Agreement(1.0, 1.0)
    precision = sum(count * count / clustered[cluster] for (cluster, _), count in both.items())
    recall = sum(count * count / labelled[label] for (_, label), count in both.items())
    return Agreement(precision / len(labels), recall / len(labels))


def curve(labels: Mapping[str, str], links: Iterable[Link]) -> list[Point]:
    """Pairwise agreement at each score that occurs, the highest first."""
    groups = _Groups(labels)
    true = pairs(labels)
    points = []
    for threshold, equals in groupby(sorted(links, key=attrgetter("score"), reverse=True), key=attrgetter("score")):
        for link in equals:
            groups.join(link.new, link.old)
        points.append(Point(threshold, _agreement(groups.right, groups.found, true)))
    return points


def best(points: Sequence[Point]) -> Point:
    """Where pairwise F1 is highest."""
    return max(points, key=lambda point: point.agreement.f1, default=Point(1.0, Agreement(1.0, 0.0)))


def pairs(groups: Mapping[str, str]) -> int:
    """How many pairs of reports are in one cluster."""
    return _all_pairs(groups.values())


def _agreement(right: int, found: int, true: int) -> Agreement:
    return Agreement(right / found if found else 1.0, right / true if true else 1.0)


def _all_pairs(groups: Iterable[Hashable]) -> int:
    return sum(map(_pairs, Counter(groups).values()))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


class _Groups:
    """Groups that grow by joining (union-find). `found` pairs are within one group, `right` ones of one label, too."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels
        self.found = self.right = 0
        self._above = {report: report for report in labels}
        self._sizes: dict[str, Counter[str]] = defaultdict(Counter)
        for report, label in labels.items():
            self._sizes[report][label] = 1

    def leader(self, report: str) -> str:
        while self._above[report] != report:
            self._above[report] = self._above[self._above[report]]
            report = self._above[report]
        return report

    def join(self, first: str, second: str) -> None:
        large, small = self.leader(first), self.leader(second)
        if large == small:
            return
        if len(self._sizes[large]) < len(self._sizes[small]):
            large, small = small, large
        joined, moved = self._sizes[large], self._sizes.pop(small)
        self.found += joined.total() * moved.total()
        for label, count in moved.items():
            self.right += joined[label] * count
            joined[label] += count
        self._above[small] = large
