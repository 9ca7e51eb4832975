"""`kanal demo`: a flood afternoon on a gateway of its own, and the proof that nothing was lost."""

import asyncio
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gateway.cli import options

if TYPE_CHECKING:
    from gateway.demo import afternoon


def demo(
    speed: Annotated[
        float, typer.Option(min=0.1, help="Minutes of the afternoon that pass in a second; it has some 200.")
    ] = 10.0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the data, to look at it with the other commands.")
    ] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Leave the console open at the end, with a link to log in, until Ctrl-C.")
    ] = False,
) -> None:
    """Play a flood afternoon over all channels, then prove that every message was kept, answered where it was written,
    and filed.

    Needs no account and no network: the citizens, the mail servers, the SMS gateway, stand-ins for Telegram, Meta and X
    that speak their protocols, and the city's case store, which is down for a while, are part of it, on 127.0.0.1.

    In the table RECEIVED are deliveries, of which a provider makes some of its own, such as that an answer arrived.
    What is said in the end is read from the store (after the gateway has stopped, unless it is to --stay), and from
    where answers and cases arrived.

    Exit codes: 0 nothing is missing; 1 something is, or the gateway did not start.
    """
    from gateway.apart import NotStarted  # noqa: PLC0415
    from gateway.demo import afternoon  # noqa: PLC0415 half a second that no other command should wait

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="kanal-demo-"))
    console = Console(highlight=False)
    seen: list[afternoon.Ending] = []

    async def leave_open(ending: "afternoon.Ending", link: str) -> None:
        seen.append(ending)
        _tell(ending, console)
        typer.echo(f"\nThe console is open until Ctrl-C. Log in once, by {link}")
        await asyncio.Event().wait()

    try:
        ending = asyncio.run(afternoon.run(folder, speed, console, leave_open if stay else None))
        _tell(ending, console)
    except NotStarted as failure:
        options.fail(str(failure))
    except KeyboardInterrupt:
        if not seen:
            raise
        (ending,) = seen
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    if keep:
        typer.echo(f"\nThe data are kept: kanal cases list --config {folder / 'kanal.toml'}")
    raise typer.Exit(bool(ending.missing))


def _tell(ending: "afternoon.Ending", console: Console) -> None:
    from gateway.demo.screen import cases_table  # noqa: PLC0415

    console.print("\nThe cases that most reported:")
    console.print(cases_table(ending.cases))
    for line in ending.missing:
        typer.echo(f"MISSING: {line}", err=True)
    typer.echo(f"\n{ending.line}")
