"""How the channels fare, for /metrics."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.channels import Channel, status
from gateway.health.condition import AT_REST, HELD, State
from gateway.health.watch import Watch

_STATES = (*State, HELD, *AT_REST)


class HealthMetrics(Collector):
    """`channels` gives those in force."""

    def __init__(self, watch: Watch, channels: Callable[[], Mapping[str, Channel]]) -> None:
        self._watch = watch
        self._channels = channels

    def collect(self) -> Iterator[Metric]:
        channels = self._channels()
        yield _states(channels)
        heard = {name: self._watch.last_heard(name) for name in channels}
        yield _known("kanal_channel_last_heard_timestamp_seconds", "When it was heard for the last time.", heard)
        sent = {name: channel.sent_at for name, channel in channels.items()}
        help_ = "When it took an answer for the last time since the start."
        yield _known("kanal_channel_last_sent_timestamp_seconds", help_, sent)
        silences = {name: self._watch.silence(name) for name in channels}
        probable = {name: one.probable if one else None for name, one in silences.items()}
        help_ = "How probable it is that nothing was heard for so long, by its rhythm."
        yield _known("kanal_channel_silence_probability", help_, probable)


def _states(channels: Mapping[str, Channel]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("kanal_channel_state", "1 for the state that it is in.", labels=("channel", "state"))
    for name, channel in channels.items():
        now = status(channel).state
        for state in _STATES:
            family.add_metric([name, state], float(state == now))
    return family


def _known(name: str, help_: str, values: Mapping[str, float | None]) -> GaugeMetricFamily:
    """Of those that have one."""
    family = GaugeMetricFamily(name, help_, labels=("channel",))
    for channel, value in values.items():
        if value is not None:
            family.add_metric([channel], value)
    return family
