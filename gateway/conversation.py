"""One talk while a message of it is taken: what was before, and what comes of it now."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from adapters import Message
from gateway.bot.engine import Said
from gateway.bot.opening import REPORT
from gateway.bot.state import Memory
from gateway.filed import Filed
from gateway.store.contract import Claimed, Contact, TalkMode, TalkRow
from normalizer.message import Discreet

_memory = msgspec.msgpack.Decoder(Memory)
_encode = msgspec.msgpack.Encoder().encode


class Thread(Discreet, frozen=True, kw_only=True):
    """Where what we say goes, for channels with threads."""

    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    subject: str | None = None


class Heard(Discreet, frozen=True, kw_only=True):
    """A message as it came in."""

    claimed: Claimed
    message: Message
    contact: Contact
    filed: Filed

    @property
    def at(self) -> float:
        return self.claimed.delivery.received_at.timestamp()


class Conversation:
    """`row` is the talk as it was, of version 0 if there was none. What the attributes say is kept by `saved`; `says`
    is to be said."""

    def __init__(self, row: TalkRow, conversation: str, language: str, thread: Thread) -> None:
        self.row = row
        self.memory = self._before = remembered(row.memory, conversation)
        self.mode = row.mode
        self.why = row.why
        self.case = row.case
        self.report = row.report
        self.heard_at = row.heard_at
        self.thread = thread
        self.says: list[Said] = []
        self._language = language

    @property
    def language(self) -> str:
        """Few words tell no language: it stays the one that they wrote in before."""
        return self.memory.language or self.memory.spoken or self._language

    def hear(self, spoken: str | None) -> None:
        """Something was written in this language, if that is clear."""
        spoken_now = None if spoken == self._language else spoken
        if spoken and spoken_now != self.memory.spoken:
            self.remember(spoken=spoken_now)

    @property
    def is_changed(self) -> bool:
        return self.memory is not self._before or self.mode is not self.row.mode or bool(self.says)

    def remember(self, **changes: object) -> None:
        self.memory = replace(self.memory, **changes)

    def hand_over(self, why: str) -> None:
        """A person goes on; nothing is asked any more."""
        self.mode, self.why = TalkMode.PERSON, why
        self.remember(state=None, last=None, burst=None)

    def go_on(self) -> None:
        """The bot does, and no person."""
        self.mode, self.why = TalkMode.OPEN if self.memory.state else TalkMode.ENDED, ""

    def settle_mode(self) -> None:
        """Nothing is open where nothing is asked or waited for any more."""
        if self.mode is TalkMode.OPEN and self.memory.state is None:
            self.mode = TalkMode.ENDED

    def end(self) -> None:
        self.mode, self.why = TalkMode.ENDED, ""
        self.remember(state=None, last=None)

    def drop(self, report: str | None) -> None:
        """Ask no more for what a report lacks that is handled by now."""
        if (state := self.memory.state) and state.dialogue == REPORT and state.talk.report == report:
            self.remember(state=None)

    def saved(self, now: float) -> TalkRow:
        state = self.memory.state
        return replace(
            self.row,
            mode=self.mode,
            since=self.row.since if self.mode is self.row.mode and self.row.version else now,
            heard_at=self.heard_at,
            memory=_encode(self.memory),
            version=self.row.version + 1,
            dialogue=state.dialogue if state else None,
            asked=state.asked if state else None,
            case=self.case,
            report=self.report,
            why=self.why,
        )


def remembered(memory: bytes, conversation: str = "") -> Memory:
    """What is kept of a talk; nothing where the disk damaged it, or another version of Kanal wrote it."""
    try:
        return _memory.decode(memory) if memory else Memory(conversation=conversation)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Memory(conversation=conversation)


def fresh(identity: str, channel: str, contact: str, now: float) -> TalkRow:
    """A talk that there was not."""
    return TalkRow(
        id=identity,
        channel=channel,
        contact=contact,
        mode=TalkMode.ENDED,
        since=now,
        heard_at=0.0,
        memory=b"",
        version=0,
    )


def thread_of(message: Message, references: Sequence[str]) -> Thread:
    return Thread(
        in_reply_to=message.fields.get("message_id", message.id),
        references=tuple(references),
        subject=_answering(message.subject),
    )


def _answering(subject: str | None) -> str | None:
    if not subject or subject.lower().startswith("re:"):
        return subject
    return f"Re: {subject}"
