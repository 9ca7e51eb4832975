"""Servers under test: processes of their own, bound to 127.0.0.1, stopped by their own process id."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0
PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


class Server(msgspec.Struct, frozen=True):
    """A contender: its name, where it listens, and how much memory it holds now."""

    name: str
    port: int
    memory: Callable[[], float]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def wait_for_port(port: int, alive: subprocess.Popen[bytes] | None = None) -> None:
    """Return once somebody listens. Raises `RuntimeError` if the process ends before or time is up."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if alive is not None and alive.poll() is not None:
            raise RuntimeError(f"{alive.args!r} ended with {alive.returncode} before it listened")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise RuntimeError(f"nobody listens on port {port}")


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is asked to end, and made to after a while."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        _stop(process)


@contextmanager
def module(title: str, name: str, *arguments: str, log: Path) -> Iterator[Server]:
    """`python -m tests.bench.servers.NAME PORT …`, once it listens."""
    port = free_port()
    with running([sys.executable, "-m", f"tests.bench.servers.{name}", str(port), *arguments], log) as process:
        wait_for_port(port, process)
        yield Server(title, port, lambda: memory_mb(process.pid))


def memory_mb(pid: int) -> float:
    """Memory of a process and all that it started, in MB; a shared page counts in parts (Linux's Pss)."""
    return sum(_proportional_kb(member) for member in _family(pid)) / 1000


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from _family(int(child))


def _proportional_kb(pid: int) -> int:
    try:
        found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
