"""/metrics, in Prometheus' text form. Labels are names of channels and states: never anything of a citizen's."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway import certificates
from gateway.backup import record
from gateway.channels import Channel, status
from gateway.health.condition import State
from gateway.judging import Judging
from gateway.store import contract
from gateway.store.contract import Store

#: It works, as far as can be told.
_UP = frozenset({State.OK, State.DEGRADED, State.SILENT})
SETTLE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600)


class Metrics:
    """What is counted as it happens, since the start of the process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.deliveries = self._counter("kanal_deliveries", "Deliveries put on disk, redeliveries included.", "channel")
        self.refusals = self._counter("kanal_refusals", "Web requests refused.", "channel", "status")
        self.turned_away = self._counter("kanal_web_turned_away", "Web connections beyond a limit.", "limit")
        self.cut = self._counter("kanal_web_cut", "Web connections ended because the client was too slow.", "awaited")
        self.body_bytes = self._gauge("kanal_web_body_bytes", "Bytes of large request bodies that are read or kept.")
        self.reports = self._counter("kanal_reports", "Reports filed, by the judge's verdict.", "channel", "verdict")
        self.encrypted = self._counter("kanal_encrypted", "Messages that only the provider's apps can read.", "channel")
        self.quarantined = self._counter("kanal_quarantined", "Deliveries quarantined.", "channel", "stage")
        self.turns = self._counter("kanal_turns", "Turns of dialogues.", "dialogue", "outcome")
        self.log_ins = self._counter("kanal_log_ins", "Log-ins of officers.", "outcome")
        self.attempts = self._counter("kanal_reply_attempts", "Attempts to send a reply.", "channel", "outcome")
        self.notice_attempts = self._counter("kanal_notice_attempts", "Messages to units.", "way", "outcome")
        self.notices_held_back = self._gauge(
            "kanal_notice_circuit_open", "Are notices held back, but for probes?", "way"
        )
        self.circuit_open = self._gauge(
            "kanal_channel_circuit_open", "Are replies held back, but for probes?", "channel"
        )
        self.unauthorized = self._gauge("kanal_channel_unauthorized", "Are our credentials refused?", "channel")
        self.fetches = self._counter("kanal_fetch_attempts", "Attempts to fetch a file.", "channel", "outcome")
        self.fetch_failing = self._gauge("kanal_channel_fetch_failing", "Can no files be fetched?", "channel")
        self.poll_failing = self._gauge("kanal_channel_poll_failing", "Can the other side not be asked?", "channel")
        self.polled_at = self._gauge(
            "kanal_channel_last_poll_timestamp_seconds", "When it was asked for the last time.", "channel"
        )
        self.filings = self._counter("kanal_filing_attempts", "Attempts to file or amend a case.", "store", "outcome")
        self.store_circuit_open = self._gauge(
            "kanal_case_store_circuit_open", "Are cases held back, but for probes?", "store"
        )
        self.reloaded_well = self._gauge("kanal_config_last_reload_successful", "Were the settings taken last time?")
        self.reloaded_at = self._gauge(
            "kanal_config_last_reload_success_timestamp_seconds", "When settings were taken for the last time."
        )
        self.settled = Histogram(
            "kanal_settlement_seconds",
            "From the receipt of a delivery to its settlement.",
            ["channel"],
            buckets=SETTLE_SECONDS,
            registry=self.registry,
        )

    def configured(self, well: bool) -> None:
        """Settings were read, at the start or again."""
        self.reloaded_well.set(well)
        if well:
            self.reloaded_at.set_to_current_time()

    def text(self) -> bytes:
        return generate_latest(self.registry)

    def _counter(self, name: str, help_: str, *labels: str) -> Counter:
        return Counter(name, help_, labels, registry=self.registry)

    def _gauge(self, name: str, help_: str, *labels: str) -> Gauge:
        return Gauge(name, help_, labels, registry=self.registry)


class Counted(Protocol):
    """Figures that the store counts off the event loop."""

    async def count(self) -> None:
        """To be called before they are collected."""


class Backlog(Collector):
    """What waits. The store counts it off the event loop, by `count`, when somebody looks."""

    def __init__(self, store: Store, judging: Judging, channels: Callable[[], dict[str, Channel]]) -> None:
        self._store = store
        self._judging = judging
        self._channels = channels
        self._counted = contract.Backlog({}, {}, None, None)

    async def count(self) -> None:
        """To be called before it is collected."""
        self._counted = await self._store.backlog()

    def collect(self) -> Iterator[Metric]:
        backlog = self._counted
        yield _by_channel("kanal_unsettled_deliveries", "Deliveries not settled yet.", backlog.deliveries)
        yield _by_channel("kanal_due_replies", "Replies that wait to be sent.", backlog.replies)
        yield _age("kanal_oldest_unsettled_delivery_seconds", "Age of the oldest of them.", backlog.oldest_delivery)
        yield _age("kanal_oldest_due_reply_seconds", "Age of the oldest of them.", backlog.oldest_reply)
        yield _by_channel("kanal_due_fetches", "Files that wait to be fetched.", backlog.fetches)
        yield _age("kanal_oldest_due_fetch_seconds", "Age of the oldest of them.", backlog.oldest_fetch)
        yield _by_channel("kanal_lost_files", "Files that could not be fetched.", backlog.lost_files)
        yield _by("way", "kanal_due_notices", "Notices to units that wait to be sent.", backlog.notices)
        yield _age("kanal_oldest_due_notice_seconds", "Age of the oldest of them.", backlog.oldest_notice)
        yield GaugeMetricFamily("kanal_handed_over_talks", "Talks that wait for a person.", backlog.talks)
        yield _age("kanal_oldest_handed_over_talk_seconds", "Age of the oldest of them.", backlog.oldest_talk)
        yield GaugeMetricFamily("kanal_open_reports", "Reports in the judge's index.", self._judging.size)
        yield GaugeMetricFamily("kanal_store_up", "Can the store be written?", int(not self._store.fault()))
        states = {name: int(status(channel).state in _UP) for name, channel in self._channels().items()}
        yield _by_channel("kanal_channel_up", "Does the channel work?", states)
        help_ = "When the certificate that the channel shows ends; 0 if it cannot be read."
        ends = certificates.ends(self._channels().values())
        yield _by_channel("kanal_certificate_expiry_timestamp_seconds", help_, ends)


class Disk(Collector):
    """The file system that the data are on."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def collect(self) -> Iterator[Metric]:
        disk = shutil.disk_usage(self._data)
        yield GaugeMetricFamily("kanal_data_disk_free_bytes", "Room left on the disk of the data.", disk.free)
        yield GaugeMetricFamily("kanal_data_disk_size_bytes", "Size of the disk of the data.", disk.total)


class LastBackup(Collector):
    """0 if there never was one, so that one rule tells of that and of one that is too old."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def collect(self) -> Iterator[Metric]:
        last = record.read(self._data)
        help_ = "When the last good backup was begun; 0 if there is none."
        yield GaugeMetricFamily("kanal_last_backup_timestamp_seconds", help_, last.at if last else 0.0)


def _by_channel(name: str, help_: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    return _by("channel", name, help_, values)


def _by(label: str, name: str, help_: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_, labels=(label,))
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(name: str, help_: str, since: float | None) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, max(0.0, time.time() - since) if since is not None else 0.0)
