"""Durable accept: a proven webhook is answered 200 once the SMS is on disk, an application once its report is.

The web server, the adapters, the intake and the store run as they do in the gateway; the pipeline, which would compete
for the same cores, stands still. All three servers get the same requests.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.bench import kanal
from tests.bench.figures import Figure, Goal, compared, interleaved
from tests.bench.load import Load, generate
from tests.bench.plan import Bench
from tests.bench.process import Server, module

TITLE = "Durable accept of an SMS or, by Open311, a report (a component: the pipeline stands still)"
CONTENDERS = 3
GOALS = {64: {"bare aiohttp": Goal(0.65)}}
BY_OPEN311 = 64


def steps(bench: Bench) -> int:
    return CONTENDERS * bench.plan.rounds * (len(bench.plan.connections) + 1)


def measure(bench: Bench) -> list[Figure]:
    with ExitStack() as stack:
        directory = bench.directory / "accept"
        directory.mkdir()
        ours = stack.enter_context(kanal.intake_only(directory / "kanal"))
        servers = [ours.web(), *_others(directory, stack)]
        found = [
            _with(bench, servers, number, f"{number} connections", kanal.TARGET) for number in bench.plan.connections
        ]
        reports = kanal.REPORTS.format(key=ours.key())
        found.append(
            _with(bench, servers, BY_OPEN311, f"{BY_OPEN311} connections, Open311", reports, kanal.REPORT, goals={})
        )
        return [figure for figures in found for figure in figures]


def _others(directory: Path, stack: ExitStack) -> list[Server]:
    log = directory / "log"
    bare = stack.enter_context(module("bare aiohttp", "bare_http", log=log))
    committing = stack.enter_context(module("one commit a message", "commit_each", str(directory), log=log))
    return [bare, committing]


def _with(
    bench: Bench,
    servers: list[Server],
    connections: int,
    case: str,
    target: str,
    body: str = "",
    goals: Mapping[int, Mapping[str, Goal]] = GOALS,
) -> list[Figure]:
    def once(server: Server, number: int) -> Load:
        bench.tick(f"accept, {case}: {server.name}")
        return generate(
            "http_load",
            port=server.port,
            target=target,
            body=body,
            connections=connections,
            seed=1000 * connections + number,
            warm_up=bench.plan.warm_up,
            seconds=bench.plan.seconds,
        )

    rounds = interleaved(servers, bench.plan.rounds, once)
    return compared("accept", case, servers, rounds, goals.get(connections, {}))
