"""What one step led to, as a store is given it: rows, and changes of rows that are there."""

import msgspec

from adapters import Status
from gateway.store.records import (
    Also,
    AnswersRow,
    CaseRow,
    Contact,
    GoneRow,
    HistoryRow,
    Joined,
    Link,
    MessageRow,
    NoteRow,
    NoticeRow,
    PartRow,
    PassedOn,
    Pinned,
    Quarantined,
    ReplyRow,
    ReportRow,
    TakenBack,
    TalkRow,
    TimerRow,
    Withdrawn,
)


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
    assignee: str | None = None


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


class Sorted(msgspec.Struct, frozen=True):
    """What a person takes a case for that was marked as perhaps no report; "" takes that back."""

    case: str
    sort: str


class Judged(msgspec.Struct, frozen=True):
    """A report was compared with the others at this version of it."""

    report: str
    version: int


class FilingDue(msgspec.Struct, frozen=True):
    """A new case is to be filed with this outside case store."""

    case: str
    store: str
    at: float


class FetchDue(msgspec.Struct, frozen=True):
    """A file of a report that is to be fetched by way of a channel."""

    id: str
    channel: str
    report: str
    at: float


class FetchLost(msgspec.Struct, frozen=True):
    """A file cannot be had; `why` is for people."""

    id: str
    why: str


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
    A talk of version 1 is a new one, any other takes the place of the version before it (else `Conflict`). The contacts
    in `stopped` are told nothing unasked, until they are in `started`; who is in both has stopped. `pins` are of
    reports whose words are kept (else `Conflict`).
    Of `notes` a draft takes the place of the one of its id; one without words only takes that away.
    The reports in `unjudged` are to be compared again.
    What is still to be said in answer to the reports in `withheld` is not said, nor what the texts in `unsaid` (case
    and text) would still say of their cases. Who is in `gone`
    is told nothing on that channel until they (channel and contact) are in `back`.
    Of `fetches` those are due that are not known yet; those `fetched` and `lost` are no more. `forgotten` deliveries
    are destroyed: they are of nothing that is kept. What is `withdrawn` is destroyed last.
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
    unjudged: list[str] = []
    sorted: list[Sorted] = []
    amended: list[Amended] = []
    released: list[int] = []
    resent: list[str] = []
    passed_on: list[PassedOn] = []
    filings: list[FilingDue] = []
    hidden: list[str] = []
    confidential: list[str] = []
    heard: list[Heard] = []
    talks: list[TalkRow] = []
    stopped: list[str] = []
    started: list[str] = []
    pins: list[Pinned] = []
    answers: list[AnswersRow] = []
    notes: list[NoteRow] = []
    taken_back: list[TakenBack] = []
    withheld: list[str] = []
    unsaid: list[tuple[str, str]] = []
    withdrawn: list[Withdrawn] = []
    gone: list[GoneRow] = []
    back: list[tuple[str, str]] = []
    fetches: list[FetchDue] = []
    fetched: list[str] = []
    lost: list[FetchLost] = []
    forgotten: list[int] = []
    told_by: str = ""

    def add(self, other: "Settlement") -> None:
        """All of another one's rows, too."""
        for name in self.__struct_fields__:
            if isinstance(rows := getattr(other, name), list):
                getattr(self, name).extend(rows)
