"""What a running gateway says of itself to `kanal doctor`, over the control socket."""

import os
import time
from collections.abc import Sequence
from importlib.metadata import version

import msgspec

from gateway import handles
from gateway.store.contract import StoreUnavailable
from gateway.store.sqlite import SqliteStore

STARTED = time.monotonic()


class Vitals(msgspec.Struct, frozen=True):
    """`seconds` since the start; `fault` says why the store cannot be written, if so; `pragmas` are those of the
    writing connection, which cannot be asked then; `listens` where it accepts connections; `handles` are open, of
    `most_handles`."""

    version: str
    pid: int
    seconds: float
    fault: str
    pragmas: dict[str, str | int]
    listens: Sequence[str]
    handles: int
    most_handles: int


async def told(store: SqliteStore, listens: Sequence[str]) -> Vitals:
    """Asks the writer thread too, so that an answer shows it to be alive."""
    fault, pragmas = "", dict[str, str | int]()
    try:
        pragmas = await store.pragmas()
    except StoreUnavailable as error:
        fault = str(error)
    return Vitals(
        version=version("kanal"),
        pid=os.getpid(),
        seconds=time.monotonic() - STARTED,
        fault=fault or store.fault(),
        pragmas=pragmas,
        listens=listens,
        handles=handles.in_use(),
        most_handles=handles.limits()[0],
    )
