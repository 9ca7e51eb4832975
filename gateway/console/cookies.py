"""The cookies of the pages: the session's token, and what tells an owner's browser from a stranger's at log-in.

Over https no other host sets them, and none goes in clear (RFC 6265bis, 4.1.3.2).
"""

from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from adapters import WebRequest
from gateway.accounts.door import Client, Door, Entered
from gateway.accounts.kept import Stage
from gateway.console.visit import Session
from gateway.store.contract import StoreUnavailable

SESSION, DEVICE, ERRAND = "kanal", "kanal-device", "kanal-errand"
YEAR = 31_536_000
LONGEST = 8_192


class Doorkeeper:
    """Finds out who asks, by the session's cookie."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def session(self, request: WebRequest) -> Session | None:
        """Of who is wholly in."""
        inside = self._door.inside(value(request, SESSION))
        if inside is None or inside.session.stage is not Stage.IN:
            return None
        with suppress(StoreUnavailable):  # what only looks goes on while nothing can be written
            await self._door.seen(inside)
        return Session(id=inside.session.id, account=inside.user.account, csrf=inside.csrf)


def value(request: WebRequest, name: str) -> str:
    """ "" if there is no such cookie."""
    found: SimpleCookie = SimpleCookie()
    try:
        found.load(request.headers.get("Cookie", "")[:LONGEST])
    except CookieError:
        return ""
    morsel = found.get(_name(request, name))
    return morsel.value if morsel else ""


def client(request: WebRequest) -> Client:
    return Client(request.peer, request.headers.get("User-Agent", ""), value(request, DEVICE))


def of(request: WebRequest, entered: Entered) -> tuple[str, ...]:
    """What is set for somebody who came in."""
    session = put(request, SESSION, entered.token)
    return (session, put(request, DEVICE, entered.device, YEAR)) if entered.device else (session,)


def put(request: WebRequest, name: str, content: str, seconds: int | None = None) -> str:
    """A `Set-Cookie`; without `seconds` the browser keeps it until it is closed, with 0 not any more."""
    age = f"; Max-Age={seconds}" if seconds is not None else ""
    secure = "; Secure" if _is_secure(request) else ""
    return f"{_name(request, name)}={content}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"


def gone(request: WebRequest, name: str) -> str:
    return put(request, name, "", 0)


def _name(request: WebRequest, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: WebRequest) -> bool:
    return request.public_url.startswith("https://")
