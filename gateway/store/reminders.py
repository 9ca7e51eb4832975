"""Reminders of cases as a store keeps them: at which cases to look, and what was given already."""

import sqlite3
from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from gateway.store import rows
from gateway.store.contract import CaseRow, HistoryRow, NoticeRow
from gateway.store.late import IS_OPEN
from gateway.store.outbox import Outbox
from gateway.store.writer import insert

_KNOWN = 'SELECT "case", reminder, "by" FROM reminders WHERE "case" IN (SELECT value FROM json_each(?))'

_REPORTS = (
    'SELECT 1 FROM reports r WHERE (r."case" = c.code OR r."case" IN (SELECT code FROM cases j WHERE'
    " j.joined_into = c.code))"
)
_DOUBTED = "EXISTS (SELECT 1 FROM json_each(r.data, '$.triage') t WHERE t.value IN (SELECT value FROM json_each(?2)))"
_NOISE = (
    "SELECT c.code FROM cases c WHERE c.code IN (SELECT value FROM json_each(?1))"
    f" AND EXISTS ({_REPORTS}) AND NOT EXISTS ({_REPORTS} AND NOT {_DOUBTED})"
)


class Given(msgspec.Struct, frozen=True):
    """A reminder of a step that is to be taken by `by` was given at that time. Of each there is one, until the case is
    closed."""

    case: str
    reminder: str
    by: float
    at: float


class ToRemind(msgspec.Struct, frozen=True):
    """A case at which it is time to look; `known` are the reminders that were given, by code and `by`. `is_noise`: all
    its reports are doubted."""

    case: CaseRow
    known: frozenset[tuple[str, float]]
    is_noise: bool


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a look at a case whose `remind_at` was `seen`: nothing is kept of it if that changed meanwhile."""

    case: str
    seen: float
    remind_at: float | None
    given: tuple[Given, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()


class ReminderStore(Protocol):
    """What `gateway.reminders` needs of a store."""

    async def to_remind(self, now: float, limit: int, noise: Collection[str]) -> list[ToRemind]:
        """The open cases at which it is time to look, the longest due first. `noise` are the doubts that matter."""

    async def looked(self, found: Sequence[Looked]) -> None:
        """Keep what came of looks, each whole or not at all."""

    async def remind_by(self, table: str, now: float) -> None:
        """Reminders are given by this table from now on: if that is another than before, look at all open cases."""


class Reminders(Outbox):
    """See `ReminderStore`."""

    async def to_remind(self, now: float, limit: int, noise: Collection[str]) -> list[ToRemind]:
        return await self.read(lambda reader: _to_remind(reader, now, limit, noise))

    async def looked(self, found: Sequence[Looked]) -> None:
        await self._writer.run(lambda connection: _keep(connection, found))

    async def remind_by(self, table: str, now: float) -> None:
        await self._writer.run(lambda connection: _remind_by(connection, table, now))


def _to_remind(reader: sqlite3.Connection, now: float, limit: int, noise: Collection[str]) -> list[ToRemind]:
    sql = f"SELECT {rows.CASE_COLUMNS} FROM cases c WHERE {IS_OPEN} AND c.remind_at <= ? ORDER BY c.remind_at LIMIT ?"
    found = [rows.case(row) for row in reader.execute(sql, (now, limit))]
    given: dict[str, set[tuple[str, float]]] = {case.code: set() for case in found}
    codes = rows.json(list(given))
    for code, reminder, by in reader.execute(_KNOWN, (codes,)):
        given[code].add((reminder, by))
    doubted = {row[0] for row in reader.execute(_NOISE, (codes, rows.json(list(noise))))}
    return [ToRemind(case, frozenset(given[case.code]), case.code in doubted) for case in found]


def _keep(connection: sqlite3.Connection, found: Sequence[Looked]) -> None:
    for one in found:
        sql = "UPDATE cases SET remind_at = ? WHERE code = ? AND remind_at = ?"
        if connection.execute(sql, (one.remind_at, one.case, one.seen)).rowcount:
            new = [msgspec.structs.astuple(given) for given in one.given]
            insert(connection, "INSERT OR IGNORE INTO reminders", Given.__struct_fields__, new)
            insert(connection, "INSERT OR IGNORE INTO notices", rows.NOTICE, list(map(rows.notice, one.notices)))
            insert(connection, "INSERT INTO history", rows.HISTORY, [rows.history(line) for line in one.history])


def _remind_by(connection: sqlite3.Connection, table: str, now: float) -> None:
    if connection.execute('SELECT 1 FROM reminding WHERE "table" = ?', (table,)).fetchone():
        return
    connection.execute('INSERT OR REPLACE INTO reminding(id, "table") VALUES (1, ?)', (table,))
    connection.execute(f"UPDATE cases AS c SET remind_at = ? WHERE {IS_OPEN}", (now,))
