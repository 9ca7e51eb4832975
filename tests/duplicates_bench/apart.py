"""A measurement in a process of its own, whose memory holds nothing else, nor room that something else left."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def apart(kind: type[T], work: Callable[..., T], *arguments: object) -> T:
    """What `work` gives, which is of this kind. Raises `RuntimeError` if its process died."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(theirs, work, *arguments))
    child.start()
    theirs.close()
    try:
        return msgspec.msgpack.decode(ours.recv_bytes(), type=kind)
    except EOFError:
        raise RuntimeError("the measuring process died") from None
    finally:
        child.join()


def _send(pipe: Connection, work: Callable[..., object], *arguments: object) -> None:
    pipe.send_bytes(msgspec.msgpack.encode(work(*arguments)))
    pipe.close()
