"""Says that a report was taken in once its burst is over, with its code and PIN, and begins the dialogue on it."""

from collections.abc import Callable

from msgspec.structs import replace

from dedupe.verdict import Kind
from gateway import cases, filing
from gateway.bot.dialogue import Dialogue
from gateway.bot.state import Burst
from gateway.bursts import BurstDue
from gateway.citizen_cases import root_of
from gateway.conversation import Conversation, Thread, remembered
from gateway.filing import Added, Rules
from gateway.naming import talk_id
from gateway.reportfacts import Filing, facts
from gateway.speaking import gone_on
from gateway.store.contract import (
    Also,
    CaseRow,
    Contact,
    Pinned,
    ReplyRow,
    ReplyState,
    ReportRow,
    Settlement,
    Store,
    TalkRow,
)
from gateway.turning import Means, Turning
from normalizer.report import Report

#: How the ids of answers end that are said in private to what was said in public.
IN_PRIVATE = ".private"


class Acknowledging:
    """For one settlement. `may_answer(contact)` counts what one person is answered a day."""

    def __init__(self, means: Means, now: float, settlement: Settlement, may_answer: Callable[[str], bool]) -> None:
        self._means = means
        self._now = now
        self._settlement = settlement
        self._may_answer = may_answer

    def end_burst(
        self,
        talk: Conversation,
        turning: Turning,
        contact: Contact,
        begins: bool = True,
        changed: ReportRow | None = None,
    ) -> None:
        """Acknowledge the report that waits, if one does, as it was `changed` just now; what the talk has to say comes
        after that. `begins`: the dialogue on it, too."""
        burst = talk.memory.burst
        if burst is None or not burst.waits:
            return
        talk.remember(burst=None if burst.private or not burst.report else replace(burst, waits=False))
        row, case = changed or self._row(burst), self._means.store.case_of(burst.report)
        if row is None or case is None or (burst.private and burst.until < self._now):
            return
        burst, case = _as_joined(self._means.store, burst, row, case)
        talk.case, talk.report = case.code, burst.report
        answer = self._answer(talk, contact, burst, row, case)
        if begins and answer.state is ReplyState.DUE:
            dialogue = self._means.bot.dialogues.get(burst.dialogue)
            self.begin(talk, turning, dialogue, row, case, burst.verdict, burst.same_as)
        self.say(talk, answer)

    def answer_in_private(
        self, talk: Conversation, turning: Turning, contact: Contact, burst: Burst, added: Added
    ) -> None:
        """At once, to a report that was made in public just now."""
        talk.case, talk.report = added.case.code, added.row.report.id
        answer = self._answer(talk, contact, burst, added.row, added.case)
        if answer.state is ReplyState.DUE:
            dialogue = self._means.bot.dialogues.get(burst.dialogue)
            self.begin(talk, turning, dialogue, added.row, added.case, burst.verdict, burst.same_as)
        self.say(talk, answer)

    def _row(self, burst: Burst) -> ReportRow | None:
        found = self._means.store.reporter(burst.report)
        return found[0] if found else None

    def begin(
        self,
        talk: Conversation,
        turning: Turning,
        dialogue: Dialogue | None,
        row: ReportRow,
        case: CaseRow,
        verdict: str,
        same_as: str | None,
    ) -> None:
        if dialogue is None:
            return
        means = self._means
        filed = Filing(
            row=row,
            case=case,
            verdict=verdict,
            same_as=same_as,
            language=talk.language,
            takes_files=means.takes_files,
            capabilities=means.capabilities,
            now=self._now,
            has_addresses=means.capabilities.window_seconds is not None and self._knows_addresses(row),
        )
        turning.begin(dialogue, row.report.text, facts(means.store, means.rules, filed))

    def _knows_addresses(self, row: ReportRow) -> bool:
        """Where else its sender can be reached: as this message says, or an earlier one did."""
        report = row.report
        if any(one.report == report.id for one in self._settlement.also):
            return True
        known = self._means.store.further_addresses(report.reporter)
        self._settlement.also += [Also(report.id, one) for one in known]
        return bool(known)

    def say(self, talk: Conversation, answer: ReplyRow) -> None:
        """The answer, and after it what the talk has to say."""
        self._settlement.replies += gone_on(answer, talk, self._means.capabilities)
        talk.says.clear()

    def _answer(self, talk: Conversation, contact: Contact, burst: Burst, row: ReportRow, case: CaseRow) -> ReplyRow:
        state = ReplyState.DUE if self._may_answer(contact.id) else ReplyState.WITHHELD
        means = self._means
        return _answered(means.store, means.rules, talk, burst, row, case, state, self._now, self._settlement)


def is_waiting(store: Store, key: bytes, report: Report) -> bool:
    """Is it acknowledged only when no more of it comes?"""
    talk = store.talk(talk_id(key, report.channel, report.reporter, report.conversation))
    burst = remembered(talk.memory).burst if talk else None
    return burst is not None and burst.report == report.id and burst.waits and not burst.private


def _as_joined(store: Store, burst: Burst, row: ReportRow, case: CaseRow) -> tuple[Burst, CaseRow]:
    """While it waited it may have proved to be of another case. One that its sender reported before, too, is named."""
    root = root_of(store, case)
    if root.code == case.code or burst.verdict not in {Kind.NEW, Kind.UNSURE}:
        return burst, case
    if row.report.reporter in {other.report.reporter for other, _ in store.reporters(root.code)}:
        return replace(burst, verdict=Kind.AGAIN), root
    return replace(burst, verdict=Kind.SAME, same_as=store.first_report(root.code)), case


def waiting(talk: TalkRow | None, due: BurstDue) -> Burst | None:
    """The burst of a talk that the timer ends, unless more came meanwhile and set it anew."""
    burst = remembered(talk.memory).burst if talk else None
    is_over = burst is not None and burst.waits and not burst.private and burst.until <= due.until
    return burst if is_over else None


def keep(store: Store, rules: Rules, due: BurstDue, language: str, now: float, settlement: Settlement) -> None:
    """Where the channel's way out was taken away meanwhile, the answer is kept, to be told in another way."""
    row = store.talk(due.talk)
    burst = waiting(row, due)
    found = store.reporter(burst.report) if burst else None
    case = store.case_of(burst.report) if burst else None
    if row is None or burst is None or found is None or case is None:
        return
    talk = Conversation(row, "", found[0].report.language or language, Thread(in_reply_to=burst.in_reply_to))
    talk.remember(burst=replace(burst, waits=False))
    burst, case = _as_joined(store, burst, found[0], case)
    answer = _answered(store, rules, talk, burst, found[0], case, ReplyState.KEPT, now, settlement)
    settlement.replies.append(answer)
    settlement.talks.append(talk.saved(now))


def _answered(
    store: Store,
    rules: Rules,
    talk: Conversation,
    burst: Burst,
    row: ReportRow,
    case: CaseRow,
    state: ReplyState,
    now: float,
    settlement: Settlement,
) -> ReplyRow:
    """The answer, with a new PIN if it gets one."""
    said = filing.Acknowledged(
        report=row.report,
        case=case,
        contact=talk.row.contact,
        conversation=talk.memory.conversation,
        verdict=burst.verdict,
        language=talk.language,
        now=now,
        state=state,
        is_public=False,
        is_strange=burst.verdict == Kind.AGAIN and bool(store.only_quoted([row.report.id])),
        in_reply_to=burst.in_reply_to,
        references=burst.references,
    )
    pin = cases.new_pin() if filing.gets_pin(rules, said) else None
    if pin:
        settlement.pins.append(Pinned(row.report.id, cases.pin_hash(rules.key, row.report.id, pin)))
    answer = filing.answered(rules, said, pin)
    return replace(answer, id=f"{answer.id}{IN_PRIVATE}") if burst.private else answer
