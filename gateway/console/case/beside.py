"""What the page of a case asks for beside it: who else is there, what is new, and which open reports are alike."""

from collections.abc import Sequence
from datetime import datetime

from adapters import Place, Response
from gateway.console.case.opening import of_case, path
from gateway.console.case.reading import CaseFile, Row, read
from gateway.console.case.version import since
from gateway.console.similar import Similar, similar
from gateway.console.visit import Visit
from normalizer.report import IMPORTED

#: More than are shown, as some may not be for who asks.
_ASKED_FOR = 8
_SHOWN = 4


async def _here(visit: Visit, file: CaseFile) -> Response:
    """They are there; who else is, and how much happened since the page was made."""
    presence, person = visit.means.presence, visit.person
    presence.is_here(file.code, person.id, person.display_name)
    others = presence.others(file.code, person.id)
    return visit.page("case/here.html", others=others, new=len(since(file, visit.asked("versi"))), code=file.code)


async def _alike(visit: Visit, file: CaseFile) -> Response:
    found = await _similar(visit, file)
    if not visit.is_fragment:
        return visit.page("case/alike_page.html", alike=found, file=file, back=path(file.code))
    return visit.page("case/alike.html", alike=found, file=file)


async def _similar(visit: Visit, file: CaseFile) -> Sequence[Similar]:
    first = file.reports[0] if file.reports else {}
    said = first.get("place") or {}
    place = Place(said.get("latitude"), said.get("longitude"), words=said.get("words"))
    words = f"{first.get('subject') or ''}\n{first.get('text') or ''}"
    category, at = file.case["category"] or "", _reported_at(first) if first else None
    found = await similar(visit.means, words, place, category, at=at, most=_ASKED_FOR)
    others = [one for one in found if one.code != file.code]
    routing, person = visit.means.rules.routing, visit.person

    files = await visit.means.look(lambda views: {one.code: read(views, one.code) for one in others})
    theirs = {code for code, other in files.items() if other and other.is_for(person, routing)}
    return [one for one in others if one.code in theirs][:_SHOWN]


def _reported_at(report: Row) -> datetime:
    """What was imported came in long after."""
    told = report.get("reported_at") if IMPORTED in report.get("triage", ()) else None
    return datetime.fromisoformat(told or report["received_at"])


HERE = of_case(_here)
ALIKE = of_case(_alike)
