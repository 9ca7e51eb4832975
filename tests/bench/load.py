"""What a load generator found, and how one is run."""

import subprocess
import sys
from collections.abc import Sequence

import msgspec

GENERATOR_TIMEOUT = 600.0


class Load(msgspec.Struct, frozen=True):
    """`count` answers in `seconds`; how many of all answers were refusals; answer times in milliseconds."""

    count: int
    seconds: float
    refused: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def summed(times: list[float], seconds: float, refused: int) -> Load:
    """A `Load` from answer times in seconds. Raises `ValueError` if nothing was answered."""
    if not times:
        raise ValueError("the server answered nothing")
    times.sort()
    return Load(len(times), seconds, refused, 1000 * percentile(times, 50), 1000 * percentile(times, 99))


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Of values in ascending order."""
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def generate(generator: str, **options: object) -> Load:
    """Run a generator module in a process of its own. Raises `RuntimeError` if it failed or saw refusals."""
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", f"tests.bench.{generator}", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=GENERATOR_TIMEOUT, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{generator}: {done.stderr.decode()[-2000:]}")
    load = msgspec.json.decode(done.stdout, type=Load)
    if load.refused:
        raise RuntimeError(f"{generator}: {load.refused} of {load.count} were refused")
    return load
