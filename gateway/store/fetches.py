"""Files that lie with a provider and are still to be fetched: rows, plain SQL on whatever connection is given.

A row tells nothing of a citizen: which file it is stands sealed in the report, and is found there by the row's id,
which only the key makes of it (see `gateway.naming.fetch_id`). It is DUE, then FETCHED, and gone once the report has
the file; what cannot be had is LOST.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from gateway.store import rows
from gateway.store.settlement import FetchDue, FetchLost

#: No fetch that failed waits for longer.
LONGEST_SECONDS = 2 * 3600.0
_COLUMNS = "id, channel, report, state, since, tries"
_AMONG = "IN (SELECT value FROM json_each(?))"


class FetchState(StrEnum):
    DUE = "due"
    FETCHED = "fetched"
    LOST = "lost"


class Fetch(msgspec.Struct, frozen=True):
    """`since` is when it began to wait; `tries` are those that failed."""

    id: str
    channel: str
    report: str
    state: FetchState
    since: float
    tries: int


class Waiting(msgspec.Struct, frozen=True):
    """How many files of a channel are to be fetched, since when the oldest of them waits, and how many are lost."""

    due: int
    oldest: float | None
    lost: int


class Lacking(msgspec.Struct, frozen=True):
    """How a file stands that a report lacks; `why` its last try failed, "" if none did."""

    state: FetchState
    why: str


class FetchStore(Protocol):
    """What a store promises of files that are to be fetched."""

    def fetch(self, identity: str) -> Fetch | None: ...

    def due_fetches(self, channel: str, now: float, limit: int) -> list[Fetch]:
        """The one that is due for the longest first."""

    def next_fetch(self, channel: str) -> float | None:
        """When the next of the channel's is due."""

    async def put_off_fetch(self, identity: str, due_at: float, why: str) -> None:
        """A try failed, and there is another one."""

    async def end_fetch(self, identity: str, state: FetchState | None = None) -> None:
        """It is not to be tried any more; None: it is of nothing that is kept."""

    async def hasten_fetches(self, channel: str, now: float) -> None:
        """Make due now what waits for its next try."""

    async def refetch(self, channels: Sequence[str], reports: Sequence[str] | None, now: float) -> list[str]:
        """Make due again, as if it had never been tried, what is lost of these channels, and of these reports unless
        they are None. Gives the channel of each."""

    async def waiting_fetches(self) -> Mapping[str, Waiting]:
        """By channel."""


def fetch(connection: sqlite3.Connection, identity: str) -> Fetch | None:
    found = connection.execute(f"SELECT {_COLUMNS} FROM fetches WHERE id = ?", (identity,)).fetchone()
    return _fetch(found) if found else None


def due(connection: sqlite3.Connection, channel: str, now: float, limit: int) -> list[Fetch]:
    sql = (
        f"SELECT {_COLUMNS} FROM fetches WHERE channel = ? AND state = 'due' AND due_at <= ?"
        " ORDER BY due_at, id LIMIT ?"
    )
    return list(map(_fetch, connection.execute(sql, (channel, now, limit))))


def settle(
    connection: sqlite3.Connection, new: Sequence[FetchDue], fetched: Sequence[str], lost: Sequence[FetchLost]
) -> None:
    """What is known already is not due again."""
    connection.execute(f"DELETE FROM fetches WHERE id {_AMONG}", (_json(fetched),))
    connection.executemany(
        "UPDATE fetches SET state = 'lost', error = ? WHERE id = ?", [(rows.text(one.why), one.id) for one in lost]
    )
    connection.executemany(
        "INSERT OR IGNORE INTO fetches (id, channel, report, state, since, due_at, tries)"
        " VALUES (?, ?, ?, 'due', ?, ?, 0)",
        [(one.id, one.channel, one.report, one.at, one.at) for one in new],
    )


def end(connection: sqlite3.Connection, identity: str, state: FetchState | None) -> None:
    if state is None:
        connection.execute("DELETE FROM fetches WHERE id = ?", (identity,))
    else:
        connection.execute("UPDATE fetches SET state = ?, error = NULL WHERE id = ?", (state, identity))


def again(
    connection: sqlite3.Connection, channels: Sequence[str], reports: Sequence[str] | None, now: float
) -> list[str]:
    """The channel of each."""
    sql = (
        "UPDATE fetches SET state = 'due', since = :now, due_at = :now, tries = 0, error = NULL WHERE state = 'lost'"
        " AND channel IN (SELECT value FROM json_each(:channels))"
        " AND (:reports IS NULL OR report IN (SELECT value FROM json_each(:reports))) RETURNING channel"
    )
    given = {"now": now, "channels": _json(channels), "reports": None if reports is None else _json(reports)}
    return [row[0] for row in connection.execute(sql, given).fetchall()]


def forget(connection: sqlite3.Connection, reports: Sequence[str]) -> None:
    """Nothing is fetched for these reports any more."""
    connection.execute(f"DELETE FROM fetches WHERE report {_AMONG}", (_json(reports),))


def clock_was_set(connection: sqlite3.Connection, now: float) -> None:
    connection.execute(
        "UPDATE fetches SET since = min(since, :now), due_at = iif(due_at > :now + :longest, :now, due_at)"
        " WHERE state = 'due'",
        {"now": now, "longest": LONGEST_SECONDS},
    )


def waiting(connection: sqlite3.Connection) -> dict[str, Waiting]:
    """By channel."""
    found = connection.execute(
        "SELECT channel, total(state <> 'lost'), min(iif(state <> 'lost', since, NULL)), total(state = 'lost')"
        " FROM fetches GROUP BY channel"
    )
    return {channel: Waiting(int(due), oldest, int(lost)) for channel, due, oldest, lost in found}


def of_reports(connection: sqlite3.Connection, reports: Sequence[str]) -> dict[str, Lacking]:
    """The files that these reports lack, by id."""
    sql = f"SELECT id, state, coalesce(error, '') FROM fetches WHERE report {_AMONG}"
    return {name: Lacking(FetchState(state), why) for name, state, why in connection.execute(sql, (_json(reports),))}


def _fetch(row: rows.Row) -> Fetch:
    identity, channel, report, state, since, tries = row
    return Fetch(identity, channel, report, FetchState(state), since, tries)


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
