"""People at the pages over HTTP, with a browser's cookies."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

from aiohttp import ClientSession, CookieJar
from yarl import URL

from gateway.app import App
from tests.gateway.console.support import SAME_ORIGIN, Seen

PASSWORD = "sepeda-ontel-biru"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Browser:
    """Sends what stands hidden in the form that it saw last, with what somebody typed."""

    def __init__(self, app: App, client: ClientSession) -> None:
        self.base = app.web.address
        self._client = client
        self._hidden: dict[str, str] = {}

    @property
    def cookies(self) -> dict[str, str]:
        return {one.key: one.value for one in self._client.cookie_jar}

    def set_cookie(self, name: str, value: str) -> None:
        self._client.cookie_jar.update_cookies({name: value}, URL(self.base))

    async def get(self, path: str, **headers: str) -> Seen:
        return await self._ask("GET", path, headers=headers)

    async def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Seen:
        return await self._ask("POST", path, data=self._hidden | (form or {}), headers=SAME_ORIGIN | headers)

    async def follow(self, seen: Seen) -> Seen:
        """To where a page sent on."""
        while seen.to:
            seen = await self.get(seen.to)
        return seen

    async def log_in(self, name: str, password: str = PASSWORD) -> Seen:
        await self.get("/masuk")
        return await self.post("/masuk", {"name": name, "password": password})

    async def _ask(self, method: str, path: str, **values: Any) -> Seen:
        url = path if path.startswith("http") else f"{self.base}{path}"
        async with self._client.request(method, URL(url, encoded=True), allow_redirects=False, **values) as answer:
            seen = Seen(answer.status, dict(answer.headers), await answer.read())
            self.set = answer.headers.getall("Set-Cookie", [])
        self._hidden = {name: unescape(value) for name, value in _HIDDEN.findall(seen.html)}
        return seen


@asynccontextmanager
async def browser(app: App) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        yield Browser(app, client)
