"""Durable accept of mail: 250 once a mail of 5 KB is on disk.

As with `accept`, Kanal's pipeline stands still; Postfix keeps each mail in its queue and then throws it away.
"""

from contextlib import ExitStack

from tests.bench import kanal
from tests.bench.figures import Figure, Goal, compared, interleaved
from tests.bench.load import Load, generate
from tests.bench.plan import Bench
from tests.bench.process import Server, module
from tests.bench.servers import postfix

TITLE = "Durable accept of a mail of 5 KB by SMTP (a component: the pipeline stands still)"
GOALS = {"bare aiosmtpd": Goal(0.9), "Postfix": Goal(1.5)}


def steps(bench: Bench) -> int:
    return (2 + postfix.available()) * bench.plan.rounds


def measure(bench: Bench) -> list[Figure]:
    with ExitStack() as stack:
        servers = _servers(bench, stack)
        rounds = interleaved(servers, bench.plan.rounds, lambda server, number: _once(bench, server, number))
        return compared("smtp", f"{bench.plan.sessions} sessions", servers, rounds, GOALS)


def _servers(bench: Bench, stack: ExitStack) -> list[Server]:
    directory = bench.directory / "smtp"
    directory.mkdir()
    ours = stack.enter_context(kanal.intake_only(directory / "kanal"))
    servers = [ours.smtp(), stack.enter_context(module("bare aiosmtpd", "bare_smtp", log=directory / "log"))]
    if postfix.available():
        servers.append(stack.enter_context(postfix.serving(directory / "postfix")))
    return servers


def _once(bench: Bench, server: Server, number: int) -> Load:
    bench.tick(f"smtp: {server.name}")
    return generate(
        "smtp_load",
        port=server.port,
        sessions=bench.plan.sessions,
        seed=number,
        warm_up=bench.plan.warm_up,
        seconds=bench.plan.seconds,
    )
