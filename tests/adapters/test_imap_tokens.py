"""OAuth2: the token that is fetched lets us into a real Dovecot, which asks a server of ours whose it is."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from adapters import ChannelDown, ChannelError, Unauthorized
from adapters.imap import Imap
from adapters.testing import opened, settings_of
from tests.adapters.dovecot import USER, Dovecot
from tests.adapters.smtp_running import mail

ACCESS = "rahasia-akses-123"
_PASSDB = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""
_OAUTH2 = """
tokeninfo_url = {url}/info?access_token=
username_attribute = email
username_format = %u
"""


class TokenServer:
    """Grants `ACCESS` to who shows the newest refresh token, which changes each time."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Mapping[str, Any]] = []
        self.status = 200

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append(dict(await request.post()))
        granted = {"access_token": ACCESS, "refresh_token": f"segar-{len(self.asked)}", "expires_in": 3600}
        return web.json_response(granted if self.status == 200 else {"error": "invalid_grant"}, status=self.status)

    async def info(self, request: web.Request) -> web.Response:
        known = request.query.get("access_token") == ACCESS
        return web.json_response({"email": USER} if known else {"error": "invalid_token"}, status=200 if known else 401)


@asynccontextmanager
async def token_server() -> AsyncIterator[TokenServer]:
    served, app = TokenServer(), web.Application()
    app.add_routes([web.post("/token", served.token), web.get("/info", served.info)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield served
    finally:
        await runner.cleanup()


def by_token(dovecot: Dovecot, server: TokenServer, **changes: Any) -> Imap:
    token = {"password": None, "client_id": "kanal", "client_secret": "rahasia-klien", "refresh_token": "segar-0"}
    return Imap(settings_of(Imap, dovecot.settings(**token, token_url=f"{server.url}/token", **changes)))


async def test_a_fetched_token_lets_us_in(tmp_path: Any) -> None:
    async with token_server() as server:
        (tmp_path / "oauth2").write_text(_OAUTH2.format(url=server.url))
        with Dovecot(more=_PASSDB.format(file=tmp_path / "oauth2")) as dovecot:
            dovecot.deliver(mail())
            async with opened(by_token(dovecot, server)) as adapter:
                assert len((await adapter.poll(None)).deliveries) == 1
                await adapter.check()
    assert [form["refresh_token"] for form in server.asked] == ["segar-0", "segar-1"]
    assert server.asked[0]["grant_type"] == "refresh_token"


async def test_an_applications_own_right_needs_no_refresh_token() -> None:
    async with token_server() as server:
        token = {"password": None, "client_id": "kanal", "client_secret": "rahasia-klien", "token_scope": "mail"}
        plain = {"recipients": ["dki@jakarta.go.id"], "host": "127.0.0.1", "port": 1, "tls": "none", "username": USER}
        adapter = Imap(settings_of(Imap, plain | token | {"token_url": f"{server.url}/token"}))
        with pytest.raises(ChannelDown, match="cannot be reached"):
            await adapter.poll(None)
    expected = {"grant_type": "client_credentials", "client_id": "kanal", "client_secret": "rahasia-klien"}
    assert server.asked == [expected | {"scope": "mail"}]


REFUSALS = {400: Unauthorized, 401: Unauthorized, 429: ChannelDown, 503: ChannelDown}


@pytest.mark.parametrize(("status", "error"), REFUSALS.items())
async def test_a_token_that_is_not_granted(status: int, error: type[ChannelError]) -> None:
    async with token_server() as server:
        server.status = status
        plain = {"recipients": ["dki@jakarta.go.id"], "host": "127.0.0.1", "tls": "none", "username": USER}
        token = {"client_id": "kanal", "refresh_token": "rahasia-segar", "token_url": f"{server.url}/token"}
        with pytest.raises(ChannelError) as caught:
            await Imap(settings_of(Imap, plain | token)).poll(None)
    assert type(caught.value) is error
    assert "rahasia" not in repr(caught.value)
