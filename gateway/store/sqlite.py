"""The store on one machine: SQLite with WAL and synchronous=FULL, one writer thread, read-only readers."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from adapters import Delivery
from gateway.store import pragmas, rows, upgrade
from gateway.store.blobs import LARGE, Blobs
from gateway.store.contract import (
    Backlog,
    CaseRow,
    Claimed,
    Contact,
    OpenReport,
    PartRow,
    ReplyOutcome,
    ReplyRow,
    ReplyState,
    ReportRow,
    Settlement,
    StoreUnavailable,
)
from gateway.store.disk import Disk
from gateway.store.schema import migrations
from gateway.store.settle import insert_deliveries, settle, settle_reply
from gateway.store.writer import Writer

FILE = "kanal.db"
CHECKPOINT_PAGES = 16000


def open_writer(path: Path) -> sqlite3.Connection:
    """The one writing connection, its schema up to date. Raises `StoreUnavailable`."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot open {path.name}: {error}") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise StoreUnavailable(f"cannot open {path.name}: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    upgrade.refuse_newer(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA cache_size = -65536")
    pragmas.assure(connection)
    upgrade.copy_before(connection, path)
    migrations.apply(Database(connection, execute_plugins=False))


def open_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection; it never checkpoints. Raises `StoreUnavailable`."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
        connection.execute("PRAGMA query_only = 1")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot read {path.name}: {error}") from error
    return connection


def open_fingerprints(folder: Path) -> Iterator[bytes]:
    """What the duplicate index is built from: the fingerprints of all reports of open cases, oldest first."""
    connection = open_reader((folder / FILE).resolve())
    try:
        yield from (
            row[0]
            for row in connection.execute(
                'SELECT r.fingerprint FROM reports r JOIN cases c ON c.code = r."case"'
                " WHERE c.closed_at IS NULL ORDER BY r.seq"
            )
        )
    finally:
        connection.close()


class SqliteStore:
    """See `gateway.store.contract.Store`. Reads on the event loop are look-ups by key, some microseconds each."""

    def __init__(self, directory: Path, on_death: Callable[[BaseException], None]) -> None:
        self._path = (directory / FILE).resolve()
        self._blobs = Blobs(directory / "blobs")
        connection = open_writer(self._path)
        self._disk = Disk([self._path, self._path.with_name(f"{FILE}-wal")])
        self._writer = Writer(connection, self._disk, insert_deliveries, on_death)
        self._reader = open_reader(self._path)

    async def append(self, deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
        new = [
            rows.delivery(delivery, None) if len(delivery.body) <= LARGE else await self._large(delivery)
            for delivery in deliveries
        ]
        if cursor is None:
            await self._writer.append(new)
        else:
            channel = deliveries[0].channel if deliveries else ""
            await self._writer.run(lambda connection: _append_with_cursor(connection, new, channel, cursor))

    async def _large(self, delivery: Delivery) -> rows.Row:
        return rows.delivery(delivery, blob=await self.keep(delivery.body))

    async def cursor(self, channel: str) -> str | None:
        sql = "SELECT cursor FROM cursors WHERE channel = ?"
        row: tuple[str] | None = self._reader.execute(sql, (channel,)).fetchone()
        return row[0] if row else None

    async def claim(self, channel: str, limit: int, max_bytes: int, after: int = 0) -> list[Claimed]:
        sizes = self._reader.execute(
            "SELECT seq, size FROM deliveries WHERE channel = ? AND state = 'received' AND seq > ?"
            " ORDER BY seq LIMIT ?",
            (channel, after, limit),
        ).fetchall()
        wanted = _within(sizes, max_bytes)
        if not wanted:
            return []
        await self._writer.run(lambda connection: _count_try(connection, wanted))
        return await self._claimed(wanted)

    async def _claimed(self, wanted: list[int]) -> list[Claimed]:
        found = self._reader.execute(
            f"SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE seq IN ({_marks(wanted)}) ORDER BY seq", wanted
        ).fetchall()
        bodies = {row[8]: await self._body(row[8]) for row in found if row[8]}
        return [rows.claimed(row, bodies) for row in found]

    async def _body(self, digest: str) -> bytes | None:
        try:
            return await asyncio.to_thread(self._blobs.get, digest)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(error.strerror or "blob") from error

    async def settle(self, settlement: Settlement) -> None:
        await self._writer.run(lambda connection: settle(connection, settlement))

    async def fire_timers(self, now: float) -> set[str]:
        return await self._writer.run(lambda connection: _fire_timers(connection, now))

    async def claim_replies(self, channel: str, now: float, limit: int) -> list[tuple[ReplyRow, Contact]]:
        found = self._reader.execute(
            f"SELECT {rows.REPLY_COLUMNS}, c.id, c.kind, c.value, c.name FROM replies r JOIN contacts c"
            " ON c.id = r.contact WHERE r.channel = ? AND r.state = 'due' AND r.due_at <= ? ORDER BY r.due_at LIMIT ?",
            (channel, now, limit),
        ).fetchall()
        pairs = [(rows.reply(row), Contact(*row[-4:])) for row in found]
        ids = [reply.id for reply, _ in pairs]
        if ids:
            await self._writer.run(lambda connection: _mark_sending(connection, ids))
        return pairs

    async def settle_reply(self, outcome: ReplyOutcome) -> None:
        await self._writer.run(lambda connection: settle_reply(connection, outcome))

    async def recover_replies(self, channel: str, state: ReplyState, now: float) -> int:
        sql = "UPDATE replies SET state = ?, due_at = ? WHERE channel = ? AND state = 'sending'"
        return await self._writer.run(lambda connection: connection.execute(sql, (state, now, channel)).rowcount)

    def waiting(self) -> dict[str, int]:
        sql = "SELECT channel, count(*) FROM deliveries WHERE state = 'received' GROUP BY channel"
        return dict(self._reader.execute(sql).fetchall())

    def next_due(self, channel: str) -> float | None:
        sql = "SELECT min(due_at) FROM replies WHERE channel = ? AND state = 'due'"
        return self._time(sql, channel)

    def next_timer(self) -> float | None:
        return self._time("SELECT min(due_at) FROM timers")

    def known_messages(self, channel: str, ids: Sequence[str]) -> set[str]:
        sql = f"SELECT id FROM messages WHERE channel = ? AND id IN ({_marks(ids)})"
        return {row[0] for row in self._reader.execute(sql, (channel, *map(rows.identity, ids)))}

    def parts(self, channel: str, reference: str) -> list[PartRow]:
        sql = (
            "SELECT channel, reference, number, of, seq, message, at FROM parts WHERE channel = ? AND reference = ?"
            " ORDER BY number"
        )
        found = self._reader.execute(sql, (channel, reference)).fetchall()
        return [rows.part(row) for row in found]

    def case(self, code: str) -> CaseRow | None:
        row = self._reader.execute(f"SELECT {rows.CASE_COLUMNS} FROM cases c WHERE code = ?", (code,)).fetchone()
        return rows.case(row) if row else None

    def joined_into(self, code: str) -> list[CaseRow]:
        found = self._reader.execute(f"SELECT {rows.CASE_COLUMNS} FROM cases c WHERE joined_into = ?", (code,))
        return [rows.case(row) for row in found]

    def proven_by(self, digest: str) -> list[str]:
        sql = "SELECT DISTINCT \"case\" FROM history WHERE event = 'moved' AND json_extract(detail, '$.proof') = ?"
        return [row[0] for row in self._reader.execute(sql, (digest,))]

    async def keep(self, content: bytes) -> str:
        try:
            return await asyncio.to_thread(self._blobs.put, content)
        except OSError as error:
            self._disk.failed(error.strerror or "blob")
            raise StoreUnavailable(error.strerror or "blob") from error

    def case_of(self, report: str) -> CaseRow | None:
        row = self._reader.execute(
            f'SELECT {rows.CASE_COLUMNS} FROM reports r JOIN cases c ON c.code = r."case" WHERE r.id = ?', (report,)
        ).fetchone()
        return rows.case(row) if row else None

    def pins(self, code: str) -> list[ReportRow]:
        sql = f'SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r."case" = ? AND r.pin_hash IS NOT NULL'
        return [rows.report(row) for row in self._reader.execute(sql, (code,))]

    def first_report(self, code: str) -> str | None:
        sql = 'SELECT id FROM reports WHERE "case" = ? ORDER BY seq LIMIT 1'
        row: tuple[str] | None = self._reader.execute(sql, (code,)).fetchone()
        return row[0] if row else None

    def reporters(self, code: str) -> list[tuple[ReportRow, Contact | None]]:
        found = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS}, c.id, c.kind, c.value, c.name FROM reports r"
            ' LEFT JOIN contacts c ON c.id = r.contact WHERE r."case" = ? ORDER BY r.seq',
            (code,),
        ).fetchall()
        return [(rows.report(row), Contact(*row[-4:]) if row[-4] else None) for row in found]

    def channel_of(self, reply: str) -> str | None:
        row: tuple[str] | None = self._reader.execute("SELECT channel FROM replies WHERE id = ?", (reply,)).fetchone()
        return row[0] if row else None

    def sent_today(self, contacts: Sequence[str], since: float) -> Mapping[str, int]:
        sql = (
            f"SELECT contact, count(*) FROM replies WHERE contact IN ({_marks(contacts)}) AND created_at >= ?"
            " AND state <> 'withheld' GROUP BY contact"
        )
        return dict(self._reader.execute(sql, (*contacts, since)).fetchall())

    def unjudged(self, limit: int) -> list[OpenReport]:
        found = self._reader.execute(
            'SELECT id, "case", version, fingerprint FROM reports WHERE judged_version < version ORDER BY seq LIMIT ?',
            (limit,),
        )
        return [OpenReport(*row) for row in found]

    async def pragmas(self) -> dict[str, str | int]:
        """What the writing connection says of itself."""
        return await self._writer.run(pragmas.of)

    def backlog(self) -> Backlog:
        waiting = self._reader.execute(
            "SELECT channel, count(*), min(seq) FROM deliveries WHERE state = 'received' GROUP BY channel"
        ).fetchall()
        due = self._reader.execute(
            "SELECT channel, count(*), min(due_at) FROM replies WHERE state = 'due' GROUP BY channel"
        ).fetchall()
        return Backlog(
            {channel: count for channel, count, _ in waiting},
            {channel: count for channel, count, _ in due},
            self._oldest([seq for _, _, seq in waiting]),
            min((since for _, _, since in due), default=None),
        )

    def _oldest(self, seqs: list[int]) -> float | None:
        sql = f"SELECT min(received_at) FROM deliveries WHERE seq IN ({_marks(seqs)})"
        row: tuple[float | None] = self._reader.execute(sql, seqs).fetchone()
        return row[0]

    def fault(self) -> str:
        return self._disk.fault

    async def try_again(self) -> None:
        with suppress(StoreUnavailable):
            await self._writer.run(_write_something)

    async def close(self) -> None:
        self._reader.close()
        await self._writer.close()

    def _time(self, sql: str, *values: str) -> float | None:
        row: tuple[float | None] = self._reader.execute(sql, values).fetchone()
        return row[0]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _within(sizes: Sequence[tuple[int, int]], max_bytes: int) -> list[int]:
    """As many of the first as fit, and at least one."""
    wanted: list[int] = []
    total = 0
    for seq, size in sizes:
        total += size
        if wanted and total > max_bytes:
            break
        wanted.append(seq)
    return wanted


def _append_with_cursor(connection: sqlite3.Connection, new: Sequence[Any], channel: str, cursor: str) -> None:
    insert_deliveries(connection, new)
    connection.execute("INSERT OR REPLACE INTO cursors(channel, cursor) VALUES (?, ?)", (channel, cursor))


def _write_something(connection: sqlite3.Connection) -> None:
    """A page, which says what it said before."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def _count_try(connection: sqlite3.Connection, wanted: Sequence[int]) -> None:
    connection.execute(f"UPDATE deliveries SET tries = tries + 1 WHERE seq IN ({_marks(wanted)})", wanted)


def _mark_sending(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    connection.execute(f"UPDATE replies SET state = 'sending', tries = tries + 1 WHERE id IN ({_marks(ids)})", ids)


def _fire_timers(connection: sqlite3.Connection, now: float) -> set[str]:
    due = connection.execute("SELECT id, channel, due_at, body FROM timers WHERE due_at <= ?", (now,)).fetchall()
    insert_deliveries(
        connection, [rows.fired(timer, channel, due_at, body, now) for timer, channel, due_at, body in due]
    )
    connection.execute("DELETE FROM timers WHERE due_at <= ?", (now,))
    return {channel for _, channel, _, _ in due}
