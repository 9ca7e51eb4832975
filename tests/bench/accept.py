"""Durable accept: a proven webhook is answered 200 once the SMS is on disk.

The web server, the sms adapter, the intake and the store run as they do in the gateway; the pipeline, which would
compete for the same cores, stands still. All three servers get the same requests.
"""

from contextlib import ExitStack

from tests.bench import kanal
from tests.bench.figures import Figure, Goal, compared, interleaved
from tests.bench.load import Load, generate
from tests.bench.plan import Bench
from tests.bench.process import Server, module

TITLE = "Durable accept of an SMS through its webhook (a component: the pipeline stands still)"
CONTENDERS = 3
GOALS = {64: {"bare aiohttp": Goal(0.65)}}


def steps(bench: Bench) -> int:
    return CONTENDERS * bench.plan.rounds * len(bench.plan.connections)


def measure(bench: Bench) -> list[Figure]:
    with ExitStack() as stack:
        servers = _servers(bench, stack)
        return [figure for number in bench.plan.connections for figure in _with(bench, servers, number)]


def _servers(bench: Bench, stack: ExitStack) -> list[Server]:
    directory = bench.directory / "accept"
    directory.mkdir()
    log = directory / "log"
    ours = stack.enter_context(kanal.intake_only(directory / "kanal"))
    bare = stack.enter_context(module("bare aiohttp", "bare_http", log=log))
    committing = stack.enter_context(module("one commit a message", "commit_each", str(directory), log=log))
    return [ours.web(), bare, committing]


def _with(bench: Bench, servers: list[Server], connections: int) -> list[Figure]:
    def once(server: Server, number: int) -> Load:
        bench.tick(f"accept, {connections} connections: {server.name}")
        return generate(
            "http_load",
            port=server.port,
            target=kanal.TARGET,
            connections=connections,
            seed=1000 * connections + number,
            warm_up=bench.plan.warm_up,
            seconds=bench.plan.seconds,
        )

    rounds = interleaved(servers, bench.plan.rounds, once)
    return compared("accept", f"{connections} connections", servers, rounds, GOALS.get(connections, {}))
