"""A channel's dates: outside of them nothing is asked, taken or sent by it. Pure."""

from collections.abc import Iterator
from datetime import date

from adapters import ChannelSettings, Problem

#: What is told of a channel outside its dates.
NOT_YET, ENDED = "not_yet", "ended"


def outside(settings: ChannelSettings, today: date) -> str:
    """`NOT_YET` before its first day, `ENDED` after its last, else ""."""
    if settings.valid_from and today < settings.valid_from:
        return NOT_YET
    return ENDED if settings.valid_until and today > settings.valid_until else ""


def reason(settings: ChannelSettings, state: str) -> str:
    """Why it rests, for logs and for a reply that could not be sent."""
    if state == NOT_YET:
        return f"the channel begins on {settings.valid_from}"
    return f"the channel ended on {settings.valid_until}"


def days(settings: ChannelSettings) -> dict[str, str]:
    """Its first and last day for lists, "" where it has none."""
    return {name: str(getattr(settings, name) or "") for name in ("valid_from", "valid_until")}


def problems(settings: ChannelSettings) -> Iterator[Problem]:
    if settings.valid_from and settings.valid_until and settings.valid_until < settings.valid_from:
        yield Problem("valid_until", "lies before valid_from", "the last day, which may be the first one, too")
