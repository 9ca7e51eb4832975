"""Every address of the pages, and every role: who may come, and who is turned away.

What is allowed stands here a second time, by hand: a page whose rule is another fails, and so does one that is new.
"""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from adapters import Response
from gateway.accounts.account import Role
from gateway.app import App
from gateway.console import answers
from gateway.console.pages import ROUTES
from gateway.console.routes import Route
from gateway.console.visit import Visit
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import running, settings_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER, UNIT, OPERATOR, ADMINISTRATOR = Role
ALL = frozenset(Role)
ANYBODY = frozenset({*Role, None})
DESKS = frozenset({OFFICER, OPERATOR, ADMINISTRATOR})
CASES = frozenset({UNIT, OPERATOR, ADMINISTRATOR})
OPERATORS = frozenset({OPERATOR, ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})

#: By the first step of an address, and under /petugas by the second as well.
AREAS: dict[str, frozenset[Role | None]] = {
    "/": ANYBODY,
    "/statis": ANYBODY,
    "/favicon.ico": ANYBODY,
    "/peta": ANYBODY,
    "/lapor": ANYBODY,
    "/lacak": ANYBODY,
    "/masuk": ANYBODY,
    "/keluar": ANYBODY,
    "/akun": ALL,
    "/meja": DESKS,
    "/berkas": CASES,
    "/petugas": CASES,
    "/petugas/kasus": CASES,
    "/petugas/telat": CASES,
    "/petugas/simpanan": CASES,
    "/petugas/angka": CASES,
    "/petugas/lonjakan": CASES,
    "/petugas/ragu": OPERATORS,
    "/petugas/pilah": OPERATORS,
    "/petugas/karantina": OPERATORS,
    "/petugas/impor": OPERATORS,
    "/petugas/ekspor": OPERATORS,
    "/petugas/kanal": ADMINISTRATORS,
    "/petugas/orang": ADMINISTRATORS,
}
#: Where one address of an area is for others.
EXCEPTIONS: dict[str, frozenset[Role | None]] = {
    "/meja/luring.js": ANYBODY,  # a script of ours, which holds nothing
    "/petugas/kasus/{code}/pelapor": OPERATORS,  # who reported
}


def area(path: str) -> str:
    first, _, rest = path[1:].partition("/")
    second = rest.partition("/")[0]
    return f"/petugas/{second}" if first == "petugas" and second else f"/{first}"


def allowed(route: Route) -> frozenset[Role | None]:
    return EXCEPTIONS.get(route.path, AREAS.get(area(route.path), frozenset()))


async def inside(visit: Visit) -> Response:
    return answers.plain(200, "di dalam")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def visitors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[Role | None, Visitor]]:
    """One of each role, and somebody who is not logged in, at the addresses of the pages without the pages."""
    doors = [msgspec.structs.replace(route, page=inside) for route in ROUTES]
    async with running(settings_in(tmp_path_factory.mktemp("roles")), process=False) as gateway:
        yield {who: visitor(gateway.app, who, doors) for who in (None, *Role)}


def visitor(app: App, who: Role | None, doors: list[Route]) -> Visitor:
    return Visitor(app, account(who) if who else None, doors)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_a_page_has_its_rule_here(route: Route) -> None:
    assert allowed(route), f"say in AREAS who may come to {route.path}"


@pytest.mark.threat("P0-21")
@pytest.mark.threat("P0-33")
@pytest.mark.threat("P1-22")
@pytest.mark.parametrize("who", [None, *Role], ids=lambda who: who or "nobody")
async def test_nobody_gets_further_than_their_role(visitors: dict[Role | None, Visitor], who: Role | None) -> None:
    come = {f"{route.method} {route.path}": await _comes(visitors[who], route) for route in ROUTES}
    assert come == {f"{route.method} {route.path}": who in allowed(route) for route in ROUTES}


async def _comes(person: Visitor, route: Route) -> bool:
    path = route.path.replace("{", "").replace("}", "")
    seen = await (person.get(path) if route.method == "GET" else person.post(path))
    if seen.status == 200:
        assert seen.body == b"di dalam\n"
        return True
    turned_away = 403 if person.account else 303 if route.method == "GET" else 401
    assert seen.status == turned_away
    return False


async def test_who_is_disabled_meanwhile_comes_nowhere_but_where_anybody_does(
    visitors: dict[Role | None, Visitor],
) -> None:
    """Though the session were still there."""
    person = visitors[ADMINISTRATOR]
    person.account = account(ADMINISTRATOR)
    person.account = msgspec.structs.replace(person.account, disabled_at=1.0)
    come = {route.path for route in ROUTES if await _comes(person, route)}
    assert come == {route.path for route in ROUTES if None in allowed(route)}
