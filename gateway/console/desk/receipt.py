"""What the citizen takes home: the code, the PIN, and what happens next. Nothing on it tells who they are."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

from adapters import Office, Response
from gateway import cases
from gateway.citizen_cases import root_of
from gateway.console.desk import offices
from gateway.console.visit import Visit
from gateway.naming import report_id
from gateway.store.contract import CaseRow, ReportRow
from normalizer.normalize import VIOLATION
from normalizer.report import Level, Report

#: Longer nobody is kept waiting for a page.
PATIENCE_SECONDS = 3.0
STEP_SECONDS = 0.05
#: A page that says it is kept asks again after so many seconds.
AGAIN = {"Refresh": "3"}


class Receipt(NamedTuple):
    """`advice` comes first: whom to call now, or how to stay safe. `is_told`: the same is sent to where the citizen can
    be reached."""

    code: str
    pin: str
    link: str
    qr: Markup
    case: CaseRow
    unit: str
    status: str
    received_at: datetime
    office: Office | None
    clerk: str
    advice: Sequence[str]
    is_told: bool


async def show(visit: Visit) -> Response:
    desk = offices.desk(visit)
    if desk is None:
        return visit.missing()
    channel, entry = desk[0].name, visit.values["entry"]
    code = await _settled(visit, channel, entry)
    if code is None:
        return visit.missing()
    report = visit.means.store.report(report_id(visit.means.rules.key, channel, entry)) if code else None
    if report is None:
        return visit.page("desk/kept.html", 202, headers=AGAIN, channel=channel)
    return _shown(visit, channel, report)


async def again(visit: Visit) -> Response:
    """The receipt of a report that was found again."""
    desk, report = offices.desk(visit), visit.means.store.report(visit.values["report"])
    if desk is None or report is None or report.report.channel != desk[0].name:
        return visit.missing()
    return _shown(visit, desk[0].name, report)


def _shown(visit: Visit, channel: str, report: ReportRow) -> Response:
    if not is_own(visit, report):
        return visit.refused(visit.t("desk.not_your_receipt"), 403)
    return visit.page("desk/receipt.html", receipt=_receipt(visit, report), channel=channel)


def is_own(visit: Visit, row: ReportRow) -> bool:
    """A clerk may print their own receipts again, on the same day."""
    desk, at = row.report.desk, row.report.received_at.astimezone(visit.means.zone)
    is_theirs = desk is not None and desk.clerk == visit.person.name
    return is_theirs and at.date() == visit.now.astimezone(visit.means.zone).date()


async def _settled(visit: Visit, channel: str, entry: str) -> str | None:
    """The code of its case; "" if it is still being processed, None if there is no such entry."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (code := visit.means.store.case_of_delivery(channel, entry)) == "" and time.monotonic() < until:
        await asyncio.sleep(STEP_SECONDS)
    return code


def _receipt(visit: Visit, row: ReportRow) -> Receipt:
    means, desk = visit.means, row.report.desk
    found = means.store.case(row.case)
    assert found
    case = root_of(means.store, found)
    link = f"{_base(visit)}/lacak/{row.case}"
    adapter = offices.desk(visit)
    return Receipt(
        code=row.case,
        pin=cases.receipt_pin(means.rules.key, row.report.id),
        link=link,
        qr=Markup(segno.make(link, error="m").svg_inline(border=4, omitsize=True)),  # noqa: S704 # nosec B704
        case=case,
        unit=means.rules.routing.name(case.unit) if case.unit else "",
        status=means.rules.text(cases.citizens_word(case.status), visit.language),
        received_at=row.report.received_at,
        office=offices.office(visit, adapter[1], desk.office) if adapter and desk else None,
        clerk=visit.person.display_name,
        advice=tuple(_advice(visit, row.report)),
        is_told=_is_told(visit, row),
    )


def _advice(visit: Visit, report: Report) -> Iterator[str]:
    """What every other channel answers, too."""
    rules = visit.means.rules
    if report.urgency.level is Level.EMERGENCY:
        yield rules.text("emergency", visit.language, number=rules.emergency_number)
    if VIOLATION in report.triage:
        yield rules.text("violation", visit.language)


def _is_told(visit: Visit, row: ReportRow) -> bool:
    """Can a channel that replies fall back on write to them?"""
    found = visit.means.store.reporter(row.report.id)
    contact = found[1] if found else None
    return contact is not None and contact.kind in offices.told(visit)


def _base(visit: Visit) -> str:
    """How the outside reaches us."""
    own = urlsplit(visit.request.public_url)
    return visit.means.settings.gateway.public_url.rstrip("/") or f"{own.scheme}://{own.netloc}"
