"""The page of pairs that may be one incident, one after the other, and what is decided of them."""

from collections.abc import Set
from functools import partial
from typing import Any

from adapters import Response
from gateway.accounts.account import Right
from gateway.console.case.names import Names
from gateway.console.inbox.counting import counted
from gateway.console.review import reading
from gateway.console.review.comparing import marked
from gateway.console.review.reading import Pair
from gateway.console.routes import Route
from gateway.console.seeing import scope
from gateway.console.visit import Visit, whole
from gateway.errors import OperationRefused
from gateway.families import MISFIT
from gateway.store.contract import ReplyState
from gateway.store.views import Row

REVIEW = "/petugas/ragu"


async def show(visit: Visit) -> Response:
    """The newest pair that nobody decided yet, and what was decided just now."""
    before, hidden = visit.number("setelah"), _hidden(visit)
    chosen = visit.number("pasangan")
    next_one = partial(reading.next_pair, hidden=hidden, before=reading.ALL if before is None else before)
    look = next_one if chosen is None else partial(reading.one_pair, hidden=hidden, seq=chosen)
    pair = await visit.means.look(look) or await visit.means.look(next_one)
    foreseen = await _foreseen(visit, pair) if pair and not pair.is_misfit else []
    values: dict[str, Any] = {
        "pair": pair,
        "names": Names(visit),
        "marked": marked,
        "told": [one for one in foreseen if one["state"] == ReplyState.DUE],
        "by_hand": [one for one in foreseen if one["state"] == ReplyState.KEPT],
        "last": await _last(visit, hidden),
    }
    return visit.page("review/pair.html", **values, counts=await counted(visit))


async def _foreseen(visit: Visit, pair: Pair) -> list[Row]:
    """Who would be told what, if these are one; nothing where they cannot be."""
    younger, older = sorted((side["now_in"] for side in pair.sides), key=lambda case: case["opened_at"], reverse=True)
    try:
        told = await visit.means.ask("foresee", act="join", code=younger["code"], into=older["code"], actor=visit.actor)
    except OperationRefused:
        return []
    return list(told)


async def _last(visit: Visit, hidden: Set[str]) -> Row | None:
    """What was decided on the page before, to be taken back."""
    seq = visit.number("tadi")
    return None if seq is None else await _link(visit, seq, hidden)


async def _link(visit: Visit, seq: int, hidden: Set[str]) -> Row | None:
    return await visit.means.look(partial(reading.decided, seq=seq, hidden=hidden))


def _hidden(visit: Visit) -> frozenset[str]:
    return scope(visit.person, visit.means.rules.routing).hidden


async def decide(visit: Visit) -> Response:
    """They are one incident, or they are not."""
    link = await _posted(visit)
    if link is None:
        return visit.missing()
    is_same = visit.form.one("putusan") == "sama"
    about = {"report": link["report"], "other": link["other"], "actor": visit.actor}
    if link["kind"] == MISFIT:
        await visit.means.ask("keep", **about)
        return visit.redirect(REVIEW, setelah=link["seq"], putusan="tetap")
    done = await visit.means.ask("same" if is_same else "different", **about)
    told = {"diberi": done["told"]} if is_same else {}
    return visit.redirect(REVIEW, setelah=link["seq"], tadi=link["seq"], putusan="sama" if is_same else "beda", **told)


async def undo(visit: Visit) -> Response:
    """It is asked again."""
    link = await _posted(visit)
    if link is None:
        return visit.missing()
    await visit.means.ask("undecide", report=link["report"], other=link["other"], actor=visit.actor)
    return visit.redirect(REVIEW, setelah=link["seq"] + 1, putusan="urung")


async def _posted(visit: Visit) -> Row | None:
    seq = whole(visit.values["seq"])
    return None if seq is None else await _link(visit, seq, _hidden(visit))


ROUTES = (
    Route("GET", REVIEW, show, Right.REVIEW),
    Route("POST", f"{REVIEW}/{{seq}}", decide, Right.REVIEW),
    Route("POST", f"{REVIEW}/{{seq}}/urung", undo, Right.REVIEW),
)
