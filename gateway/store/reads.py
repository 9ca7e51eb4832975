"""What the store tells: look-ups by key on the event loop, some microseconds each; longer ones beside it."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from adapters import CaseQuery
from gateway.store import keys, rows, seen
from gateway.store.connecting import open_reader
from gateway.store.contract import (
    Astray,
    Backlog,
    CaseRow,
    Contact,
    KeyRow,
    OpenReport,
    PartRow,
    ReportRow,
    Seen,
    SeenMoveRow,
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


class Reads:
    """The reading half of `gateway.store.contract.Store`."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path = path
        self.vault = vault
        self._reader = open_reader(path)

    def waiting(self) -> dict[str, int]:
        sql = "SELECT channel, count(*) FROM deliveries WHERE state = 'received' GROUP BY channel"
        return dict(self._reader.execute(sql).fetchall())

    async def cursor(self, channel: str) -> str | None:
        sql = "SELECT cursor FROM cursors WHERE channel = ?"
        row: tuple[str] | None = self._reader.execute(sql, (channel,)).fetchone()
        return row[0] if row else None

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

    def reporters(self, code: str) -> list[tuple[ReportRow, Contact | None]]:
        found = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS}, c.id, c.key, c.sealed FROM reports r"
            ' LEFT JOIN contacts c ON c.id = r.contact WHERE r."case" = ? ORDER BY r.seq',
            (code,),
        ).fetchall()
        return [self._reporter(row[:-3], row[-3:]) for row in found]

    def _reporter(self, report: rows.Row, contact: rows.Row) -> tuple[ReportRow, Contact | None]:
        """Nobody, where the conversation to answer in cannot be opened any more."""
        row, is_whole = rows.readable_report(self.vault, report)
        return row, rows.readable_contact(self.vault, contact) if is_whole else None

    def channel_of(self, reply: str) -> str | None:
        row: tuple[str] | None = self._reader.execute("SELECT channel FROM replies WHERE id = ?", (reply,)).fetchone()
        return row[0] if row else None

    def astray(self, since: float, limit: int) -> list[Astray]:
        sql = (
            f"SELECT {rows.REPLY_COLUMNS} FROM replies r WHERE state IN ('failed', 'kept') AND passed_on IS NULL"
            " AND report IS NOT NULL AND instead_of IS NULL AND coalesce(settled_at, created_at) > ?"
            " ORDER BY coalesce(settled_at, created_at) LIMIT ?"
        )
        return [self._astray(row) for row in self._reader.execute(sql, (since, limit)).fetchall()]

    def _astray(self, row: rows.Row) -> Astray:
        identity: str = row[0]
        try:
            reply = rows.reply(self.vault, row)
        except CannotOpen:
            return Astray(identity, None, ())
        found = self._reader.execute(ADDRESSES, (reply.report,)).fetchall()
        known = (rows.readable_contact(self.vault, contact[:-1]) for contact in found)
        return Astray(identity, reply, tuple(contact for contact in known if contact))

    def sent_between(self, contacts: Sequence[str], since: float, until: float) -> Mapping[str, int]:
        sql = (
            "SELECT contact, count(*) FROM replies WHERE contact IN (SELECT value FROM json_each(?)) AND created_at"
            " BETWEEN ? AND ? AND state <> 'withheld' GROUP BY contact"
        )
        return dict(self._reader.execute(sql, (rows.json(list(contacts)), since, until)).fetchall())

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
        "SELECT channel, count(*), min(seq) FROM replies WHERE state = 'due' GROUP BY channel"
    ).fetchall()
    notices = reader.execute(
        "SELECT way, count(*), min(created_at) FROM notices WHERE state = 'due' GROUP BY way"
    ).fetchall()
    return Backlog(
        {channel: count for channel, count, _ in waiting},
        {channel: count for channel, count, _ in due},
        _oldest(reader, "received_at", "deliveries", [seq for _, _, seq in waiting]),
        _oldest(reader, "created_at", "replies", [seq for _, _, seq in due]),
        {way: count for way, count, _ in notices},
        min((since for _, _, since in notices), default=None),
    )


def _oldest(reader: sqlite3.Connection, since: str, table: str, seqs: list[int]) -> float | None:
    sql = f"SELECT min({since}) FROM {table} WHERE seq IN ({marks(seqs)})"
    row: tuple[float | None] = reader.execute(sql, seqs).fetchone()
    return row[0]
