"""One batch on its way to a settlement: events -> rows, each judged against what is open."""

import asyncio
import time
from collections.abc import Sequence

import msgspec

from adapters import Message, Retracted, Sent, Status
from dedupe.verdict import NEW, Kind, Verdict
from gateway import cases, filing, joining
from gateway.channels import Channel
from gateway.filed import Filed, Reading, file
from gateway.filing import Intent, Rules
from gateway.judging import Judging
from gateway.naming import named, report_id
from gateway.store.contract import (
    CaseRow,
    Claimed,
    Contact,
    Joined,
    MessageRow,
    PartRow,
    Quarantined,
    Settlement,
    Store,
)
from gateway.store.rows import TIMER

SLICE_SECONDS = 0.005
DAY = 86_400.0

_timer_body = msgspec.json.Decoder(joining.PartsDue)


class Step:
    """Builds the settlement of one batch: `take` it, then `judge`.

    It yields to the event loop every few milliseconds."""

    def __init__(self, store: Store, judging: Judging, rules: Rules, channel: Channel) -> None:
        self.settlement = Settlement()
        self._store = store
        self._judging = judging
        self._rules = rules
        self._channel = channel
        self._can_send = channel.can_send
        self._seen: set[str] = set()
        self._cases: dict[str, CaseRow] = {}
        self._answered: dict[str, int] = {}
        self._parts: dict[str, list[PartRow]] = {}
        self._taken: list[tuple[Claimed, Message, Contact | None, Filed]] = []
        self._judged = False
        self._slice = time.monotonic()
        self._now = time.time()

    async def take(self, pairs: Sequence[tuple[Claimed, Reading]]) -> None:
        self._seen = self._known(
            [event.id for _, reading in pairs for event in reading.events if isinstance(event, Message)]
        )
        for claimed, reading in pairs:
            await self._take(claimed, reading)

    async def _take(self, claimed: Claimed, reading: Reading) -> None:
        if claimed.delivery.content_type == TIMER:
            await self._fire(claimed)
            return
        if reading.error is not None:
            quarantined = Quarantined(claimed.seq, "parse", reading.error, self._now)
            self.settlement.quarantined.append(quarantined)
            return
        for event, filed in zip(reading.events, reading.filed, strict=True):
            await self._breathe()
            await self._event(claimed, event, filed)
        self.settlement.done.append(claimed.seq)

    async def _fire(self, timer: Claimed) -> None:
        """The wait for the pieces of a text is over: file what there is."""
        reference = _timer_body.decode(timer.delivery.body).reference
        rows = self._store.parts(self._channel.name, reference)
        if rows:
            await self._file_parts(timer, reference, rows)
        self.settlement.done.append(timer.seq)

    async def _breathe(self) -> None:
        if time.monotonic() - self._slice > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._slice = time.monotonic()

    async def _event(self, claimed: Claimed, event: object, filed: Filed | None) -> None:
        match event:
            case Message() if event.part is not None:
                await self._part(claimed, event)
            case Message() if filed is not None and self._is_new(event.id):
                self._file(claimed, event, filed)
            case Status():
                self.settlement.statuses.append(event)
            case Message() | Retracted() | Sent() | _:
                pass

    def _known(self, messages: Sequence[str]) -> set[str]:
        """A look that saves work; the store's unique index has the last word."""
        return self._store.known_messages(self._channel.name, messages) if messages else set()

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

    def _file(self, claimed: Claimed, message: Message, filed: Filed) -> None:
        """Take a message up; it is judged with all others of the batch."""
        contact = filing.reporter(self._rules, message)
        made = named(self._rules.key, filed, report_id(self._rules.key, message.channel, message.id))
        known = msgspec.structs.replace(made.fingerprint, reporter=contact.id if contact else "")
        self._taken.append((claimed, message, contact, Filed(made.report, made.masked, known)))

    async def judge(self) -> None:
        """Compare what was taken up with what is open, and write down what follows."""
        verdicts = await self._judging.verdicts([filed.fingerprint for *_, filed in self._taken])
        self._judged = self._judging.loaded
        senders = {contact.id for _, _, contact, _ in self._taken if contact}
        self._answered = dict(self._store.sent_between(list(senders), self._now - DAY, self._now))
        for (claimed, message, contact, filed), verdict in zip(self._taken, verdicts, strict=True):
            await self._breathe()
            self._decide(claimed, message, contact, filed, verdict)

    def _decide(
        self, claimed: Claimed, message: Message, contact: Contact | None, filed: Filed, found: Verdict
    ) -> None:
        verdict, case = self._kept_apart(filed, *(self._quoted_case(message) or self._case(found)))
        intent = Intent(
            message=message,
            contact=contact,
            filed=filed,
            seq=claimed.seq,
            verdict=verdict,
            case=case,
            judged=self._judged,
            can_send=self._can_send,
            answers_left=not claimed.replayed and self._answers_left(filed.fingerprint.reporter),
            language=filed.report.language or self._channel.settings.language,
            now=self._now,
        )
        self._cases[filed.report.id] = filing.add(self._rules, intent, self.settlement)

    def _case(self, verdict: Verdict) -> tuple[Verdict, CaseRow | None]:
        """The verdict with the open case it leads to; new, if that is closed by now."""
        if verdict.kind in {Kind.NEW, Kind.UNSURE} or verdict.same_as is None:
            return verdict, None
        case = self._root(self._cases.get(verdict.same_as) or self._store.case_of(verdict.same_as))
        return (verdict, case) if case else (NEW, None)

    def _kept_apart(self, filed: Filed, verdict: Verdict, case: CaseRow | None) -> tuple[Verdict, CaseRow | None]:
        """What accuses an official does not go into a case that his office may have: a person decides."""
        accuses = self._rules.book.categories.accuses
        if case is None or accuses(case.category) or not accuses(filing.category(filed.masked)):
            return verdict, case
        return msgspec.structs.replace(verdict, kind=Kind.UNSURE), None

    def _quoted_case(self, message: Message) -> tuple[Verdict, CaseRow] | None:
        text = " ".join((message.subject or "", message.text, *(aside.text for aside in message.asides)))
        for code in cases.codes_in(text, self._rules.code_prefix)[:4]:
            case = self._root(self._store.case(code))
            first = self._store.first_report(case.code) if case else None
            if case and first:
                return Verdict(Kind.AGAIN, first, 1.0, (f"menyebut kode {code}",)), case
        for number in cases.numbers_in(text)[:4]:
            if case := self._numbered_case(number):
                first = self._store.first_report(case.code)
                return Verdict(Kind.AGAIN, first, 1.0, (f"menyebut nomor {number}",)), case
        return None

    def _numbered_case(self, number: str) -> CaseRow | None:
        """The open case that has this number outside, if that is one only: two case stores may give the same."""
        roots = {root.code: root for case in self._store.numbered(number) if (root := self._root(case))}
        return next(iter(roots.values())) if len(roots) == 1 else None

    def _root(self, case: CaseRow | None) -> CaseRow | None:
        """The open case that stands for this one, if it is open."""
        while case is not None and case.joined_into:
            case = self._store.case(case.joined_into)
        return case if case is not None and cases.is_open(case) else None

    def _answers_left(self, contact: str) -> bool:
        if not contact:
            return False
        self._answered[contact] = self._answered.get(contact, 0) + 1
        return self._answered[contact] <= self._rules.replies_per_day
