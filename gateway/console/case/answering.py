"""Citizens are answered by hand: on the channel that they came by, as it cuts and counts texts."""

from collections.abc import Set

from adapters import Response
from gateway.console.case.acting import Act, attempt
from gateway.console.case.choices import canned, chosen
from gateway.console.case.measure import measured
from gateway.console.case.opening import of_case, path
from gateway.console.case.reading import CaseFile
from gateway.console.visit import Visit
from gateway.talkorders import LONGEST
from gateway.teamwork import ANSWER, NOTE

#: The forms' names for what is written in them.
FIELDS = {"answer": ANSWER, "memo": NOTE}


async def _answer(visit: Visit, file: CaseFile) -> Response:
    text, row = visit.form.one("answer"), chosen(file, visit.form.one("report"))
    if row is None:
        return visit.missing()
    if name := visit.form.one("canned_now"):
        return await _begin(visit, file, canned(visit, file, row).get(visit.form.one("canned"), "") if name else "")
    problems = {} if 0 < len(text) <= LONGEST else {"answer": visit.t("case.wrong.answer", most=LONGEST)}
    act = Act(name="jawab", verb="answer_report", values={"report": row["id"], "text": text}, guarded=False)
    return await attempt(visit, file, act, problems)


async def _begin(visit: Visit, file: CaseFile, text: str) -> Response:
    """With a canned text after what is there already."""
    words = "\n".join(filter(None, (visit.form.one("answer"), text)))
    await visit.means.ask("draft", code=file.code, of=ANSWER, text=words, actor=visit.actor)
    return visit.redirect(path(file.code), kepada=visit.form.one("report"), buka="jawab")


async def _keep(visit: Visit, file: CaseFile) -> Response:
    """What somebody is writing: kept, and measured if it is an answer."""
    visit.means.presence.is_here(file.code, visit.person.id, visit.person.display_name, is_writing=True)
    for field, of in FIELDS.items():
        if field in _given(visit):
            await visit.means.ask("draft", code=file.code, of=of, text=visit.form.one(field), actor=visit.actor)
    row = chosen(file, visit.form.one("report"))
    if not visit.is_fragment:
        return visit.redirect(path(file.code), buka="jawab")
    if "answer" not in _given(visit) or row is None:
        return visit.page("case/kept.html")
    return visit.page("case/measured.html", measured=measured(visit, row, visit.form.one("answer")), row=row, kept=True)


def _given(visit: Visit) -> Set[str]:
    """The fields that were sent; what is empty is named beside."""
    return {*visit.form.fields, *visit.form.fields.get("fields", ())}


ANSWERED = of_case(_answer)
KEEP = of_case(_keep)
