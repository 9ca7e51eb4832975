"""What was chosen on the page of exports, or what is wrong with it. Pure but for the texts of the visit."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gateway.accounts.account import Right
from gateway.cases import Status
from gateway.clock import Step
from gateway.console.seeing import Scope
from gateway.console.visit import Visit
from gateway.store.views import Views
from gateway.transfer.exporting import EVERYTHING, Seen, Wanted, everything

LEAST_REASON, MOST_REASON = 8, 1000
FORMS = ("xlsx", "csv")


class Chosen(msgspec.Struct, frozen=True):
    """`wrong` says by field what to mend; `suffix` is of `FORMS`."""

    wanted: Wanted
    suffix: str
    why: str
    wrong: Mapping[str, str]


def chosen(visit: Visit) -> Chosen:
    wrong: dict[str, str] = {}
    one = visit.form.one
    identity = bool(one("identity")) and one("what") != "cases" and visit.may(Right.REVEAL)
    why = " ".join(one("why").split())
    if identity and not LEAST_REASON <= len(why) <= MOST_REASON:
        wrong["why"] = visit.t("transfer.why_needed", least=LEAST_REASON)
    since, until = (_day(visit, name, wrong) for name in ("since", "until"))
    wanted = Wanted(
        what="cases" if one("what") == "cases" else "reports",
        identity=identity,
        status=_known(one("status"), {*Status}),
        unsure=bool(one("unsure")),
        category=_known(one("category"), visit.means.rules.book.categories.categories),
        area=one("area") or None,
        unit=one("unit") or None,
        late=tuple(Step) if one("late") else (),
        urgent=bool(one("urgent")),
        channel=one("channel") or None,
        since=since.timestamp() if since else 0.0,
        until=(until + timedelta(days=1)).timestamp() if until else float("inf"),
    )
    return Chosen(wanted, "csv" if one("form") == "csv" else "xlsx", why, wrong)


def _known(value: str, known: Any) -> str | None:
    return value if value in known else None


def _day(visit: Visit, name: str, wrong: dict[str, str]) -> datetime | None:
    typed = visit.form.one(name)
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=visit.means.zone) if typed else None
    except ValueError:
        wrong[name] = visit.t("transfer.no_day")
        return None


def visible(views: Views, seen: Scope) -> Seen:
    """Which cases somebody may have: of those joined into one, all or none."""
    if seen == Scope():
        return everything
    cases = {case["code"]: case for case in views.cases(limit=EVERYTHING, joined=True)}
    root = _rooted(cases)
    kept = {root(code)["code"] for code, case in cases.items() if case["category"] in seen.hidden}

    def may_have(case: Mapping[str, Any]) -> bool:
        stands_in = root(case["code"])
        return seen.has(stands_in) and stands_in["code"] not in kept

    return may_have


def _rooted(cases: Mapping[str, Mapping[str, Any]]) -> Callable[[str], Mapping[str, Any]]:
    """The case that one stands in, itself or by those that it was joined into."""

    def root(code: str) -> Mapping[str, Any]:
        case = cases[code]
        while case["joined_into"] in cases:
            case = cases[case["joined_into"]]
        return case

    return root
