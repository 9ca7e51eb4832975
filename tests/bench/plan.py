"""How much is measured."""

from collections.abc import Callable
from pathlib import Path

import msgspec


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds of `seconds` after a warm-up; end to end, `reports` are sent to a store with each of `open_reports`."""

    rounds: int = 5
    seconds: float = 3.0
    warm_up: float = 0.5
    connections: tuple[int, ...] = (8, 64, 256)
    sessions: int = 16
    end_to_end_rounds: int = 3
    reports: int = 5_000
    open_reports: tuple[int, ...] = (0, 100_000)


QUICK = Plan(rounds=1, seconds=1.0, warm_up=0.2, end_to_end_rounds=1, reports=1_000, open_reports=(0, 10_000))


class Bench(msgspec.Struct, frozen=True):
    """What a section is given: the plan, a directory on a real disk, what to call before each step, and with how far
    it has come within a long one."""

    plan: Plan
    directory: Path
    tick: Callable[[str], None]
    tell: Callable[[str], None]
