"""The gateway without its pipeline: `python -m tests.bench.servers.kanal_intake SETTINGS`."""

import asyncio
import signal
import sys
from pathlib import Path

from gateway import logs, settings
from gateway.app import App
from gateway.data import DataDirectory
from gateway.serving import SWITCH_SECONDS


async def serve(file: Path) -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    loaded = settings.load(file)
    with DataDirectory(loaded.gateway.data) as directory:
        app = App(loaded, directory, process=False)
        await app.start()
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()
        await app.stop()


if __name__ == "__main__":
    logs.configure(json=True)
    asyncio.run(serve(Path(sys.argv[1])))
