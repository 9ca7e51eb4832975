"""Who reported, and in which words: shown for a reason, after that is in the audit log."""

from typing import Any

from adapters import Response
from gateway.console.case.opening import of_case, path
from gateway.console.case.reading import CaseFile
from gateway.console.visit import Visit
from gateway.store import full
from gateway.store.views import Views

ACTION = "look at a case"
#: Characters that a reason has at least.
SHORTEST = 5


async def _ask(visit: Visit, file: CaseFile) -> Response:
    return visit.page("case/reveal.html", file=file, back=path(file.code), why="", error="", found=None)


async def _reveal(visit: Visit, file: CaseFile) -> Response:
    """One report, or all of them."""
    why, wanted = visit.form.one("why"), visit.form.one("report")
    given: dict[str, Any] = {"file": file, "back": path(file.code), "why": why, "found": None, "error": ""}
    if len(why) < SHORTEST:
        return visit.page("case/reveal.html", 422, **given | {"error": visit.t("case.wrong.reveal")})
    ids = [row["id"] for row in file.reports if wanted in ("", row["id"])]
    people = await visit.means.look(lambda views: [full.reporter(views.connection, one) for one in ids])
    await visit.means.record(visit.actor, ACTION, [file.code, *ids, *filter(None, people)], why)
    return visit.page("case/reveal.html", **given | {"found": await visit.means.look(lambda views: _full(views, ids))})


def _full(views: Views, ids: list[str]) -> dict[str, dict[str, object]]:
    return {one: full.report(views.connection, views.vault, one) for one in ids}


ASK = of_case(_ask)
REVEAL = of_case(_reveal)
