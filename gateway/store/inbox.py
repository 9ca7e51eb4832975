"""What lists of cases show: plain SQL over a reading connection. Pages go on from the key of their last row, so that
the last is as quick as the first."""

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from gateway.clock import Step
from gateway.store import marked, pairs
from gateway.store.late import BY, IS_OPEN

Row = dict[str, Any]

#: A status that stands for all of them.
ALL = "semua"
#: Cases in which something is to be done.
LISTED = f"{IS_OPEN} AND c.aside = 0"
#: What a key begins with.
EMERGENCIES, OTHERS = 1, 0
#: Of the reports that hold the words, so many of the newest are looked at.
FOUND_AT_MOST = 2_000
_COLUMNS = (
    'c.seq, c.code, c.status, c.opened_at, c.due_at, c.closed_at, c.what, c."where", c.unit, c.category, c.area,'
    " c.reports, c.reminders, c.urgency, c.channels, c.marked, c.estimate_at, c.assignee"
)
_IS_LATE = " OR ".join(f"{BY[step]} < :now" for step in Step)
_UNSURE = f'EXISTS (SELECT 1 FROM {pairs.UNDECIDED} AND a."case" = c.code)'
_EMERGENCY = "c.closed_at IS NULL AND c.joined_into IS NULL AND c.urgency = 2"
_WORD = re.compile(r"\w+")
_FOUND = (
    "c.seq IN (SELECT coalesce(j.seq, o.seq) FROM (SELECT rowid FROM search WHERE search MATCH :words"
    f" ORDER BY rowid DESC LIMIT {FOUND_AT_MOST}) f JOIN reports r ON r.seq = f.rowid"
    ' JOIN cases o ON o.code = r."case" LEFT JOIN cases j ON j.code = o.joined_into'
    " UNION ALL SELECT seq FROM cases WHERE :code <> '' AND code BETWEEN :code AND :code || '~')"
)


class Reading(Protocol):
    """What reads: `gateway.store.views.Views`."""

    connection: sqlite3.Connection


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases: those of `unit` alone if there is one, never of the categories `hidden`. "" wants all of a kind.
    `status` "" are open ones and `ALL` all there are; `assignee` is the name of who sees to it, ""
    where nobody does; `area` is a Kemendagri code, with all within it. `words` are in
    the reports, a word at the end may be unfinished; or a case's code begins with `code`. `by_due`: the ones due first
    come first, else the newest. `after` is the key of the last row of the page before."""

    is_empty: bool = False
    own: str | None = None
    hidden: frozenset[str] = frozenset()
    status: str = ""
    unit: str = ""
    category: str = ""
    area: str = ""
    channel: str = ""
    assignee: str | None = None
    words: str = ""
    code: str = ""
    late: bool = False
    urgent: bool = False
    reminded: bool = False
    by_due: bool = False
    after: tuple[float, ...] = ()


def cases(connection: sqlite3.Connection, wanted: Wanted, limit: int) -> list[Row]:
    """At most so many, open emergencies before all others, each with its `key`; `unsure` ones may repeat another, as
    far as the judge can tell."""
    is_further = len(wanted.after) == 2 + wanted.by_due
    rank, *after = wanted.after if is_further else (EMERGENCIES,)
    found = _part(connection, wanted, EMERGENCIES, after, limit) if rank == EMERGENCIES else []
    rest = limit - len(found)
    return found + (_part(connection, wanted, OTHERS, [] if rank == EMERGENCIES else after, rest) if rest else [])


def _part(connection: sqlite3.Connection, wanted: Wanted, rank: int, after: Sequence[float], limit: int) -> list[Row]:
    where, values = _where(wanted)
    where.append(_EMERGENCY if rank == EMERGENCIES else f"NOT ({_EMERGENCY})")
    if after:
        where.append("(c.due_at, c.seq) > (:after0, :after1)" if wanted.by_due else "c.seq < :after0")
        values |= {f"after{number}": value for number, value in enumerate(after)}
    order = "c.due_at, c.seq" if wanted.by_due else "c.seq DESC"
    by_index = "cases c INDEXED BY cases_emergency" if rank == EMERGENCIES else "cases c"
    page = f"SELECT {_COLUMNS} FROM {by_index} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :limit"
    found = _rows(connection, f"SELECT c.*, {_UNSURE} AS unsure FROM ({page}) c", values | {"limit": limit})
    return [row | {"key": (rank, *((row["due_at"],) if wanted.by_due else ()), row["seq"])} for row in found]


def _where(wanted: Wanted) -> tuple[list[str], Row]:
    where = [_standing(wanted), *_kept_apart(wanted)]
    values: Row = {"now": time.time(), "own": wanted.own, "status": wanted.status}
    values |= {"hidden": msgspec.json.encode(sorted(wanted.hidden)).decode()}
    for name in ("unit", "category"):
        if value := getattr(wanted, name):
            where.append(f"c.{name} = :{name}")
            values[name] = value
    if wanted.area:
        where.append("(c.area = :area OR c.area LIKE :area || '.%')")
        values["area"] = wanted.area
    if wanted.channel:
        where.append("instr(c.channels, :channel)")
        values["channel"] = f",{wanted.channel},"
    if wanted.assignee is not None:
        where.append("coalesce(c.assignee, '') = :assignee")
        values["assignee"] = wanted.assignee
    if wanted.late:
        where.append(f"c.closed_at IS NULL AND ({_IS_LATE})")
    if wanted.urgent:
        where.append("c.urgency > 0")
    if wanted.reminded:
        where.append("c.reminders > 0")
    if wanted.words:
        where.append(_FOUND)
        values |= {"words": _query(wanted.words), "code": wanted.code}
    return where, values


def _standing(wanted: Wanted) -> str:
    if not wanted.status:
        return LISTED
    return "c.joined_into IS NULL" if wanted.status == ALL else "c.joined_into IS NULL AND c.status = :status"


def _kept_apart(wanted: Wanted) -> Iterator[str]:
    if wanted.is_empty:
        yield "0"
    if wanted.own is not None:
        yield "c.unit = :own"
    if wanted.hidden:
        yield "coalesce(c.category, '') NOT IN (SELECT value FROM json_each(:hidden))"


def _query(words: str) -> str:
    """For FTS5 (https://www.sqlite.org/fts5.html): all of the words, the last of them perhaps unfinished."""
    found = _WORD.findall(words)
    return " ".join(f'"{word}"' for word in found) + "*" if found else '""'


class Counts(msgspec.Struct, frozen=True):
    """How many cases are listed and how many of them are late; `unsure` pairs, `marked` cases to be sorted and
    deliveries in `quarantine` are for those who handle all cases."""

    listed: int
    late: int
    unsure: int = 0
    marked: int = 0
    quarantine: int = 0


def counts(connection: sqlite3.Connection, wanted: Wanted, everything: bool) -> Counts:
    where, values = _where(wanted)
    by_index = "cases c INDEXED BY cases_listed"  # it has all that is asked for: no case itself is read
    sql = f"SELECT count(*), count(CASE WHEN {_IS_LATE} THEN 1 END) FROM {by_index} WHERE {' AND '.join(where)}"
    listed, late = connection.execute(sql, values).fetchone()
    if not everything:
        return Counts(listed, late)
    unsure = pairs.count(connection, wanted.hidden)
    return Counts(listed, late, unsure, _count(connection, MARKED), _count(connection, QUARANTINED))


MARKED = f"SELECT count(*) FROM cases INDEXED BY cases_marked WHERE {marked.WAITS}"
QUARANTINED = "SELECT count(*) FROM deliveries WHERE state = 'quarantined'"


def _count(connection: sqlite3.Connection, sql: str) -> int:
    (found,) = connection.execute(sql).fetchone()
    return int(found)


def _rows(connection: sqlite3.Connection, sql: str, values: Row) -> list[Row]:
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def units(connection: sqlite3.Connection) -> list[str]:
    """Those that have an open case in hand: each is looked for after the one before, so that no case is read."""
    more = "SELECT min(unit) FROM cases WHERE closed_at IS NULL AND joined_into IS NULL AND unit"
    sql = f"WITH RECURSIVE u(unit) AS ({more} > '' UNION ALL SELECT ({more} > u.unit) FROM u WHERE u.unit IS NOT NULL)"
    return [row[0] for row in connection.execute(f"{sql} SELECT unit FROM u WHERE unit IS NOT NULL")]
