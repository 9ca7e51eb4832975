"""What goes wrong, where and for how long, as it is drawn: one thing at a time with a channel."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from tests.soak.line import Line

#: How long after a fault its channel may still speak of it: what was asked amid it has to be given up first.
AFTER_SECONDS = 15.0


class Storm(NamedTuple):
    """Under way: since when by the clock of the wall, and until when by the time of the soak, in seconds."""

    since: float
    until: float
    fault: AbstractContextManager[None]


class Past(NamedTuple):
    """When a channel was in trouble, in seconds of Unix."""

    channel: str
    since: float
    until: float

    def excuses(self, channel: str, at: float) -> bool:
        return channel == self.channel and self.since - 1 <= at <= self.until + AFTER_SECONDS


class Weather:
    """A fault begins `every` so many seconds and lasts as long as is drawn from `lasts`, in seconds. `told` counts the
    faults of each channel by what they are called, `past` are those that are over."""

    def __init__(
        self, lines: Sequence[Line], chance: random.Random, every: float = 1.5, lasts: tuple[float, float] = (1.0, 6.0)
    ) -> None:
        self.told: Mapping[str, Counter[str]] = defaultdict(Counter)
        self.past: list[Past] = []
        self._lines = lines
        self._chance = chance
        self._every = every
        self._lasts = lasts
        self._storms: dict[str, Storm] = {}
        self._next = 0.0

    def turn(self, now: float) -> None:
        """To be called again and again, with the time in seconds."""
        for name in [name for name, storm in self._storms.items() if storm.until <= now]:
            self._end(name)
        fair = [line for line in self._lines if line.name not in self._storms]
        if now >= self._next and fair:
            self._next = now + self._every
            self._begin(self._chance.choice(fair), now)

    def clear(self) -> None:
        """From now on all is well."""
        for name in list(self._storms):
            self._end(name)

    @property
    def under_way(self) -> Sequence[str]:
        return sorted(self._storms)

    def _begin(self, line: Line, now: float) -> None:
        words, fault = self._chance.choice(sorted(line.faults.items()))
        self.told[line.name][words] += 1
        entered = fault()
        entered.__enter__()
        self._storms[line.name] = Storm(time.time(), now + self._chance.uniform(*self._lasts), entered)

    def _end(self, name: str) -> None:
        storm = self._storms.pop(name)
        storm.fault.__exit__(None, None, None)
        self.past.append(Past(name, storm.since, time.time()))
