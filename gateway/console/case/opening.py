"""Opens the file of the case that a page is about, for those who may see it: to all others there is no such case."""

from collections.abc import Awaitable, Callable

from adapters import Response
from gateway.console.case.reading import CaseFile, read
from gateway.console.routes import Page
from gateway.console.visit import Visit

OfCase = Callable[[Visit, CaseFile], Awaitable[Response]]
PATH = "/petugas/kasus"


def of_case(page: OfCase) -> Page:
    """A page about the case whose `code` is in its path."""

    async def opened(visit: Visit) -> Response:
        file = await visit.means.look(lambda views: read(views, visit.values["code"].upper(), visit.actor))
        if file is None or not file.is_for(visit.person, visit.means.rules.routing):
            return visit.missing()
        return await page(visit, file)

    return opened


def path(code: str, act: str = "") -> str:
    return f"{PATH}/{code}/{act}" if act else f"{PATH}/{code}"
