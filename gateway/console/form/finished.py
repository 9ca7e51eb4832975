"""What somebody sees who has sent a report: code, PIN, and what is next."""

import asyncio

from adapters import Response
from gateway import cases
from gateway.citizen_cases import root_of
from gateway.console import cookies, tickets
from gateway.console.form.entry import COOKIE, SENT, Offered, key, offered, reach
from gateway.console.visit import Visit
from gateway.naming import report_id
from gateway.store.contract import CaseRow, Contact
from normalizer.report import Level

#: How long the page waits for the code, and how long until it looks again.
WAITS, LOOKS_EVERY = 3.0, 0.05


async def finished(visit: Visit) -> Response:
    form = offered(visit)
    if form is None:
        return visit.missing()
    name, now = form.channel.name, visit.now.timestamp()
    sent = tickets.still(key(visit, SENT), cookies.value(visit.request, COOKIE), name, now)
    if sent is None:
        return visit.page("form/late.html", form=form)
    code = await _code(visit, name, sent)
    case = visit.means.store.case(code) if code else None
    return _shown(visit, form, sent, case) if case else visit.page("form/waiting.html", form=form)


async def _code(visit: Visit, channel: str, entry: str) -> str:
    """ "" if it takes longer than anybody waits."""
    until = asyncio.get_running_loop().time() + WAITS
    while asyncio.get_running_loop().time() < until:
        if code := visit.means.store.case_of_delivery(channel, entry):
            return code
        await asyncio.sleep(LOOKS_EVERY)
    return ""


def _shown(visit: Visit, form: Offered, sent: str, case: CaseRow) -> Response:
    rules, store = visit.means.rules, visit.means.store
    report = report_id(rules.key, form.channel.name, sent)
    found = store.reporter(report)
    root = root_of(store, case)
    return visit.page(
        "form/finished.html",
        form=form,
        code=case.code,
        pin=cases.receipt_pin(rules.key, report),
        case=root,
        unit=rules.routing.name(root.unit or ""),
        joined=store.first_report(case.code) != report,
        urgent=found is not None and found[0].report.urgency.level is Level.EMERGENCY,
        emergency=rules.text("emergency", visit.language, number=rules.emergency_number),
        told=_told(visit, found[1] if found else None),
    )


def _told(visit: Visit, contact: Contact | None) -> str:
    """The text that says how they learn what becomes of it."""
    if contact is None:
        return "form.not_told"
    return "form.told" if contact.kind in reach(visit) else "form.told_by_person"
