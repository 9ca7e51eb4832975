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

_SHOWN = "({0}.public = 1 OR ({0}.channel = :channel AND {0}.app = :app))"
_FIRST_SHOWN = f'(SELECT min(v.seq) FROM reports v WHERE v."case" = c.code AND {_SHOWN.format("v")})'
_UPDATED = '(SELECT max(h.at) FROM history h WHERE h."case" IN (c.code, c.joined_into))'
#: In what a case stands as the one that it was joined into does.
_SHARED = {"status", "due_at", "unit", "closed_at"}
_CASE = ", ".join(f'{"n" if name in _SHARED else "c"}."{name}"' for name in rows.CASE)
_COLUMNS = f"{_CASE}, coalesce({_UPDATED}, c.opened_at), r.data"
_NOW = "JOIN cases n ON n.code = coalesce(c.joined_into, c.code)"
_CATEGORY = "iif(json_valid(r.data), json_extract(r.data, '$.categories[0].code'), NULL)"

_report = msgspec.json.Decoder(Report)
_detail = msgspec.json.Decoder(dict[str, str])


def cases(connection: sqlite3.Connection, channel: str, query: CaseQuery) -> list[Seen]:
    where = ["r.received_at >= :since AND r.received_at < :until", _SHOWN.format("r"), f"r.seq = {_FIRST_SHOWN}"]
    if query.categories:
        where.append(f"{_CATEGORY} IN (SELECT value FROM json_each(:categories))")
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
        "SELECT h.seq, c.code, h.at, h.detail FROM history h"
        ' JOIN cases c ON c.code = h."case" OR c.joined_into = h."case"'
        f" WHERE h.event = 'moved' AND h.at >= :since AND h.at < :until AND {_FIRST_SHOWN} IS NOT NULL"
        " ORDER BY h.at, h.seq, c.seq LIMIT :limit OFFSET :offset"
    )
    found = connection.execute(sql, _values(channel, query))
    return [SeenMoveRow(number, code, at, _detail.decode(detail)) for number, code, at, detail in found]


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
    *case, updated_at, data = row
    report = None
    with suppress(msgspec.DecodeError):
        report = _report.decode(data) if data else None
    return Seen(CaseRow(**dict(zip(rows.CASE, case, strict=True))), updated_at, report)


def _json(values: Sequence[str]) -> str:
    return rows.json(values)
