"""`kanal chat`: talk to Kanal at the terminal, as a citizen."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway import registry, settings
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption
from gateway.suggest import did_you_mean

if TYPE_CHECKING:
    from adapters import Capabilities
    from gateway.chat.talk import Said

CITIZEN = "warga"
AT_ONCE = " || "


def chat(
    kind: Annotated[
        str, typer.Option("--as", metavar="KIND", help="Answer as this kind of channel does: sms, smtp, …")
    ] = "terminal",
    dialogue: Annotated[
        str | None,
        typer.Option(help="Open this dialogue by the first line: one that is installed, or that lies in ./kanal-NAME."),
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Talk to a gateway of its own, which is gone afterwards, over a terminal; type /? for what else it takes.

    It knows the areas, texts and tables of the settings and data folder that are named, and touches neither. With --as
    a reply is cut, numbered and counted as that kind of channel would, and its SMS are told. What stands between " || "
    in a line is sent as several messages at once, which are one report where that kind of channel waits for more. Lines
    may also come from a file or a pipe: each is answered before the next is read.
    """
    from gateway.apart import NotStarted  # noqa: PLC0415 half a second that no other command should wait

    folder = Path(tempfile.mkdtemp(prefix="kanal-chat-"))
    try:
        asyncio.run(_chat(folder, kind, dialogue, config, data))
    except (NotStarted, ConnectionError) as failure:
        options.fail(str(failure))
    except KeyboardInterrupt:
        typer.echo()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _chat(folder: Path, kind: str, dialogue: str | None, config: Path | None, data: Path | None) -> None:
    from gateway.apart import LOOPBACK, free_port, running  # noqa: PLC0415
    from gateway.bot.opening import OPEN  # noqa: PLC0415
    from gateway.chat import settings as own  # noqa: PLC0415
    from gateway.chat.log import Log  # noqa: PLC0415
    from gateway.chat.talk import talking  # noqa: PLC0415

    capabilities, quiet, port = own.capabilities_of(kind), own.quiet_of(kind), free_port()
    outline = settings.outline(config)
    own.take_over(options.data_folder(config, data), folder / "data")
    written = own.written(_table(outline, "gateway"), _table(outline, "bot"), capabilities, folder, port, quiet)
    beside = _package(dialogue, folder)
    async with running(folder, written, f"http://{LOOPBACK}:{port}", beside), talking(folder, quiet) as talk:
        buttons: list[tuple[str, str]] = []
        log = Log(folder)
        opens = f"{OPEN}{dialogue}" if dialogue else None
        async for typed in _lines():
            if not (lines := [line for part in typed.split(AT_ONCE) if (line := _made(part, buttons))]):
                continue
            if opens and "choice" not in lines[0]:
                lines[0], opens = lines[0] | {"choice": opens}, None
            for said in await talk.say(*lines):
                buttons = _show(said, capabilities) or buttons
            for problem in log.problems():
                typer.echo(f"  ({problem})", err=True)


def _table(outline: dict[str, Any], name: str) -> dict[str, Any]:
    table = outline.get(name, {})
    return table if isinstance(table, dict) else {}


def _package(dialogue: str | None, folder: Path) -> Sequence[Path]:
    """What must be importable for a dialogue that is not installed."""
    from gateway.chat.packages import importable  # noqa: PLC0415

    if dialogue is None or dialogue in registry.dialogue_names():
        return ()
    package = Path(f"kanal-{dialogue}")
    if not package.is_dir():
        hint = did_you_mean(dialogue, registry.dialogue_names())
        options.fail(f"no dialogue '{dialogue}' is installed, and there is no folder {package}: {hint}", 2)
    try:
        return importable(package, folder / "beside")
    except (OSError, ValueError) as error:
        options.fail(str(error), 2)


async def _lines() -> AsyncIterator[str]:
    """What is typed, until it ends. A pipe's lines are shown as if they were typed."""
    is_typed = sys.stdin.isatty()
    while True:
        typer.echo("> ", nl=False)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line or line.strip() == "/keluar":
            typer.echo()
            return
        if not is_typed:
            typer.echo(line.rstrip("\n"))
        if line.strip():
            yield line.rstrip("\n")


def _made(typed: str, buttons: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
    from gateway.chat import line  # noqa: PLC0415

    try:
        return line.made(typed, CITIZEN, buttons)
    except line.NotUnderstood as problem:
        typer.echo(f"  ({problem})")
        return None


def _show(said: "Said", capabilities: "Capabilities") -> list[tuple[str, str]]:
    """Print an answer; the buttons under it."""
    from gateway.bot import measuring  # noqa: PLC0415

    if said.refused:
        typer.echo(f"  (not kept: {said.refused})")
        return []
    first, *others = said.text.split("\n")
    typer.echo("\n".join([f"< {first}", *(f"  {line}" for line in others)]))
    if said.choices:
        typer.echo("  " + "  ".join(f"[{one['label']}]" for one in said.choices))
    if capabilities.alphabet == "gsm7":
        typer.echo(f"  ({measuring.cost(said.text, capabilities)} SMS)")
    return [(one["id"], one["label"]) for one in said.choices]
