"""A gateway of its own: a real `kanal run` in another process, with settings and data in a folder."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientError, ClientSession

LOOPBACK = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 30.0
LOG = "log"


class NotStarted(Exception):
    """The gateway did not start; the message tells what it said of it."""


@asynccontextmanager
async def running(folder: Path, settings: str, web: str, importable: Sequence[Path] = ()) -> AsyncIterator[None]:
    """Start one with `settings` (TOML), its file and log in `folder`, which serves at `web`, and wait until it is
    ready; at the end it is drained and stopped. `importable` are folders of further packages. Raises `NotStarted`."""
    file, log = folder / "kanal.toml", folder / LOG
    file.write_text(settings, "utf-8")
    with log.open("wb") as output:
        command = (sys.executable, "-m", "gateway", "run", str(file))
        process = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, env=_environment(importable)
        )
    try:
        if not await _is_ready(process, web):
            raise NotStarted(f"the gateway did not start:\n{log.read_text('utf-8', 'replace').strip()}")
        yield
    finally:
        await _stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(importable: Sequence[Path]) -> dict[str, str]:
    paths = [*map(str, importable), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})}


async def _is_ready(process: asyncio.subprocess.Process, web: str) -> bool:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    async with ClientSession() as session:
        while process.returncode is None and asyncio.get_running_loop().time() < deadline:
            with suppress(ClientError, OSError):
                async with session.get(f"{web}/readyz") as response:
                    if response.status == 200:
                        return True
            await asyncio.sleep(0.05)
    return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
