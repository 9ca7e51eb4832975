"""Cases as they may be told of to applications and to anybody. Plain SQL on a reading connection.

What is shown of a report is what stands in clear of it. A case that was joined into another stands as that one does,
under its own code.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from adapters import CaseQuery
from gateway.store import rows
from gateway.store.contract import CaseRow, Seen, SeenMoveRow
from normalizer.report import Report

#: Of an application's own channel and key; nobody's where none asks.
_OWN = "({0}.channel = :channel AND {0}.app IS :app)"
_SHOWN = f"({{0}}.public = 1 OR {_OWN})"
#: Anybody may put a report into a case by quoting its code: a case with a report that is not shown to who asks shows
#: only what is the asker's own.
_OPEN = (
    'NOT EXISTS (SELECT 1 FROM reports f WHERE (f."case" = n.code OR f."case" IN'
    f" (SELECT code FROM cases j WHERE j.joined_into = n.code)) AND NOT {_SHOWN.format('f')})"
)
_FIRST_SHOWN = f'(SELECT min(v.seq) FROM reports v WHERE v."case" = c.code AND ({_OWN.format("v")} OR {_OPEN}))'
#: Its unit and notes are told, too: to whom all of it may be shown, and to the application whose report opened it.
_TOLD = (
    f"({_OPEN} OR EXISTS (SELECT 1 FROM reports o WHERE {_OWN.format('o')} AND o.seq ="
    ' (SELECT min(seq) FROM reports WHERE "case" = n.code)))'
)
#: Nothing that is not shown to who asks was in the case at the time of a move and was parted from it since.
_OPEN_THEN = (
    "NOT EXISTS (SELECT 1 FROM history p JOIN reports f ON f.\"case\" = json_extract(p.detail, '$.code')"
    f' WHERE p."case" = h."case" AND p.event = \'parted\' AND p.seq > h.seq AND NOT {_SHOWN.format("f")})'
)
#: A report of the asker's own was in its case by the time of a move.
_IN_BEFORE = (
    "EXISTS (SELECT 1 FROM history e JOIN reports v ON v.id = json_extract(e.detail, '$.report')"
    " WHERE e.\"case\" = c.code AND e.event IN ('opened', 'reported') AND e.seq < h.seq"
    f' AND v."case" = c.code AND {_OWN.format("v")})'
)
#: And that case within the other, itself or by one that it had been joined into before.
_JOINED_BEFORE = (
    "(SELECT max(j.seq) FROM history j WHERE j.event = 'joined' AND json_extract(j.detail, '$.into') = h.\"case\""
    ' AND (j."case" = c.code OR j."case" IN (SELECT json_extract(k.detail, \'$.into\') FROM history k'
    " WHERE k.\"case\" = c.code AND k.event = 'joined'))) < h.seq"
)
_SINCE_OWN = f'({_IN_BEFORE} AND (h."case" = c.code OR {_JOINED_BEFORE}))'
_UPDATED = '(SELECT max(h.at) FROM history h WHERE h."case" IN (c.code, c.joined_into))'
#: In what a case stands as the one that it was joined into does.
_SHARED = {"status", "due_at", "unit", "closed_at"}
_CASE = ", ".join(f'{"n" if name in _SHARED else "c"}."{name}"' for name in rows.CASE)
_COLUMNS = f"{_CASE}, coalesce({_UPDATED}, c.opened_at), r.data, {_TOLD}, {_OWN.format('r')}"
_NOW = "JOIN cases n ON n.code = coalesce(c.joined_into, c.code)"

_report = msgspec.json.Decoder(Report)
_detail = msgspec.json.Decoder(dict[str, str])


def cases(connection: sqlite3.Connection, channel: str, query: CaseQuery) -> list[Seen]:
    where = ["r.received_at >= :since AND r.received_at < :until", f"r.seq = {_FIRST_SHOWN}"]
    if query.categories:
        where.append("c.category IN (SELECT value FROM json_each(:categories))")
    if query.is_open is not None:
        where.append("(n.closed_at IS NULL) = :is_open")
    sql = (
        f'SELECT {_COLUMNS} FROM reports r JOIN cases c ON c.code = r."case" {_NOW} WHERE {" AND ".join(where)}'
        " ORDER BY r.received_at DESC, r.seq DESC LIMIT :limit OFFSET :offset"
    )
    return [_seen(row) for row in connection.execute(sql, _values(channel, query))]


def by_code(connection: sqlite3.Connection, channel: str, app: str, codes: Sequence[str]) -> list[Seen]:
    sql = (
        f"SELECT {_COLUMNS} FROM cases c {_NOW} LEFT JOIN reports r ON r.seq = {_FIRST_SHOWN}"
        " WHERE c.code IN (SELECT value FROM json_each(:codes)) ORDER BY c.seq DESC"
    )
    values = {"channel": channel, "app": app, "codes": _json(codes)}
    return [_seen(row) for row in connection.execute(sql, values)]


def moves(connection: sqlite3.Connection, channel: str, query: CaseQuery) -> list[SeenMoveRow]:
    sql = (
        f"SELECT h.seq, c.code, h.at, h.detail, {_TOLD} FROM history h"
        f' JOIN cases c ON c.code = h."case" OR c.joined_into = h."case" {_NOW}'
        f" WHERE h.event = 'moved' AND h.at >= :since AND h.at < :until AND {_FIRST_SHOWN} IS NOT NULL"
        f" AND (({_OPEN} AND {_OPEN_THEN}) OR {_SINCE_OWN})"
        " ORDER BY h.at, h.seq, c.seq LIMIT :limit OFFSET :offset"
    )
    found = connection.execute(sql, _values(channel, query))
    return [SeenMoveRow(number, code, at, _said(detail, told)) for number, code, at, detail, told in found]


def _said(detail: str, told: int) -> dict[str, str]:
    said = _detail.decode(detail)
    return said if told else {"to": said["to"]}


def _values(channel: str, query: CaseQuery) -> dict[str, Any]:
    return {
        "channel": channel,
        "app": query.app,
        "since": query.since.timestamp(),
        "until": query.until.timestamp(),
        "categories": _json(query.categories),
        "is_open": query.is_open,
        "limit": query.limit,
        "offset": query.offset,
    }


def _seen(row: rows.Row) -> Seen:
    """Without its report, if the disk damaged that."""
    *case, updated_at, data, told, own = row
    report = None
    with suppress(msgspec.DecodeError):
        report = _report.decode(data) if data else None
    stands = CaseRow(**dict(zip(rows.CASE, case, strict=True)))
    if not told:
        stands = msgspec.structs.replace(stands, unit=None, estimate_reason=None)
    return Seen(stands, updated_at, report, bool(own))


def _json(values: Sequence[str]) -> str:
    return rows.json(values)
