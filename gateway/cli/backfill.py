"""`kanal channels backfill`: fetching what came before, or was missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gateway import control
from gateway.cli import options
from gateway.cli.channels import NameArgument
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_done
from gateway.errors import OperationRefused

LOOK_SECONDS = 1.0


def backfill(
    name: NameArgument,
    since: Annotated[str, typer.Option(metavar="DATE", help="From this day or time on, as 2026-11-01.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Fetch what came by a channel since a day, such as the mails of a mailbox, while the gateway runs.

    What it knows already changes nothing. What is new becomes reports, and is answered, like all that comes.
    """
    with looking(config, data) as look:
        start, folder = time_of(since, look.zone), look.folder
    try:
        done = asyncio.run(_fetched(folder, name, start))
    except OSError:
        options.fail("no gateway runs here that could fetch it: start it, and ask again")
    except OperationRefused as refusal:
        options.fail(str(refusal))
    said = f"{name}: {done['fetched']} fetched since {start:%Y-%m-%d %H:%M}; what was known stays as it was"
    print_done(done, said, as_json)


def time_of(typed: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        options.fail(f"'{typed}' is no date: write it as 2026-11-01", 2)
    return at if at.tzinfo else at.replace(tzinfo=zone)


async def _fetched(folder: Path, name: str, since: datetime) -> dict[str, Any]:
    asked = asyncio.create_task(control.ask(folder, "backfill", {"channel": name, "since": since.isoformat()}))
    async with _shown(folder, name):
        done: dict[str, Any] = await asked
    return done


@asynccontextmanager
async def _shown(folder: Path, name: str) -> AsyncIterator[None]:
    """How many there are so far, on standard error if that is a terminal."""
    from rich.console import Console  # noqa: PLC0415 some tens of milliseconds

    console = Console(stderr=True)
    with console.status("fetching …") as line:

        async def look() -> None:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                line.update(f"{await control.ask(folder, 'backfilled', {'channel': name})} fetched …")

        looking = asyncio.create_task(look())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
