"""/metrics, in Prometheus' text form. Counted from the store when asked, so that a restart loses no count."""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.channels import Channel, State
from gateway.judging import Judging
from gateway.store.contract import Store


class Figures(Collector):
    """Labels are names of channels and states: never anything of a citizen's."""

    def __init__(self, store: Store, judging: Judging, channels: dict[str, Channel]) -> None:
        self._store = store
        self._judging = judging
        self._channels = channels

    def collect(self) -> Iterator[Metric]:
        counts = self._store.counts()
        yield _by(counts["deliveries"], "kanal_deliveries", "Deliveries kept.", ("channel", "state"))
        yield _by(counts["replies"], "kanal_replies", "Replies kept.", ("channel", "state"))
        yield _by(counts["cases"], "kanal_cases", "Cases, without those joined into others.", ("status",))
        yield GaugeMetricFamily("kanal_reports", "Reports kept.", counts["reports"])
        yield GaugeMetricFamily("kanal_open_reports", "Reports in the duplicate index.", self._judging.size)
        yield _age(
            "kanal_oldest_unsettled_delivery_seconds",
            "Age of the oldest delivery not yet settled.",
            counts["oldest_delivery"],
        )
        yield _age(
            "kanal_oldest_due_reply_seconds", "How long the oldest due reply has waited.", counts["oldest_reply"]
        )
        yield _by(
            [(one.name, int(one.state is State.OK)) for one in self._channels.values()],
            "kanal_channel_up",
            "Does the channel work?",
            ("channel",),
        )


def registry(figures: Figures) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(figures)
    return made


def text(of: CollectorRegistry) -> bytes:
    return generate_latest(of)


def _by(rows: list[tuple[str | int, ...]], name: str, help_: str, labels: tuple[str, ...]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for row in rows:
        family.add_metric([str(value) for value in row[:-1]], float(row[-1]))
    return family


def _age(name: str, help_: str, since: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, max(0.0, time.time() - since) if since is not None else 0.0)
