"""What a store promises.

A store has two doors for writing: `append` puts deliveries on disk before anything is acknowledged, `settle` writes
everything that a step led to in one transaction. Both return only when it is durable. What is unique (a delivery's and
a message's id in its channel, a case's code) is decided by the store in the write itself.

The rows that it keeps are in `records`, those of a step in `settlement`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from adapters import CaseQuery, Delivery
from gateway.store.records import (
    About,
    Also,
    AnswersRow,
    Astray,
    Backlog,
    CaseRow,
    Claimed,
    Contact,
    DeliveryState,
    Entry,
    Exchange,
    GoneRow,
    HistoryRow,
    Joined,
    KeyRow,
    KnownMessage,
    Link,
    MessageRow,
    NoteRow,
    NoticeRow,
    NoticeState,
    OpenReport,
    Outcome,
    PartRow,
    PassedOn,
    Pause,
    Pinned,
    Quarantined,
    RepliedTo,
    ReplyOutcome,
    ReplyRow,
    ReplyState,
    ReportRow,
    Seen,
    SeenMoveRow,
    Spending,
    TakenBack,
    TalkMode,
    TalkRow,
    TimerRow,
    Verb,
    Withdrawn,
)
from gateway.store.settlement import (
    Amended,
    CaseChange,
    FilingDue,
    Heard,
    Judged,
    Moved,
    Settlement,
    Sorted,
)


class StoreUnavailable(Exception):
    """Nothing was written: the disk is full, read-only or ill. Tell whoever waits to try again later."""


class BadRow(Exception):
    """This row can never be stored (for example a lone surrogate in a text); all others were."""


class Conflict(Exception):
    """Somebody else wrote first (a message id, a code, a status): read again and decide again."""


class Store(Protocol):
    """See `tests/gateway/store/contract.py` for the tests that every store must pass."""

    async def append(
        self,
        deliveries: Sequence[Delivery],
        cursor: str | None = None,
        channel: str | None = None,
        spent: Sequence[Spending] = (),
        source: str = "",
    ) -> None:
        """Put deliveries on disk, with where to go on at the `source` that the channel asked, which is theirs if it is
        left out, and with what it cost to get them. Known ids change nothing. Raises `StoreUnavailable` (nothing kept)
        or `BadRow` (these rows can never be kept)."""

    async def cursor(self, channel: str, source: str = "") -> str | None:
        """Where the channel goes on at this source; one that an older Kanal kept, which noted no source, is of the
        first that is asked."""

    async def asked_another(self, channel: str, source: str) -> bool:
        """Is there a cursor of another source that the channel asked?"""

    async def claim(self, channel: str, limit: int, max_bytes: int, after: int = 0) -> list[Claimed]:
        """The oldest unprocessed deliveries of a channel whose `seq` is greater than `after`, in order of arrival;
        their tries are counted and committed. At least one is returned if there is any, however large."""

    async def deliveries_of(self, report: str) -> list[Delivery]:
        """What a report was made of, as it came in, in order of arrival; without what is not kept any more or damaged.
        Raises `StoreUnavailable`."""

    def spent_in(self, channel: str, month: str, currency: str) -> float:
        """What a channel cost in a month of UTC, as in "2026-11"."""

    async def settle(self, settlement: Settlement) -> None:
        """Write it all or nothing. Raises `Conflict`, `StoreUnavailable` or `BadRow`."""

    async def record(self, entry: Entry) -> str:
        """Put a line into the audit log; its hash, which stands for all lines so far. Raises `StoreUnavailable`."""

    async def fire_timers(self, now: float) -> set[str]:
        """Turn the timers that are due into deliveries; returns the channels that have new ones. One that the disk
        damaged is dropped."""

    async def claim_replies(
        self, channel: str, now: float, limit: int, public: bool | None = None
    ) -> list[tuple[ReplyRow, Contact]]:
        """Due replies, oldest first, now marked SENDING, with whom they are for; if told, only `public` ones or only
        private ones. Who is owed several on a channel is told one after the other: the next is claimed once the one
        before is settled."""

    async def settle_reply(self, outcome: ReplyOutcome) -> None: ...

    async def recover_replies(self, channel: str, state: ReplyState, now: float) -> int:
        """Give what was SENDING when the last process ended a new state; returns how many."""

    async def left_since(self, channel: str, since: float) -> list[tuple[float, bool]]:
        """When the channel's replies were tried since then, oldest first, and whether they were public."""

    def waiting(self) -> dict[str, int]:
        """Channels with unprocessed deliveries, and how many."""

    def next_due(self, channel: str) -> float | None:
        """When the next of the channel's replies that can be claimed is due."""

    def next_timer(self) -> float | None: ...

    def known_messages(self, channel: str, ids: Sequence[str]) -> set[str]: ...

    def known_message(self, channel: str, message: str) -> KnownMessage | None: ...

    def taken_back(self, channel: str, messages: Sequence[str]) -> set[str]:
        """Which of these messages their senders took back."""

    def is_gone(self, channel: str, contact: str) -> bool:
        """Did somebody block us there, and has not written since?"""

    def said_since(self, channel: str, contact: str, since: float) -> list[str]:
        """The texts that somebody was sent, or is being sent, on a channel since then."""

    def known_deliveries(self, channel: str, ids: Sequence[str]) -> set[str]: ...

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

    def people(self, code: str) -> int:
        """How many people reported a case, or one that was joined into it."""

    def compared(self, code: str) -> list[bytes]:
        """What the reports of a case, and of those joined into it, are compared by, oldest first."""

    def put_with(self, report: str) -> tuple[str, str] | None:
        """The two reports, one of which is this, that the machine put together last and that are in one case still; the
        later one first. None where there are none, or a person was asked about it since."""

    def reporters(self, code: str) -> list[tuple[ReportRow, Contact | None]]:
        """A case's reports with who made them, oldest first. Of one that the disk damaged, what stands in clear and
        nobody."""

    def history(self, code: str) -> list[HistoryRow]:
        """What happened to a case, oldest first."""

    def was_parted(self, report: str) -> bool:
        """Did somebody say of this report that it is of another incident than it was taken for?"""

    def doubt(self, report: str, other: str) -> tuple[float, tuple[str, ...]] | None:
        """The score and the reasons for which the judge was unsure of these two reports last; None if it never was."""

    def told_apart(self, report: str, other: str) -> bool:
        """Did a person say that the cases of these two reports are different ones, of any two of their reports?"""

    def told(self, code: str, about: str, moments: Sequence[float]) -> set[tuple[str, str]]:
        """Who was told `about` a case at one of these moments, by their contacts and channels."""

    def reporter(self, report: str) -> tuple[ReportRow, Contact | None] | None:
        """A report with who made it, as `reporters` has it."""

    def channel_of(self, reply: str) -> str | None:
        """The channel of a reply."""

    def astray(self, since: float, limit: int, kept: bool = True) -> list[Astray]:
        """Replies about reports that failed since then, or were `kept`, and are not passed on yet."""

    def unsent(self, channel: str, contact: str) -> list[str]:
        """Replies about somebody's reports that failed and could be said nowhere else, but for what was said in talks:
        the newest few, newest first."""

    def untold(self, channel: str, contact: str, since: float) -> list[str]:
        """The codes of the cases whose reports, made since then, were not answered at all, oldest first."""

    def sent_between(
        self, contacts: Sequence[str], since: float, until: float, in_talks: bool = False
    ) -> Mapping[str, int]:
        """How many replies each contact was given in that time, `in_talks` with the bot, too."""

    def talk(self, identity: str) -> TalkRow | None: ...

    def talks(self, ids: Sequence[str]) -> dict[str, TalkRow]:
        """Those that there are, by id."""

    def handed_over(self) -> list[TalkRow]:
        """The talks that a person is to go on with, oldest first."""

    def replied_to(self, channel: str, names: Sequence[str]) -> list[RepliedTo]:
        """Those of the channel's replies that are known by these names: our ids, or the channel's."""

    def cases_of(self, contact: str, limit: int) -> list[tuple[CaseRow, ReportRow]]:
        """The reports that somebody made, or that one of the further addresses of was given, each with the case it
        stands in: those of open cases first, then the newest. Not those that are in the case of another person's
        report only as they are said again (`again`): whoever knows a code could make them."""

    def further_addresses(self, contact: str) -> list[str]:
        """The contacts that were given as further addresses of who made reports from this one."""

    def reached_at(self, channel: str, contact: str) -> str | None:
        """Who reported on a channel and can be reached at this address, too."""

    def only_quoted(self, reports: Sequence[str]) -> set[str]:
        """Which of these reports are in the case of another person's for no other reason than that they name its code:
        whoever sent them is no reporter of that case."""

    def answers(self, dialogue: str, since: float) -> list[AnswersRow]:
        """What was answered in a dialogue since then, oldest first; without what the disk damaged."""

    def has_stopped(self, contacts: Sequence[str]) -> set[str]:
        """Who of them is to be told nothing unasked."""

    def last_heard(self, channel: str, contact: str, conversation: str) -> float | None:
        """When somebody last wrote in a conversation; where no talk tells, on the channel."""

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

    def pauses(self) -> Mapping[str, Pause]:
        """By name, the channels that a person paused."""

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

    async def log_exchanges(self, new: Sequence[Exchange]) -> None:
        """Keep what was done with providers."""

    async def forget_exchanges(self, before: float) -> None:
        """Forget what was done with providers before that time."""

    async def forget_statuses(self, before: float) -> None:
        """Forget what channels said before that time of replies that nobody knew, and of messages taken back."""


__all__ = [
    "About",
    "Also",
    "Amended",
    "AnswersRow",
    "Astray",
    "Backlog",
    "BadRow",
    "CaseChange",
    "CaseRow",
    "Claimed",
    "Conflict",
    "Contact",
    "DeliveryState",
    "Entry",
    "Exchange",
    "FilingDue",
    "GoneRow",
    "Heard",
    "HistoryRow",
    "Joined",
    "Judged",
    "KeyRow",
    "KnownMessage",
    "Link",
    "MessageRow",
    "Moved",
    "NoteRow",
    "NoticeRow",
    "NoticeState",
    "OpenReport",
    "Outcome",
    "PartRow",
    "PassedOn",
    "Pause",
    "Pinned",
    "Quarantined",
    "RepliedTo",
    "ReplyOutcome",
    "ReplyRow",
    "ReplyState",
    "ReportRow",
    "Seen",
    "SeenMoveRow",
    "Settlement",
    "Sorted",
    "Spending",
    "Store",
    "StoreUnavailable",
    "TakenBack",
    "TalkMode",
    "TalkRow",
    "TimerRow",
    "Verb",
    "Withdrawn",
]
