"""Who reports by a page: a citizen by the public form, an officer at a desk. Whoever sends a form twice has sent it
once."""

import json
import re
from collections.abc import Mapping
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from gateway.demo import wire
from gateway.demo.script import Entry
from tests.end_to_end.kanal import Gateway, codes_in, fetch
from tests.soak.callers import Caller, Posted
from tests.soak.line import Answers

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
OFFICE = "loket-contoh"
PASSWORD = "rahasia-loket-0123"


class FormLine(Caller):
    """The answer is the code that the page shows before long."""

    name = "form"

    def __init__(self) -> None:
        self._browsers: dict[int, OpenerDirector] = {}

    def settings(self, folder: Path) -> Mapping[str, Any]:
        return {"name": self.name, "kind": "form"}

    def posted(self, number: int, text: str) -> Posted:
        web, identity = f"http://127.0.0.1:{self.gateway.web}", f"{number:032x}"
        challenge = json.loads(fetch(f"{web}/lapor/uji?kanal={self.name}&isian={identity}")[1])
        form = wire.public(_entry(self.name, f"+62813{number:08}", text), identity, challenge)
        return Posted(f"{web}/lapor/{self.name}", form.content_type, form.body, by=self._browsers[number])

    def say(self, number: int, text: str) -> Answers:
        self._browsers[number] = _browser(CookieJar())
        page = self.call(number, text).url
        return lambda: int(self._has_code(number, page))

    def _has_code(self, number: int, page: str) -> bool:
        """Which is asked for until it is there."""
        if number in self._browsers and codes_in(_read(self._browsers[number], page)):
            del self._browsers[number]
        return number not in self._browsers


class DeskLine(Caller):
    """An officer who has logged in, as in a browser; the citizen is told on the spot."""

    name = "loket"

    def settings(self, folder: Path) -> Mapping[str, Any]:
        offices = folder / "offices.csv"
        offices.write_text(f"code,name,area\n{OFFICE},Loket Contoh,\n")
        return {"name": self.name, "kind": "desk", "offices": str(offices)}

    def open(self, gateway: Gateway) -> None:
        super().open(gateway)
        link = self.ordered("add user", name="loket", role="operator", actor="soak")["link"]
        jar = CookieJar()
        browser = _browser(jar)
        browser.open(link, urlencode({"password_new": PASSWORD, "password_again": PASSWORD}).encode(), 20).close()
        found = _CSRF.search(_read(browser, f"http://127.0.0.1:{gateway.web}/meja/{self.name}"))
        assert found is not None, "the officer is not let in"
        self._csrf, self._cookies = found[1], "; ".join(f"{one.name}={one.value}" for one in jar)

    def posted(self, number: int, text: str) -> Posted:
        fields = {"what": text, "where": "Jl. Contoh", "office": OFFICE, "phone": f"+62814{number:08}"}
        body = urlencode({**fields, "entry": f"{number:032x}", "csrf": self._csrf}).encode()
        url = f"http://127.0.0.1:{self.gateway.web}/meja/{self.name}"
        return Posted(url, "application/x-www-form-urlencoded", body, {"Cookie": self._cookies})

    def say(self, number: int, text: str) -> Answers:
        self.call(number, text)
        return None


def _browser(cookies: CookieJar) -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(cookies))


def _read(browser: OpenerDirector, url: str) -> str:
    with browser.open(url, timeout=20) as page:
        return str(page.read().decode())


def _entry(by: str, sender: str, text: str) -> Entry:
    return Entry(at="00:00", by=by, sender=sender, text=text, where="Jl. Contoh")
