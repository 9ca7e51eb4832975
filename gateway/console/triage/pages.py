"""The page of what may be no report, with scores and reasons; one by one or several at once, with a way back."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from adapters import Response
from gateway.accounts.account import Right
from gateway.console.inbox.counting import counted
from gateway.console.routes import Route
from gateway.console.seeing import scope
from gateway.console.visit import Visit
from gateway.store import marked
from gateway.store.views import Row, Views
from gateway.triaging import SORTS

TRIAGE = "/petugas/pilah"
A_PAGE = 50


async def show(visit: Visit) -> Response:
    """The newest first, of all marks or of one."""
    mark, before = visit.asked("jenis"), visit.number("setelah")
    look = partial(_found, hidden=_hidden(visit), mark=mark, before=marked.NEWEST if before is None else before)
    rows, numbers = await visit.means.look(look)
    values: dict[str, Any] = {
        "mark": mark if mark in SORTS else "",
        "marks": {one: numbers[one] for one in SORTS if numbers.get(one)},
        "sorts": [(one, visit.t(f"triage.sorts.{one}")) for one in SORTS],
        "rows": rows[:A_PAGE],
        "next": rows[A_PAGE - 1]["seq"] if len(rows) > A_PAGE else None,
        "last": [code for code in visit.asked("tadi").split(",") if code],
        "as_sort": visit.asked("sebagai") if visit.asked("sebagai") in SORTS else "",
    }
    return visit.page("triage/list.html", **values, counts=await counted(visit))


def _found(views: Views, hidden: frozenset[str], mark: str, before: int) -> tuple[list[Row], dict[str, int]]:
    connection = views.connection
    return marked.rows(connection, hidden, mark, before, A_PAGE + 1), marked.counts(connection, hidden)


def _hidden(visit: Visit) -> frozenset[str]:
    return scope(visit.person, visit.means.rules.routing).hidden


async def sort(visit: Visit) -> Response:
    """One that was pressed for itself ("CODE sort"), or all that were chosen."""
    code, _, sort = visit.form.one("satu").partition(" ")
    wanted = [code] if code else visit.form.fields.get("kode", [])
    codes = await _visible(visit, wanted)
    chosen = sort or visit.form.one("sebagai")
    if not codes or chosen not in SORTS:
        return visit.redirect(TRIAGE, jenis=visit.form.one("jenis"))
    await visit.means.ask("sort", codes=codes, sort=chosen, actor=visit.actor)
    return visit.redirect(TRIAGE, jenis=visit.form.one("jenis"), tadi=",".join(codes), sebagai=chosen)


async def undo(visit: Visit) -> Response:
    codes = await _visible(visit, visit.form.fields.get("kode", []))
    if codes:
        await visit.means.ask("unsort", codes=codes, actor=visit.actor)
    return visit.redirect(TRIAGE)


async def _visible(visit: Visit, codes: Sequence[str]) -> list[str]:
    """Those of them that this person may see."""
    look = partial(_seen, hidden=_hidden(visit), codes=codes)
    return await visit.means.look(look)


def _seen(views: Views, hidden: frozenset[str], codes: Sequence[str]) -> list[str]:
    return marked.visible(views.connection, hidden, codes)


ROUTES = (
    Route("GET", TRIAGE, show, Right.TRIAGE),
    Route("POST", TRIAGE, sort, Right.TRIAGE),
    Route("POST", f"{TRIAGE}/urung", undo, Right.TRIAGE),
)
