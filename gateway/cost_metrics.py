"""Figures of what channels cost, for /metrics: in this month of UTC, so that they fall to 0 as it turns."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway import spending
from gateway.channels import Channel
from gateway.store.records import Spending


class Spent(Protocol):
    async def spent(self, month: str) -> list[Spending]: ...


class CostMetrics(Collector):
    """`channels` gives those in force. The store counts off the event loop, by `count`, when somebody looks."""

    def __init__(self, store: Spent, channels: Callable[[], Mapping[str, Channel]]) -> None:
        self._store = store
        self._channels = channels
        self._counted: list[Spending] = []

    async def count(self) -> None:
        """To be called before it is collected."""
        self._counted = await self._store.spent(spending.month(time.time()))

    def collect(self) -> Iterator[Metric]:
        known = {name: spending.costs(one.settings) for name, one in self._channels().items()}
        caps = {(name, one.currency): one.monthly_cap for name, one in known.items() if one.monthly_cap}
        cost = defaultdict[tuple[str, str], float](float, dict.fromkeys(caps, 0.0))
        for one in self._counted:
            cost[one.channel, one.currency] += one.cost
        units = {(one.channel, one.unit): one.count for one in self._counted}
        yield _gauge("kanal_channel_month_units", "What was charged for this month, by what it is.", "unit", units)
        yield _gauge("kanal_channel_month_cost", "What it cost this month.", "currency", cost)
        yield _gauge("kanal_channel_monthly_cap", "Most that it may cost in a month.", "currency", caps)


def _gauge(name: str, help_: str, label: str, values: Mapping[tuple[str, str], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=("channel", label))
    for key, value in values.items():
        family.add_metric(list(key), value)
    return family
