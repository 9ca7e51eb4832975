"""What may be told of cases over a channel, and to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from normalizer.message import Discreet


class SeenReport(Discreet, frozen=True, kw_only=True):
    """What may be shown of a report: its words masked, and nothing of who made it. `category` is a category's code."""

    received_at: datetime
    text: str
    category: str | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class SeenCase(Discreet, frozen=True, kw_only=True):
    """What may be told of a case. `status` is one of the gateway's own, `says` the same in the citizens' words; only of
    what is public, or was reported by who asks: the `unit` that has it in hand, as people call it, why it takes longer
    (`notice`), and its `report`."""

    code: str
    is_open: bool
    status: str
    says: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime
    unit: str | None = None
    notice: str | None = None
    report: SeenReport | None = None

    shown = ("code", "status")


class SeenMove(Discreet, frozen=True, kw_only=True):
    """A move of a case. `note` is in an officer's words, masked."""

    id: str
    code: str
    at: datetime
    is_open: bool
    status: str
    says: str
    note: str = ""

    shown = ("id", "code", "status")


class CaseQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases or moves: from `since` until before `until`. `categories`: any of these codes; `is_open`: None for
    both. `app` is the application that asks, "" for anybody."""

    since: datetime
    until: datetime
    app: str = ""
    categories: tuple[str, ...] = ()
    is_open: bool | None = None
    limit: int = 1000
    offset: int = 0


class CaseReader(Protocol):
    """Reads of the cases that may be told of to who asks over one channel. Nothing tells who reported."""

    async def cases(self, query: CaseQuery) -> Sequence[SeenCase]:
        """Those that have a report which is public, or came from the application that asks; newest first."""

    async def by_code(self, codes: Sequence[str], app: str, peer: str) -> Sequence[SeenCase]:
        """Of these those that there are; how a private one stands is told to whoever knows its code. Raises
        `RequestRefused` (429) where too many were asked for that are neither public nor the application's own."""

    async def settled(self, delivery: str) -> str | None:
        """The code of the case that a delivery of the channel led to, "" while it is being processed, None if there is
        no such delivery."""

    async def moves(self, query: CaseQuery) -> Sequence[SeenMove]:
        """Of those cases, oldest first. The query's categories and `is_open` are not heeded."""


class AppKey(Discreet, frozen=True, kw_only=True):
    """An application that may report: `digest` is the hex SHA-256 of its key. What is limited by 0 is not limited."""

    app: str
    digest: str
    per_minute: int
    per_day: int

    shown = ("app",)
