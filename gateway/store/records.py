"""The rows that a store keeps and gives.

Times are seconds since the epoch (UTC) as float. Ids are opaque strings.
"""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from adapters import Choice, Delivery
from normalizer.message import Discreet
from normalizer.report import Report


class DeliveryState(StrEnum):
    RECEIVED = "received"
    DONE = "done"
    QUARANTINED = "quarantined"


class ReplyState(StrEnum):
    """DUE waits for its turn; SENDING is under way; SENT, DELIVERED, READ and FAILED are the channel's word; KEPT has
    no way out and is there to be read; WITHHELD is not sent on purpose (machines, limits); UNCERTAIN may or may not
    have been sent when the process ended, and a person decides."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    KEPT = "kept"
    WITHHELD = "withheld"
    UNCERTAIN = "uncertain"


class Claimed(msgspec.Struct, frozen=True):
    """A delivery to process. `tries` counts this attempt too: it was committed before the attempt began. `lost`: its
    body, a file, is no longer there. `replayed`: it was settled before, so what it leads to now is not answered."""

    seq: int
    tries: int
    delivery: Delivery
    lost: bool = False
    replayed: bool = False


class Quarantined(Discreet, frozen=True):
    seq: int
    stage: str
    reason: str
    at: float

    shown = ("seq", "stage")


class Contact(Discreet, frozen=True):
    """A person on a channel: the only row that says who. `id` is a keyed hash of kind and value."""

    id: str
    kind: str
    value: str
    name: str | None = None

    shown = ("id",)


class MessageRow(msgspec.Struct, frozen=True):
    """A message that was taken in; `contact` is who sent it. What only changes another message of the same report, or
    is a further name of it, `replaces` that one. `is_file`: a file that was fetched for the report."""

    channel: str
    id: str
    seq: int
    report: str | None
    contact: str | None = None
    replaces: str | None = None
    is_file: bool = False


class KnownMessage(msgspec.Struct, frozen=True):
    """What became of a message. `is_alone`: its report has no other message that was not taken back."""

    report: str | None
    contact: str | None
    is_alone: bool


class TakenBack(msgspec.Struct, frozen=True):
    """A message that its sender took back, whether it is known or still to come."""

    channel: str
    message: str
    at: float


class Withdrawn(msgspec.Struct, frozen=True):
    """A message that was taken back and is not to be kept: the bytes that it came in by, also when it came again or was
    taken back (by the delivery `seq`), and all of its `report`, where nothing else is in that."""

    channel: str
    message: str
    report: str = ""
    seq: int = 0


class GoneRow(msgspec.Struct, frozen=True):
    """Somebody who has blocked us, or left, on a channel."""

    channel: str
    contact: str
    at: float


class Also(msgspec.Struct, frozen=True):
    """A further address of a report's sender, given in the same message."""

    report: str
    contact: str


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case: one incident, however many reported it. `what` and `where` are excerpts for lists; `category` and `area`
    (Kemendagri's code of the smallest area that it was assigned) those of the report that opened it, or as a person
    said, None where nobody knows; `unit` has it in hand: a code of ours, or the name that an outside system gave.

    `due_at` is by when it is promised to be done, `first_due_at` what was promised at first where that has changed;
    `estimate_at` and `estimate_reason` (as it may stand in clear) are there while an estimate is in force. The case is
    to be taken up by `coordinate_by`, worked on by `act_by` and closed by `last_by`; `coordinated_at` and `acted_at`
    are when it was. All these count from `counted_from`, or the opening. `remind_at`: when to look next at whom to
    remind. `assignee` is the name of the account whose holder sees to it."""

    code: str
    status: str
    opened_at: float
    due_at: float
    what: str
    where: str
    unit: str | None = None
    joined_into: str | None = None
    closed_at: float | None = None
    category: str | None = None
    area: str | None = None
    first_due_at: float | None = None
    estimate_at: float | None = None
    estimate_reason: str | None = None
    coordinate_by: float | None = None
    act_by: float | None = None
    last_by: float | None = None
    coordinated_at: float | None = None
    acted_at: float | None = None
    counted_from: float | None = None
    remind_at: float | None = None
    assignee: str | None = None


class ReportRow(Discreet, frozen=True, kw_only=True):
    """A report in its case: `report` has all its words, which a store seals; `masked` is what stands in clear of it,
    made by the store if left out. `fingerprint` is what it is compared by (msgpack); `pin_hash` opens more of the case
    to this reporter; `app` is the application that it came by, if that has a key."""

    report: Report
    case: str
    fingerprint: bytes
    pin_hash: str | None
    masked: Report | None = None
    app: str | None = None

    shown = ("case",)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why a report stands where it does: the verdict against another report, or an operator's hand."""

    report: str
    kind: str
    other: str | None
    score: float
    reasons: tuple[str, ...]
    actor: str
    at: float


class HistoryRow(Discreet, frozen=True, kw_only=True):
    """One line of a case's history. `detail` holds status, unit, note, proof (digest) and the like."""

    case: str
    at: float
    event: str
    actor: str
    detail: dict[str, str]

    shown = ("case", "event")


class ReplyRow(Discreet, frozen=True, kw_only=True):
    """A reply to one contact, kept until it is settled and shown for ever after. `report` is the contact's report that
    it is about; `instead_of` is the reply that this one says again at another address of the same person. `talk` is the
    id of the talk that it was said in; `choices` are the answers that it offers; `template` names the approved text to
    say it by."""

    id: str
    channel: str
    contact: str
    case: str | None
    about: str
    text: str
    state: ReplyState
    created_at: float
    due_at: float
    conversation: str = ""
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    public: bool = False
    tries: int = 0
    cost: int = 0
    error: str | None = None
    settled_at: float | None = None
    report: str | None = None
    instead_of: str | None = None
    talk: str | None = None
    choices: tuple[Choice, ...] = ()
    template: str | None = None

    shown = ("id", "channel", "state")


class TalkMode(StrEnum):
    """OPEN: the bot talks; PERSON: a person goes on, and the bot is silent; ENDED: there is nothing under way."""

    OPEN = "open"
    PERSON = "person"
    ENDED = "ended"


class TalkRow(Discreet, frozen=True, kw_only=True):
    """A talk with one contact in one conversation. `id` is a keyed hash of channel, contact and conversation;
    `dialogue` and `asked` name what is under way, `case` and `report` what it is about; `why` a person goes on.
    `memory` is what the bot remembers (msgpack of `gateway.bot.state.Memory`), which a store seals; b"" where the disk
    damaged it. `version` grows with each change; one that is not the next is refused with `Conflict`. `heard_at` is
    when the citizen last wrote, 0 if that was never."""

    id: str
    channel: str
    contact: str
    mode: TalkMode
    since: float
    heard_at: float
    memory: bytes
    version: int = 1
    dialogue: str | None = None
    asked: str | None = None
    case: str | None = None
    report: str | None = None
    why: str = ""

    shown = ("id", "channel", "mode")


class AnswersRow(Discreet, frozen=True, kw_only=True):
    """What somebody answered in a dialogue, kept to be counted: `answers` by name, of builtin types, which a store
    seals. It outlives the talk, and what is known of the contact but the id."""

    id: str
    dialogue: str
    channel: str
    contact: str
    at: float
    answers: dict[str, Any]

    shown = ("id", "dialogue", "channel")


class NoteRow(Discreet, frozen=True, kw_only=True):
    """What somebody who works on a case wrote for colleagues, and no citizen is told; a store seals the words. With
    `draft` it is not finished, and for its writer alone: what it is to be, such as "answer"; its id is then the same
    for as long as it is written."""

    id: str
    case: str
    at: float
    actor: str
    text: str
    draft: str | None = None

    shown = ("id", "case", "draft")


class RepliedTo(msgspec.Struct, frozen=True):
    """A reply of ours that a message names as the one that it answers: see `ReplyRow`."""

    id: str
    about: str
    case: str | None
    report: str | None
    contact: str
    talk: str | None


class Pinned(msgspec.Struct, frozen=True):
    """A new PIN of a report."""

    report: str
    pin_hash: str


class Astray(msgspec.Struct, frozen=True):
    """A reply that failed, or was kept for want of a way out, and the addresses of who made its report: first the one
    it came from. `reply` is None if the disk damaged it; `first` is the one that it was said instead of, if it was."""

    id: str
    reply: ReplyRow | None
    addresses: tuple[Contact, ...]
    first: ReplyRow | None = None


class PassedOn(msgspec.Struct, frozen=True):
    """A reply that went astray has been seen to: `to` is the one that is sent instead, "" if there is none."""

    reply: str
    to: str = ""


class About(StrEnum):
    """Why a unit is told of a case: it is new to it, or is urgent or an emergency as well; it was handed to it; a step
    of it is to be taken in time, or was not taken in time by the unit that has it."""

    NEW = "new"
    URGENT = "urgent"
    EMERGENCY = "emergency"
    MOVED = "moved"
    REMINDER = "reminder"
    ESCALATION = "escalation"


class NoticeState(StrEnum):
    """DUE waits for its turn; SENT and FAILED are over; WITHHELD was not sent, as it was out of date by then."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit is to be told of a case in one of its ways ("mail", "webhook", "telegram"). Where to and in which words is
    found out when it is sent, so nothing of a citizen stands here. `step` is the name of one of the clock's, to be
    taken by `by`."""

    id: str
    case: str
    unit: str
    way: str
    about: About
    created_at: float
    due_at: float
    step: str = ""
    by: float | None = None
    state: NoticeState = NoticeState.DUE
    tries: int = 0
    error: str | None = None
    settled_at: float | None = None


class PartRow(Discreet, frozen=True, kw_only=True):
    """A piece of a longer text that waits for its siblings. `message` is the piece's `Message` as JSON."""

    channel: str
    reference: str
    number: int
    of: int
    seq: int
    message: bytes
    at: float

    shown = ("channel", "number", "of")


class Joined(msgspec.Struct, frozen=True):
    """The pieces of a text wait no longer: they are in this report. `seqs` are the deliveries that they came in by."""

    channel: str
    reference: str
    report: str
    seqs: tuple[int, ...] = ()


class TimerRow(msgspec.Struct, frozen=True, kw_only=True):
    """Fires at `due_at` as an internal delivery of its channel whose body is `body`; if set again, then only anew."""

    id: str
    channel: str
    due_at: float
    body: bytes


class Entry(Discreet, frozen=True, kw_only=True):
    """A line of the audit log. `about` names what was looked at or changed by ids: of reports, cases, contacts and
    replies, and numbers of deliveries ("17", or "20-25" for several). `why` is in the actor's own words."""

    actor: str
    action: str
    about: tuple[str, ...] = ()
    why: str = ""

    shown = ("action",)


class Pause(msgspec.Struct, frozen=True):
    """Since when a channel is paused (seconds), and by whom."""

    at: float
    actor: str


class OpenReport(msgspec.Struct, frozen=True):
    """A report of an open case, as the sweep has it judged again."""

    report: str
    case: str
    version: int
    fingerprint: bytes


class Backlog(msgspec.Struct, frozen=True):
    """Unsettled deliveries, due replies (but those put off) and files that wait to be fetched, or are lost, by channel,
    due notices by way, talks that wait for a person, and since when the oldest of each waits."""

    deliveries: dict[str, int]
    replies: dict[str, int]
    oldest_delivery: float | None
    oldest_reply: float | None
    notices: dict[str, int] = {}
    oldest_notice: float | None = None
    talks: int = 0
    oldest_talk: float | None = None
    fetches: dict[str, int] = {}
    oldest_fetch: float | None = None
    lost_files: dict[str, int] = {}


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """So many of a `unit` that a provider charges for, on a `day` of UTC ("2026-11-23"), and what they cost."""

    channel: str
    day: str
    unit: str
    currency: str
    count: int
    cost: float


Verb = Literal["poll", "backfill", "receive", "listen", "send", "fetch", "check"]
Outcome = Literal["ok", "down", "throttled", "unauthorized", "refused", "gone", "failed"]


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with a provider, or by it: `times` where it was done more than once in a second to no effect. It
    took `seconds` and brought `count` deliveries, which have these ids, or was for a `reply`. `status` is that of the
    answer (HTTP, SMTP), `request` the provider's name for it; `note` says what went wrong."""

    channel: str
    at: float
    verb: Verb
    outcome: Outcome
    seconds: float
    times: int = 1
    count: int = 0
    status: int | None = None
    request: str | None = None
    note: str = ""
    deliveries: tuple[str, ...] = ()
    reply: str | None = None


class ReplyOutcome(Discreet, frozen=True, kw_only=True):
    """What became of one attempt to send."""

    id: str
    state: ReplyState
    at: float
    due_at: float | None = None
    external_id: str | None = None
    spent: tuple[Spending, ...] = ()
    error: str | None = None

    shown = ("id", "state")


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """The key of an application: `digest` is the hex SHA-256 of it. `channel` None: for all of them. Limits of 0 are
    none."""

    app: str
    digest: str
    per_minute: int
    per_day: int
    made_at: float
    channel: str | None = None
    revoked_at: float | None = None


class Seen(msgspec.Struct, frozen=True):
    """A case as it stands now, in the one it was joined into if it was; and its first report that may be shown to who
    asks, as it stands in clear; `own`: who asks sent it."""

    case: CaseRow
    updated_at: float
    report: Report | None
    own: bool = False


class SeenMoveRow(msgspec.Struct, frozen=True):
    """A move of a case, told under the code of one that is in it. `number` is unique."""

    number: int
    code: str
    at: float
    detail: dict[str, str]
