"""The channel sirene passes the suite of all channels."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from kanal_sirene import Sirene

from adapters import Address, Reply
from adapters.testing import AdapterContract

PAYLOADS = Path(__file__).parent / "payloads"
STATUSES = {"ok": 200, "throttled": 429, "down": 503, "unauthorized": 401, "refused": 422, "gone": 404}
ALARMS = b'{"alarms": [%s]}' % (PAYLOADS / "flood.json").read_bytes()


@asynccontextmanager
async def sirene(outcome: str) -> AsyncIterator[Mapping[str, Any]]:
    """The provider, which does `outcome` to everybody; yields the settings that lead to it."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=STATUSES[outcome], body=ALARMS)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield {"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}
    await runner.cleanup()


class TestSirene(AdapterContract):
    adapter = Sirene
    settings = {"token": "a-token-of-sirene"}
    payloads = PAYLOADS
    refused_settings = {"no address": {"url": "sirene"}}
    reply = Reply(id="r-1", channel="sirene", to=Address("account", "warga-17"), text="Terima kasih, laporan dicatat.")

    peer = staticmethod(sirene)
    feed = staticmethod(sirene)
