"""Somebody comes back to the desk: their reports by code, phone number or name. Each look is recorded before it is
shown, and shows how the case stands, not who they are."""

from collections.abc import Sequence
from typing import NamedTuple

from adapters import Address, Response
from gateway import cases
from gateway.accounts.account import Right
from gateway.citizen_cases import root_of
from gateway.console.desk.receipt import is_own
from gateway.console.visit import Visit
from gateway.contacts import contact_of
from gateway.store import desks
from gateway.store.contract import CaseRow
from gateway.store.desks import Entered
from gateway.store.views import Views
from normalizer.persons import identity

CODE, PHONE, NAME = "code", "phone", "name"
FEWEST = 3
ACTION = "look up at a desk"


class Hit(NamedTuple):
    """`entry` is for its receipt, where that may be printed again."""

    found: Entered
    case: CaseRow
    status: str
    unit: str
    is_own: bool


async def show(visit: Visit) -> Response:
    return _page(visit, "", None)


async def find(visit: Visit) -> Response:
    """By POST, so that no name or number is in an address."""
    asked = visit.form.one("q")[:200]
    by, wanted = _meant(visit, asked)
    if by == NAME and len(wanted) < FEWEST:
        return _page(visit, asked, None, visit.t("desk.find_more"))
    office = _office(visit)
    found = await visit.means.look(lambda views: _found(views, by, wanted, office))
    hits = [one for one in (_hit(visit, report) for report in found) if not _is_hidden(visit, one.case)]
    await visit.means.record(visit.actor, ACTION, [one.found.row.report.id for one in hits], by)
    return _page(visit, asked, hits, elsewhere="" if hits or by != CODE else wanted)


def _page(visit: Visit, asked: str, hits: Sequence[Hit] | None, wrong: str = "", elsewhere: str = "") -> Response:
    """`elsewhere` is a code that none of the desk's reports has."""
    office = _office(visit)
    named = visit.means.rules.routing.name(office) if office else ""
    return visit.page(
        "desk/search.html",
        422 if wrong else 200,
        asked=asked,
        hits=hits,
        wrong=wrong,
        office=named,
        elsewhere=elsewhere,
    )


def _office(visit: Visit) -> str | None:
    """Whoever may see who reported may look at all offices; others only at their own, and without one at none."""
    return None if visit.may(Right.REVEAL) else visit.person.office or ""


def _meant(visit: Visit, asked: str) -> tuple[str, str]:
    """What is asked by, and for what: a code, the id of a contact, or a name."""
    rules = visit.means.rules
    if codes := cases.codes_in(asked, rules.code_prefix):
        return CODE, codes[0]
    if number := identity.phone(asked):
        return PHONE, contact_of(rules.key, Address("phone", number)).id
    return NAME, asked


def _is_hidden(visit: Visit, case: CaseRow) -> bool:
    """What accuses officials is for none of their offices to see."""
    return visit.means.rules.book.categories.accuses(case.category) and not visit.may(Right.REVEAL)


def _found(views: Views, by: str, wanted: str, office: str | None) -> Sequence[Entered]:
    look = {CODE: desks.by_code, PHONE: desks.by_contact, NAME: desks.by_name}[by]
    return look(views.connection, views.vault, office, wanted)


def _hit(visit: Visit, found: Entered) -> Hit:
    means = visit.means
    own = means.store.case(found.row.case)
    assert own
    case = root_of(means.store, own)
    return Hit(
        found=found,
        case=case,
        status=means.rules.text(cases.citizens_word(case.status), visit.language),
        unit=means.rules.routing.name(case.unit) if case.unit else "",
        is_own=is_own(visit, found.row),
    )
