"""What a message becomes: report, case, link, history and answer. Pure, but for new codes and PINs."""

from collections.abc import Callable, Iterator
from math import ceil

import msgspec

from adapters import Message
from dedupe.verdict import Kind, Verdict
from gateway import cases, excerpts
from gateway.bots import Bot
from gateway.casestore import choosing
from gateway.casestore.contract import CaseStoreSettings
from gateway.clock import DAY, Clock
from gateway.contacts import contact_of
from gateway.courtesy import GREETING, THANKS
from gateway.courtesy import courtesy as courteous
from gateway.families import AFTER_CLOSING
from gateway.filed import Filed
from gateway.newshours import ANY_TIME, NewsHours
from gateway.noticing import Noticing
from gateway.reminding import next_look
from gateway.routing import Routing
from gateway.store.contract import (
    About,
    Also,
    CaseRow,
    Contact,
    HistoryRow,
    Link,
    MessageRow,
    NoticeRow,
    ReplyRow,
    ReplyState,
    ReportRow,
    Settlement,
)
from normalizer.book import Book
from normalizer.message import Discreet
from normalizer.normalize import VIOLATION
from normalizer.places.place import CERTAIN
from normalizer.report import ELSEWHERE, IMPORTED, UNANSWERED, Level, Report
from normalizer.sorting.categories import Categories

MACHINE = "kanal"
#: What is answered to who reports nothing.
ANSWERED_BY = {GREETING: "invited", THANKS: "bot.welcome"}
#: Answers that have no PIN and so no other words in public.
_SAID_TO_ALL = frozenset({"received_again", "noted"})
#: What the first answer is about.
RECEIVED = "received"
#: The doubt of a message that nobody can read but the provider's own application, and what is said to it.
ENCRYPTED = "encrypted"
#: Doubts under which a message opens a case of which no unit is told.
NOISE = UNANSWERED - {"no-sender", ELSEWHERE, IMPORTED}
#: Those, and what was imported: units learn of it once somebody works on it.
_UNTOLD = NOISE | {IMPORTED}
_ABOUT = {Level.EMERGENCY: About.EMERGENCY, Level.URGENT: About.URGENT, Level.NORMAL: About.NEW}


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What filing depends on. `text(name, language, **values)` is the catalogue; without a bot every message is filed
    and answered, and nothing more is said. `withdraws`: what is taken back is destroyed.
    `closed_days`: for so long what is like a report of a closed case is linked with it."""

    key: bytes
    text: Callable[..., str]
    code_prefix: str
    book: Book
    case_stores: tuple[CaseStoreSettings, ...] = ()
    clock: Clock
    routing: Routing
    noticing: Noticing
    replies_per_day: int
    withdraws: bool = True
    closed_days: float = 0.0
    emergency_number: str = "112"
    news_hours: NewsHours = ANY_TIME
    bot: Bot | None = None


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way into a settlement. `contact` is who sent it; `case` is the open case it belongs to, None for
    a new one, and `is_strange` tells that it is another person's. `waits`: it is answered later.
    `doubts` are of further cases that it may be of; `closed` is of the one closed lately that it is like."""

    message: Message
    contact: Contact | None
    filed: Filed
    seq: int
    verdict: Verdict
    case: CaseRow | None
    judged: bool
    can_send: bool
    answers_left: bool
    language: str
    now: float
    is_strange: bool = False
    waits: bool = False
    doubts: tuple[Verdict, ...] = ()
    closed: Verdict | None = None


class Added(Discreet, frozen=True, kw_only=True):
    """What was filed: the report in its case, and the answer, if there is one now."""

    case: CaseRow
    row: ReportRow
    answer: ReplyRow | None


class Acknowledged(Discreet, frozen=True, kw_only=True):
    """What is answered to a report: that it was taken in, which is told to `contact` in `conversation`. `verdict` is
    the judge's kind of it; `in_reply_to` and `references` are the thread's; `is_public`: everybody reads along;
    `is_strange`: it only names the code of another person's case."""

    report: Report
    case: CaseRow
    contact: str
    conversation: str
    verdict: str
    language: str
    now: float
    state: ReplyState
    is_public: bool
    is_strange: bool = False
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


def reporter(rules: Rules, message: Message) -> Contact | None:
    return contact_of(rules.key, message.sender) if message.sender else None


def add(rules: Rules, intent: Intent, settlement: Settlement) -> Added:
    """Put everything that a message leads to into the settlement."""
    contact = intent.contact
    report = _report(intent, contact)
    clear = msgspec.structs.replace(intent.filed.masked, reporter=report.reporter, judged_version=report.judged_version)
    case = intent.case or _open_case(rules, intent, clear, settlement)
    report, clear = (confiding(one, case.category, rules.book.categories) for one in (report, clear))
    is_silent = intent.waits or IMPORTED in report.triage
    said = _acknowledged(intent, report, case, contact) if contact and not is_silent else None
    pin = _pin(rules, intent.message, report.id, said)
    row = _report_row(rules, intent, report, clear, case, pin)
    answer = answered(rules, said, pin) if said else None
    if contact:
        _know(rules, intent.message, contact, report.id, settlement)
    settlement.messages.append(_message_row(intent, report))
    settlement.reports.append(row)
    settlement.links += _links(report, intent)
    if intent.case:
        settlement.history.append(_reported(report, case, intent))
        settlement.notices += _alarm(rules, report, case, intent.now)
    settlement.filings += choosing.due(rules.case_stores, case, report, intent.now)
    settlement.replies += [answer] if answer else []
    return Added(case=case, row=row, answer=answer)


def _pin(rules: Rules, message: Message, report: str, said: Acknowledged | None) -> str | None:
    if message.receipt:
        return cases.receipt_pin(rules.key, report)
    return cases.new_pin() if said and gets_pin(rules, said) else None


def _know(rules: Rules, message: Message, contact: Contact, report: str, settlement: Settlement) -> None:
    """Who it is, and where else the same person may be reached about this report."""
    others = [contact_of(rules.key, address) for address in message.also]
    settlement.contacts += [contact, *others]
    settlement.also += [Also(report, other.id) for other in others if other.id != contact.id]


def _report(intent: Intent, contact: Contact | None) -> Report:
    made = intent.filed.report
    return msgspec.structs.replace(
        made, reporter=contact.id if contact else "", judged_version=made.version if intent.judged else 0
    )


def _open_case(rules: Rules, intent: Intent, report: Report, settlement: Settlement) -> CaseRow:
    case, why = new_case(rules, report, intent.now)
    detail = {"report": report.id, "channel": report.channel, **why}
    settlement.cases.append(case)
    settlement.history.append(HistoryRow(case=case.code, at=intent.now, event="opened", actor=MACHINE, detail=detail))
    if _UNTOLD.isdisjoint(report.triage):
        settlement.notices += rules.noticing.rows(case, _ABOUT[report.urgency.level], intent.now)
    return case


def _alarm(rules: Rules, report: Report, case: CaseRow, now: float) -> list[NoticeRow]:
    """A case that was none becomes an emergency by what is reported later: its unit is told, once."""
    is_alarm = report.urgency.level is Level.EMERGENCY and _UNTOLD.isdisjoint(report.triage)
    return rules.noticing.rows(case, About.EMERGENCY, now) if is_alarm else []


def new_case(rules: Rules, report: Report, now: float) -> tuple[CaseRow, dict[str, str]]:
    """A case with this report, which is as it may stand in clear, and what its history says of where it goes."""
    by = rules.clock.deadlines(now, category(report))
    routed = rules.routing.route(category(report), area(report), f"{report.subject or ''}\n{report.text}")
    why = {"unit": routed.unit.code, "routed": f"diteruskan ke {routed.unit.name} karena {routed.why}"}
    case = CaseRow(
        code=cases.new_code(rules.code_prefix),
        status=cases.Status.MENUNGGU,
        opened_at=now,
        due_at=by.done,
        what=excerpts.what(report),
        where=excerpts.where(report),
        category=category(report),
        area=area(report),
        unit=routed.unit.code,
        coordinate_by=by.coordinate,
        act_by=by.act,
        last_by=by.last,
    )
    return msgspec.structs.replace(case, remind_at=next_look(case, rules.clock, now)), why


def category(report: Report) -> str | None:
    """Its code, if that is as good as certain."""
    best = report.categories[0] if report.categories else None
    return best.code if best and best.score >= CERTAIN else None


def area(report: Report) -> str | None:
    """The code of the area that was assigned: words only suggest one."""
    return report.place.area.code if report.place and report.place.area else None


def _message_row(intent: Intent, report: Report) -> MessageRow:
    return MessageRow(report.channel, intent.message.id, intent.seq, report.id, report.reporter or None)


def _report_row(
    rules: Rules, intent: Intent, report: Report, clear: Report, case: CaseRow, pin: str | None
) -> ReportRow:
    return ReportRow(
        report=report,
        masked=clear,
        case=case.code,
        fingerprint=msgspec.msgpack.encode(intent.filed.fingerprint),
        pin_hash=cases.pin_hash(rules.key, report.id, pin) if pin else None,
        app=intent.message.fields.get("app"),
    )


def _links(report: Report, intent: Intent) -> Iterator[Link]:
    """The verdict's own last, of what a person is asked about the best."""
    if intent.closed:
        yield _link(report, intent, intent.closed, AFTER_CLOSING)
    for doubt in reversed(intent.doubts):
        yield _link(report, intent, doubt, Kind.UNSURE)
    if intent.verdict.kind is not Kind.NEW:
        yield _link(report, intent, intent.verdict, intent.verdict.kind)


def _link(report: Report, intent: Intent, verdict: Verdict, kind: str) -> Link:
    return Link(
        report=report.id,
        kind=kind,
        other=verdict.same_as,
        score=verdict.score,
        reasons=verdict.reasons,
        actor=MACHINE,
        at=intent.now,
    )


def _reported(report: Report, case: CaseRow, intent: Intent) -> HistoryRow:
    detail = {"report": report.id, "channel": report.channel, "verdict": intent.verdict.kind}
    return HistoryRow(case=case.code, at=intent.now, event="reported", actor=MACHINE, detail=detail)


def confiding(report: Report, category: str | None, categories: Categories) -> Report:
    """As it is in a case of this category: who reports a violation is kept from officers, whatever was asked."""
    if not categories.violates(category):
        return report
    promised = msgspec.structs.replace(report.confidentiality, confidential=True)
    return msgspec.structs.replace(report, confidentiality=promised)


def is_public(report: Report) -> bool:
    """What was said in public is answered in public, so without a PIN; but what accuses an official is private."""
    return not report.confidentiality.private


def is_unanswered(report: Report) -> bool:
    return not UNANSWERED.isdisjoint(report.triage)


def courtesy(rules: Rules, report: Report) -> str:
    """ "greeting" or "thanks" if it says nothing else, so that nothing is there to be done; else ""."""
    return courteous(rules.bot.words, rules.code_prefix, report) if rules.bot else ""


def gets_pin(rules: Rules, said: Acknowledged) -> bool:
    """A PIN goes only to a person, in private, and not again for the same news."""
    is_news = said.verdict not in {Kind.RETRY, Kind.AGAIN} and not courtesy(rules, said.report)
    return is_news and not said.is_public and said.state is not ReplyState.WITHHELD


def answered(rules: Rules, said: Acknowledged, pin: str | None) -> ReplyRow:
    report = said.report
    return ReplyRow(
        id="a-" + report.id.removeprefix("r-"),
        channel=report.channel,
        contact=said.contact,
        case=said.case.code,
        about=RECEIVED,
        text=" ".join(_said(rules, said, pin)),
        state=said.state,
        created_at=said.now,
        due_at=said.now,
        conversation=said.conversation,
        subject=rules.text("mail_subject", said.language, code=said.case.code),
        in_reply_to=said.in_reply_to,
        references=said.references,
        public=said.is_public,
        report=report.id,
    )


def _said(rules: Rules, said: Acknowledged, pin: str | None) -> Iterator[str]:
    """What to do in an emergency comes first. Nothing is said twice to who sends the same again."""
    if polite := courtesy(rules, said.report):
        yield rules.text(ANSWERED_BY[polite], said.language)
        return
    name = _text_name(said)
    is_emergency = said.report.urgency.level is Level.EMERGENCY
    days = ceil(round((said.case.due_at - said.now) / DAY, 3))
    values = {"code": said.case.code, "days": "" if is_emergency else str(days)} | ({"pin": pin} if pin else {})
    if is_emergency and said.verdict != Kind.RETRY:
        yield rules.text("emergency", said.language, number=rules.emergency_number)
    if said.is_public and said.state is not ReplyState.KEPT:
        yield rules.text("received_openly", said.language)  # whoever reads along gets no code
    else:
        yield rules.text(name if pin or name in _SAID_TO_ALL else f"{name}_public", said.language, **values)
    if VIOLATION in said.report.triage and name not in _SAID_TO_ALL and not is_emergency:
        yield rules.text("violation", said.language)


def _text_name(said: Acknowledged) -> str:
    if said.is_strange:
        return "noted"
    is_silent = said.state is ReplyState.WITHHELD and not said.is_public
    if is_silent or said.verdict in {Kind.RETRY, Kind.AGAIN}:
        return "received_again"
    return "joined" if said.verdict == Kind.SAME else "received"


def _acknowledged(intent: Intent, report: Report, case: CaseRow, contact: Contact) -> Acknowledged:
    message = intent.message
    return Acknowledged(
        report=report,
        case=case,
        contact=contact.id,
        conversation=report.conversation,
        verdict=intent.verdict.kind,
        language=intent.language,
        now=intent.now,
        state=_first_state(intent, report),
        is_public=is_public(report),
        is_strange=intent.is_strange,
        in_reply_to=message.fields.get("message_id", message.id),
        references=references(message),
    )


def references(message: Message) -> tuple[str, ...]:
    """What a reply to it refers to: the thread, and the message itself."""
    own = message.fields.get("message_id")
    return (*message.references, own) if own and own not in message.references else message.references


def _first_state(intent: Intent, report: Report) -> ReplyState:
    if is_unanswered(report) or not intent.answers_left:
        return ReplyState.WITHHELD
    return ReplyState.DUE if intent.can_send else ReplyState.KEPT
