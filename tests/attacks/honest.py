"""How long honest citizens wait until their messages are acknowledged, in quiet and while others attack."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple

from tests.end_to_end.citizens import Citizens, Said
from tests.end_to_end.kanal import Gateway

#: An attack makes nobody else wait longer than so many times what is usual…
FACTOR = 10
#: … where usual is this many seconds at least: below, other processes of the machine are measured.
LEAST = 0.02
ROUNDS = 7
TRIES = 8

#: Short, so that the tests need not wait.
SHORT_WEB = {"header_timeout": 1, "body_timeout": 1, "answer_timeout": 1, "idle_timeout": 1}
SHORT_SMTP = {"command_timeout": 1, "data_timeout": 1}


class Waits(NamedTuple):
    """Medians, in seconds."""

    sms: float
    mail: float


def measured(citizens: Citizens) -> Waits:
    """Sends by both ways, one message after the other; each is taken."""
    rounds = [(_timed(citizens.sms, 200), _timed(citizens.mail, 250)) for _ in range(ROUNDS)]
    return Waits(*(median(waits) for waits in zip(*rounds, strict=True)))


def slowed(quiet: Waits, citizens: Citizens) -> float:
    """By what factor they are slowed now: the least of some measurements, for the machine has its own troubles."""
    factors: list[float] = []
    while len(factors) < TRIES and min(factors, default=FACTOR + 1) > FACTOR:
        now = measured(citizens)
        factors.append(max(wait / max(LEAST, before) for before, wait in zip(quiet, now, strict=True)))
    return min(factors)


@contextmanager
def attacked(gateway: Gateway, *attacks: str) -> Iterator[None]:
    """While it lasts, each of these attacks comes from a host of its own."""
    ports = str(gateway.web), gateway.smtp.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.attacks.attackers", *ports, *attacks]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"attacking\n"
            yield
            assert process.poll() is None, "the attackers gave up"
        finally:
            process.kill()


def _timed(send: Callable[[], Said], status: int) -> float:
    began = time.perf_counter()
    said = send()
    assert said.status == status, said
    return time.perf_counter() - began
