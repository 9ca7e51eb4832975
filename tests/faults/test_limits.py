"""A process whose file handles or memory are used up."""

import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.end_to_end.citizens import LARGE, Citizens, connected
from tests.end_to_end.kanal import Gateway, until

HANDLES = 64
#: What the process may take more than it has, and a mail that does not fit into it.
MORE, HUGE = 16 << 20, "x" * 14_000_000


@contextmanager
def limited(pid: int, what: int, most: int) -> Iterator[None]:
    before = resource.prlimit(pid, what)
    resource.prlimit(pid, what, (most, before[1]))
    yield
    resource.prlimit(pid, what, before)


def handles(gateway: Gateway) -> int:
    return len(list(Path(f"/proc/{gateway.pid}/fd").iterdir()))


def full(gateway: Gateway) -> bool:
    time.sleep(0.01)
    return handles(gateway) == HANDLES


def taken(stack: ExitStack, gateway: Gateway) -> bool:
    """Open one more connection; whether that was the last."""
    with suppress(TimeoutError):
        stack.enter_context(socket.create_connection(("127.0.0.1", gateway.web), 5))
    return all(full(gateway) for _ in range(10))  # a process that is being started has some for a moment


@pytest.mark.threat("P1-37")
def test_without_file_handles_what_is_connected_is_served_and_all_others_are_when_there_are_some(
    tmp_path: Path,
) -> None:
    with Gateway(tmp_path) as gateway, connected(gateway.smtp) as talk, ThreadPoolExecutor() as pool:
        citizens = Citizens(gateway)
        assert citizens.mail(over=talk).status == 250
        (worker,) = gateway.children("gateway.worker")
        with limited(gateway.pid, resource.RLIMIT_NOFILE, HANDLES), ExitStack() as idle:
            os.kill(worker, signal.SIGKILL)
            until(lambda: not gateway.children("gateway.worker"), "the worker to end")
            until(lambda: taken(idle, gateway), "the handles to be used up")
            assert (citizens.mail(LARGE, talk).status, citizens.mail("", talk).status) == (452, 250)
            waiting = pool.submit(citizens.both)
            time.sleep(1)
            assert not waiting.done()
            idle.close()
            assert waiting.result() == (200, 250)
        gateway.settled()
        citizens.check()
        assert gateway.log.count("a library complains") < 5


def size(pid: int) -> int:
    """Of a process's address space, in octets."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


@pytest.mark.threat("P1-39")
def test_without_memory_a_mail_is_refused_or_read_by_another_worker_and_the_small_go_on(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        citizens = Citizens(gateway)
        assert citizens.both() == (200, 250)
        gateway.settled()
        with limited(gateway.pid, resource.RLIMIT_AS, size(gateway.pid) + MORE):
            for _ in range(2):
                assert citizens.mail(HUGE).status in {0, 250, 451}  # what is acknowledged is checked below
                assert citizens.both() == (200, 250)
        (worker,) = gateway.children("gateway.worker")
        resource.prlimit(worker, resource.RLIMIT_AS, (size(worker),) * 2)
        assert (citizens.mail(LARGE * 10).status, citizens.sms().status) == (250, 200)
        gateway.settled()
        assert gateway.children("gateway.worker") != [worker]
        citizens.check()
