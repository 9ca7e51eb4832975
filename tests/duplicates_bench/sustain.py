"""A window that stays full: for minutes so many reports a second come in, and as many of the oldest are closed."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from rich.console import Console

from dedupe.fingerprint import Fingerprint
from gateway import lasting
from tests.bench.load import percentile
from tests.duplicates_bench.apart import resident
from tests.duplicates_bench.engine import Engine
from tests.duplicates_bench.padding import Padding
from tests.duplicates_bench.progress import shown
from tests.duplicates_bench.sheet import drawn
from tests.duplicates_bench.yardstick import Yardstick
from tests.normalizer_bench.rows import Row

OPEN = 1_000_000
A_SECOND = 100
A_MINUTE = 60


class Minute(msgspec.Struct, frozen=True):
    """Microseconds from candidates to verdict, of keeping the new and closing the old, and of what is always the same;
    bytes of the process."""

    judged: Sequence[float]
    kept: Sequence[float]
    same: Sequence[float]
    memory: int


class Full:
    """`size` open reports, and others that come in, `rate` a second; each closes the oldest."""

    def __init__(self, reports: Sequence[Fingerprint], size: int, rate: int = A_SECOND) -> None:
        self.engine = Engine()
        self.rate = rate
        self._padding = Padding(reports)
        self._order: deque[str] = deque()
        earlier = shown(self._padding.between(0, size / rate, size), f"{size:,} open reports", size)
        self.engine.index.load(self._noted(earlier))
        self._now = size / rate
        lasting.keep()

    def come(self) -> tuple[Fingerprint, str, float, float]:
        """One comes in, the oldest is closed: the new one, the closed one's id, and the microseconds of both."""
        self._now += 1 / self.rate
        new = self._padding.at(self._now)
        judged = self.engine.compared(new).seconds.total
        began = time.thread_time()
        self.engine.index.add(new)
        self._order.append(new.report)
        closed = self._order.popleft()
        self.engine.index.remove(closed)
        return new, closed, 1e6 * judged, 1e6 * (time.thread_time() - began)

    def _noted(self, others: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
        for other in others:
            self._order.append(other.report)
            yield other


def minutes(full: Full, count: int, pause: Callable[[float], None] = time.sleep) -> Iterator[Minute]:
    """What so many minutes cost. Reports come in each second at once; `pause` waits for the next one."""
    yardstick, start = Yardstick(), time.monotonic()
    for minute in range(count):
        judged, kept, same = [], [], []
        for second in range(A_MINUTE):
            for _ in range(full.rate):
                _, _, taken, changed = full.come()
                judged.append(taken)
                kept.append(changed)
            same.append(1e6 * yardstick.seconds())
            pause(max(0.0, start + minute * A_MINUTE + second + 1 - time.monotonic()))
        yield Minute(sorted(judged), sorted(kept), sorted(same), resident())


def measure(reports: Sequence[Fingerprint], count: int, console: Console, size: int = OPEN) -> None:
    """Prints what each minute cost, and the last as a multiple of the first: where what is always the same took longer,
    too, the machine was busier."""
    found = list(minutes(Full(reports, size), count))
    columns = {f"minute {number}": _rows(minute) for number, minute in enumerate(found, start=1)}
    title = f"{size:,} open, {A_SECOND} a second come in and as many are closed"
    console.print(drawn(title, columns))
    for first, last in zip(_rows(found[0]), _rows(found[-1]), strict=True):
        console.print(f"{first.measure}: the last minute is {last.value / max(first.value, 1e-9):.2f} of the first")


def _rows(minute: Minute) -> list[Row]:
    parts = {
        "candidates and verdict": minute.judged,
        "keep one, close one": minute.kept,
        "always the same": minute.same,
    }
    rows = [
        Row(measure=f"{name}, p{percent}", count=len(times), value=percentile(times, percent), unit="µs")
        for name, times in parts.items()
        for percent in (50, 99)
    ]
    return [*rows, Row(measure="memory", count=1, value=minute.memory / 1e6, unit="MB")]
