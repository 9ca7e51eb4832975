"""Logging in by OpenID Connect as a browser sees it, with a provider that is a program of its own."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from gateway import settings
from gateway.accounts.account import Role
from tests.end_to_end.kanal import free_port
from tests.gateway.console.browsing import browser
from tests.gateway.support import running, settings_in

RINI = '{"sub": "rini-1", "email": "rini@balaikota.example", "email_verified": true}'
ANYBODY = '{"sub": "orang-2", "email": "rini@balaikota.example", "email_verified": false}'


@asynccontextmanager
async def provider() -> AsyncIterator[str]:
    port = free_port()
    command = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    people = ["--user-claims", RINI, "--user-claims", ANYBODY]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, *people, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> None:
    for _ in range(2_000):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError("the provider does not listen")


def with_openid(folder: Path, issuer: str) -> settings.Settings:
    source = settings_in(folder).source
    openid = {"issuer": issuer, "client_id": "kanal", "client_secret": {"file": "secret"}, "name": "SSO Kota"}
    return settings.from_data(source | {"console": {"openid": openid}}, folder)


async def chosen(address: str, sub: str) -> str:
    """Where the provider sends a browser back to, once somebody logged in there."""
    async with ClientSession() as client, client.post(address, data={"sub": sub}, allow_redirects=False) as answer:
        return answer.headers["Location"]


@pytest.mark.threat("P1-22")
async def test_who_has_an_account_comes_in_by_the_provider_and_nobody_else(tmp_path: Path) -> None:
    async with (
        provider() as issuer,
        running(with_openid(tmp_path, issuer), process=False) as gateway,
        browser(gateway.app) as person,
    ):
        await gateway.app.people.add("budi", "rini", Role.OPERATOR, mail="Rini@balaikota.example")
        (link,) = re.findall(r'href="(/masuk/openid[^"]*)"', (await person.get("/masuk?lanjut=/akun")).html)
        for sub, status, to in (("orang-2", 403, ""), ("rini-1", 303, "/akun"), ("rini-1", 303, "/akun")):
            sent = await person.get(link)
            assert sent.to.startswith(f"{issuer}/oauth2/authorize?")
            back = await chosen(sent.to, sub)
            seen = await person.get(back)
            assert (seen.status, seen.to) == (status, to), seen.text
        assert "rini" in (await person.get("/akun")).text
        async with browser(gateway.app) as other:
            await other.get(link)
            assert (await other.get(back)).status == 403
        assert gateway.app.store.users()[0].subject is not None


async def test_a_provider_that_is_down_leaves_the_password(tmp_path: Path) -> None:
    loaded = with_openid(tmp_path, f"http://127.0.0.1:{free_port()}")
    async with running(loaded, process=False) as gateway, browser(gateway.app) as person:
        seen = await person.get("/masuk/openid")
    assert seen.status == 502
    assert "SSO Kota sedang tidak bisa dihubungi" in seen.text
    assert 'name="password"' in seen.html


async def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path), process=False) as gateway, browser(gateway.app) as person:
        assert "openid" not in (await person.get("/masuk")).html
        assert (await person.get("/masuk/openid")).status == 404
        assert (await person.get("/masuk/openid/kembali?code=a&state=b")).status == 404
