"""What a case store is: an outside system, such as a city's own CRM, that is given every case and sends news back.

Kanal's own store stays the one that counts. `file` and `amend` are called at least once for each case and version, and
after an answer that was lost once more with the same key; `news` is asked again with the same cursor until what it
gave is on disk. Construction touches nothing outside.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Meta

from adapters import Address, Problem, Response, WebRequest
from gateway.cases import Status
from normalizer.message import Discreet
from normalizer.report import ReportPlace


class CaseStoreError(Exception):
    """What can go wrong with an outside case store. Messages are for operators and logs: they carry neither secrets
    nor personal data."""


class CaseStoreDown(CaseStoreError):
    """It cannot be reached, is ill, refuses our credentials, or asks for patience: everything waits, and is tried again
    with back-off, after `retry_after` seconds at the earliest."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CaseStoreRefused(CaseStoreError):
    """It will never take this: set aside for a person. Of a batch of several, each is then tried by itself."""


class CaseStoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every case store has: its name, and by which rules cases go there. A case store's own `Settings` derive from
    this."""

    name: Annotated[
        str, Meta(description="Small letters, digits and single '-'; permanent, since every row that is kept has it.")
    ]
    kind: Annotated[str, Meta(description="Which case store serves it.")]
    areas: Annotated[
        tuple[str, ...],
        Meta(description="Only cases in these areas: Kemendagri codes or their beginnings, as 31.71; all if left out."),
    ] = ()
    categories: Annotated[
        tuple[str, ...], Meta(description="Only cases of these categories, by code; all if left out.")
    ] = ()
    confidential: Annotated[
        Literal["any", "only", "none"],
        Meta(description="Cases with a reporter whose identity officers must not see: any, only those, or none."),
    ] = "any"
    private: Annotated[
        Literal["any", "only", "none"],
        Meta(description="Cases that the public must not see: any, only those, or none of them."),
    ] = "any"
    identity: Annotated[
        Literal["never", "unless-anonymous-or-confidential", "unless-anonymous"],
        Meta(description="Of whom it is told who reported; reporters are confidential unless they say otherwise."),
    ] = "never"
    full_words: Annotated[
        bool, Meta(description="Send what citizens wrote as they wrote it; else with personal data masked.")
    ] = False
    batch: Annotated[int, Meta(description="Cases that are filed at once.", ge=1, le=500)] = 20
    poll_seconds: Annotated[float, Meta(description="Seconds between two looks for news.", gt=0)] = 60
    confirm_seconds: Annotated[
        float,
        Meta(description="Seconds after which it is asked whether it still knows what it took; 0: never.", ge=0),
    ] = 900
    retry_seconds: Annotated[
        float,
        Meta(description="Seconds before what failed is tried again; then twice as long each time, for minutes.", gt=0),
    ] = 5
    give_up_hours: Annotated[
        float, Meta(description="Hours after which what could not be filed is set aside for a person.", gt=0)
    ] = 72

    def problems(self) -> Sequence[Problem]:
        """What is wrong beyond types: asked once all fields are read."""
        return ()


class OutgoingFile(Discreet, frozen=True, kw_only=True):
    """A photo or another file of a report. `await read()` gives its bytes, without what cameras note in them; raises
    LookupError if they are gone by now."""

    name: str
    media_type: str
    read: Callable[[], Awaitable[bytes]]

    shown = ("media_type",)


class Reporter(Discreet, frozen=True, kw_only=True):
    """Who reported; there only where a rule says so."""

    addresses: tuple[Address, ...]
    name: str | None = None


class OutgoingReport(Discreet, frozen=True, kw_only=True):
    """One report of a case. `key` names it in this version, in clear and the same on every try; `text` is masked unless
    the rule says otherwise."""

    key: str
    channel: str
    text: str
    received_at: datetime
    reported_at: datetime | None = None
    subject: str | None = None
    language: str | None = None
    place: ReportPlace | None = None
    files: tuple[OutgoingFile, ...] = ()
    reporter: Reporter | None = None
    anonymous: bool = False
    confidential: bool = True
    private: bool = True

    shown = ("key", "channel")


class OutgoingCase(Discreet, frozen=True, kw_only=True):
    """A case as it stands now.

    `key` is what makes a second try harmless (the same on every try, also in a later process); `code` is our tracking
    code; `version` grows with each change. `category`, `area` (Kemendagri) and `unit` are codes or names, None where
    nobody has decided. `place` is that of the first report that has a pin, else of the first with a place. `reports`
    stand oldest first; there is one at least, unless everything is to be forgotten. `token` is what an earlier try was
    answered with instead of a number.
    """

    key: str
    code: str
    version: int
    status: Status
    opened_at: datetime
    due_at: datetime
    reports: tuple[OutgoingReport, ...]
    category: str | None = None
    area: str | None = None
    unit: str | None = None
    place: ReportPlace | None = None
    token: str | None = None

    shown = ("code", "version")


class Forget(StrEnum):
    """What the outside is to forget: NOTHING; the REPORTERS and their own words, of which what stays is in `case`; or
    EVERYTHING that was said, of which only code and number are left."""

    NOTHING = "nothing"
    REPORTERS = "reporters"
    EVERYTHING = "everything"


class Amendment(Discreet, frozen=True, kw_only=True):
    """What is new of a case that the outside knows as `number`.

    `case` is all of it as it stands now, `new` are those of its reports that the outside has not been told of in this
    version. `status`, `unit` and the reports are to be the outside's as well. `joined_into` is the number of the case
    that it was found to be one with; None where it stands for itself. `key` is the same on every try.
    """

    key: str
    number: str
    case: OutgoingCase
    new: tuple[OutgoingReport, ...] = ()
    joined_into: str | None = None
    forget: Forget = Forget.NOTHING

    shown = ("key",)


class Filed(msgspec.Struct, frozen=True):
    """It has the case, or the amendment of it, under this number."""

    number: str


class Pending(msgspec.Struct, frozen=True):
    """It took the case, and will tell the number to whoever has this token: `file` is called again with it, after so
    many seconds."""

    token: str
    after: float = 30.0


class Later(msgspec.Struct, frozen=True):
    """Just this one failed, and may work later. `reason` carries nothing personal."""

    reason: str
    retry_after: float | None = None


class Refused(msgspec.Struct, frozen=True):
    """It will never take just this one, which is set aside for a person. `reason` carries nothing personal."""

    reason: str


Outcome = Filed | Pending | Later | Refused


class News(Discreet, frozen=True, kw_only=True):
    """What the outside says of a case, named by the outside `number`, or by our `code` where it knows that.

    `status` is in our words; None leaves it as it is. `unit` has the case now, `estimate` is when it will be done,
    `note` is said to the reporters, `proof` is a file that shows the work. `at` is when it happened. `order` grows with
    each piece of news on one case, where the outside has such a number (all of one case store have it, or none): else
    the newest `at` wins. `id` is the outside's own, where it has one: what came before is not taken twice.
    """

    at: datetime
    number: str = ""
    code: str = ""
    status: Status | None = None
    unit: str | None = None
    estimate: date | None = None
    note: str | None = None
    proof: bytes | None = None
    order: int | None = None
    id: str = ""

    shown = ("status",)


class Told(msgspec.Struct, frozen=True):
    """The news in a proven request, and the answer that is given once they are on disk."""

    news: Sequence[News]
    response: Response = Response()


@runtime_checkable
class CaseStore(Protocol):
    """What every case store has.

    `file` and `amend` give an outcome for each of the batch, in its order, or raise `CaseStoreError` for all of them.
    `news` gives what happened since the cursor (None: from the beginning, or from now) and where to go on; asking again
    with the same cursor is harmless. All three may be cancelled at any time.
    """

    kind: ClassVar[str]
    Settings: ClassVar[type[CaseStoreSettings]]

    def __init__(self, settings: Any) -> None: ...

    async def file(self, batch: Sequence[OutgoingCase]) -> Sequence[Outcome]: ...

    async def amend(self, batch: Sequence[Amendment]) -> Sequence[Outcome]: ...

    async def news(self, cursor: str | None) -> tuple[Sequence[News], str | None]: ...


@runtime_checkable
class Confirms(Protocol):
    """`missing` gives those of the numbers that it does not know, though it gave them: a case that was taken and lost
    is filed again with the same key. Raises `CaseStoreError`."""

    async def missing(self, numbers: Sequence[str]) -> Sequence[str]: ...


@runtime_checkable
class ReceivesNews(Protocol):
    """Requests to `/stores/<name>/…` are given to `receive`, `path` being what follows the name. It does no input or
    output: it checks the proof and says which news the request holds. Raises `adapters.RequestRefused`. `max_size` is
    the largest body it takes, in bytes."""

    max_size: int

    def receive(self, request: WebRequest) -> Told: ...


@runtime_checkable
class ChecksStore(Protocol):
    """`check` proves credentials and reachability without filing anything; raises a `CaseStoreError`. One that holds a
    client while the gateway runs has `open` and `close` as well: see `adapters.Opens`."""

    async def check(self) -> None: ...
