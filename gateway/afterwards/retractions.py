"""A message that its sender took back: nobody is shown it in public, and a person decides about its case. By
`[gateway] taken_back` it is destroyed as far as it was kept; that something was remains."""

from msgspec.structs import replace

from adapters import Retracted
from gateway import moving
from gateway.afterwards.ground import Ground
from gateway.amending import CITIZEN
from gateway.cases import Status
from gateway.conversation import Conversation
from gateway.moving import Wanted
from gateway.store.contract import Amended, CaseRow, HistoryRow, KnownMessage, ReportRow, TakenBack, Withdrawn
from gateway.telling import PRIVATE
from normalizer.report import PARTLY_RETRACTED, RETRACTED, Level, Report

#: Why a case is closed that nobody has begun with.
WITHDRAWN = "ditarik pelapor"


def retract(ground: Ground, event: Retracted, seq: int = 0) -> None:
    """What is still to come is marked when it comes. `seq` is the delivery that tells of nothing else: it may say again
    what it takes back."""
    if ground.store.taken_back(event.channel, [event.message]):
        return
    ground.settlement.taken_back.append(TakenBack(event.channel, event.message, ground.now))
    found = ground.store.known_message(event.channel, event.message)
    if found and found.report:
        _mark(ground, found, found.report)
    report = found.report or "" if found and found.is_alone else ""
    _withdraw(ground, Withdrawn(event.channel, event.message, report, seq))


def filed(ground: Ground, message: str, case: CaseRow, report: str) -> None:
    """It was taken back before it came."""
    _tell_history(ground, case, report, is_whole=True)
    _withdraw(ground, Withdrawn(ground.channel, message, report))


def came_again(ground: Ground, message: str, seq: int) -> None:
    """By another delivery than before."""
    _withdraw(ground, Withdrawn(ground.channel, message, seq=seq))


def was_withdrawn(ground: Ground, message: str) -> bool:
    """Its report says so also when it is known no more what was taken back."""
    found = ground.store.known_message(ground.channel, message)
    if found is None or not found.report or found.contact:
        return False
    kept = ground.store.reporter(found.report)
    return kept is not None and RETRACTED in kept[0].report.triage


def _withdraw(ground: Ground, what: Withdrawn) -> None:
    if ground.rules.withdraws:
        ground.settlement.withdrawn.append(what)


def _mark(ground: Ground, found: KnownMessage, identity: str) -> None:
    case, kept = ground.store.case_of(identity), ground.store.reporter(identity)
    if case is None or kept is None:
        return
    row, contact = kept
    _tell_history(ground, case, identity, found.is_alone)
    if contact is None:
        return  # its words are gone
    mark = RETRACTED if found.is_alone else PARTLY_RETRACTED
    if mark not in row.report.triage:
        ground.settlement.amended.append(Amended(_marked(row, mark), case.what, case.where))
    if found.is_alone:
        _close(ground, case, row.report)
        ground.settlement.withheld.append(identity)
        _fall_silent(ground, row.report)


def _tell_history(ground: Ground, case: CaseRow, report: str, is_whole: bool) -> None:
    detail = {"report": report, "part": "no" if is_whole else "yes"}
    row = HistoryRow(case=case.code, at=ground.now, event=RETRACTED, actor=CITIZEN, detail=detail)
    ground.settlement.history.append(row)


def _close(ground: Ground, case: CaseRow, report: Report) -> None:
    """Where nothing is left to be done, and nobody has begun: what may be a danger is looked at all the same."""
    is_begun = case.status != Status.MENUNGGU or case.assignee
    if not ground.rules.withdraws or is_begun or report.urgency.level is not Level.NORMAL or _is_shared(ground, case):
        return
    wanted = Wanted(status=Status.DITOLAK)
    ground.settlement.changes.append(moving.change(case, wanted, ground.now, ground.rules.clock))
    detail = {"from": case.status, "to": wanted.status, "reason": WITHDRAWN}
    row = HistoryRow(case=case.code, at=ground.now, event="moved", actor=CITIZEN, detail=detail)
    ground.settlement.history.append(row)


def _is_shared(ground: Ground, case: CaseRow) -> bool:
    is_joined = bool(case.joined_into or ground.store.joined_into(case.code))
    return is_joined or len(ground.store.reporters(case.code)) > 1


def _marked(row: ReportRow, mark: str) -> ReportRow:
    clear = row.masked and _with(row.masked, mark)
    return replace(row, report=_with(row.report, mark), masked=clear)


def _with(report: Report, mark: str) -> Report:
    return replace(report, triage=(*report.triage, mark), version=report.version + 1)


def _fall_silent(ground: Ground, report: Report) -> None:
    """Nothing more is asked about it, nor is it acknowledged."""
    for conversation in {PRIVATE, report.conversation}:
        talk = ground.talk(report.reporter, conversation)
        if talk.row.version and _forgets(talk, report.id):
            ground.keep(talk)


def _forgets(talk: Conversation, report: str) -> bool:
    memory = talk.memory
    about = {
        name: None
        for name, state in (("state", memory.state), ("last", memory.last))
        if state and state.talk.report == report
    }
    if memory.burst and memory.burst.report == report:
        about["burst"] = None
    if about:
        talk.remember(**about)
        talk.settle_mode()
    return bool(about)
