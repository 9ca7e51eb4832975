"""How much of its `monthly_cap` a channel has used, and what follows: it is asked more seldom as the cap nears, and is
neither asked nor writes what costs money once it is reached, until the month (of UTC) is over."""

import time
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters import Foresees, Reply
from gateway import listening, money, spending
from gateway.channels import Channel
from gateway.health.condition import State
from gateway.store.contract import Store

DAY = 86_400.0
#: Of less it is not feared that it might not last.
NEAR = 0.5
MOST_TIMES = 60.0
#: What is asked at once is asked as if after so many seconds, where it is to be asked more seldom.
SHORTEST = 5.0
LONGEST_SECONDS = 3600.0
CAPPED = "the channel's monthly cap is reached"


class Budget:
    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def look(self, channel: Channel) -> float:
        """The share of the cap that is used, 0 without one; says of the channel how it fares."""
        costs = spending.costs(channel.settings)
        if not costs.monthly_cap:
            return 0.0
        now = self._clock()
        spent = self._store.spent_in(channel.name, spending.month(now), costs.currency)
        used = spent / costs.monthly_cap
        words: dict[str, Any] = {
            "spent": money.told(spent, costs.currency),
            "cap": money.told(costs.monthly_cap, costs.currency),
            "until": ends(now),
        }
        if used >= 1:
            why = "cap_reached" if listening.asked(channel.adapter) else "cap_reached_out"
            channel.part("costs").is_now(State.DEGRADED, why=why, **words)
        elif listening.asked(channel.adapter) and slower(used, gone(now)) > 1:
            channel.part("costs").is_now(State.DEGRADED, why="cap_near", **words)
        else:
            channel.part("costs").is_now(State.OK)
        return used

    def allows(self, channel: Channel, reply: Reply) -> bool:
        """May it be said, for what it costs?"""
        adapter = channel.adapter
        is_free = isinstance(adapter, Foresees) and not adapter.foresee(reply)
        return self.look(channel) < 1 or is_free

    def wait(self, channel: Channel, usual: float) -> float:
        """Seconds until it is to be asked again, which usually are so many."""
        used, now = self.look(channel), self._clock()
        times = slower(used, gone(now))
        if used >= 1:
            return min(LONGEST_SECONDS, ends(now) - now)
        return usual if times <= 1 else min(LONGEST_SECONDS, max(SHORTEST, usual) * times)


def slower(used: float, gone: float) -> float:
    """How many times as long to wait, so that what is left lasts: by the share of the cap that is used, and that of the
    month that is gone. 1 while there is plenty, or where it lasts as it goes."""
    if used < NEAR:
        return 1.0
    so_far, to_last = used / max(gone, 0.001), (1.0 - used) / max(1.0 - gone, 0.001)
    return MOST_TIMES if to_last <= 0 else min(MOST_TIMES, max(1.0, so_far / to_last))


def gone(now: float) -> float:
    """The share of the month that is over."""
    first = _first(now)
    days = monthrange(first.year, first.month)[1]
    return (now - first.timestamp()) / (days * DAY)


def ends(now: float) -> float:
    """When the next month begins."""
    return _first((_first(now) + timedelta(days=32)).timestamp()).timestamp()


def _first(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
