"""How a channel fares, part by part: its way in, its way out, and whatever else can be ill about it.

An outage is logged here, once, and its end once.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

import structlog

from gateway.validity import ENDED, NOT_YET

log = structlog.get_logger()


class State(StrEnum):
    """STARTING is not open yet; DEGRADED works, but not as well as it should; SILENT works as far as can be told, but
    is not heard when it should be; DOWN cannot be reached; PAUSED waits for a person (credentials refused)."""

    STARTING = "starting"
    OK = "ok"
    DEGRADED = "degraded"
    SILENT = "silent"
    DOWN = "down"
    PAUSED = "paused"


#: What is told of a channel that a person paused.
HELD = "held"
#: Of neither a person needs to be told.
AT_REST = (NOT_YET, ENDED)
#: From what is of no concern to what is worst.
_SEVERITY = (State.OK, State.STARTING, State.DEGRADED, State.SILENT, State.DOWN, State.PAUSED)
_WAYS = ("way in", "way out")


class Condition:
    """How one part of a channel fares. `why` names the text that tells of it to people (`channels.why.…` and
    `channels.do.…` in config/pages), with `values`; `note` is what the other side says of it, in English. In none of
    them are personal data."""

    def __init__(
        self, state: State, channel: str = "", of: str = "way out", clock: Callable[[], float] = time.time
    ) -> None:
        self.channel, self.of = channel, of
        self.state = state
        self.since = clock()
        self.why = self.note = ""
        self.values: Mapping[str, float | str] = {}
        self._clock = clock

    def is_now(self, state: State, note: str = "", why: str = "", **values: float | str) -> bool:
        """Take on a state; whether that is a change."""
        before, changed = self.state, state is not self.state
        self.state, self.note, self.why, self.values = state, note, why, values
        if changed:
            self.since = self._clock()
            self._tell(before)
        return changed

    @property
    def is_well(self) -> bool:
        return self.state in {State.OK, State.STARTING}

    @property
    def is_cut(self) -> bool:
        """Can nothing be expected by it?"""
        return self.state in {State.DOWN, State.PAUSED, State.SILENT}

    def _tell(self, before: State) -> None:
        is_way = self.of in _WAYS
        reason = self.note or self.why
        if self.is_well and before not in {State.OK, State.STARTING}:
            self._log(log.info, f"the {self.of} works" if is_way else "a channel is well again")
        elif self.state is State.DEGRADED:
            self._log(log.warning, "a channel is degraded", state=self.state, reason=reason)
        elif not self.is_well:
            event = f"the {self.of} is closed" if is_way else "a channel is not well"
            self._log(log.error, event, state=self.state, reason=reason)

    def _log(self, say: Callable[..., None], event: str, **values: str) -> None:
        where = {} if self.of in _WAYS else {"where": self.of}
        say(event, channel=self.channel, **where, **values)


def worst(conditions: Iterable[Condition]) -> Condition:
    """The first of those that are worst."""
    return max(conditions, key=lambda one: _SEVERITY.index(one.state))
