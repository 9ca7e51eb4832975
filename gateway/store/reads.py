"""What the store tells: look-ups by key on the event loop, some microseconds each; longer ones beside it."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from adapters import CaseQuery
from gateway.store import afterwards, answers, cursors, fetches, keys, pairs, rows, seen, talks
from gateway.store.connecting import open_reader
from gateway.store.contract import (
    AnswersRow,
    Astray,
    Backlog,
    CaseRow,
    Contact,
    HistoryRow,
    KeyRow,
    KnownMessage,
    OpenReport,
    PartRow,
    RepliedTo,
    ReplyRow,
    ReportRow,
    Seen,
    SeenMoveRow,
    TalkRow,
)
from gateway.vault import CannotOpen, Vault

T = TypeVar("T")
#: From one channel to the next in the index, which is much shorter than a look at every delivery.
_CHANNELS = (
    "WITH RECURSIVE known(channel) AS (SELECT min(channel) FROM deliveries UNION ALL"
    " SELECT (SELECT min(channel) FROM deliveries WHERE channel > known.channel) FROM known WHERE channel IS NOT NULL)"
    " SELECT channel FROM known WHERE channel IS NOT NULL"
)

#: Of who made a report: first the one it came from, then the others in the order in which they were given.
ADDRESSES = (
    "SELECT c.id, c.key, c.sealed, 0 AS place FROM reports r JOIN contacts c ON c.id = r.contact WHERE r.id = ?1 UNION"
    " ALL SELECT c.id, c.key, c.sealed, a.rowid FROM also a JOIN contacts c ON c.id = a.contact WHERE a.report = ?1"
    " ORDER BY place"
)

#: News that wait for the hours for news.
_PUT_OFF = "(tries = 0 AND due_at > created_at AND due_at > ?)"
#: Who can be told again is told no more than this of what they missed.
UNSENT_AT_ONCE = 3
#: By state. What was said instead of another and failed is astray as well.
_ASTRAY = {
    state: f"SELECT {rows.REPLY_COLUMNS}, coalesce(r.settled_at, r.created_at) AS at FROM replies r"
    f" WHERE r.state = '{state}' AND r.passed_on IS NULL AND r.report IS NOT NULL"
    " AND coalesce(r.settled_at, r.created_at) > :since"
    for state in ("failed", "kept")
}


class Reads:
    """The reading half of `gateway.store.contract.Store`."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path = path
        self.vault = vault
        self._reader = open_reader(path)

    def waiting(self) -> dict[str, int]:
        sql = "SELECT channel, count(*) FROM deliveries WHERE state = 'received' GROUP BY channel"
        return dict(self._reader.execute(sql).fetchall())

    async def cursor(self, channel: str, source: str = "") -> str | None:
        return cursors.read(self._reader, channel, source)

    async def asked_another(self, channel: str, source: str) -> bool:
        return cursors.is_another(self._reader, channel, source)

    async def states(self, deliveries: Sequence[int]) -> list[dict[str, object]]:
        """What became of deliveries."""
        names = ("seq", "channel", "state", "stage", "reason")
        sql = f"SELECT {', '.join(names)} FROM deliveries WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
        asked = str(list(deliveries))
        found = await self.read(lambda reader: reader.execute(sql, (asked,)).fetchall())
        return [dict(zip(names, row, strict=True)) for row in found]

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some long reading, off the event loop."""

        def reading() -> T:
            with closing(open_reader(self._path)) as reader:
                return work(reader)

        return await asyncio.to_thread(reading)

    def next_due(self, channel: str) -> float | None:
        sql = (
            f"SELECT r.due_at FROM replies r WHERE r.channel = ? AND r.state = 'due' AND {rows.FIRST_IN_LINE}"
            " ORDER BY r.due_at LIMIT 1"
        )
        row: tuple[float] | None = self._reader.execute(sql, (channel,)).fetchone()
        return row[0] if row else None

    def next_timer(self) -> float | None:
        return self._time("SELECT min(due_at) FROM timers")

    def known_messages(self, channel: str, ids: Sequence[str]) -> set[str]:
        sql = "SELECT id FROM messages WHERE channel = ? AND id IN (SELECT value FROM json_each(?))"
        names = {rows.message_name(self.vault, channel, one): one for one in ids}
        return {names[row[0]] for row in self._reader.execute(sql, (channel, rows.json(list(names))))}

    def known_message(self, channel: str, message: str) -> KnownMessage | None:
        return afterwards.known_message(self._reader, self.vault, channel, message)

    def taken_back(self, channel: str, messages: Sequence[str]) -> set[str]:
        return afterwards.taken_back(self._reader, self.vault, channel, messages)

    def is_gone(self, channel: str, contact: str) -> bool:
        return afterwards.is_gone(self._reader, channel, contact)

    def said_since(self, channel: str, contact: str, since: float) -> list[str]:
        return afterwards.said_since(self._reader, self.vault, channel, contact, since)

    def known_deliveries(self, channel: str, ids: Sequence[str]) -> set[str]:
        sql = "SELECT id FROM deliveries WHERE channel = ? AND id IN (SELECT value FROM json_each(?))"
        names = {rows.delivery_name(self.vault, channel, one): one for one in ids}
        return {names[row[0]] for row in self._reader.execute(sql, (channel, rows.json(list(names))))}

    def parts(self, channel: str, reference: str) -> list[PartRow]:
        sql = f"SELECT {rows.PART_COLUMNS} FROM parts WHERE channel = ? AND reference = ? ORDER BY number"
        found = self._reader.execute(sql, (channel, rows.reference_name(self.vault, channel, reference))).fetchall()
        return rows.parts(self.vault, found, reference)

    def stale_parts(self, before: float) -> list[PartRow]:
        sql = (
            f"SELECT {rows.PART_COLUMNS} FROM parts WHERE (channel, reference) IN"
            " (SELECT channel, reference FROM parts GROUP BY 1, 2 HAVING max(at) < ?) ORDER BY at"
        )
        return rows.parts(self.vault, self._reader.execute(sql, (before,)))

    def case(self, code: str) -> CaseRow | None:
        row = self._reader.execute(f"SELECT {rows.CASE_COLUMNS} FROM cases c WHERE code = ?", (code,)).fetchone()
        return rows.case(row) if row else None

    def joined_into(self, code: str) -> list[CaseRow]:
        found = self._reader.execute(f"SELECT {rows.CASE_COLUMNS} FROM cases c WHERE joined_into = ?", (code,))
        return [rows.case(row) for row in found]

    def proven_by(self, digest: str) -> list[str]:
        sql = "SELECT DISTINCT \"case\" FROM history WHERE event = 'moved' AND json_extract(detail, '$.proof') = ?"
        return [row[0] for row in self._reader.execute(sql, (digest,))]

    def case_of(self, report: str) -> CaseRow | None:
        row = self._reader.execute(
            f'SELECT {rows.CASE_COLUMNS} FROM reports r JOIN cases c ON c.code = r."case" WHERE r.id = ?', (report,)
        ).fetchone()
        return rows.case(row) if row else None

    def report(self, identity: str) -> ReportRow | None:
        """A report with all its words, unless they were destroyed or damaged."""
        row = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r.id = ?", (identity,)
        ).fetchone()
        return rows.readable_report(self.vault, row)[0] if row else None

    def pins(self, code: str) -> list[ReportRow]:
        sql = f'SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r."case" = ? AND r.pin_hash IS NOT NULL'
        return [rows.readable_report(self.vault, row)[0] for row in self._reader.execute(sql, (code,))]

    def first_report(self, code: str) -> str | None:
        sql = 'SELECT id FROM reports WHERE "case" = ? ORDER BY seq LIMIT 1'
        row: tuple[str] | None = self._reader.execute(sql, (code,)).fetchone()
        return row[0] if row else None

    def people(self, code: str) -> int:
        family = "SELECT code FROM cases WHERE code = :code OR joined_into = :code"
        sql = f"SELECT count(DISTINCT contact) FROM reports WHERE contact <> '' AND \"case\" IN ({family})"
        count: int = self._reader.execute(sql, {"code": code}).fetchone()[0]
        return count

    def reporters(self, code: str) -> list[tuple[ReportRow, Contact | None]]:
        found = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS}, c.id, c.key, c.sealed FROM reports r"
            ' LEFT JOIN contacts c ON c.id = r.contact WHERE r."case" = ? ORDER BY r.seq',
            (code,),
        ).fetchall()
        return [self._reporter(row[:-3], row[-3:]) for row in found]

    def reporter(self, report: str) -> tuple[ReportRow, Contact | None] | None:
        row = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS}, c.id, c.key, c.sealed FROM reports r"
            " LEFT JOIN contacts c ON c.id = r.contact WHERE r.id = ?",
            (report,),
        ).fetchone()
        return self._reporter(row[:-3], row[-3:]) if row else None

    def _reporter(self, report: rows.Row, contact: rows.Row) -> tuple[ReportRow, Contact | None]:
        """Nobody, where the conversation to answer in cannot be opened any more."""
        row, is_whole = rows.readable_report(self.vault, report)
        return row, rows.readable_contact(self.vault, contact) if is_whole else None

    def history(self, code: str) -> list[HistoryRow]:
        columns = ", ".join(f'"{name}"' for name in rows.HISTORY)
        sql = f'SELECT {columns} FROM history WHERE "case" = ? ORDER BY seq'
        return [rows.past(row) for row in self._reader.execute(sql, (code,))]

    def was_parted(self, report: str) -> bool:
        sql = "SELECT 1 FROM links WHERE report = ? AND kind = 'parted' LIMIT 1"
        return self._reader.execute(sql, (report,)).fetchone() is not None

    def doubt(self, report: str, other: str) -> tuple[float, tuple[str, ...]] | None:
        return pairs.doubt(self._reader, report, other)

    def compared(self, code: str) -> list[bytes]:
        sql = (
            'SELECT r.fingerprint FROM reports r WHERE r."case" = :code'
            ' OR r."case" IN (SELECT code FROM cases WHERE joined_into = :code) ORDER BY r.seq'
        )
        return [row[0] for row in self._reader.execute(sql, {"code": code})]

    def put_with(self, report: str) -> tuple[str, str] | None:
        return pairs.put_with(self._reader, report)

    def told(self, code: str, about: str, moments: Sequence[float]) -> set[tuple[str, str]]:
        sql = (
            'SELECT contact, channel FROM replies WHERE "case" = ? AND about = ?'
            " AND created_at IN (SELECT value FROM json_each(?))"
        )
        values = (code, about, json.dumps(list(moments)))
        return {(row[0], row[1]) for row in self._reader.execute(sql, values)}

    def told_apart(self, report: str, other: str) -> bool:
        return pairs.told_apart(self._reader, report, other)

    def channel_of(self, reply: str) -> str | None:
        row: tuple[str] | None = self._reader.execute("SELECT channel FROM replies WHERE id = ?", (reply,)).fetchone()
        return row[0] if row else None

    def astray(self, since: float, limit: int, kept: bool = True) -> list[Astray]:
        sql = " UNION ALL ".join(_ASTRAY.values() if kept else [_ASTRAY["failed"]])
        found = self._reader.execute(f"{sql} ORDER BY at LIMIT :limit", {"since": since, "limit": limit}).fetchall()
        return [self._astray(row[:-1]) for row in found]

    def _astray(self, row: rows.Row) -> Astray:
        identity: str = row[0]
        try:
            reply = rows.reply(self.vault, row)
        except CannotOpen:
            return Astray(identity, None, ())
        found = self._reader.execute(ADDRESSES, (reply.report,)).fetchall()
        known = (rows.readable_contact(self.vault, contact[:-1]) for contact in found)
        return Astray(identity, reply, tuple(contact for contact in known if contact), self._first(reply))

    def _first(self, reply: ReplyRow) -> ReplyRow | None:
        row = self._reader.execute(
            f"SELECT {rows.REPLY_COLUMNS} FROM replies r WHERE r.id = ?", (reply.instead_of,)
        ).fetchone()
        with suppress(CannotOpen):
            return rows.reply(self.vault, row) if row else None
        return None

    def unsent(self, channel: str, contact: str) -> list[str]:
        sql = (
            "SELECT r.id FROM replies r LEFT JOIN replies i ON i.id = r.passed_on WHERE r.contact = ? AND r.channel = ?"
            " AND r.state = 'failed' AND r.report IS NOT NULL AND r.talk IS NULL AND r.key IS NOT NULL"
            " AND (r.passed_on = '' OR i.state = 'failed') ORDER BY r.seq DESC LIMIT ?"
        )
        return [row[0] for row in self._reader.execute(sql, (contact, channel, UNSENT_AT_ONCE))]

    def untold(self, channel: str, contact: str, since: float) -> list[str]:
        sql = (
            "SELECT \"case\" FROM replies WHERE contact = ? AND channel = ? AND created_at >= ? AND state = 'withheld'"
            ' AND about = \'received\' AND "case" IS NOT NULL GROUP BY "case" ORDER BY min(seq) LIMIT ?'
        )
        return [row[0] for row in self._reader.execute(sql, (contact, channel, since, UNSENT_AT_ONCE))]

    def sent_between(
        self, contacts: Sequence[str], since: float, until: float, in_talks: bool = False
    ) -> Mapping[str, int]:
        sql = (
            "SELECT contact, count(*) FROM replies WHERE contact IN (SELECT value FROM json_each(?)) AND created_at"
            f" BETWEEN ? AND ? AND state <> 'withheld'{'' if in_talks else ' AND talk IS NULL'} GROUP BY contact"
        )
        return dict(self._reader.execute(sql, (rows.json(list(contacts)), since, until)).fetchall())

    def talk(self, identity: str) -> TalkRow | None:
        return self.talks([identity]).get(identity)

    def talks(self, ids: Sequence[str]) -> dict[str, TalkRow]:
        return talks.by_id(self._reader, self.vault, ids)

    def handed_over(self) -> list[TalkRow]:
        return talks.handed_over(self._reader, self.vault)

    def replied_to(self, channel: str, names: Sequence[str]) -> list[RepliedTo]:
        return talks.replied_to(self._reader, self.vault, channel, names)

    def further_addresses(self, contact: str) -> list[str]:
        return talks.further_addresses(self._reader, contact)

    def reached_at(self, channel: str, contact: str) -> str | None:
        return talks.reached_at(self._reader, channel, contact)

    def only_quoted(self, reports: Sequence[str]) -> set[str]:
        return talks.only_quoted(self._reader, reports)

    def cases_of(self, contact: str, limit: int) -> list[tuple[CaseRow, ReportRow]]:
        return talks.cases_of(self._reader, self.vault, contact, limit)

    def answers(self, dialogue: str, since: float) -> list[AnswersRow]:
        return list(answers.since(self._reader, self.vault, dialogue, since))

    def has_stopped(self, contacts: Sequence[str]) -> set[str]:
        return talks.stopped(self._reader, contacts)

    def last_heard(self, channel: str, contact: str, conversation: str) -> float | None:
        return talks.last_heard(self._reader, self.vault, channel, contact, conversation)

    def unjudged(self, limit: int) -> list[OpenReport]:
        found = self._reader.execute(
            'SELECT id, "case", version, fingerprint FROM reports WHERE judged_version < version ORDER BY seq LIMIT ?',
            (limit,),
        )
        return [OpenReport(*row) for row in found]

    def known_channels(self) -> list[str]:
        """All channels that anything ever came in by."""
        return [row[0] for row in self._reader.execute(_CHANNELS)]

    async def seen(self, channel: str, query: CaseQuery) -> list[Seen]:
        return await self.read(lambda reader: seen.cases(reader, channel, query))

    async def seen_by_code(self, channel: str, app: str, codes: Sequence[str]) -> list[Seen]:
        return await self.read(lambda reader: seen.by_code(reader, channel, app, codes))

    async def seen_moves(self, channel: str, query: CaseQuery) -> list[SeenMoveRow]:
        return await self.read(lambda reader: seen.moves(reader, channel, query))

    def pseudonym(self, *parts: str) -> str:
        return self.vault.pseudonym(*parts)

    def case_of_delivery(self, channel: str, delivery: str) -> str | None:
        sql = (
            'SELECT r."case" FROM deliveries d LEFT JOIN messages m ON m.seq = d.seq LEFT JOIN reports r'
            " ON r.id = m.report WHERE d.channel = ? AND d.id = ? ORDER BY m.rowid LIMIT 1"
        )
        name = rows.delivery_name(self.vault, channel, delivery)
        row: tuple[str | None] | None = self._reader.execute(sql, (channel, name)).fetchone()
        return (row[0] or "") if row else None

    def api_keys(self) -> list[KeyRow]:
        return keys.in_force(self._reader)

    async def backlog(self) -> Backlog:
        return await self.read(_backlog)

    def _time(self, sql: str, *values: str) -> float | None:
        row: tuple[float | None] = self._reader.execute(sql, values).fetchone()
        return row[0]


def marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _backlog(reader: sqlite3.Connection) -> Backlog:
    waiting = reader.execute(
        "SELECT channel, count(*), min(seq) FROM deliveries WHERE state = 'received' GROUP BY channel"
    ).fetchall()
    due = reader.execute(
        f"SELECT channel, count(*), min(seq) FROM replies WHERE state = 'due' AND NOT {_PUT_OFF} GROUP BY channel",
        (time.time(),),
    ).fetchall()
    notices = reader.execute(
        "SELECT way, count(*), min(created_at) FROM notices WHERE state = 'due' GROUP BY way"
    ).fetchall()
    files = fetches.waiting(reader)
    return Backlog(
        {channel: count for channel, count, _ in waiting},
        {channel: count for channel, count, _ in due},
        _oldest(reader, "received_at", "deliveries", [seq for _, _, seq in waiting]),
        _oldest(reader, "created_at", "replies", [seq for _, _, seq in due]),
        {way: count for way, count, _ in notices},
        min((since for _, _, since in notices), default=None),
        *talks.waiting(reader),
        {channel: one.due for channel, one in files.items()},
        min((one.oldest for one in files.values() if one.oldest is not None), default=None),
        {channel: one.lost for channel, one in files.items()},
    )


def _oldest(reader: sqlite3.Connection, since: str, table: str, seqs: list[int]) -> float | None:
    sql = f"SELECT min({since}) FROM {table} WHERE seq IN ({marks(seqs)})"
    row: tuple[float | None] = reader.execute(sql, seqs).fetchone()
    return row[0]
