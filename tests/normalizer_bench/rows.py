"""One figure: a share with its interval, or a rate, beside its goal."""

from math import sqrt

import msgspec

#: A standard normal variable lies between -Z and Z 95 times in 100.
Z = 1.959964


class Goal(msgspec.Struct, frozen=True):
    """A bound on a figure: at least `bound` or, with `below`, less than it."""

    bound: float
    below: bool = False

    def met(self, value: float) -> bool:
        return value < self.bound if self.below else value >= self.bound


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`value` of `measure` on the texts of one half ("" where there are no halves), found on `count` of them.

    `interval` is there for shares only, whose `value` is between 0 and 1. `unit` is what another value is counted in.
    """

    measure: str
    count: int
    value: float
    half: str = ""
    interval: tuple[float, float] | None = None
    unit: str = ""
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """None where no goal is set, or nothing was counted."""
        return self.goal.met(self.value) if self.goal and self.count else None


def share(measure: str, hits: int, count: int, *, half: str = "", goal: Goal | None = None) -> Row:
    """How many of `count` are `hits`."""
    value = hits / count if count else 0.0
    return Row(measure=measure, half=half, count=count, value=value, interval=wilson(hits, count), goal=goal)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's score interval (1927): unlike the usual one it holds for few texts and for shares near 0 and 1."""
    if not count:
        return (0.0, 1.0)
    value = hits / count
    middle = value + Z**2 / (2 * count)
    width = Z * sqrt(value * (1 - value) / count + Z**2 / (4 * count**2))
    scale = 1 + Z**2 / count
    return (max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale))
