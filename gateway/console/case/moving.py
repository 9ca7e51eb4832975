"""The status of a case: who has it, by when, with which proof and words."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec.structs import replace

from adapters import Response
from gateway.cases import Status
from gateway.console.case.acting import Act, attempt, foresee, in_words
from gateway.console.case.choices import statuses
from gateway.console.case.names import Names
from gateway.console.case.opening import of_case
from gateway.console.case.page import digest
from gateway.console.case.reading import CaseFile
from gateway.console.visit import Visit
from gateway.errors import OperationRefused

FORM = "status"


async def _move(visit: Visit, file: CaseFile) -> Response:
    return await attempt(visit, file, _act(visit, file), dict(_problems(visit, file)))


async def _preview(visit: Visit, file: CaseFile) -> Response:
    """What citizens would be told, while the form is filled in; a proof is sent with the whole form only."""
    problems = {field: what for field, what in _problems(visit, file) if field != "proof"}
    act = _act(visit, file)
    found, refused = [], ""
    if not problems:
        try:
            found = list(await foresee(visit, file, replace(act, values={**act.values, "proof": "later"})))
        except OperationRefused as refusal:
            refused = in_words(visit, refusal)
    values: dict[str, Any] = {"foreseen": found, "digest": digest(found), "refused": refused, "names": Names(visit)}
    return visit.page("case/foreseen.html", **values, is_ready=not (problems or refused))


def _act(visit: Visit, file: CaseFile) -> Act:
    given = {name: visit.form.one(name) or None for name in ("unit", "note", "estimate", "reason")}
    photo = next(iter(visit.form.photos), None)
    proof = b64encode(photo.content).decode() if photo else None
    is_forced = {"force": True} if visit.form.one("force") else {}
    values = {"status": _status(visit, file), "proof": proof} | given | is_forced
    return Act(name=FORM, verb="move", values=values, tells=True)


def _status(visit: Visit, file: CaseFile) -> str:
    return visit.form.one("status") or str(file.case["status"])


def _problems(visit: Visit, file: CaseFile) -> Iterator[tuple[str, str]]:
    """In words that say what to do; all else is refused by the act itself."""
    status, form = _status(visit, file), visit.form
    if status not in statuses(file):
        yield "status", visit.t("case.wrong.status")
    if status == Status.SELESAI_DIUSULKAN and not form.photos:
        yield "proof", visit.t("case.wrong.proof")
    if form.one("proof_due") and not (form.photos or form.one("no_proof")):  # browsers choose no file again
        yield "proof", visit.t("case.proof_again")
    if any(not photo.media_type.startswith("image/") for photo in form.photos):
        yield "proof", visit.t("case.wrong.proof")
    if status == Status.DITOLAK and not form.one("note"):
        yield "note", visit.t("case.wrong.note")
    if (form.one("reason") or status == Status.ESTIMASI) and not form.one("estimate"):
        yield "estimate", visit.t("case.wrong.estimate")
    if (form.one("estimate") or status == Status.ESTIMASI) and not form.one("reason"):
        yield "reason", visit.t("case.wrong.reason")
    if form.one("estimate") and _day(form.one("estimate")) is None:
        yield "estimate", visit.t("case.wrong.day")
    if status == file.case["status"] and not any(form.one(name) for name in ("unit", "note", "estimate")):
        yield "status", visit.t("case.wrong.nothing")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


MOVE = of_case(_move)
PREVIEW = of_case(_preview)
