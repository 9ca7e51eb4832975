"""Time to ready: from the start of `kanal run` until /readyz answers 200."""

from statistics import median

from tests.bench import kanal
from tests.bench.end_to_end import copied
from tests.bench.figures import Figure, Goal
from tests.bench.plan import Bench

TITLE = "Time from start to ready (the median and the longest)"
GOAL = Goal(2000, highest=True, unit=" ms")


def steps(bench: Bench) -> int:
    return bench.plan.rounds * len(bench.plan.open_reports)


def measure(bench: Bench) -> list[Figure]:
    return [_figure(size, [_once(bench, size) for _ in range(bench.plan.rounds)]) for size in bench.plan.open_reports]


def _once(bench: Bench, size: int) -> tuple[float, float]:
    """Milliseconds, and MB at that moment."""
    bench.tick(f"ready, {size:,} open reports")
    with copied(bench, size) as directory, kanal.whole(directory) as gateway:
        return 1000 * gateway.ready_after, gateway.memory()


def _figure(size: int, starts: list[tuple[float, float]]) -> Figure:
    times = [milliseconds for milliseconds, _ in starts]
    return Figure(
        section="ready",
        case=f"{size:,} open reports",
        server="Kanal",
        p50_ms=median(times),
        p99_ms=max(times),
        memory_mb=median(memory for _, memory in starts),
        goal=str(GOAL),
        met=GOAL.met(median(times)),
    )
