"""What a store promises, and the rows it is given.

A store has two doors for writing: `append` puts deliveries on disk before anything is acknowledged, `settle` writes
everything that a step led to in one transaction. Both return only when it is durable. What is unique (a delivery's and
a message's id in its channel, a case's code) is decided by the store in the write itself.

Times are seconds since the epoch (UTC) as float. Ids are opaque strings.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from adapters import CaseQuery, Delivery, Status
from normalizer.message import Discreet
from normalizer.report import Report


class StoreUnavailable(Exception):
    """Nothing was written: the disk is full, read-only or ill. Tell whoever waits to try again later."""


class BadRow(Exception):
    """This row can never be stored (for example a lone surrogate in a text); all others were."""


class Conflict(Exception):
    """Somebody else wrote first (a message id, a code, a status): read again and decide again."""


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
    """A message that was taken in; `contact` is who sent it."""

    channel: str
    id: str
    seq: int
    report: str | None
    contact: str | None = None


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
    remind."""

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
    it is about; `instead_of` is the reply that this one says again at another address of the same person."""

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

    shown = ("id", "channel", "state")


class Astray(msgspec.Struct, frozen=True):
    """A reply that failed, or was kept for want of a way out, and the addresses of who made its report: first the one
    it came from. `reply` is None if the disk damaged it."""

    id: str
    reply: ReplyRow | None
    addresses: tuple[Contact, ...]


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


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """Changes of a case, refused with `Conflict` unless its status still is `expected`. None leaves as is; "" and 0
    take away what is there: "" in `joined_into` parts it again, 0 in `closed_at` opens it again."""

    code: str
    expected: str
    status: str | None = None
    unit: str | None = None
    category: str | None = None
    area: str | None = None
    where: str | None = None
    joined_into: str | None = None
    closed_at: float | None = None
    due_at: float | None = None
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


class Moved(msgspec.Struct, frozen=True):
    """A report that goes to another case, with a new PIN where it gets a new code."""

    report: str
    case: str
    pin_hash: str | None = None


class Amended(msgspec.Struct, frozen=True):
    """A new version of a report; `what` and `where` are its excerpts, for the case if it opened it."""

    row: ReportRow
    what: str
    where: str


class Judged(msgspec.Struct, frozen=True):
    """A report was compared with the others at this version of it."""

    report: str
    version: int


class FilingDue(msgspec.Struct, frozen=True):
    """A new case is to be filed with this outside case store."""

    case: str
    store: str
    at: float


class Heard(msgspec.Struct, frozen=True):
    """News of an outside case store that were taken over (else `Conflict`): `stamp` is how new they are of the case."""

    seq: int
    store: str
    case: str
    stamp: float


class Settlement(msgspec.Struct, kw_only=True):
    """Everything that one step led to: one transaction, all or nothing.

    `amended` reports replace the version before theirs (else `Conflict`); their case, PIN and place in it stay,
    and what was hidden stays hidden.
    A reply is `passed_on` once, and only while it has failed or is kept (else `Conflict`).
    `released` deliveries are processed again, with a clean slate: those in quarantine as if they had just come in,
    settled ones as replayed. The reports of `hidden` cases, and of those joined into them, are public no more, and
    those of `confidential` ones are confidential from now on, whatever their senders asked for.
    What changes of a case is due to all case stores that have it but `told_by`."""

    done: list[int] = []
    quarantined: list[Quarantined] = []
    contacts: list[Contact] = []
    also: list[Also] = []
    messages: list[MessageRow] = []
    cases: list[CaseRow] = []
    reports: list[ReportRow] = []
    links: list[Link] = []
    history: list[HistoryRow] = []
    replies: list[ReplyRow] = []
    notices: list[NoticeRow] = []
    statuses: list[Status] = []
    parts: list[PartRow] = []
    joined: list[Joined] = []
    timers: list[TimerRow] = []
    changes: list[CaseChange] = []
    moved: list[Moved] = []
    judged: list[Judged] = []
    amended: list[Amended] = []
    released: list[int] = []
    resent: list[str] = []
    passed_on: list[PassedOn] = []
    filings: list[FilingDue] = []
    hidden: list[str] = []
    confidential: list[str] = []
    heard: list[Heard] = []
    told_by: str = ""


class Entry(Discreet, frozen=True, kw_only=True):
    """A line of the audit log. `about` names what was looked at or changed by ids: of reports, cases, contacts and
    replies, and numbers of deliveries ("17", or "20-25" for several). `why` is in the actor's own words."""

    actor: str
    action: str
    about: tuple[str, ...] = ()
    why: str = ""

    shown = ("action",)


class OpenReport(msgspec.Struct, frozen=True):
    """A report of an open case, as the sweep has it judged again."""

    report: str
    case: str
    version: int
    fingerprint: bytes


class Backlog(msgspec.Struct, frozen=True):
    """Unsettled deliveries and due replies by channel, due notices by way, and since when the oldest of each waits."""

    deliveries: dict[str, int]
    replies: dict[str, int]
    oldest_delivery: float | None
    oldest_reply: float | None
    notices: dict[str, int] = {}
    oldest_notice: float | None = None


class ReplyOutcome(Discreet, frozen=True, kw_only=True):
    """What became of one attempt to send."""

    id: str
    state: ReplyState
    at: float
    due_at: float | None = None
    external_id: str | None = None
    cost: int = 0
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


class Store(Protocol):
    """See `tests/gateway/store/contract.py` for the tests that every store must pass."""

    async def append(self, deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
        """Put deliveries on disk, and with them the channel's cursor. Known ids change nothing. Raises
        `StoreUnavailable` (nothing kept) or `BadRow` (these rows can never be kept)."""

    async def cursor(self, channel: str) -> str | None: ...

    async def claim(self, channel: str, limit: int, max_bytes: int, after: int = 0) -> list[Claimed]:
        """The oldest unprocessed deliveries of a channel whose `seq` is greater than `after`, in order of arrival;
        their tries are counted and committed. At least one is returned if there is any, however large."""

    async def deliveries_of(self, report: str) -> list[Delivery]:
        """What a report was made of, as it came in, in order of arrival; without what is not kept any more or damaged.
        Raises `StoreUnavailable`."""

    async def settle(self, settlement: Settlement) -> None:
        """Write it all or nothing. Raises `Conflict`, `StoreUnavailable` or `BadRow`."""

    async def record(self, entry: Entry) -> str:
        """Put a line into the audit log; its hash, which stands for all lines so far. Raises `StoreUnavailable`."""

    async def fire_timers(self, now: float) -> set[str]:
        """Turn the timers that are due into deliveries; returns the channels that have new ones. One that the disk
        damaged is dropped."""

    async def claim_replies(self, channel: str, now: float, limit: int) -> list[tuple[ReplyRow, Contact]]:
        """Due replies, oldest first, now marked SENDING, with whom they are for. Who is owed several on a channel is
        told one after the other: the next is claimed once the one before is settled."""

    async def settle_reply(self, outcome: ReplyOutcome) -> None: ...

    async def recover_replies(self, channel: str, state: ReplyState, now: float) -> int:
        """Give what was SENDING when the last process ended a new state; returns how many."""

    def waiting(self) -> dict[str, int]:
        """Channels with unprocessed deliveries, and how many."""

    def next_due(self, channel: str) -> float | None:
        """When the next of the channel's replies that can be claimed is due."""

    def next_timer(self) -> float | None: ...

    def known_messages(self, channel: str, ids: Sequence[str]) -> set[str]: ...

    def parts(self, channel: str, reference: str) -> list[PartRow]:
        """The pieces of a text that wait, but for those that the disk damaged."""

    def stale_parts(self, before: float) -> list[PartRow]:
        """The pieces of all texts of which the last piece came before that time."""

    def case(self, code: str) -> CaseRow | None: ...

    def numbered(self, number: str, store: str | None = None) -> list[CaseRow]:
        """The cases that have this number outside, in any case store or in this one."""

    def joined_into(self, code: str) -> list[CaseRow]:
        """The cases that were joined into this one."""

    def proven_by(self, digest: str) -> list[str]:
        """Codes of the cases that were moved with this proof (hex SHA-256)."""

    async def keep(self, content: bytes) -> str:
        """Keep a file durably; its hex SHA-256. Raises `StoreUnavailable`."""

    def case_of(self, report: str) -> CaseRow | None: ...

    def pins(self, code: str) -> list[ReportRow]:
        """A case's reports that a PIN opens."""

    def first_report(self, code: str) -> str | None:
        """The id of the report that opened a case."""

    def reporters(self, code: str) -> list[tuple[ReportRow, Contact | None]]:
        """A case's reports with who made them, oldest first. Of one that the disk damaged, what stands in clear and
        nobody."""

    def channel_of(self, reply: str) -> str | None:
        """The channel of a reply."""

    def astray(self, since: float, limit: int) -> list[Astray]:
        """Replies that failed or were kept since then and are not passed on yet, but for those that are themselves sent
        instead of another."""

    def sent_between(self, contacts: Sequence[str], since: float, until: float) -> Mapping[str, int]:
        """How many replies each contact was given in that time."""

    def unjudged(self, limit: int) -> list[OpenReport]: ...

    async def seen(self, channel: str, query: CaseQuery) -> list[Seen]:
        """Cases all of whose reports are public or came over the channel by the application that asks, and those with
        one that did; newest first. Of what others keep private no unit or reason is told unless that opened it."""

    async def seen_by_code(self, channel: str, app: str, codes: Sequence[str]) -> list[Seen]: ...

    async def seen_moves(self, channel: str, query: CaseQuery) -> list[SeenMoveRow]:
        """How the cases that `seen` has were moved, oldest first: of what others keep private since the application's
        report was in it, and without notes, unless that one opened it."""

    def pseudonym(self, *parts: str) -> str:
        """What tells nobody without the store's keys what the parts are, and is the same each time."""

    def case_of_delivery(self, channel: str, delivery: str) -> str | None:
        """The code of the case that a delivery led to; "" if to none yet, None if there is no such delivery."""

    async def add_key(self, key: KeyRow, entry: Entry) -> None:
        """Raises `Conflict` if the application has one already."""

    async def revoke_key(self, app: str, now: float, entry: Entry) -> None:
        """Raises `Conflict` if the application has none."""

    def api_keys(self) -> list[KeyRow]:
        """All keys that are in force."""

    async def backlog(self) -> Backlog:
        """What waits now."""

    def fault(self) -> str:
        """Why nothing could be written the last time; "" if it could."""

    async def try_again(self) -> None:
        """Write something of no meaning, so that a fault that is over is known to be."""

    async def close(self) -> None: ...

    async def hasten_replies(self, channel: str, now: float) -> None:
        """Make due now what failed and waits for its next try; it keeps its old place."""

    async def clock_was_set(self, seconds: float, now: float) -> None:
        """The clock was set by so many seconds, and it is `now` now. Timers go on as long as they would have;
        what is dated in the future, from a time when the clock was ahead, counts from now on."""

    async def forget_statuses(self, before: float) -> None:
        """Forget the channels' words from before that time on replies that nobody knew."""
