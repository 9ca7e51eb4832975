"""Figures of outside case stores, for /metrics: what they were not given yet, and whether they work."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.health.condition import State
from gateway.store.filings import Filings, Waiting
from gateway.stores import Outside

NOTHING = Waiting(due=0, oldest=None, aside=0)


class FilingMetrics(Collector):
    """`stores` gives those in force. The store counts off the event loop, by `count`, when somebody looks."""

    def __init__(self, store: Filings, stores: Callable[[], Mapping[str, Outside]]) -> None:
        self._store = store
        self._stores = stores
        self._counted: Mapping[str, Waiting] = {}

    async def count(self) -> None:
        """To be called before it is collected."""
        self._counted = await self._store.waiting_filings()

    def collect(self) -> Iterator[Metric]:
        stores, now = self._stores(), time.time()
        found = dict.fromkeys(stores, NOTHING) | dict(self._counted)
        ages = ((name, max(0.0, now - one.oldest) if one.oldest is not None else 0.0) for name, one in found.items())
        yield _gauge(
            "kanal_unfiled_cases",
            "Cases whose newest state a case store was not given yet.",
            ((name, one.due) for name, one in found.items()),
        )
        yield _gauge("kanal_oldest_unfiled_case_seconds", "Since when the oldest of them waits.", ages)
        yield _gauge(
            "kanal_filings_aside",
            "Cases that a case store does not take, and that wait for a person.",
            ((name, one.aside) for name, one in found.items()),
        )
        up = ((name, int(one.state is State.OK)) for name, one in stores.items())
        yield _gauge("kanal_case_store_up", "Does the case store work?", up)


def _gauge(name: str, help_: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=("store",))
    for store, value in values:
        family.add_metric([store], value)
    return family
