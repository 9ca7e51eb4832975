"""Opening what is sealed of people: whoever looks says why, and that is recorded before anything is shown."""

import asyncio
from collections.abc import Iterable
from itertools import groupby
from typing import Annotated, Any

import msgspec
import typer

from gateway import control
from gateway.cli import options
from gateway.cli.looking import Look
from gateway.custody import Custody
from gateway.data import DataDirectory, InUse
from gateway.errors import OperationRefused
from gateway.store import audit
from gateway.store.contract import Entry
from gateway.store.sqlite import SqliteStore

WhyOption = Annotated[
    str | None, typer.Option("--why", help="Why you must see it: recorded with your name, see `kanal audit`.")
]
LEAST, MOST = 8, 1000
TRIES, PAUSE = 50, 0.1


def reason(why: str | None) -> str:
    """What was given by --why; else the command ends."""
    said = " ".join((why or "").split()).encode("utf-8", "backslashreplace").decode()
    if not LEAST <= len(said) <= MOST:
        options.fail(
            f'this shows who wrote: say by --why "…" in {LEAST} to {MOST} characters why you must see it;'
            " it is recorded with your name",
            2,
        )
    return said


def record(look: Look, action: str, about: Iterable[str], why: str) -> None:
    """Put a look into the audit log; if that cannot be done, the command ends."""
    entry = Entry(actor=options.actor(), action=action, about=tuple(filter(None, dict.fromkeys(about))), why=why)
    try:
        asyncio.run(_record(look, msgspec.to_builtins(entry)))
    except OperationRefused as refusal:
        options.fail(str(refusal))


def recorded(look: Look, names: set[str]) -> int:
    """How many entries are about any of these."""
    log = audit.entries(look.views.connection, look.views.vault)
    return sum(bool(audit.concerned(entry["about"], names)) for entry in log)


def numbers(seqs: Iterable[int]) -> list[str]:
    """Numbers of deliveries as an entry has them: "17", or "20-25" for several."""
    found = sorted(set(seqs))
    runs = groupby(enumerate(found), lambda pair: pair[1] - pair[0])
    ends = [(run[0][1], run[-1][1]) for _, pairs in runs for run in [list(pairs)]]
    return [str(first) if first == last else f"{first}-{last}" for first, last in ends]


async def _record(look: Look, entry: dict[str, Any]) -> None:
    """By the running gateway; if none runs, here, under the data folder's lock, which another may have just now."""
    for _ in range(TRIES):
        try:
            await control.ask(look.folder, "record", entry)
            return
        except OSError:
            if await _record_alone(look, entry):
                return
        await asyncio.sleep(PAUSE)
    raise OperationRefused(f"it cannot be recorded, so it is not shown: {options.NO_ANSWER}")


async def _record_alone(look: Look, entry: dict[str, Any]) -> bool:
    try:
        directory = DataDirectory(look.folder)
    except InUse:
        return False
    with directory:
        store = SqliteStore(look.folder, look.master(), options.store_died)
        try:
            await Custody(store, look.folder).record(**entry)
        finally:
            await store.close()
    return True
