"""What people who work on a case do for each other: notes, who sees to it, and drafts that nobody loses."""

from adapters import Response
from gateway.console.case.acting import Act, attempt
from gateway.console.case.choices import colleagues
from gateway.console.case.opening import of_case
from gateway.console.case.reading import CaseFile
from gateway.console.visit import Visit
from gateway.teamwork import LONGEST


async def _note(visit: Visit, file: CaseFile) -> Response:
    text = visit.form.one("memo")
    problems = {} if text and len(text) <= LONGEST else {"memo": visit.t("case.wrong.memo", most=LONGEST)}
    return await attempt(
        visit, file, Act(name="catatan", verb="note", values={"code": file.code, "text": text}, guarded=False), problems
    )


async def _assign(visit: Visit, file: CaseFile) -> Response:
    to = visit.form.one("to")
    is_known = not to or any(one.account.name == to for one in colleagues(visit, file))
    problems = {} if is_known else {"to": visit.t("case.wrong.colleague")}
    return await attempt(visit, file, Act(name="tugas", verb="assign", values={"to": to}), problems)


NOTE = of_case(_note)
ASSIGN = of_case(_assign)
