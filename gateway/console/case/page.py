"""The page of a case: its timeline over all channels, how it stands, and what can be done."""

from collections.abc import Mapping, Sequence, Set
from hashlib import sha256
from typing import Any

import msgspec

from adapters import Response
from gateway.accounts.account import Right
from gateway.cases import codes_in
from gateway.console.case import choices
from gateway.console.case.clock import steps
from gateway.console.case.measure import measured
from gateway.console.case.names import Names
from gateway.console.case.opening import of_case, path
from gateway.console.case.reading import CaseFile, Row
from gateway.console.case.timeline import timeline
from gateway.console.case.version import version
from gateway.console.map import Pin, sheet
from gateway.console.seeing import scope
from gateway.console.visit import Visit

Foreseen = Sequence[Mapping[str, Any]]
#: What forms are called in addresses, as in "?buka=jawab".
FORMS = frozenset({"status", "tempat", "kategori", "gabung", "pisah", "tugas", "catatan", "jawab", "percakapan"})
#: An answer was kept that no channel can carry.
BY_HAND = "sendiri"


class Filled(dict[str, str]):
    """Values by field; "" for a field that has none."""

    def __missing__(self, field: str) -> str:
        return ""


async def show(visit: Visit, file: CaseFile) -> Response:
    if (asked := visit.values["code"]) != file.code:  # it was joined into this one, or is spelt otherwise
        return visit.redirect(path(file.code), dari=asked if asked.upper() != file.code else "")
    visit.means.presence.is_here(file.code, visit.person.id, visit.person.display_name)
    entered = {name: visit.asked(name) for name in ("into", "area", "category") if visit.asked(name)}
    opened, done = _one_of(FORMS, visit.asked("buka")), _one_of(FORMS | {BY_HAND}, visit.asked("jadi"))
    return await shown(visit, file, opened=opened, done=done, entered=entered)


async def shown(visit: Visit, file: CaseFile, status: int = 200, **values: Any) -> Response:
    """The whole page. `opened` is the form that is open, `entered` what was entered there, `problems` what is wrong
    with it by field, `changed` what happened meanwhile, `foreseen` what citizens would be told, `done` the form that
    was done."""
    given: dict[str, Any] = {
        "opened": "",
        "done": "",
        "changed": [],
        "foreseen": None,
        "digest": digest(values.get("foreseen") or []),
    }
    given["sheet"] = await sheet(visit, _pins(file))
    given |= values | {name: Filled(values.get(name, {})) for name in ("entered", "problems")}
    return visit.page("case/case.html", status, **_of_case(visit, file) | _to_do(visit, file) | given)


def digest(foreseen: Foreseen) -> str:
    """Stands in a form for the texts that were shown with it."""
    texts = [(one["channel"], one["text"], one["people"]) for one in foreseen]
    return sha256(msgspec.json.encode(texts)).hexdigest()[:16]


def _pins(file: CaseFile) -> list[Pin]:
    """Where its reporters say that it is."""
    said = [(row, row.get("place") or {}) for row in file.reports]
    return [
        Pin(place["latitude"], place["longitude"], str(row["case"]))
        for row, place in said
        if place.get("latitude") is not None and place.get("longitude") is not None
    ]


def _of_case(visit: Visit, file: CaseFile) -> dict[str, Any]:
    warned = _same_photos(visit, file)
    told = {code for codes in warned.values() for code in codes}
    reused = codes_in(visit.asked("bukti"), visit.means.rules.code_prefix)
    return {
        "file": file,
        "items": timeline(file),
        "steps": list(steps(file.case, visit.now)),
        "names": Names(visit),
        "routed": _routed(file),
        "violates": visit.means.rules.book.categories.violates(file.case["category"]),
        "version": version(file),
        "closed_before": _theirs(visit, file.closed_before),
        "opened_after": _theirs(visit, file.opened_after),
        "reused": [code for code in reused if code not in told],
        "same_photos": warned,
        "came_from": next((one["code"] for one in file.joined if one["code"] == visit.asked("dari").upper()), ""),
    }


def _same_photos(visit: Visit, file: CaseFile) -> dict[str, list[str]]:
    """In which cases the same photos are, by what they are here and there; none of those that are kept from them."""
    hidden = scope(visit.person, visit.means.rules.routing).hidden
    found: dict[str, list[str]] = {}
    for one in file.same_photos:
        if one["category"] not in hidden:
            found.setdefault(f"{one['here']}-{one['there']}", []).append(one["code"])
    return found


def _theirs(visit: Visit, found: Sequence[Row]) -> list[Row]:
    """What the visitor may see of it."""
    seen = scope(visit.person, visit.means.rules.routing)
    return [row for row in found if seen.has(row)]


def _to_do(visit: Visit, file: CaseFile) -> dict[str, Any]:
    """What the forms offer."""
    routing = visit.means.rules.routing
    answered = choices.chosen(file, visit.form.one("report") or visit.asked("kepada"))
    may_answer = answered is not None and visit.may(Right.ANSWER)
    text = visit.form.one("answer") or file.drafts.get("answer", "")
    return {
        "statuses": choices.statuses(file),
        "units": choices.units(file, routing),
        "suggestion": choices.suggestion(file, routing),
        "colleagues": choices.colleagues(visit, file),
        "categories": visit.means.rules.book.categories.offered(),
        "answerable": choices.answerable(file),
        "answered": answered if may_answer else None,
        "text": text,
        "measured": measured(visit, answered, text) if may_answer and answered else None,
        "canned": choices.canned(visit, file, answered) if may_answer and answered else {},
    }


def _one_of(names: Set[str], name: str) -> str:
    return name if name in names else ""


def _routed(file: CaseFile) -> str:
    """Why the unit has it that has it, as the machine said last."""
    said = [row["detail"]["routed"] for row in file.history if row["detail"].get("routed")]
    return said[-1] if said else ""


PAGE = of_case(show)
