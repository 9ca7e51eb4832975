"""Processes of the `kanal` command, forked from one that has loaded its modules: to start Python and load them takes a
second of processor time, and the tests start hundreds. See `tests.end_to_end.forking`."""

import atexit
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from signal import SIGKILL, Signals
from socket import AF_UNIX, SOCK_SEQPACKET, send_fds, socket, socketpair
from threading import Lock
from typing import IO

import msgspec

from tests.end_to_end.forking import Request

#: Python and the loader of libraries heed what begins like this at the start of a process only.
EARLY = ("PYTHON", "LD_")

_turn = Lock()


def is_possible() -> bool:
    """Would a process that is started now begin as the one with the modules has?"""
    return _early() == _EARLY


def _early() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(EARLY)}


_EARLY = _early()


class Forked:
    """A process of `kanal` with these words, whose output goes to `log`; used as a `subprocess.Popen`."""

    def __init__(self, words: Sequence[str], log: IO[bytes]) -> None:
        self.returncode: int | None = None
        self._turn = Lock()
        request = Request(list(words), dict(os.environ), str(Path.cwd()))
        ours, theirs = os.pipe()
        with _turn:
            send_fds(_server(), [msgspec.json.encode(request)], [log.fileno(), theirs])
        os.close(theirs)
        self._told = os.fdopen(ours, "rb", buffering=0)
        self.pid = self._number()

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, seconds: float | None = None) -> int:
        """Raises `TimeoutExpired`."""
        with self._turn:
            if self.returncode is None:
                if not select.select([self._told], [], [], seconds)[0]:
                    raise subprocess.TimeoutExpired("kanal", seconds or 0)
                self.returncode = self._number()
                self._told.close()
            return self.returncode

    def send_signal(self, number: Signals) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(SIGKILL)

    def _number(self) -> int:
        return int(self._told.readline())


@cache
def _server() -> socket:
    ours, theirs = socketpair(AF_UNIX, SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.end_to_end.forking", str(theirs.fileno())]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # numpy's: only what has one thread forks well
        server = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment)
    atexit.register(_end, server, ours)
    return ours


def _end(server: subprocess.Popen[bytes], asked: socket) -> None:
    asked.close()
    server.wait()
