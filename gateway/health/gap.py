"""The report of an outage: since and until when a channel was not heard, what came afterwards, what is lost. Pure."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from adapters import Horizon
from gateway.health.condition import Condition

DAY = 86_400.0
#: What is over sooner is no gap, in seconds.
SHORTEST = 120.0
#: The parts of a channel without which nothing is heard.
SERVER, RHYTHM = "server", "rhythm"
#: Why nothing was heard while no gateway ran.
STOPPED = "stopped"
HEARING = frozenset({"way in", RHYTHM, "canary"})


class GapState(StrEnum):
    """Nothing is heard; what was missed is being asked for; all that is to be had has come."""

    OPEN = "open"
    FILLING = "filling"
    OVER = "over"


class Lost(msgspec.Struct, frozen=True):
    """What the provider cannot give back of a gap: all that came `before` a time, or all but the newest `most`."""

    what: str
    before: float | None = None
    most: int | None = None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """`began` when the channel was heard for the last time, as far as is known; `ended` when it worked again. `why` is
    that of the `Condition`; `filled` is how many deliveries came in afterwards that were not known."""

    channel: str
    began: float
    why: str
    ended: float | None = None
    filled: int = 0
    state: GapState = GapState.OPEN
    lost: tuple[Lost, ...] = ()
    note: str = ""


def cut(conditions: Iterable[Condition], last: float | None) -> Condition | None:
    """What keeps a channel from being heard, which it was `last` then; None if nothing does."""
    found = (one for one in conditions if (one.is_cut and _hears(one, last or 0.0)) or one.why == "cap_reached")
    return next(found, None)


def _hears(one: Condition, last: float) -> bool:
    """A server that cannot be asked may go on to call us."""
    return one.of in HEARING or one.why == "not_opened" or (one.of == SERVER and last < one.since)


def lost(horizons: Iterable[Horizon], gap: Gap, filled: int, now: float) -> Iterator[Lost]:
    """What a provider that gives back no more than this cannot give of a gap."""
    for horizon in horizons:
        days = horizon.days
        if days is not None and gap.why == STOPPED:
            days = max(days, horizon.brings_days)
        if days is not None and gap.began < (first := now - days * DAY):
            yield Lost(horizon.what, before=min(first, gap.ended or now))
        if horizon.most is not None and filled >= horizon.most:
            yield Lost(horizon.what, most=horizon.most)
