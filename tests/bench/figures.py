"""From rounds to figures: medians, ratios, goals."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

import msgspec

from tests.bench.load import Load
from tests.bench.process import Server


class Goal(msgspec.Struct, frozen=True):
    """A bound on a figure; it is printed beside it and fails nothing."""

    bound: float
    highest: bool = False
    unit: str = ""

    def __str__(self) -> str:
        return f"{'≤' if self.highest else '≥'} {self.bound:,g}{self.unit}"

    def met(self, value: float) -> bool:
        return value <= self.bound if self.highest else value >= self.bound


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One row: rates per second, times in milliseconds, memory in MB.

    `ratio` is Kanal's rate divided by this server's. `goal` bounds `judged`, which is the ratio on the row of another
    server and the rate or time on Kanal's own.
    """

    section: str
    case: str
    server: str
    rate: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    memory_mb: float | None = None
    ratio: float | None = None
    goal: str | None = None
    met: bool | None = None


Rounds = Mapping[str, Sequence[Load]]


def interleaved(servers: Sequence[Server], rounds: int, measure: Callable[[Server, int], Load]) -> Rounds:
    """Every server once a round, each round beginning with another."""
    found: dict[str, list[Load]] = {server.name: [] for server in servers}
    for number in range(rounds):
        start = number % len(servers)
        for server in (*servers[start:], *servers[:start]):
            found[server.name].append(measure(server, number))
    return found


def compared(
    section: str, case: str, servers: Sequence[Server], rounds: Rounds, goals: Mapping[str, Goal]
) -> list[Figure]:
    """The first server beside the others, whose goals bound the ratio to them."""
    ours = rounds[servers[0].name]
    return [
        _figure(section, case, server, rounds[server.name], _ratio(ours, rounds[server.name]), goals.get(server.name))
        for server in servers
    ]


def _ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    return median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))


def _figure(section: str, case: str, server: Server, loads: Sequence[Load], ratio: float, goal: Goal | None) -> Figure:
    return Figure(
        section=section,
        case=case,
        server=server.name,
        rate=median(load.rate for load in loads),
        p50_ms=median(load.p50_ms for load in loads),
        p99_ms=median(load.p99_ms for load in loads),
        memory_mb=server.memory(),
        ratio=ratio,
        goal=str(goal) if goal else None,
        met=goal.met(ratio) if goal else None,
    )
