"""When somebody has to be told of a channel, and when that it is well again. Pure; seconds since the epoch."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from gateway.channels import ChannelStatus
from gateway.health.condition import AT_REST, HELD, State

#: What is over sooner needs nobody: only of what says itself that a person is needed people are told at once.
LASTS_SECONDS = 300.0
#: It has to be well for so long.
WELL_SECONDS = 60.0
_ILL = frozenset({State.PAUSED, State.DOWN, State.SILENT})
_CAPPED = frozenset({"cap_reached", "cap_reached_out"})


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A channel `began` to need a person, and no longer does since it `ended`. `state`, `why`, `values` and `note` are
    those of its `ChannelStatus` then; `told` are the ways by which somebody knows of it, `told_end` those of its
    end."""

    channel: str
    began: float
    state: str
    why: str = ""
    values: Mapping[str, float | str] = {}
    note: str = ""
    ended: float | None = None
    told: tuple[str, ...] = ()
    told_end: tuple[str, ...] = ()

    @property
    def status(self) -> ChannelStatus:
        return ChannelStatus(self.channel, self.state, self.note, self.why, self.values, self.began)

    def waits_for(self, way: str) -> bool:
        """Is there something to be told by it?"""
        if self.ended is None:
            return way not in self.told
        return way in self.told and way not in self.told_end

    @property
    def is_over(self) -> bool:
        """Was all told that is to be told?"""
        return self.ended is not None and set(self.told) <= set(self.told_end)


def is_ill(status: ChannelStatus) -> bool:
    """Does it need a person?"""
    return status.state in _ILL or status.why in _CAPPED


def after(alarm: Alarm | None, status: ChannelStatus, changed: float, now: float) -> Alarm | None:
    """What follows for a channel's alarm; something about the channel `changed` then for the last time. Credentials
    that are refused are told also where something else was. None while the channel rests; of one that a person paused
    nothing new is told."""
    if status.state in AT_REST:
        return None
    if status.state in (HELD, State.STARTING):
        return alarm
    is_open = alarm is not None and alarm.ended is None
    if not is_ill(status):
        return replace(alarm, ended=changed) if alarm and is_open and now - changed >= WELL_SECONDS else alarm
    if alarm and is_open and (status.state != State.PAUSED or alarm.state == State.PAUSED):
        return alarm
    lasts = LASTS_SECONDS if status.state == State.DOWN else 0.0
    return begun(status) if now - status.since >= lasts else alarm


def begun(status: ChannelStatus) -> Alarm:
    return Alarm(
        channel=status.name,
        began=status.since,
        state=status.state,
        why=status.why,
        values=dict(status.values),
        note=status.note,
    )
