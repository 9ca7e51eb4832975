"""The gateway in the foreground: up, a banner, and down again when a signal asks for it."""

import asyncio
import shlex
import signal
import sys

import structlog
import typer

from adapters import Guides
from gateway import listening, settings
from gateway.accounts.people import FIRST_MINUTES
from gateway.app import App
from gateway.data import DataDirectory
from gateway.store.contract import StoreUnavailable
from gateway.supervise import end

SWITCH_SECONDS = 0.001

log = structlog.get_logger()


async def serve(loaded: settings.Settings, directory: DataDirectory) -> None:
    """Run until SIGTERM or SIGINT, then drain. SIGHUP has the settings read again."""
    # The writer thread gives up the interpreter's lock at each statement; the default of 5 ms makes it wait too long.
    sys.setswitchinterval(SWITCH_SECONDS)
    stop, hangup = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, hangup.set)
    app = App(loaded, directory)
    reloading = asyncio.create_task(_reload_at(hangup, app))
    try:
        await app.start()
        typer.echo("\n".join([banner(app), *await _first_link(app)]))
        await stop.wait()
        log.info("stopping: what was accepted is finished first")
    finally:
        await app.stop()
        await end([reloading])


async def _first_link(app: App) -> list[str]:
    """The banner's last line where nobody has an account yet. A full disk keeps the gateway from this alone."""
    try:
        link = await app.people.first_link()
    except StoreUnavailable as error:
        log.warning("no link for the first log-in: nothing can be written", error=str(error))
        return []
    return [f"  log in   {link}   (once, within {FIRST_MINUTES} minutes)"] if link else []


async def _reload_at(hangup: asyncio.Event, app: App) -> None:
    """However many signals came during one reload, one more sees all that they were about."""
    while True:
        await hangup.wait()
        hangup.clear()
        await app.reload()


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
        out = "" if channel.can_send else f"   ({_instead(loaded)})"
        lines.append(f"  {channel.name:<16} {ways}{out}")
    return "\n".join([*lines, *_first_steps(app)])


def _instead(loaded: settings.Settings) -> str:
    """What becomes of replies on a channel without a way out."""
    others = loaded.gateway.fall_back
    return f"replies leave by {' or '.join(others)}" if others else "replies are kept: no way out is set"


def _first_steps(app: App) -> list[str]:
    """One channel of each kind shows how; where its secret was made by us, the shell can read it."""
    channels = {one.settings.kind: one for one in reversed(app.channels.values())}
    made = _made_secrets(app.settings)
    return [
        f"  try      {step.replace('SECRET', made.get(channel.name, 'SECRET'))}"
        for channel in reversed(channels.values())
        if isinstance(channel.adapter, Guides)
        for step in channel.adapter.first_steps(app.web.address)
    ]


def _made_secrets(loaded: settings.Settings) -> dict[str, str]:
    """By channel: how a shell reads the secret that was made for it."""
    tables = loaded.source.get("channels", [])
    secrets = {table["name"]: table.get("secret") for table in tables}
    folder = shlex.quote(str(loaded.gateway.data / "secrets"))
    return {name: f"$(cat {folder}/{secret['made']})" for name, secret in secrets.items() if _is_made(secret)}


def _is_made(secret: object) -> bool:
    return isinstance(secret, dict) and "made" in secret
