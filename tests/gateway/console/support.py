"""People at the pages of a gateway that runs inside the test."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode

from adapters import Response, WebRequest
from gateway.accounts.account import Account, Role
from gateway.app import App
from gateway.console.pages import ROUTES
from gateway.console.routes import Route
from gateway.console.site import CSRF, Site
from gateway.console.visit import Session

TOKEN = "rahasia-sesi-0123456789"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
_TAG = re.compile(r"<[^>]+>")
_FILE = re.compile(r'"(/statis/[^"]+)"')
#: What a page and its files may weigh at the first visit: cheap phones pay for each octet.
MOST_WEIGHT = 100_000


class Seen(NamedTuple):
    """What a page answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        """As it reads, without marks."""
        return " ".join(unescape(_TAG.sub(" ", self.html)).split())

    @property
    def to(self) -> str:
        """Where it sends on."""
        return self.headers.get("Location", "")


class Visitor:
    """Somebody at the pages, logged in if there is an `account`."""

    def __init__(
        self, app: App, account: Account | None = None, routes: Sequence[Route] = ROUTES, peer: str = "127.0.0.1"
    ) -> None:
        self.account = account
        self._peer = peer
        self._site = Site(app.site.means, routes, self._session)

    async def _session(self, _request: WebRequest) -> Session | None:
        return Session(id="s", account=self.account, csrf=TOKEN) if self.account else None

    async def get(self, path: str, **headers: str) -> Seen:
        return await self._ask("GET", path, b"", headers)

    async def post(self, path: str, form: Mapping[str, str | Sequence[str]] | None = None, **headers: str) -> Seen:
        """With the token of the session, as a browser sends it."""
        given = ({CSRF: TOKEN} if self.account else {}) | dict(form or {})
        urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._ask("POST", path, urlencode(given, doseq=True).encode(), SAME_ORIGIN | urlencoded | headers)

    async def post_file(self, path: str, form: Mapping[str, str], name: str, file: bytes) -> Seen:
        """A form with a photo in the field `name`, and the token of the session."""
        parts = [f'name="{field}"\r\n\r\n{value}' for field, value in ({CSRF: TOKEN} | dict(form)).items()]
        heads = [f"--batas\r\nContent-Disposition: form-data; {part}\r\n" for part in parts]
        photo = f'--batas\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
        body = "".join((*heads, photo, "Content-Type: image/png\r\n\r\n")).encode() + file + b"\r\n--batas--\r\n"
        return await self.send(path, body, **{"Content-Type": "multipart/form-data; boundary=batas"})

    async def send(self, path: str, body: bytes, **headers: str) -> Seen:
        """A form as it is, such as one with files."""
        return await self._ask("POST", path, body, SAME_ORIGIN | headers)

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Seen:
        path, _, query = path.partition("?")
        request = WebRequest(
            method=method,
            path=path,
            public_url=f"http://kanal.test{path}",
            headers={"Host": "kanal.test"} | headers,
            query=query,
            body=body,
            peer=self._peer,
            received_at=datetime.now(UTC),
        )
        response: Response = await self._site.answer(request)
        return Seen(response.status, response.headers, response.body)


async def weight(visitor: Visitor, path: str) -> int:
    """Octets over the wire that a first visit takes: the page and all files of ours that it names."""
    page = await visitor.get(path)
    assert page.status == 200
    files = [await visitor.get(one, **{"Accept-Encoding": "gzip"}) for one in set(_FILE.findall(page.html))]
    return len(page.body) + sum(len(one.body) for one in files)


def account(role: Role = Role.OPERATOR, **values: str) -> Account:
    given = {"id": f"u-{role}", "name": str(role), "display_name": f"Petugas {role}"} | values
    return Account(role=role, **given)  # type: ignore[arg-type]
