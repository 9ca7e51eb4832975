"""Where the same is reported more often than usual, above the list of cases: each leads to the cases it is made of."""

from functools import partial

from adapters import Response
from gateway.console.inbox.asked import Asked
from gateway.console.inbox.counting import counted
from gateway.console.rendering import grouped
from gateway.console.seeing import Scope, scope
from gateway.console.visit import Visit
from gateway.store import bursts
from gateway.store.bursts import Row
from gateway.store.views import Views
from normalizer.places.areas import area_name


async def show(visit: Visit) -> Response:
    """Of what somebody may see: the part of the inbox alone, or a page of its own."""
    seen = scope(visit.person, visit.means.rules.routing)
    look = partial(_found, seen=seen, now=visit.now.timestamp())
    found = [] if seen.is_empty else [_said(visit, row) for row in await visit.means.look(look)]
    if visit.is_fragment:
        return visit.page("inbox/bursts.html", bursts=found)
    return visit.page("inbox/bursts_page.html", bursts=found, counts=await counted(visit))


def _found(views: Views, seen: Scope, now: float) -> list[Row]:
    return bursts.bursts(views.connection, now, seen.unit, seen.hidden)


def _said(visit: Visit, row: Row) -> Row:
    category = visit.means.rules.book.categories.name(row["category"], visit.language)
    return {
        "place": area_name(row["area"]) or row["area"],
        "category": category[:1].lower() + category[1:],
        "reports": grouped(row["reports"]),
        "usual": grouped(round(row["usual"])),
        "address": Asked(area=row["area"], category=row["category"] or "").query(),
    }
