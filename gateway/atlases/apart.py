"""Work on files of others in a process of its own: geometry libraries may take more memory and time than there is."""

import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from shapely.errors import ShapelyError

from gateway.atlases.borders import Tell
from gateway.atlases.source import Unusable

#: Octets of memory and seconds of processor time, and more for each MB of the file.
MEMORY, MEMORY_A_MB = 1 << 30, 10 << 20
SECONDS, SECONDS_A_MB = 20, 2

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["gateway.atlases.importing"])


def apart(work: Callable[..., Any], octets: int, *arguments: Any, tell: Tell) -> Any:
    """What `work(*arguments, tell)` returns for a file of so many octets; what it raises is raised.

    Raises `Unusable` too if it takes more than its share.
    """
    receiving, sending = _context.Pipe(duplex=False)
    process = _context.Process(target=_work, args=(sending, work, octets, arguments), daemon=True)
    process.start()
    sending.close()
    try:
        return _done(receiving, tell)
    except EOFError:
        what = "nothing was changed: the file takes more memory or time than one of its size should"
        raise Unusable(f"{what}: mend its borders (mapshaper -clean, or -simplify 10% keep-shapes)") from None
    finally:
        process.kill()
        process.join()


def _done(receiving: Connection, tell: Tell) -> Any:
    while True:
        what, told = receiving.recv()
        if what == "told":
            tell(*told)
        elif what == "failed":
            raise told
        else:
            return told


def _work(sending: Connection, work: Callable[..., Any], octets: int, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it ends it
    _limit(octets >> 20)
    try:
        sending.send(("done", work(*arguments, lambda *told: sending.send(("told", told)))))
    except (MemoryError, ShapelyError):
        return  # which is how it says that there is no more memory
    except Exception as error:
        sending.send(("failed", error))


def _limit(megabytes: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY + megabytes * MEMORY_A_MB),
        (resource.RLIMIT_CPU, SECONDS + megabytes * SECONDS_A_MB),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
