"""Cases become one, and are parted again."""

from adapters import Response
from gateway.cases import codes_in
from gateway.console.case.acting import Act, attempt
from gateway.console.case.opening import of_case
from gateway.console.case.reading import CaseFile, read
from gateway.console.seeing import scope
from gateway.console.visit import Visit


async def _join(visit: Visit, file: CaseFile) -> Response:
    into = next(iter(codes_in(visit.form.one("into"), visit.means.rules.code_prefix)), "")
    problems = {} if await _may_join(visit, file, into) else {"into": visit.t("case.wrong.into")}
    return await attempt(visit, file, Act(name="gabung", verb="join", values={"into": into}, tells=True), problems)


async def _may_join(visit: Visit, file: CaseFile, into: str) -> bool:
    other = await visit.means.look(lambda views: read(views, into)) if into else None
    return other is not None and other.code != file.code and other.is_for(visit.person, visit.means.rules.routing)


async def _part(visit: Visit, file: CaseFile) -> Response:
    """One of its reports, or a case that was joined into it."""
    report, joined = visit.form.one("report"), visit.form.one("joined")
    known = {row["id"] for row in file.reports} | {row["code"] for row in file.joined}
    if (report or joined) not in known:
        return visit.missing()
    owner = next((row["case"] for row in file.reports if row["id"] == report), "")
    if owner != file.code and [row["case"] for row in file.reports].count(owner) == 1:  # the report is all of its case
        joined = joined or owner
    if joined:
        return await attempt(visit, file, Act(name="pisah", verb="part", values={"code": joined}))
    act = Act(name="pisah", verb="part", values={"code": owner, "report": report}, tells=True)
    return await attempt(visit, file, act)


async def _reopen(visit: Visit, file: CaseFile) -> Response:
    """Open the like case that was closed before, and go on there."""
    into = visit.form.one("into")
    theirs = scope(visit.person, visit.means.rules.routing)
    if into not in {row["code"] for row in file.closed_before if theirs.has(row)}:
        return visit.missing()
    return await attempt(visit, file, Act(name="gabung", verb="reopen", values={"into": into}))


JOIN = of_case(_join)
REOPEN = of_case(_reopen)
PART = of_case(_part)
