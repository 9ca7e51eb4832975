"""The list of cases."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from adapters import Response
from gateway.cases import code_begun, codes_in
from gateway.console.inbox.asked import YES, Asked, key
from gateway.console.inbox.choices import choices, chosen
from gateway.console.inbox.counting import counted
from gateway.console.inbox.saving import views_of
from gateway.console.seeing import scope
from gateway.console.visit import Visit
from gateway.store import inbox
from gateway.store.inbox import Row

INBOX = "/petugas"
CASE = "/petugas/kasus"
A_PAGE = 50


async def show(visit: Visit) -> Response:
    """The whole page, or the list alone where it refreshes itself."""
    asked = Asked.of({name: visit.asked(name) for name in visit.query})
    if code := next(iter(codes_in(asked.words, visit.means.rules.code_prefix)), ""):
        return visit.redirect(f"{CASE}/{code}")
    seen, begun = scope(visit.person, visit.means.rules.routing), code_begun(asked.words, visit.means.rules.code_prefix)
    wanted = replace(asked.wanted(seen, visit.person.name), code=begun)
    found = await visit.means.look(partial(_found, wanted=wanted))
    listed: dict[str, Any] = {
        "asked": asked,
        "rows": [_said(visit, row) for row in found[:A_PAGE]],
        "next": key(found[A_PAGE - 1]) if len(found) > A_PAGE else "",
    }
    if visit.is_fragment:
        return visit.page("inbox/rows.html", **listed)
    units = await visit.means.look(partial(_units, wanted=wanted))
    saved = await views_of(visit)
    offered = choices(visit, units, asked)
    around: dict[str, Any] = {"choices": offered, "saved": saved, "address": urlencode(asked.query())}
    narrowed = chosen(visit, asked, offered)
    return visit.page("inbox/list.html", **listed, **around, chosen=narrowed, counts=await counted(visit))


def _found(views: inbox.Reading, wanted: inbox.Wanted) -> list[Row]:
    return inbox.cases(views.connection, wanted, A_PAGE + 1)


def _units(views: inbox.Reading, wanted: inbox.Wanted) -> list[str]:
    """Those to choose from, where there is a choice."""
    return [] if wanted.own else inbox.units(views.connection)


def _said(visit: Visit, row: Row) -> Row:
    """A row in words."""
    rules = visit.means.rules
    return row | {
        "channels": [name for name in row["channels"].split(",") if name],
        "category": rules.book.categories.name(row["category"], visit.language),
        "accuses": rules.book.categories.accuses(row["category"]),
        "unit": rules.routing.name(row["unit"]) if row["unit"] else "",
        "left": row["due_at"] - visit.now.timestamp(),
    }


async def late(visit: Visit) -> Response:
    """Those that are late, the ones due first before the others."""
    return visit.redirect(INBOX, **Asked(late=YES, by_due=YES).query())
