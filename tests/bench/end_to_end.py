"""From accept to settled: `kanal run` as a whole takes a burst of SMS with diverse texts and settles all of them.

The rate is reports over the time from the first accept until the last is settled, seen from outside. The times are
from accept to settled at an easy pace. Replies are kept, for want of a way out.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from tests.bench import kanal
from tests.bench.figures import Figure, Goal
from tests.bench.fill import fill
from tests.bench.load import generate, percentile
from tests.bench.plan import Bench
from tests.bench.process import free_port

TITLE = "Accept to settled, end to end, with open reports to compare with"
GOALS = {0: Goal(1000, unit="/s"), 100_000: Goal(500, unit="/s")}
EASY_CONNECTIONS = 10
EASY_PAUSE = 0.1
EASY_COUNT = 500
SETTLE_TIMEOUT = 300.0
POLL = 0.005


class Outcome(msgspec.Struct, frozen=True):
    """One round: reports per second in the burst, seconds at the easy pace, memory afterwards."""

    rate: float
    p50: float
    p99: float
    memory_mb: float


def steps(bench: Bench) -> int:
    return len(bench.plan.open_reports) * (bench.plan.end_to_end_rounds + 1)


def measure(bench: Bench) -> list[Figure]:
    sizes = bench.plan.open_reports
    for size in sizes:
        bench.tick(f"end to end: {size:,} open reports are filed")
        filled(bench, size)
    found: dict[int, list[Outcome]] = {size: [] for size in sizes}
    for number in range(bench.plan.end_to_end_rounds):
        for size in sizes:
            bench.tick(f"end to end, {size:,} open reports")
            found[size].append(_once(bench, size, number))
    return [_figure(size, outcomes) for size, outcomes in found.items()]


def filled(bench: Bench, size: int) -> Path:
    """A gateway's directory with so many open reports; made once, to be copied."""
    directory = bench.directory / f"filled-{size}"
    if not directory.exists():
        file = kanal.written(directory, free_port(), free_port())
        fill(file, size, lambda filed: bench.tell(f"{filed:,} of {size:,} open reports are filed"))
    return directory


@contextmanager
def copied(bench: Bench, size: int) -> Iterator[Path]:
    directory = bench.directory / "running"
    shutil.copytree(filled(bench, size), directory)
    yield directory
    shutil.rmtree(directory)


def _once(bench: Bench, size: int, number: int) -> Outcome:
    with copied(bench, size) as directory, kanal.whole(directory) as gateway:
        wait_until_judging(gateway, seed=100 * number)
        rate = burst(gateway, seed=100 * number + 1, count=bench.plan.reports)
        times = _easy(gateway, seed=100 * number + 2)
        return Outcome(rate, percentile(times, 50), percentile(times, 99), gateway.memory())


def wait_until_judging(gateway: kanal.Kanal, seed: int) -> None:
    """Open reports are loaded after the start; until then nothing is compared, and figures would flatter."""
    burst(gateway, seed, count=1)
    with reading(gateway.data) as database:
        wait_until_none(database, "SELECT count(*) FROM reports WHERE judged_version < version")


def burst(gateway: kanal.Kanal, seed: int, count: int) -> float:
    """Reports per second. Raises `RuntimeError` if not each SMS became a report."""
    with reading(gateway.data) as database:
        deliveries, reports = _last(database, "deliveries"), _last(database, "reports")
        _send(gateway, seed, count, connections=64)
        wait_until_none(database, "SELECT count(*) FROM deliveries WHERE state = 'received'")
        ended = time.time()
        began, kept = _row(database, f"SELECT min(received_at), count(*) FROM deliveries WHERE seq > {deliveries}")
        made = _row(database, f"SELECT count(*) FROM reports WHERE seq > {reports}")[0]
    if not made == kept == count:
        raise RuntimeError(f"{count} were sent, {kept} are kept and {made} became reports")
    return count / (ended - float(began))


def _easy(gateway: kanal.Kanal, seed: int) -> list[float]:
    """Seconds from accept to settled, in ascending order."""
    with reading(gateway.data) as database, ThreadPoolExecutor(1) as sender:
        last = _last(database, "deliveries")
        sending = sender.submit(_send, gateway, seed, EASY_COUNT, EASY_CONNECTIONS, EASY_PAUSE)
        times = _watched(database, last, sending)
        sending.result()
    return sorted(times)


def _watched(database: sqlite3.Connection, last: int, sending: "Future[None]") -> list[float]:
    settled: dict[int, float] = {}
    deadline = time.monotonic() + SETTLE_TIMEOUT
    sql = f"SELECT seq, received_at FROM deliveries WHERE seq > {last} AND state = 'done'"
    while len(settled) < EASY_COUNT and time.monotonic() < deadline and not _failed(sending):
        time.sleep(POLL)
        for seq, received_at in database.execute(sql).fetchall():
            settled.setdefault(seq, time.time() - received_at)
    return list(settled.values())


def _failed(sending: "Future[None]") -> bool:
    return sending.done() and sending.exception() is not None


def _send(gateway: kanal.Kanal, seed: int, count: int, connections: int, pause: float = 0.0) -> None:
    generate(
        "http_load",
        port=gateway.web_port,
        target=kanal.TARGET,
        seed=seed,
        count=count,
        connections=connections,
        pause=pause,
        seconds=SETTLE_TIMEOUT,
    )


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection beside the running gateway; it never checkpoints."""
    with closing(sqlite3.connect(f"{(data / 'kanal.db').as_uri()}?mode=ro", uri=True)) as database:
        yield database


def wait_until_none(database: sqlite3.Connection, counting: str) -> None:
    deadline = time.monotonic() + SETTLE_TIMEOUT
    while _row(database, counting)[0]:
        if time.monotonic() > deadline:
            raise RuntimeError("Kanal did not settle what it accepted")
        time.sleep(POLL)


def _last(database: sqlite3.Connection, table: str) -> int:
    """Sequence numbers grow by one for each row, and none is ever taken away."""
    last: int = _row(database, f"SELECT coalesce(max(seq), 0) FROM {table}")[0]
    return last


def _row(database: sqlite3.Connection, sql: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = database.execute(sql).fetchone()
    return row


def _figure(size: int, outcomes: Sequence[Outcome]) -> Figure:
    rate = median(outcome.rate for outcome in outcomes)
    goal = GOALS.get(size)
    return Figure(
        section="end-to-end",
        case=f"{size:,} open reports",
        server="Kanal",
        rate=rate,
        p50_ms=1000 * median(outcome.p50 for outcome in outcomes),
        p99_ms=1000 * median(outcome.p99 for outcome in outcomes),
        memory_mb=median(outcome.memory_mb for outcome in outcomes),
        goal=str(goal) if goal else None,
        met=goal.met(rate) if goal else None,
    )
