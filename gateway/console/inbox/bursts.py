"""Where the same is reported more often than usual, above the list of cases: each leads to the cases it is made of."""

from gateway.console.inbox.asked import Asked
from gateway.console.rendering import grouped
from gateway.console.seeing import Scope
from gateway.console.visit import Visit
from gateway.store import bursts
from gateway.store.bursts import Row
from gateway.store.views import Views
from normalizer.places.areas import area_name


async def bursts_of(visit: Visit, seen: Scope) -> list[Row]:
    """Of what somebody may see, in words."""
    if seen.is_empty:
        return []
    now = visit.now.timestamp()

    def look(views: Views) -> list[Row]:
        return bursts.bursts(views.connection, now, seen.unit, seen.hidden)

    return [_said(visit, row) for row in await visit.means.look(look)]


def _said(visit: Visit, row: Row) -> Row:
    category = visit.means.rules.book.categories.name(row["category"], visit.language)
    return {
        "place": area_name(row["area"]) or row["area"],
        "category": category[:1].lower() + category[1:],
        "reports": grouped(row["reports"]),
        "usual": grouped(round(row["usual"])),
        "address": Asked(area=row["area"], category=row["category"] or "").query(),
    }
