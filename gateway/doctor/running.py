"""Does a gateway run on the data folder, and does it answer?"""

import asyncio
from importlib.metadata import version
from pathlib import Path

import msgspec

from gateway import control
from gateway.data import RESTORING, DataDirectory
from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.words import duration
from gateway.errors import OperationRefused
from gateway.store.connecting import FILE
from gateway.vitals import Vitals

SECONDS = 10.0


def vitals(folder: Path) -> Vitals | None:
    """What the running gateway says of itself; None if none does."""
    try:
        return msgspec.convert(asyncio.run(_asked(folder)), Vitals)
    except (OSError, OperationRefused, TimeoutError, msgspec.ValidationError):
        return None


async def _asked(folder: Path) -> object:
    async with asyncio.timeout(SECONDS):
        return await control.ask(folder, "vitals", {})


def check(patient: Patient) -> Findings:
    told = patient.vitals
    if told is None:
        yield from _not_answering(patient.folder)
        return
    if told.version != version("kanal"):
        yield warn("gateway", f"kanal {told.version} runs, this is {version('kanal')}", "restart the gateway")
    if told.fault:
        yield fail("gateway", f"nothing can be written: {told.fault}", _to_do(patient.folder, told.pid))
    yield ok("gateway", f"it runs and answers (process {told.pid}, for {duration(told.seconds)})")


def _to_do(folder: Path, pid: int) -> str:
    if all((folder / name).exists() for name in (FILE, f"{FILE}-wal")):
        return "see to the disk: it goes on by itself then"
    return f"do not stop the gateway: put the file back, or copy all of kanal.db* from /proc/{pid}/fd"


def _not_answering(folder: Path) -> Findings:
    if (folder / RESTORING).exists():
        hint = f"repeat it: kanal restore BACKUP --data {folder}"
        yield fail("gateway", "a restore into the data folder did not finish: none can start", hint)
    elif folder.is_dir() and DataDirectory.is_in_use(folder):
        hint = "is it just starting or stopping? Else look at its log, and restart it"
        yield fail("gateway", "a process holds the data folder but does not answer", hint)
    else:
        yield ok("gateway", "none is running")
