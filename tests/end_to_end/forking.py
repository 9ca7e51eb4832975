"""A process that has loaded all that a gateway loads, and forks processes of the `kanal` command from itself:
`python -m tests.end_to_end.forking SOCKET`, as `tests.end_to_end.forked` starts it. It ends with who started it.

Each has a keeper, which tells its id and then its exit code, a line each.
"""

import gc
import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from socket import recv_fds, socket
from typing import Any

import msgspec

LOADED = ("gateway.__main__", "gateway.cli.commands", "gateway.serving", "sqlite_utils")
REQUEST_BYTES = 1 << 17


class Request(msgspec.Struct, frozen=True):
    """What would otherwise be given to a process at its start."""

    words: list[str]
    environment: dict[str, str]
    folder: str


def served(asked: socket) -> Request:
    """Returns in each process of its own that was asked for: that becomes `kanal` then."""
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _waited)
    while True:
        body, descriptors, _, _ = recv_fds(asked, REQUEST_BYTES, 2)
        if not body:
            sys.exit()
        if os.fork() == 0:
            asked.close()
            _kept(*descriptors)
            signal.signal(signal.SIGINT, interrupted)
            return msgspec.json.decode(body, type=Request)
        for one in descriptors:
            os.close(one)


def _waited(*_: object) -> None:
    """For the keepers that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _kept(log: int, told: int) -> None:
    """Returns in the process that is kept."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, standard in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(number, standard)
        for one in (nothing, log, told):
            os.close(one)
        return
    try:
        os.write(told, f"{pid}\n".encode())
        os.write(told, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    finally:
        os._exit(0)


def become(request: Request) -> Any:
    """What `gateway.__main__.main` does is all that this process does."""
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    sys.argv = ["kanal", *request.words]
    return import_module("gateway.__main__").main()


if __name__ == "__main__":
    for module in LOADED:
        import_module(module)
    gc.freeze()
    become(served(socket(fileno=int(sys.argv[1]))))
