"""Figures of cases by unit, for /metrics.

A label is a unit of the table: an office in each area counts as the unit that stands for all of them, so that there are
tens of labels and not hundreds. What the table does not know is "other", and cases that nobody has are of "none".
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.clock import DAY, HOUR, Step
from gateway.routing import OFFICE, Routing
from gateway.store.figures import CaseFigures, Took, figures
from gateway.store.reads import Reads

BUCKETS = (HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 60 * DAY)
NOBODY, OTHER = "none", "other"
#: A change is on disk a moment after the time that it bears.
LAG_SECONDS = 5.0


class CaseMetrics(Collector):
    """`routing` gives the units in force. The store counts off the event loop, by `count`, when somebody looks."""

    def __init__(self, registry: CollectorRegistry, store: Reads, routing: Callable[[], Routing]) -> None:
        self._store = store
        self._routing = routing
        self._counted = CaseFigures()
        self._until = time.time()
        help_ = "From the opening of a case, or its opening again, until {}."
        self._acted = _histogram(registry, "kanal_case_action_seconds", help_.format("work on it began"))
        self._closed = _histogram(registry, "kanal_case_closing_seconds", help_.format("it was closed"))
        registry.register(self)

    async def count(self) -> None:
        """To be called before it is collected."""
        now, since = time.time(), self._until
        self._until = until = max(since, now - LAG_SECONDS)
        self._counted = await self._store.read(lambda reader: figures(reader, now, since, until))
        self._observe(self._acted, self._counted.acted)
        self._observe(self._closed, self._counted.closed)

    def collect(self) -> Iterator[Metric]:
        routing = self._routing()
        cases: Counter[str] = Counter(dict.fromkeys(routing.units, 0))
        late: Counter[tuple[str, Step]] = Counter({(unit, step): 0 for unit in routing.units for step in Step})
        for one in self._counted.units:
            unit = label(one.unit, routing)
            cases[unit] += one.open
            late.update({(unit, step): count for step, count in one.late.items()})
        yield _gauge("kanal_open_cases", "Cases that are open.", ("unit",), (((unit,), n) for unit, n in cases.items()))
        yield _gauge("kanal_late_cases", "Open cases that are late with a step.", ("unit", "step"), late.items())

    def _observe(self, histogram: Histogram, took: Iterable[Took]) -> None:
        routing = self._routing()
        for one in took:
            histogram.labels(label(one.unit, routing)).observe(one.seconds)


def label(unit: str, routing: Routing) -> str:
    """What a unit is counted as."""
    office = OFFICE.fullmatch(unit)
    code = office[1] if office and unit not in routing.units else unit
    return code if code in routing.units else OTHER if unit else NOBODY


def _histogram(registry: CollectorRegistry, name: str, help_: str) -> Histogram:
    return Histogram(name, help_, ["unit"], buckets=BUCKETS, registry=registry)


def _gauge(
    name: str, help_: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], int]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family
