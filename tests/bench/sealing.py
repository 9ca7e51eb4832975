"""What sealing costs: the same gateway with its vault and without, in turns, at both ends of the pipeline."""

from contextlib import ExitStack
from statistics import median

from tests.bench import kanal
from tests.bench.end_to_end import burst, wait_until_judging
from tests.bench.figures import Figure, Goal, compared, interleaved
from tests.bench.load import Load, generate
from tests.bench.plan import Bench
from tests.bench.process import Server

TITLE = "The price of sealing: Kanal beside itself without its vault"
CONNECTIONS = 64
GOAL = Goal(0.8)
IN_CLEAR = "Kanal in clear"


def steps(bench: Bench) -> int:
    return 2 * bench.plan.rounds + 2 * bench.plan.end_to_end_rounds


def measure(bench: Bench) -> list[Figure]:
    return [*_accept(bench), *_end_to_end(bench)]


def _accept(bench: Bench) -> list[Figure]:
    directory = bench.directory / "sealing"
    directory.mkdir()
    with ExitStack() as stack:
        sealed = stack.enter_context(kanal.intake_only(directory / "sealed")).web()
        clear = stack.enter_context(kanal.intake_only(directory / "clear", sealed=False)).web(IN_CLEAR)

        def once(server: Server, number: int) -> Load:
            bench.tick(f"sealing, accept: {server.name}")
            return generate(
                "http_load",
                port=server.port,
                target=kanal.TARGET,
                connections=CONNECTIONS,
                seed=number,
                warm_up=bench.plan.warm_up,
                seconds=bench.plan.seconds,
            )

        rounds = interleaved([sealed, clear], bench.plan.rounds, once)
        return compared("sealing", "durable accept of an SMS", [sealed, clear], rounds, {IN_CLEAR: GOAL})


def _end_to_end(bench: Bench) -> list[Figure]:
    rates: dict[bool, list[float]] = {True: [], False: []}
    for number in range(bench.plan.end_to_end_rounds):
        for sealed in (True, False) if number % 2 else (False, True):
            bench.tick(f"sealing, end to end: {'Kanal' if sealed else IN_CLEAR}")
            rates[sealed].append(_rate(bench, sealed, number))
    with_vault, without = median(rates[True]), median(rates[False])
    ratio = with_vault / without
    return [
        Figure(section="sealing", case="accept to settled", server="Kanal", rate=with_vault),
        Figure(
            section="sealing",
            case="accept to settled",
            server=IN_CLEAR,
            rate=without,
            ratio=ratio,
            goal=str(GOAL),
            met=GOAL.met(ratio),
        ),
    ]


def _rate(bench: Bench, sealed: bool, number: int) -> float:
    directory = bench.directory / f"sealing-{sealed}-{number}"
    with kanal.whole(directory, sealed) as gateway:
        wait_until_judging(gateway, seed=100 * number)
        return burst(gateway, seed=100 * number + 1, count=bench.plan.reports)
