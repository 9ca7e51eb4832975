"""System calls of a running process that fail, take long, or are its last."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.adapters.smtp_running import tool
from tests.end_to_end.kanal import until

may_trace = pytest.mark.skipif(os.geteuid() != 0, reason="only root may trace a process that it did not start so")


@contextmanager
def injected(pid: int, calls: str, what: str, *, only: Path | None = None) -> Iterator[Path]:
    """Each of these calls ("pwrite64,fdatasync") in every thread meets with `what` ("error=EIO", "delay_enter=200ms",
    "signal=SIGKILL:when=2"), or only those on one file. Yields a file with a line for each call."""
    with tempfile.NamedTemporaryFile("w+") as trace:
        where = [] if only is None else ["-P", str(only)]
        inject = ["-e", f"trace={calls}", "-e", f"inject={calls}:{what}"]
        command = [tool("strace", "strace"), "-f", "-qq", "-o", trace.name, *where, *inject, "-p", str(pid)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as strace:
            try:
                until(lambda: _is_traced(pid), "strace to attach", 60)
                yield Path(trace.name)
            finally:
                strace.send_signal(signal.SIGINT)
                _end(strace)


def _end(strace: subprocess.Popen[bytes]) -> None:
    try:
        strace.wait(30)
    except subprocess.TimeoutExpired:
        strace.kill()


def _is_traced(pid: int) -> bool:
    return all(_tracer(task) for task in Path(f"/proc/{pid}/task").iterdir())


def _tracer(task: Path) -> int:
    (line,) = (line for line in (task / "status").read_text().splitlines() if line.startswith("TracerPid:"))
    return int(line.split()[1])
