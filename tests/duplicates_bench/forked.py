"""A measurement in a process of its own, whose memory holds nothing else."""

import gc
import os
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def forked(work: Callable[[], T], kind: type[T]) -> T:
    """What `work` gives, done in a copy of this process. Raises `RuntimeError` if that dies."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    gc.collect()
    child = context.Process(target=_send, args=(work, theirs))
    child.start()
    theirs.close()
    try:
        return msgspec.msgpack.decode(ours.recv_bytes(), type=kind)
    except EOFError:
        raise RuntimeError("the measuring process died") from None
    finally:
        child.join()


def _send(work: Callable[[], object], pipe: Any) -> None:
    pipe.send_bytes(msgspec.msgpack.encode(work()))
    pipe.close()
