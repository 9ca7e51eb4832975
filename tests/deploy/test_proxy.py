"""The proxy of config/examples in front of a gateway: a real nginx, by TLS."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector
from yarl import URL

from gateway.console.rendering import asset
from tests.adapters.certificates import make_certificate
from tests.adapters.smtp_running import tool
from tests.docs.blocks import ROOT
from tests.end_to_end.kanal import free_port
from tests.gateway.support import FLOOD, SECRET, Running, query, running, settings_in, sms_channel

SITE = (ROOT / "config" / "examples" / "nginx.conf").read_text()
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/kanal.conf;
}}
"""
CITIZEN = "127.0.0.9"
MO = f"/in/sms/{SECRET}/mo?{query('m1', FLOOD)}"


class Proxy:
    """An nginx with the site of the example; `address` is its own."""

    def __init__(self, folder: Path, gateway: str) -> None:
        folder.mkdir()
        self.folder, self.port = folder, free_port()
        self.address = f"https://127.0.0.1:{self.port}"
        self.certificate, key = make_certificate(folder)
        others = {
            "    listen [::]:443 ssl;\n": "",
            "443": f"127.0.0.1:{self.port}",
            "/etc/kanal/tls/fullchain.pem": str(self.certificate),
            "/etc/kanal/tls/privkey.pem": str(key),
            "/var/log/nginx": str(folder),
            "http://127.0.0.1:8080": gateway,
        }
        site = SITE
        for usual, here in others.items():
            assert usual in site
            site = site.replace(usual, here)
        (folder / "kanal.conf").write_text(site)
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        command = [tool("nginx", "nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        process = await asyncio.create_subprocess_exec(*command, "-e", str(self.folder / "main.log"))
        try:
            await asyncio.wait_for(self._accepting(), 60)
            yield
        finally:
            process.terminate()
            await process.wait()

    async def _accepting(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.02)

    async def ask(self, path: str, **headers: str) -> tuple[int, bool]:
        """Status of the answer, and whether it is the gateway's; asked from another address than the proxy's."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        connector = TCPConnector(ssl=trusted, local_addr=(CITIZEN, 0))
        async with (
            ClientSession(connector=connector) as client,
            client.get(URL(self.address + path, encoded=True), headers=headers) as response,
        ):
            return response.status, "nginx" not in await response.text()

    @property
    def logs(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


@contextlib.asynccontextmanager
async def proxied(folder: Path, allow: str) -> AsyncIterator[tuple[Running, Proxy]]:
    """A gateway whose SMS channel takes requests from `allow` only."""
    settings = settings_in(folder, sms_channel(allow=[allow]), web={"trusted_proxies": ["127.0.0.1"]})
    async with running(settings, process=False) as gateway:
        proxy = Proxy(folder / "nginx", gateway.app.web.address)
        async with proxy.running():
            yield gateway, proxy


async def test_what_citizens_and_providers_call_is_passed_and_nothing_else(tmp_path: Path) -> None:
    async with proxied(tmp_path, CITIZEN) as (gateway, proxy):
        expected = {
            MO: (200, True),
            "/lacak/KNL-0000-0000": (404, True),
            "/lacak": (200, True),
            asset("kanal.css"): (200, True),
            "/stores/crm/news": (404, True),
            "/metrics": (404, False),
            "/healthz": (404, False),
            "/readyz": (404, False),
            "/": (200, True),
            "/petugas": (200, True),
            "/in": (404, False),
            "/in/%2e%2e/metrics": (404, False),
        }
        assert {path: await proxy.ask(path) for path in expected} == expected
        assert [row["id"] for row in gateway.deliveries()] == ["m1"]
        assert (await gateway.ask("/metrics")).status == 200


FORGED = "192.0.2.7"


@pytest.mark.threat("P0-18")
@pytest.mark.parametrize(
    ("allow", "status"),
    [pytest.param(CITIZEN, 200, id="its own address"), pytest.param(FORGED, 403, id="the address that it claims")],
)
async def test_a_caller_has_the_rights_of(tmp_path: Path, allow: str, status: int) -> None:
    async with proxied(tmp_path, allow) as (_, proxy):
        assert await proxy.ask(MO, **{"X-Forwarded-For": FORGED}) == (status, True)


async def test_no_secret_and_no_number_is_in_its_logs(tmp_path: Path) -> None:
    async with proxied(tmp_path, CITIZEN) as (gateway, proxy):
        await proxy.ask(MO)
        await gateway.app.stop()
        assert await proxy.ask(MO) == (502, False)
        assert SECRET not in proxy.logs
    assert CITIZEN not in proxy.logs and "6281110000001" not in proxy.logs
