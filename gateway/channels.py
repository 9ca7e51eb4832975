"""The channels of a running gateway: each adapter with its settings and how it fares."""

from enum import StrEnum

import msgspec

from adapters import Adapter, ChannelSettings
from gateway import listening
from gateway.settings import Settings


class State(StrEnum):
    """STARTING is not open yet; DOWN cannot be reached; PAUSED waits for a person (credentials refused)."""

    STARTING = "starting"
    OK = "ok"
    DOWN = "down"
    PAUSED = "paused"


class Channel:
    """One channel, alive. `note` says in words what is wrong, without personal data."""

    def __init__(self, settings: ChannelSettings, adapter: Adapter) -> None:
        self.settings = settings
        self.adapter = adapter
        self.state = State.STARTING
        self.note = ""
        self.last_heard: float | None = None

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def can_send(self) -> bool:
        return listening.can_answer(self.adapter)

    def is_now(self, state: State, note: str = "") -> bool:
        """Take on a state; whether that is a change, so that an outage is logged once and its end once."""
        changed = state is not self.state
        self.state, self.note = state, note
        return changed


class ChannelStatus(msgspec.Struct, frozen=True):
    """What a running gateway says of a channel to those who ask over the control socket."""

    name: str
    state: str
    note: str


def build(settings: Settings) -> dict[str, Channel]:
    """Channels by name; nothing outside is touched. Raises `ConfigError`."""
    return {channel.name: Channel(channel, listening.built(channel)) for channel in settings.channels}
