"""The half of the SQLite store that serves the notices to units."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from gateway.store import rows
from gateway.store.contract import About, CaseRow, NoticeRow, NoticeState
from gateway.store.upkeep import Upkeep
from normalizer.report import Report

_COLUMNS = ", ".join(f'"{name}"' for name in rows.NOTICE)
_LINES = (
    "SELECT unit, coalesce(max(iif(tries > 0, due_at, NULL)), min(due_at)), max(about <> 'new' AND due_at <= :now),"
    " (SELECT max(settled_at) FROM notices s WHERE s.way = n.way AND s.unit = n.unit AND s.state = 'sent')"
    " FROM notices n WHERE way = :way AND state = 'due' GROUP BY unit"
)
_REPORTS = (
    'FROM reports r WHERE r."case" = c.code OR r."case" IN (SELECT code FROM cases j WHERE j.joined_into = c.code)'
)
_KNOWN = (
    f"SELECT (SELECT r.data {_REPORTS} ORDER BY r.seq LIMIT 1), (SELECT count(DISTINCT nullif(r.contact, ''))"
    f" + sum(r.contact = '') {_REPORTS}), {rows.CASE_COLUMNS} FROM cases c"
    " WHERE code IN (SELECT value FROM json_each(?))"
)

_report = msgspec.json.Decoder(Report)


class Line(msgspec.Struct, frozen=True):
    """What waits for one unit in one way: from when on it may be sent, whether something in it does not wait for more,
    and when something was sent for the last time."""

    unit: str
    due_at: float
    urgent: bool
    sent_at: float | None


class Known(msgspec.Struct, frozen=True):
    """What a unit may be told of a case: the masked words of its first report, and how many reported it."""

    case: CaseRow
    words: str
    reporters: int


class NoticeStore(Protocol):
    """What `gateway.notices` needs of a store."""

    def notice_lines(self, way: str, now: float) -> list[Line]: ...

    def due_notices(self, way: str, unit: str, now: float, limit: int) -> list[NoticeRow]:
        """What a unit may be told now, the oldest first."""

    async def known_of(self, codes: Sequence[str]) -> Mapping[str, Known]: ...

    async def settle_notices(
        self, ids: Sequence[str], state: NoticeState, now: float, error: str = "", due_at: float | None = None
    ) -> None:
        """What became of an attempt; of what is DUE again, when it may be tried next."""

    async def hasten_notices(self, way: str, now: float) -> None:
        """What failed and waits for its next try is tried now."""

    async def retry_notice(self, identity: str, now: float) -> str | None:
        """Have a notice that waits or has failed sent now, with all that waits beside it. Its way; None if there is no
        such notice."""


class Notices(Upkeep):
    """See `NoticeStore`."""

    def notice_lines(self, way: str, now: float) -> list[Line]:
        found = self._reader.execute(_LINES, {"way": way, "now": now})
        return [Line(unit, due_at, bool(urgent), sent_at) for unit, due_at, urgent, sent_at in found]

    def due_notices(self, way: str, unit: str, now: float, limit: int) -> list[NoticeRow]:
        sql = (
            f"SELECT {_COLUMNS} FROM notices WHERE way = ? AND unit = ? AND state = 'due' AND due_at <= ?"
            " ORDER BY seq LIMIT ?"
        )
        return [_notice(row) for row in self._reader.execute(sql, (way, unit, now, limit))]

    async def known_of(self, codes: Sequence[str]) -> Mapping[str, Known]:
        found = await self.read(lambda reader: reader.execute(_KNOWN, (rows.json(list(codes)),)).fetchall())
        return {known.case.code: known for known in map(_known, found)}

    async def settle_notices(
        self, ids: Sequence[str], state: NoticeState, now: float, error: str = "", due_at: float | None = None
    ) -> None:
        values = (state, now, error or None, due_at, rows.json(list(ids)))
        await self._writer.run(lambda connection: connection.execute(_SETTLE, values))

    async def hasten_notices(self, way: str, now: float) -> None:
        sql = "UPDATE notices SET due_at = ?1 WHERE way = ?2 AND state = 'due' AND tries > 0 AND due_at > ?1"
        await self._writer.run(lambda connection: connection.execute(sql, (now, way)))

    async def retry_notice(self, identity: str, now: float) -> str | None:
        return await self._writer.run(lambda connection: _retry(connection, identity, now))


_SETTLE = (
    "UPDATE notices SET state = ?, settled_at = ?, tries = tries + 1, error = ?, due_at = coalesce(?, due_at)"
    " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'due'"
)


def _retry(connection: sqlite3.Connection, identity: str, now: float) -> str | None:
    sql = "UPDATE notices SET state = 'due' WHERE id = ? AND state IN ('due', 'failed') RETURNING way, unit"
    found: tuple[str, str] | None = connection.execute(sql, (identity,)).fetchone()
    if found is None:
        return None
    sql = "UPDATE notices SET due_at = ?, tries = 0 WHERE way = ? AND unit = ? AND state = 'due'"
    connection.execute(sql, (now, *found))
    return found[0]


def _notice(row: tuple[Any, ...]) -> NoticeRow:
    values = dict(zip(rows.NOTICE, row, strict=True))
    return NoticeRow(**values | {"about": About(values["about"]), "state": NoticeState(values["state"])})


def _known(row: tuple[Any, ...]) -> Known:
    """Without words, where the disk damaged them."""
    data, reporters, *case = row
    try:
        words = _report.decode(data).text if data else ""
    except msgspec.DecodeError:
        words = ""
    return Known(rows.case(tuple(case)), words, reporters or 0)
