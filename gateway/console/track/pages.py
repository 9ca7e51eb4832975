"""The pages of /lacak for people. What is unknown, wrong or malformed gets one and the same page."""

import secrets
from urllib.parse import quote

from adapters import Delivery, Response
from gateway import cases, disputing
from gateway.citizen_cases import root_of
from gateway.console import answers, cookies, tickets
from gateway.console.form.entry import Offered, key, offered
from gateway.console.track.story import WAY, openly, story
from gateway.console.visit import Visit
from gateway.lookup import Looked
from gateway.store.contract import CaseRow, ReportRow
from normalizer.message import Discreet

TRACK, COOKIE = "track", "lacak"
LONGEST_CODE, LONGEST_REASON = 40, 2_000


class Known(Discreet, frozen=True):
    """A case that this browser may see, with the report whose PIN it knew, if it did."""

    code: str
    case: CaseRow
    opened: ReportRow | None = None

    shown = ("code",)


async def ask(visit: Visit) -> Response:
    """For the code, and for the PIN if they like."""
    return visit.page("track/ask.html", given="", wrong="", may_report=offered(visit) is not None)


async def asked(visit: Visit) -> Response:
    """With the PIN in the form: in an address, it would be kept by whoever keeps addresses."""
    code, pin = visit.form.one("kode"), visit.form.one("pin") or None
    looked = visit.means.lineup.lookup.look(code, pin, visit.request.peer)
    if looked.case is None:
        return _unknown(visit, looked, code)
    return _opened(visit, looked)


def _opened(visit: Visit, looked: Looked) -> Response:
    headers = dict(answers.NOT_KEPT)
    if looked.opened:
        what = f"{looked.code} {looked.opened.report.id}"
        ticket = tickets.dated(key(visit, TRACK), what, COOKIE, visit.now.timestamp())
        headers["Set-Cookie"] = cookies.put(visit.request, COOKIE, ticket, tickets.SECONDS)
    return answers.redirect(visit.to(_page_of(looked.code)), headers)


def _unknown(visit: Visit, looked: Looked, given: str) -> Response:
    rules = visit.means.rules
    if looked.minutes:
        words, status = rules.text("lookup_wait", visit.language, minutes=looked.minutes), 429
        headers = {"Retry-After": str(60 * looked.minutes)}
    else:
        words, status, headers = rules.text("lookup_not_found", visit.language), 404, {}
    return visit.page(
        "track/ask.html",
        status,
        headers,
        given=given[:LONGEST_CODE],
        wrong=words,
        may_report=offered(visit) is not None,
    )


async def status(visit: Visit) -> Response:
    """A page for browsers, and for all others what it was always."""
    code = visit.values["code"]
    if "text/html" not in visit.request.headers.get("Accept", ""):
        return visit.means.lineup.lookup.answer(visit.request, code)
    if known := _own(visit):
        return _shown(visit, known)
    looked = visit.means.lineup.lookup.look(code, None, visit.request.peer)
    if looked.case is None:
        return _unknown(visit, looked, code)
    return _shown(visit, Known(looked.code, looked.case))


def _own(visit: Visit) -> Known | None:
    """The case of the path, if this browser knew a PIN of it within the last hour: that is no question any more."""
    given = cookies.value(visit.request, COOKIE)
    opened = tickets.still(key(visit, TRACK), given, COOKIE, visit.now.timestamp()) or ""
    code, _, report = opened.partition(" ")
    found = visit.means.store.reporter(report) if code == visit.values["code"] else None
    its = visit.means.store.case(found[0].case) if found else None
    return Known(code, root_of(visit.means.store, its), found[0]) if found and its else None


def _shown(visit: Visit, known: Known, code: int = 200, wrong: str = "") -> Response:
    case, store, rules = known.case, visit.means.store, visit.means.rules
    history = store.history(case.code)
    events = story(rules, case, history)
    is_open = cases.is_open(case)
    word = cases.citizens_word(case.status)
    return visit.page(
        "track/status.html",
        code,
        known=known,
        case=case,
        word=word,
        way=WAY,
        text=lambda name: rules.text(name, visit.language),
        events=events if known.opened else openly(events),
        unit=rules.routing.name(case.unit or ""),
        is_open=is_open,
        estimated=is_open and case.estimate_at is not None,
        people=store.people(case.code),
        may_dispute=known.opened is not None and disputing.may(case, history),
        photos=offered(visit) is not None,
        opened_again=visit.asked("dibuka") == "1",
        given=visit.form.one("what"),
        wrong=wrong,
    )


async def unfinished(visit: Visit) -> Response:
    """Who has the PIN says that it is not done."""
    known = _own(visit)
    if known is None or known.opened is None:
        return visit.redirect(_page_of(visit.values["code"]))
    reason = visit.form.one("what")[:LONGEST_REASON]
    if not reason:
        return _shown(visit, known, 422, visit.t("track.why"))
    form = offered(visit)
    if form and len(visit.form.photos) > form.terms.photos:
        return _shown(visit, known, 422, visit.t("form.wrong.photo_many"))
    if not disputing.may(known.case, visit.means.store.history(known.case.code)):
        return visit.refused(visit.t("track.not_again"))
    await visit.means.ask("dispute", code=known.case.code, report=known.opened.report.id, reason=reason)
    if form and visit.form.photos:
        await _bring(visit, form, known.case.code)
    return visit.redirect(_page_of(known.code), dibuka=1)


def _page_of(code: str) -> str:
    return f"/lacak/{quote(code, safe='')}"


async def _bring(visit: Visit, form: Offered, code: str) -> None:
    """The photos, as a report that joins the case, which is open again by now. Raises `NotAccepted`."""
    brought = Delivery(
        id=secrets.token_hex(16),
        channel=form.channel.name,
        received_at=visit.now,
        body=visit.request.body,
        content_type=visit.request.headers.get("Content-Type", ""),
        headers={"proven": "yes", "joins": code},
    )
    await visit.means.accept([brought], None)
