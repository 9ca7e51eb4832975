"""An officer of the demo at the pages: logs in by the link that a new account gets, as in a browser."""

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, CookieJar

from gateway import control
from gateway.accounts.account import Role
from gateway.apart import NotStarted
from gateway.demo.running import Running
from gateway.demo.wire import Form

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Clerk:
    """Logged in; `csrf` is what forms of this session carry."""

    def __init__(self, web: str, session: ClientSession, csrf: str) -> None:
        self.csrf = csrf
        self._web = web
        self._session = session

    async def post(self, path: str, form: Form) -> None:
        """Raises aiohttp's `ClientError` if it is not taken."""
        headers = {"Content-Type": form.content_type}
        async with self._session.post(f"{self._web}{path}", data=form.body, headers=headers) as response:
            response.raise_for_status()
            await response.read()


@asynccontextmanager
async def clerk(running: Running, desk: str) -> AsyncIterator[Clerk]:
    """Raises `NotStarted` if nobody is let in."""
    link, password = await link_for(running, "loket", Role.OPERATOR), secrets.token_urlsafe(16)
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:  # that is, cookies of an IP address, too
        given = {"password_new": password, "password_again": password}
        async with session.post(link, data=given) as response:
            await response.read()
        async with session.get(f"{running.web}/meja/{desk}") as response:
            found = _CSRF.search(await response.text())
        if found is None:
            raise NotStarted("the officer of the desk could not log in")
        yield Clerk(running.web, session, found[1])


async def link_for(running: Running, name: str, role: Role) -> str:
    """By which the person with a new account comes in, once, as `kanal user add` prints it."""
    made = await control.ask(running.data, "add user", {"actor": "demo", "name": name, "role": str(role)})
    return str(made["link"])
