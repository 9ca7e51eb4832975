"""How each case stands with each outside case store, and the news from there, as a store keeps them.

A filing is due -> filing -> filed, and due again whenever its case changes. It holds no word of a citizen: what is sent
is made from the store when it is sent. News are sealed until they are taken over.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from gateway.casestore.contract import Forget, News
from gateway.store.alarms import AlarmStore
from gateway.store.contract import Contact, HistoryRow, Store
from gateway.store.copies import FileStore
from gateway.store.fetches import FetchStore
from gateway.store.images import ProofStore
from gateway.store.notices import NoticeStore


class FilingState(StrEnum):
    """DUE waits for its turn; FILING is under way; FILED is as the outside has it; COVERED is for no rule any more, or
    was joined, before it was filed, into another case, which speaks for it; ASIDE waits for a person; CANCELLED is not
    filed on purpose."""

    DUE = "due"
    FILING = "filing"
    FILED = "filed"
    COVERED = "covered"
    ASIDE = "aside"
    CANCELLED = "cancelled"


class Sent(StrEnum):
    """The most that a case store was ever given of a case."""

    NOTHING = ""
    MASKED = "masked"
    WORDS = "words"
    IDENTITY = "identity"


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """A case on its way to a case store. `version` is the one to send, `told` the reports that the outside has, by id,
    with their versions; `since` is when it began to wait; `tries` counts this one too."""

    case: str
    store: str
    version: int
    filed_version: int
    number: str | None
    token: str | None
    told: dict[str, int]
    tries: int
    since: float
    forget: Forget


class FilingOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt. FILED has the `number`, and what was `told` and `sent`; DUE has the time of the next
    try, and perhaps a `token`; ASIDE and DUE say why in `error`."""

    case: str
    store: str
    version: int
    state: FilingState
    at: float
    due_at: float | None = None
    number: str | None = None
    token: str | None = None
    told: dict[str, int] | None = None
    sent: Sent = Sent.NOTHING
    error: str | None = None
    confirm_at: float | None = None


class NewsRow(msgspec.Struct, frozen=True):
    """News that are on disk and not taken over yet, and when they came."""

    seq: int
    at: float
    news: News


class Waiting(msgspec.Struct, frozen=True):
    """What a case store was not given yet: how many cases, since when the oldest, and how many wait for a person."""

    due: int
    oldest: float | None
    aside: int


class Filings(Protocol):
    """What a store promises beside `gateway.store.contract.Store`. What is to be told of a case is due in the same
    transaction that changes it: by `Settlement.filings` for a new one, by itself for all that are known already."""

    async def claim_filings(self, store: str, now: float, limit: int) -> list[Filing]:
        """Due filings, oldest first, now FILING; their tries are counted and committed."""

    async def settle_filings(self, outcomes: Sequence[FilingOutcome]) -> None:
        """Record attempts. One that changed meanwhile is due again at once. A number makes news due that waited for
        it."""

    async def recover_filings(self, store: str, now: float) -> int:
        """Make due what was FILING when the last process ended; returns how many."""

    async def hasten_filings(self, store: str, now: float) -> int:
        """Make due now what failed and waits, and what was set aside only because the store was down for too long;
        returns how many of the latter."""

    async def give_up_filings(self, store: str, before: float, error: str) -> int:
        """Set aside what has been due since before that time, but for one that goes on trying; returns how many."""

    async def retry_filings(self, store: str | None, case: str | None, now: float) -> list[str]:
        """Make due what is aside, cancelled or waits: of a case, of a store, or of both; returns the stores' names."""

    async def cancel_filing(self, store: str, case: str) -> bool:
        """Leave it as the outside has it, until somebody retries it; False if there is none that waits."""

    def next_filing(self, store: str) -> float | None:
        """When the next filing of a case store is due."""

    def unconfirmed(self, store: str, now: float, limit: int) -> list[Filing]:
        """What was filed, and is to be asked for by now."""

    async def confirm_filings(self, store: str, known: Sequence[str], lost: Sequence[str], now: float) -> None:
        """Cases that the outside knows, and cases that it lost: those are due again as if never filed, and after three
        times aside."""

    async def keep_news(self, store: str, news: Sequence[News], cursor: str | None, now: float) -> int:
        """Put news on disk, and with them where to go on, if that is given. What is known by its id, or is the same in
        every word, changes nothing; returns how many are new."""

    def news_cursor(self, store: str) -> str | None: ...

    async def due_news(self, store: str, limit: int) -> list[NewsRow]:
        """News to take over, in the order in which they came."""

    async def set_news_aside(self, seqs: Sequence[int]) -> None:
        """They are about a case that nobody knows: kept until its number is."""

    async def forget_news(self, before: float) -> int:
        """Forget news that came before that time about cases that nobody ever knew; returns how many."""

    def numbers_of(self, code: str) -> Mapping[str, str]:
        """A case's number by case store."""

    def filed_in(self, store: str, code: str) -> bool:
        """Is there a filing of the case with this case store?"""

    def stamp(self, store: str, code: str) -> float | None:
        """How new the newest news are that were taken over of a case."""

    def moves_beside(self, store: str, code: str) -> list[HistoryRow]:
        """A case's moves by others than this case store."""

    def addresses_of(self, report: str) -> list[Contact]:
        """All addresses of who made a report, the one that it came from first."""

    async def waiting_filings(self) -> Mapping[str, Waiting]:
        """By case store."""


class WholeStore(Store, Filings, NoticeStore, FileStore, FetchStore, AlarmStore, ProofStore, Protocol):
    """All that a store promises."""


def alias(number: str) -> str:
    """A number as it is looked up by, however it is written."""
    return "".join(number.split()).upper()
