"""What the forms on the page of a case offer to choose from."""

from collections.abc import Mapping, Sequence

from gateway.accounts.account import Right
from gateway.accounts.kept import User
from gateway.cases import MOVES, Status
from gateway.console.case.names import Names
from gateway.console.case.reading import CaseFile, Row
from gateway.console.visit import Visit
from gateway.routing import Routed, Routing
from normalizer.report import UNANSWERED


def statuses(file: CaseFile) -> Sequence[str]:
    """Where it may go; within its own status an open case is handed on, or told of."""
    now = Status(file.case["status"])
    return ([now] if file.is_open else []) + list(MOVES[now])


def suggestion(file: CaseFile, routing: Routing) -> Routed | None:
    """The unit that it would go to by the rules, and why; None if it is there, or no rule matches."""
    first = file.reports[0] if file.reports else {}
    words = f"{first.get('subject') or ''}\n{first.get('text') or ''}"
    routed = routing.route(file.case["category"], file.case["area"], words)
    return None if routed.is_last_resort or routed.unit.code == file.case["unit"] else routed


def units(file: CaseFile, routing: Routing) -> list[tuple[str, str]]:
    """Codes and names of those that may have it; of those that there are one of in each area, the one in its area."""
    area, category = file.case["area"] or "", file.case["category"]
    found = (routing.unit(code, area) for code in routing.units)
    mine = [(unit.code, unit.name) for unit in found if unit and routing.may_have(unit.code, category)]
    return sorted(mine, key=lambda unit: unit[1])


def colleagues(visit: Visit, file: CaseFile) -> Sequence[User]:
    """Those who may work on the case."""
    routing, users = visit.means.rules.routing, visit.means.store.users()
    return [one for one in users if one.account.may(Right.HANDLE) and file.is_for(one.account, routing)]


def answerable(file: CaseFile) -> list[Row]:
    """The newest report of each person who may be answered, newest first."""
    newest: dict[int, Row] = {}
    for row in file.reports:
        if (number := file.reporters.get(row["id"])) and UNANSWERED.isdisjoint(row.get("triage", ())):
            newest[number] = row
    return sorted(newest.values(), key=lambda row: str(row["received_at"]), reverse=True)


def chosen(file: CaseFile, report: str) -> Row | None:
    """The report whose reporter is answered: this one, or that which came last."""
    known = [row for row in file.reports if row["id"] == report and row["id"] in file.reporters]
    return next(iter(known or answerable(file)), None)


def canned(visit: Visit, file: CaseFile, row: Row) -> Mapping[str, str]:
    """Texts to begin with for how the case stands, by their names, in the citizen's language."""
    language = row.get("language") or visit.means.settings.gateway.language
    texts = visit.means.wording.texts.get(language, visit.means.wording.texts["id"])
    values = {"code": row["case"], "unit": Names(visit).unit(file.case["unit"])}
    prefixes = (f"canned.{file.case['status']}.", "canned.any.")
    found = (name for prefix in prefixes for name in texts if name.startswith(prefix))
    return {name: texts[name].format_map(values) for name in found}
