"""Who is told when a channel needs a person, by what the settings give."""

from collections.abc import Mapping
from functools import partial

from gateway.channels import Channel
from gateway.console.wording import Wording as PageWording
from gateway.filing import Rules
from gateway.health.alarms import Alarms
from gateway.health.alarmwords import AlarmWords
from gateway.health.words import Words
from gateway.metrics import Metrics
from gateway.noticing import Wording
from gateway.settings import Settings
from gateway.store.alarms import AlarmStore
from gateway.ways import ways

#: Where the page of the channels is.
PAGE = "/petugas/kanal"


def alarms(
    store: AlarmStore,
    settings: Settings,
    rules: Rules,
    channels: Mapping[str, Channel],
    wording: Wording,
    metrics: Metrics,
) -> Alarms:
    """By ways of their own, which are open for as long as they are used."""
    text = partial(_text, PageWording.load(settings.gateway.data), settings.notices.language)
    base, zone = settings.gateway.public_url.rstrip("/"), rules.clock.zone
    return Alarms(
        store,
        channels,
        ways(settings.notices, channels, wording, rules.noticing.ways),
        rules.routing.unit(settings.notices.channels_to),
        AlarmWords(Words(text, zone), text, zone, base and f"{base}{PAGE}"),
        metrics,
    )


def _text(wording: PageWording, language: str, name: str, **values: object) -> str:
    return wording.text(name, language, **values)
