"""The bot's part in a step: messages are heard in their talks before they are filed, and answered afterwards.

It reads the store and fills the step's settlement. Within one step each talk is heard once: see `gateway.runs`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from adapters import Address, Capabilities, Event, Fetches, Gone, Holds, Message, Retracted, Sends, Sent
from dedupe.verdict import Verdict
from gateway import bursts, filing
from gateway.acknowledging import Acknowledging, waiting
from gateway.bot.engine import Said
from gateway.bot.opening import REPORT
from gateway.bot.state import Latest
from gateway.bots import Bot
from gateway.bursts import BurstDue
from gateway.channels import Channel
from gateway.clock import DAY
from gateway.contacts import contact_of
from gateway.conversation import Conversation, Heard, Thread, fresh, thread_of
from gateway.filing import Added, Rules
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.naming import talk_id
from gateway.runs import Piece
from gateway.speaking import replies
from gateway.store.contract import RepliedTo, ReplyState, ReportRow, Settlement, Store, TalkMode, TalkRow
from gateway.taking import courtesies, sequels
from gateway.taking.exchange import Course, Exchange, still_answered
from gateway.taking.ways import course as course_of
from gateway.telling import PRIVATE, Telling
from gateway.turning import Means, Turning
from normalizer.report import UNANSWERED

_talk_id = lru_cache(maxsize=1024)(talk_id)


def means_of(
    store: Store, rules: Rules, bot: Bot, channel: Channel, telling: Telling, attempts: Attempts, metrics: Metrics
) -> Means | None:
    """None for a channel that has no way out: there is nobody to talk with."""
    adapter = channel.adapter
    if not channel.can_send or not isinstance(adapter, Sends):
        return None
    return Means(
        store=store,
        rules=rules,
        bot=bot,
        telling=telling,
        attempts=attempts,
        metrics=metrics,
        channel=channel.name,
        language=channel.settings.language,
        capabilities=adapter.capabilities,
        kind=_kind(adapter.capabilities),
        takes_files=_takes_files(adapter),
        quiet_seconds=channel.settings.quiet_seconds,
    )


def _takes_files(adapter: Sends) -> bool:
    can = adapter.capabilities
    return can.takes_files and (isinstance(adapter, Holds | Fetches) or can.attachments)


def _kind(capabilities: Capabilities) -> str:
    if capabilities.choices or capabilities.list_rows:
        return "buttons"
    return "mail" if capabilities.threads and capabilities.text_limit is None else "text"


def talks_of(means: Means, piece: Piece) -> Sequence[str]:
    """The ids of the talks that a piece of a delivery goes on with."""
    if isinstance(piece.event, Message) and piece.event.sender:
        return _talks(means, piece.event, contact_of(means.rules.key, piece.event.sender).id)
    if people := _people(means, piece.event):
        return [_talk_id(means.rules.key, means.channel, contact, one) for contact, one in people]
    due = bursts.due(piece.claimed.delivery)
    return [due.talk] if due else []


def _people(means: Means, event: Event | None) -> Sequence[tuple[str, str]]:
    """Whom an event is about that is no message of theirs, each in a conversation."""
    match event:
        case Sent(to=Address() as address) | Gone(sender=address):
            return [(contact_of(means.rules.key, address).id, PRIVATE)]
        case Retracted():
            found = means.store.known_message(event.channel, event.message)
            kept = means.store.reporter(found.report) if found and found.report else None
            return [(kept[0].report.reporter, one) for one in (PRIVATE, kept[0].report.conversation)] if kept else []
    return []


def _talks(means: Means, message: Message, contact: str) -> Sequence[str]:
    """That of its conversation; where everybody reads along, the private one, which is prepared, comes first."""
    conversations = dict.fromkeys((PRIVATE, message.conversation) if message.public else (message.conversation,))
    return [_talk_id(means.rules.key, message.channel, contact, one) for one in conversations]


class Talking:
    """For one step. `may_answer(contact)` counts what one person is answered a day."""

    def __init__(self, means: Means, now: float, settlement: Settlement, may_answer: Callable[[str], bool]) -> None:
        self._means = means
        self._now = now
        self._settlement = settlement
        self._acknowledging = Acknowledging(means, now, settlement, may_answer)
        self._talks: dict[str, TalkRow] = {}
        self._looked_up: set[str] = set()
        self._replied: dict[str, RepliedTo] = {}

    def look_up(self, talks: Iterable[str], messages: Iterable[Message]) -> None:
        """What is known of the talks of a step, and of the replies that its messages reply to."""
        store = self._means.store
        ids = list(dict.fromkeys(talks))
        self._looked_up = set(ids)
        self._talks = store.talks(ids) if ids else {}
        for one in messages:
            if one.in_reply_to and (found := store.replied_to(one.channel, [one.in_reply_to])):
                self._replied[one.id] = found[-1]

    def hear(self, heard: Heard) -> Course:
        """What is to be done with a message; what is not filed is done."""
        if heard.claimed.replayed or not UNANSWERED.isdisjoint(heard.filed.report.triage):
            return Course()
        exchange = self._exchange(heard)
        if heard.message.public:
            return courtesies.openly(exchange) or Course(exchange=exchange)
        course = course_of(exchange)
        if not course.is_filed:
            exchange.finish()
        return course

    def filed(self, course: Course, added: Added, verdict: Verdict) -> None:
        """Go on with a message that was filed just now."""
        exchange = course.exchange
        if exchange is None:
            return
        if course.is_silent:
            exchange.finish()
        elif exchange.heard.message.public:
            self._prepare(exchange, added, verdict)
        else:
            exchange.talk.case, exchange.talk.report = added.case.code, added.row.report.id
            self._go_on(exchange, course, added, verdict)

    def added(self, heard: Heard, changed: ReportRow) -> None:
        """More of an album has come, of which a part is filed: the wait for the rest begins anew."""
        if heard.message.public:
            return
        exchange = self._exchange(heard)
        burst = exchange.talk.memory.burst
        if burst and burst.report == changed.report.id:
            sequels.go_on(exchange, burst, changed)
        exchange.finish()

    def fire(self, due: BurstDue) -> None:
        """Nothing more came in the quiet time, unless the timer was set again meanwhile."""
        row = self._talks.get(due.talk)
        burst = waiting(row, due)
        if row is None or burst is None:
            return
        found = self._means.store.reporter(burst.report)
        report, contact = found if found else (None, None)
        language = report.report.language if report else None
        talk = Conversation(row, "", language or self._means.language, Thread(in_reply_to=burst.in_reply_to))
        if not burst.report:
            self._invite(talk)
        elif contact:
            turning = Turning(self._means, talk, contact, False, self._now, self._settlement)
            self._acknowledging.end_burst(talk, turning, contact, begins=talk.mode is not TalkMode.PERSON)
        self._settlement.talks.append(talk.saved(self._now))

    def _invite(self, talk: Conversation) -> None:
        """Nothing came after a greeting."""
        talk.remember(burst=None)
        invited = Said(self._means.bot.texts.text(courtesies.INVITED, talk.language))
        state = still_answered(self._means, talk.row.contact, self._now)
        self._settlement.replies += replies(talk, [invited], self._means.capabilities, state, self._now)

    def _exchange(self, heard: Heard) -> Exchange:
        message, means = heard.message, self._means
        identity = _talks(means, message, heard.contact.id)[0]
        row = self._known(identity) or fresh(identity, message.channel, heard.contact.id, self._now)
        conversation = PRIVATE if message.public else message.conversation
        talk = Conversation(row, conversation, means.language, thread_of(message, filing.references(message)))
        talk.hear(heard.filed.report.language)
        replied = self._replied.get(message.id)
        if replied and replied.contact != heard.contact.id:
            replied = None
        return Exchange(means, talk, heard, replied, self._acknowledging, self._now, self._settlement)

    def _known(self, talk: str) -> TalkRow | None:
        """As this step has left it so far. Whose pieces of a text waited in vain is known only when they are joined."""
        if changed := [one for one in self._settlement.talks if one.id == talk]:
            return changed[-1]
        if talk not in self._looked_up:
            self._looked_up.add(talk)
            self._talks |= self._means.store.talks([talk])
        return self._talks.get(talk)

    def _prepare(self, exchange: Exchange, added: Added, verdict: Verdict) -> None:
        """What was begun in public goes on in private: at once where they can be written to, else if they write. An
        answer that nobody else may read is said there alone."""
        talk, heard, can = exchange.talk, exchange.heard, self._means.capabilities
        is_answered = added.answer is not None and added.answer.state is ReplyState.DUE
        if not is_answered or not can.private or talk.mode is TalkMode.PERSON or talk.memory.burst:
            return
        until = heard.at + self._means.bot.settings.question_days * DAY
        dialogue = self._means.bot.dialogues.get(REPORT)
        burst = replace(bursts.burst_of(heard, added.row.report.id, verdict, dialogue, until), private=True)
        if can.private_seconds is not None:
            if added.answer and not added.answer.public:
                self._settlement.replies.remove(added.answer)
            turning = Turning(self._means, talk, heard.contact, False, self._now, self._settlement)
            self._acknowledging.answer_in_private(talk, turning, heard.contact, burst, added)
        else:
            talk.remember(burst=replace(burst, in_reply_to=None, references=()))
        self._settlement.talks.append(talk.saved(self._now))

    def _go_on(self, exchange: Exchange, course: Course, added: Added, verdict: Verdict) -> None:
        talk, heard, report = exchange.talk, exchange.heard, added.row.report.id
        if self._means.takes_files:
            talk.remember(latest=Latest(report=report, at=heard.at, files=bool(heard.message.attachments)))
        if exchange.quiet > 0:
            burst = bursts.burst_of(heard, report, verdict, course.dialogue, heard.at + exchange.quiet)
            talk.remember(burst=replace(burst, waits=course.waits))
            talk.mode = TalkMode.OPEN if course.waits else talk.mode
        if course.waits:
            until = heard.at + exchange.quiet
            self._settlement.timers.append(bursts.timer(self._means.channel, talk.row.id, until))
        elif added.answer and added.answer.state is ReplyState.DUE:
            self._begin(exchange, course, added, verdict)
        is_kept = talk.is_changed or talk.mode is TalkMode.PERSON
        if is_kept or self._means.capabilities.window_seconds is not None:
            self._settlement.talks.append(talk.saved(self._now))

    def _begin(self, exchange: Exchange, course: Course, added: Added, verdict: Verdict) -> None:
        """The dialogue on a report speaks after the answer to it."""
        talk = exchange.talk
        self._acknowledging.begin(
            talk, exchange.turning, course.dialogue, added.row, added.case, verdict.kind, verdict.same_as
        )
        if talk.says and added.answer:
            self._settlement.replies.remove(added.answer)
            self._acknowledging.say(talk, added.answer)
