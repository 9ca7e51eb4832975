"""A run of what came in on its way to a settlement: events -> rows, each judged against what is open."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from adapters import Gone, Message, Retracted, Sent, Status
from dedupe.verdict import NEW, Kind, Verdict
from gateway import acknowledging, filing, joining, overheard
from gateway.afterwards import albums, completions, echoes, edits, leaving, retractions, shared
from gateway.afterwards.ground import Ground
from gateway.bursts import BurstDue
from gateway.channels import Channel
from gateway.citizen_cases import Citizen, CitizenCases
from gateway.conversation import Heard
from gateway.families import JOINS, closed_lately, open_root
from gateway.fetching import settling
from gateway.filed import Filed, file
from gateway.filing import Intent, Rules
from gateway.health import canary
from gateway.judgeorders import Ruling
from gateway.judging import Judging
from gateway.namedcases import Named, NamedCases
from gateway.naming import named, report_id
from gateway.overheard import OverheardDue
from gateway.runs import Piece
from gateway.store.contract import (
    CaseRow,
    Claimed,
    Contact,
    Joined,
    MessageRow,
    PartRow,
    Quarantined,
    Settlement,
)
from gateway.store.filings import WholeStore
from gateway.store.rows import MEDIA, TIMER
from gateway.sweep import MOST_DOUBTS
from gateway.taking.exchange import Course
from gateway.talking import Talking, talks_of
from gateway.turning import Means
from normalizer.report import RETRACTED

SLICE_SECONDS = 0.005
DAY = 86_400.0
AUTOMATIC = "automatic"

_timer_body = msgspec.json.Decoder(joining.PartsDue | BurstDue | OverheardDue)


class Taken(NamedTuple):
    """A message that is to be filed."""

    claimed: Claimed
    message: Message
    contact: Contact | None
    filed: Filed
    course: Course


class Step:
    """Builds the settlement of a run of what came in: `take` it, then `judge`.

    It yields to the event loop every few milliseconds."""

    def __init__(
        self, store: WholeStore, judging: Judging, rules: Rules, channel: Channel, means: Means | None = None
    ) -> None:
        self.settlement = Settlement()
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channel = channel
        self._can_send = channel.can_send
        self._ground = Ground(store, rules, channel.name, time.time(), self.settlement)
        self._seen: set[str] = set()
        self._taken_back: set[str] = set()
        self._standing: list[tuple[Message, Contact | None]] = []
        self._shared: list[Message] = []
        self._cases: dict[str, CaseRow] = {}
        self._answered: dict[str, int] = {}
        self._parts: dict[str, list[PartRow]] = {}
        self._taken: list[Taken] = []
        self._judged = False
        self._slice = time.monotonic()
        self._names = NamedCases(store, rules.code_prefix)
        self._now = self._ground.now
        self._means = means
        self._talking = Talking(means, self._now, self.settlement, self._answers_left) if means else None

    async def take(self, run: Sequence[Piece]) -> None:
        messages = [piece.event for piece in run if isinstance(piece.event, Message)]
        self._seen = self._known([*(one.id for one in messages), *(one.message for one in _echoes(run))])
        self._taken_back = self._store.taken_back(
            self._channel.name, [name for one in messages for name in (one.id, one.replaces) if name]
        )
        if self._talking and self._means:
            self._talking.look_up((talk for piece in run for talk in talks_of(self._means, piece)), messages)
        for piece in run:
            await self._take(piece)

    async def _take(self, piece: Piece) -> None:
        claimed = piece.claimed
        if claimed.delivery.content_type == TIMER:
            await self._fire(claimed)
            return
        if claimed.delivery.content_type == MEDIA:
            settling.settle(self._rules, self._store, claimed, piece.file, self._now, self.settlement)
            self.settlement.done.append(claimed.seq)
            return
        if piece.error is not None:
            quarantined = Quarantined(claimed.seq, "parse", piece.error, self._now)
            self.settlement.quarantined.append(quarantined)
            return
        await self._breathe()
        await self._event(claimed, piece.event, piece.filed, piece.is_alone)
        if piece.is_last:
            self.settlement.done.append(claimed.seq)

    async def _fire(self, timer: Claimed) -> None:
        match _timer_body.decode(timer.delivery.body):
            case joining.PartsDue(reference):
                await self._wait_no_longer(timer, reference)
            case OverheardDue(seq):
                self.settlement.released.append(seq)
            case BurstDue() as due if self._talking:
                self._talking.fire(due)
            case BurstDue() as due:
                language = self._channel.settings.language
                acknowledging.keep(self._store, self._rules, due, language, self._now, self.settlement)
        self.settlement.done.append(timer.seq)

    async def _wait_no_longer(self, timer: Claimed, reference: str) -> None:
        """The wait for the pieces of a text is over: file what there is."""
        rows = self._store.parts(self._channel.name, reference)
        if rows:
            await self._file_parts(timer, reference, rows)

    async def _breathe(self) -> None:
        if time.monotonic() - self._slice > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._slice = time.monotonic()

    async def _event(self, claimed: Claimed, event: object, filed: Filed | None, is_alone: bool) -> None:
        """`is_alone`: the delivery holds nothing else."""
        match event:
            case Message() if made := canary.made_at(self._store.pseudonym, self._channel.name, event.text):
                self._channel.canary_at = max(made, self._channel.canary_at or 0.0)
            case Message() if self._brings_back(event):
                retractions.came_again(self._ground, event.id, claimed.seq)
            case Message() if event.part is not None:
                await self._part(claimed, event)
            case Message() if filed is not None and self._is_new(event.id):
                before = await edits.words_before(self._ground, self._channel.adapter, event) if event.replaces else ""
                self._file(claimed, event, filed, before)
            case Status():
                self.settlement.statuses.append(event)
            case Retracted():
                retractions.retract(self._ground, event, claimed.seq if is_alone else 0)
            case Sent() if self._is_new(event.message):
                echoes.echoed(self._ground, claimed, event)
            case Gone():
                leaving.left(self._ground, event)

    def _known(self, messages: Sequence[str]) -> set[str]:
        """A look that saves work; the store's unique index has the last word."""
        return self._store.known_messages(self._channel.name, messages) if messages else set()

    def _brings_back(self, message: Message) -> bool:
        """Does it say again what was taken back, or change it?"""
        if message.id in self._taken_back and message.id in self._seen:
            return True
        if not self._rules.withdraws:
            return False
        known = [name for name in (message.replaces, message.id if message.id in self._seen else None) if name]
        return message.replaces in self._taken_back or any(
            retractions.was_withdrawn(self._ground, name) for name in known
        )

    def _is_new(self, message: str) -> bool:
        if message in self._seen:
            return False
        self._seen.add(message)
        return True

    async def _part(self, claimed: Claimed, message: Message) -> None:
        if not self._is_new(message.id):
            return
        new = joining.part_row(message, claimed.seq, self._now)
        known = self._parts.setdefault(new.reference, self._store.parts(message.channel, new.reference))
        if new.number in {row.number for row in known}:
            await self._file_parts(claimed, new.reference, known)  # the sender's counter has come round
            known = self._parts[new.reference]
        known.append(new)
        contact = filing.reporter(self._rules, message)
        sender = contact.id if contact else None
        self.settlement.messages.append(MessageRow(message.channel, message.id, claimed.seq, None, sender))
        if joining.complete(known):
            await self._file_parts(claimed, new.reference, known)
        else:
            self.settlement.parts.append(new)
            self.settlement.timers.append(joining.timer(new))

    async def _file_parts(self, claimed: Claimed, reference: str, rows: list[PartRow]) -> None:
        joined = joining.whole(rows)
        self._parts[reference] = []
        self.settlement.parts = [row for row in self.settlement.parts if row.reference != reference]
        report = report_id(self._rules.key, joined.channel, joined.id)
        seqs = tuple(row.seq for row in rows)
        self.settlement.joined.append(Joined(self._channel.name, reference, report, seqs))
        if not self._known([joined.id]) and self._is_new(joined.id):
            filed = await asyncio.to_thread(file, joined, claimed.delivery, self._rules.book)
            self._file(claimed, joined, filed)

    def _file(self, claimed: Claimed, message: Message, filed: Filed, before: str = "") -> None:
        """Take a message up; what the bot does not take is judged with all others of the run. `before`: what it said,
        if it is an edit."""
        contact = filing.reporter(self._rules, message)
        made = named(self._rules.key, filed, report_id(self._rules.key, message.channel, message.id))
        known = msgspec.structs.replace(made.fingerprint, reporter=contact.id if contact else "")
        made = self._doubted(message, Filed(made.report, made.masked, known))
        if contact and not message.overheard:
            leaving.came_back(self._ground, contact.id)
        language, may_answer = self._channel.settings.language, self._may_be_answered
        if completions.completed(self._ground, claimed, message, contact, language, may_answer):
            return
        if shared.heard(self._ground, claimed, message, contact, language, may_answer):
            return
        if message.known_as:
            self._shared.append(message)
        if edits.edited(self._ground, claimed, message, contact, made, before):
            return
        if message.replaces or message.group:
            self._standing.append((message, contact))
        heard = Heard(claimed=claimed, message=message, contact=contact, filed=made) if contact else None
        if self._is_of_album(claimed, message, contact, heard):
            return
        if message.overheard:
            self._overhear(claimed)
        else:
            self._hear(claimed, message, contact, made, heard)

    def _overhear(self, claimed: Claimed) -> None:
        """No message is known that names us for it: the first time it waits for one."""
        if claimed.replayed:
            self.settlement.forgotten.append(claimed.seq)
        else:
            self.settlement.timers.append(overheard.timer(self._channel.name, claimed))

    def _is_of_album(self, claimed: Claimed, message: Message, contact: Contact | None, heard: Heard | None) -> bool:
        """Does it belong to the report of an album that it came with?"""
        row = albums.joined(self._ground, claimed, message, contact)
        if row and heard and self._talking:
            self._talking.added(heard, row)
        return row is not None

    def _hear(
        self, claimed: Claimed, message: Message, contact: Contact | None, filed: Filed, heard: Heard | None
    ) -> None:
        course = self._talking.hear(heard) if self._talking and heard else Course()
        if course.is_filed:
            self._taken.append(Taken(claimed, message, contact, filed, course))

    def _doubted(self, message: Message, filed: Filed) -> Filed:
        """Our own words come back by a machine: whoever would answer them would be answered."""
        bot, doubts = self._rules.bot, []
        if bot and AUTOMATIC not in filed.report.triage and bot.is_of_machine(filed.report.text):
            doubts.append(AUTOMATIC)
        if message.id in self._taken_back:
            doubts.append(RETRACTED)
        return _with(filed, doubts) if doubts else filed

    async def judge(self) -> None:
        """Compare what was taken up with what is open, and write down what follows."""
        rulings = await self._judging.rulings([one.filed.fingerprint for one in self._taken])
        self._judged = self._judging.judged
        self._look_up_answers({one.contact.id for one in self._taken if one.contact})
        for taken, ruling in zip(self._taken, rulings, strict=True):
            await self._breathe()
            self._decide(taken, ruling)
        for message, contact in self._standing:
            edits.stand_for(self._ground, message)
            albums.begun(self._ground, message, contact)
        for message in self._shared:
            shared.begun(self._ground, message)

    def _decide(self, taken: Taken, found: Ruling) -> None:
        claimed, message, contact, filed, course = taken
        is_another = _is_another_matter(course)
        named = self._names.chosen(message) or self._names.open(message, filed.report, is_another)
        verdict, case = self._kept_apart(filed, *self._put(named, found))
        is_strange = named is not None and verdict is named.verdict and self._is_strange(named, contact)
        intent = Intent(
            message=message,
            contact=contact,
            filed=filed,
            seq=claimed.seq,
            verdict=verdict,
            case=case,
            judged=self._judged and not (case and self._joins_more(found, case)),
            can_send=self._can_send,
            answers_left=self._may_answer(taken),
            language=self._language(taken),
            now=self._now,
            is_strange=is_strange and case is not None,
            waits=course.waits,
            doubts=self._doubts(found, verdict) if verdict.kind is Kind.UNSURE else (),
            closed=None if case else self._closed(found, self._names.closed(message, filed.report, is_another)),
        )
        added = filing.add(self._rules, intent, self.settlement)
        self._cases[filed.report.id] = added.case
        if message.id in self._taken_back:
            retractions.filed(self._ground, message.id, added.case, filed.report.id)
        if self._talking:
            self._talking.filed(course, added, verdict if case or not is_strange else NEW)

    def _may_be_answered(self, contact: str) -> bool:
        return self._can_send and self._answers_left(contact)

    def _may_answer(self, taken: Taken) -> bool:
        """What waits is not answered yet."""
        if taken.claimed.replayed or taken.course.is_silent:
            return False
        return taken.course.waits or self._answers_left(taken.filed.fingerprint.reporter)

    def _language(self, taken: Taken) -> str:
        if taken.course.exchange:
            return taken.course.exchange.talk.language
        return taken.filed.report.language or self._channel.settings.language

    def _put(self, named: Named | None, found: Ruling) -> tuple[Verdict, CaseRow | None]:
        """What the judge is sure of stands where it is in doubt whether the case is meant that is named."""
        judged = self._case(found.verdict)
        if named is None or (judged[1] and not named.is_sure):
            return judged
        return named.verdict, named.case if named.is_sure else None

    def _case(self, verdict: Verdict) -> tuple[Verdict, CaseRow | None]:
        """The verdict with the open case it leads to; new, if that is closed by now."""
        if verdict.kind in {Kind.NEW, Kind.UNSURE}:
            return verdict, None
        case = self._open_case(verdict)
        return (verdict, case) if case else (NEW, None)

    def _joins_more(self, found: Ruling, case: CaseRow) -> bool:
        """Is it of other cases, too? The sweep makes them one, or asks."""
        roots = (self._case(one)[1] for one in found.others if one.kind in JOINS)
        return any(root is not None and root.code != case.code for root in roots)

    def _doubts(self, found: Ruling, verdict: Verdict) -> tuple[Verdict, ...]:
        """Beside the verdict the best of each further case."""
        asked = self._open_case(verdict)
        known = {asked.code if asked else ""}
        doubts: list[Verdict] = []
        for one in (found.verdict, *found.others):
            if (root := self._open_case(one)) and root.code not in known:
                known.add(root.code)
                doubts.append(one)
        return tuple(doubts[: MOST_DOUBTS - 1])

    def _open_case(self, verdict: Verdict) -> CaseRow | None:
        report = verdict.same_as or ""
        return open_root(self._store, self._cases.get(report) or self._store.case_of(report))

    def _closed(self, found: Ruling, named: Verdict | None) -> Verdict | None:
        """Of the case closed lately that it names, or is like."""
        verdict = named or found.closed
        is_lately = verdict and closed_lately(self._store, verdict, self._rules.closed_days, self._now)
        return verdict if is_lately else None

    def _kept_apart(self, filed: Filed, verdict: Verdict, case: CaseRow | None) -> tuple[Verdict, CaseRow | None]:
        """What accuses an official does not go into a case that his office may have: a person decides."""
        accuses = self._rules.book.categories.accuses
        if case is None or accuses(case.category) or not accuses(filing.category(filed.masked)):
            return verdict, case
        return msgspec.structs.replace(verdict, kind=Kind.UNSURE), None

    def _is_strange(self, named: Named, contact: Contact | None) -> bool:
        """Is what is named the case of another person, and nothing tells that it is theirs, too?"""
        if named.verdict.kind is Kind.SAME or contact is None:
            return False
        citizen = Citizen(contact=contact, channel=self._channel.name)
        return CitizenCases(self._store, self._rules, citizen, self._now).own(named.case) is None

    def _answers_left(self, contact: str) -> bool:
        if not contact:
            return False
        self._look_up_answers({contact})
        self._answered[contact] += 1
        return self._answered[contact] <= self._rules.replies_per_day

    def _look_up_answers(self, contacts: set[str]) -> None:
        unknown = contacts - self._answered.keys()
        if unknown:
            self._answered |= dict.fromkeys(unknown, 0)
            self._answered |= self._store.sent_between(list(unknown), self._now - DAY, self._now)


def _is_another_matter(course: Course) -> bool:
    return course.exchange is not None and course.exchange.is_another_matter


def _echoes(run: Sequence[Piece]) -> Iterator[Sent]:
    return (piece.event for piece in run if isinstance(piece.event, Sent))


def _with(filed: Filed, doubts: Sequence[str]) -> Filed:
    report, clear = (
        msgspec.structs.replace(one, triage=(*one.triage, *doubts)) for one in (filed.report, filed.masked)
    )
    return Filed(report, clear, filed.fingerprint)
