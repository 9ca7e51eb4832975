"""`kanal run`: the gateway in the foreground."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from adapters import ChannelError, Guides
from gateway import listening, logs, settings
from gateway.app import App
from gateway.cli import options
from gateway.data import DataDirectory, InUse
from gateway.errors import ConfigError
from gateway.store.contract import StoreUnavailable

SWITCH_SECONDS = 0.001

log = structlog.get_logger()


def run(
    config: Annotated[
        Path | None, typer.Argument(help="Settings file; the built-in default without one.", envvar="KANAL_CONFIG")
    ] = None,
    data: options.DataOption = None,
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Log JSON lines to standard error.")] = False,
) -> None:
    """Run the gateway until SIGTERM or Ctrl-C, which drain it.

    Exit codes: 0 stopped; 1 it cannot start; 2 the settings are wrong; 74 the data cannot be written any more.
    """
    logs.configure(json_logs)
    try:
        loaded = settings.load(config, data=data, make_secrets=True)
        with DataDirectory(loaded.gateway.data) as directory:
            asyncio.run(_serve(loaded, directory))
    except ConfigError as error:
        options.fail(str(error), 2)
    except (InUse, StoreUnavailable, ChannelError, OSError, ValueError) as error:
        options.fail(f"cannot start: {error}")


async def _serve(loaded: settings.Settings, directory: DataDirectory) -> None:
    # The writer thread gives up the interpreter's lock at each statement; the default of 5 ms makes it wait too long.
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = App(loaded, directory)
    try:
        await app.start()
        typer.echo(banner(app))
        await stop.wait()
        log.info("stopping: what was accepted is finished first")
    finally:
        await app.stop()


def banner(app: App) -> str:
    """What listens where, and how to send a first message."""
    loaded = app.settings
    source = loaded.file or "built-in default"
    lines = [
        f"Kanal   data {loaded.gateway.data} (SQLite, WAL, synchronous FULL)   config: {source}",
        f"  web      {app.web.address}   status of a report: /lacak/<code>   /healthz /readyz /metrics",
    ]
    web = loaded.gateway.public_url or app.web.address
    for channel in app.channels.values():
        ways = ", ".join(listening.ways_in(channel.adapter, channel.name, web))
        out = "" if channel.can_send else "   (replies are kept: no way out is set)"
        lines.append(f"  {channel.name:<16} {ways}{out}")
    secrets = loaded.gateway.data / "secrets"
    return "\n".join([*lines, *_first_steps(app), *([f"  secrets  {secrets}/<name>"] if secrets.is_dir() else [])])


def _first_steps(app: App) -> list[str]:
    """One channel of each kind shows how."""
    guides = {one.settings.kind: one.adapter for one in reversed(app.channels.values())}
    steps = [guide.first_steps(app.web.address) for guide in guides.values() if isinstance(guide, Guides)]
    return [f"  try      {step}" for some in reversed(steps) for step in some]
