"""The store on one machine: SQLite with WAL and synchronous=FULL, one writer thread, read-only readers."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from adapters import Delivery
from gateway.store import audit, clock, keyring, pragmas, purge, rows, sealing, upgrade
from gateway.store.blobs import LARGE, Blobs
from gateway.store.contract import (
    Backlog,
    BadRow,
    CaseRow,
    Claimed,
    Contact,
    Entry,
    OpenReport,
    PartRow,
    ReplyOutcome,
    ReplyRow,
    ReplyState,
    ReportRow,
    Settlement,
    StoreUnavailable,
)
from gateway.store.disk import Disk, words
from gateway.store.purge import Overdue, Retention
from gateway.store.schema import NOTHING_IN_CLEAR, migrations
from gateway.store.settle import insert_deliveries, insert_new, settle, settle_reply
from gateway.store.writer import Writer
from gateway.vault import CannotOpen, Vault

FILE = "kanal.db"
CHECKPOINT_PAGES = 16000
LOG_TRIES, LOG_SECONDS = 20, 0.25

T = TypeVar("T")


def open_writer(path: Path, master: bytes) -> sqlite3.Connection:
    """The one writing connection, its schema up to date and all of it sealed. Raises `StoreUnavailable`."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot open {path.name}: {error}") from error
    try:
        _prepare(connection, path, master)
    except sqlite3.Error as error:
        connection.close()
        raise StoreUnavailable(f"cannot open {path.name}: {words(error)}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, master: bytes) -> None:
    upgrade.refuse_newer(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA secure_delete = ON")
    pragmas.assure(connection)
    upgrade.copy_before(connection, path)
    database = Database(connection, execute_plugins=False)
    if NOTHING_IN_CLEAR in upgrade.pending(connection):
        migrations.apply(database, stop_before=NOTHING_IN_CLEAR)
        _seal(connection, path, master)
        migrations.apply(database)
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    migrations.apply(database)


def _seal(connection: sqlite3.Connection, path: Path, master: bytes) -> None:
    """A store that is new, or of an older Kanal, is given its keys; what that kept in clear is sealed."""
    is_old = sealing.is_needed(connection)
    if not keyring.is_made(connection):
        connection.execute("BEGIN IMMEDIATE")
        keyring.make(connection, master, lookup=master if is_old else None)
        connection.execute("COMMIT")
    if is_old:
        sealing.seal_all(connection, keyring.opened(connection, master), path.parent / "blobs")


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

    def __init__(self, directory: Path, master: bytes, on_death: Callable[[BaseException], None]) -> None:
        self._path = (directory / FILE).resolve()
        self.blobs = Blobs(directory / "blobs")
        connection = open_writer(self._path, master)
        self._master = master
        self.vault = keyring.opened(connection, master)
        self._disk = Disk(self._path)
        self._writer = Writer(connection, self._disk, self._insert_new, on_death)
        self._reader = open_reader(self._path)

    def _insert_new(self, connection: sqlite3.Connection, new: Sequence[Delivery | rows.Row]) -> None:
        insert_new(self.vault, connection, new)

    def check_master(self, key: bytes) -> None:
        """Raises `StoreUnavailable` if this is not the master key of what is kept."""
        keyring.opened(self._reader, key)

    async def rotate(self, new: bytes) -> None:
        """Put everything under a new master key, of 32 bytes. What is kept stays as it is: only its keys' keys move."""
        await self._writer.run(lambda connection: keyring.rotate(connection, self._master, new))
        self._master, self.vault = new, keyring.opened(self._reader, new)

    async def append(self, deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
        new = [delivery if len(delivery.body) <= LARGE else await self._large(delivery) for delivery in deliveries]
        try:
            await self._append(new, deliveries[0].channel if deliveries else "", cursor)
        except (StoreUnavailable, BadRow):
            await self._remove_unused(new)
            raise
        await self._remove_unused(new)

    async def _append(self, new: Sequence[Delivery | rows.Row], channel: str, cursor: str | None) -> None:
        if cursor is None:
            await self._writer.append(new)
        else:
            await self._writer.run(lambda connection: _append_with_cursor(connection, self.vault, new, channel, cursor))

    async def _remove_unused(self, new: Sequence[Delivery | rows.Row]) -> None:
        """The files of redeliveries, which have one already, and of what was not kept."""
        for row in new:
            if isinstance(row, tuple) and self._blob_of(row) != row[-1]:
                await asyncio.to_thread(self.blobs.remove, row[-1])

    def _blob_of(self, new: rows.Row) -> str | None:
        sql = "SELECT blob FROM deliveries WHERE channel = ? AND id = ?"
        row: tuple[str | None] | None = self._reader.execute(sql, new[:2]).fetchone()
        return row[0] if row else None

    async def _large(self, delivery: Delivery) -> rows.Row:
        key = self.vault.new()
        about = rows.body_about(delivery.channel, rows.delivery_name(self.vault, delivery.channel, delivery.id))

        def put() -> str:
            sealed = key.seal(delivery.body, about)
            name = sha256(sealed).hexdigest()
            self.blobs.put(name, sealed)
            return name

        return rows.delivery(self.vault, delivery, key, await self._kept(put))

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
        claimed = await self._claimed(wanted)  # before it is counted: what the disk does not give now was not tried
        await self._writer.run(lambda connection: _count_try(connection, wanted))
        return claimed

    async def _claimed(self, wanted: list[int]) -> list[Claimed]:
        found = self._reader.execute(
            f"SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE seq IN ({_marks(wanted)}) ORDER BY seq", wanted
        ).fetchall()
        bodies = {row[-1]: await self._body(row[-1]) for row in found if row[-1]}
        return [rows.claimed(self.vault, row, bodies) for row in found]

    async def _body(self, digest: str) -> bytes | None:
        try:
            return await asyncio.to_thread(self.blobs.get, digest)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(error.strerror or "blob") from error

    async def settle(self, settlement: Settlement) -> None:
        await self._writer.run(lambda connection: settle(connection, self.vault, settlement))

    async def record(self, entry: Entry) -> str:
        return await self._writer.run(lambda connection: audit.append(connection, self.vault, entry))

    async def fire_timers(self, now: float) -> set[str]:
        return await self._writer.run(lambda connection: _fire_timers(connection, self.vault, now))

    async def claim_replies(self, channel: str, now: float, limit: int) -> list[tuple[ReplyRow, Contact]]:
        found = self._reader.execute(
            f"SELECT {rows.REPLY_COLUMNS}, c.id, c.key, c.sealed FROM replies r JOIN contacts c"
            " ON c.id = r.contact WHERE r.channel = ? AND r.state = 'due' AND r.due_at <= ?"
            f" AND {rows.FIRST_IN_LINE} ORDER BY r.due_at LIMIT ?",
            (channel, now, limit),
        ).fetchall()
        pairs, damaged = self._opened_replies(found)
        if found:
            ids = [reply.id for reply, _ in pairs]
            await self._writer.run(lambda connection: _mark_sending(connection, ids, damaged))
        return pairs

    def _opened_replies(self, found: Sequence[rows.Row]) -> tuple[list[tuple[ReplyRow, Contact]], list[str]]:
        """Those that open, and the ids of those that the disk damaged."""
        pairs: list[tuple[ReplyRow, Contact]] = []
        damaged: list[str] = []
        for row in found:
            try:
                pairs.append((rows.reply(self.vault, row[:-3]), rows.contact(self.vault, row[-3:])))
            except CannotOpen:
                damaged.append(row[0])
        return pairs, damaged

    async def settle_reply(self, outcome: ReplyOutcome) -> None:
        await self._writer.run(lambda connection: settle_reply(connection, outcome))

    async def recover_replies(self, channel: str, state: ReplyState, now: float) -> int:
        sql = "UPDATE replies SET state = ?, due_at = ? WHERE channel = ? AND state = 'sending'"
        return await self._writer.run(lambda connection: connection.execute(sql, (state, now, channel)).rowcount)

    def waiting(self) -> dict[str, int]:
        sql = "SELECT channel, count(*) FROM deliveries WHERE state = 'received' GROUP BY channel"
        return dict(self._reader.execute(sql).fetchall())

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
        sql = f"SELECT id FROM messages WHERE channel = ? AND id IN ({_marks(ids)})"
        names = {rows.message_name(self.vault, channel, one): one for one in ids}
        return {names[row[0]] for row in self._reader.execute(sql, (channel, *names))}

    def parts(self, channel: str, reference: str) -> list[PartRow]:
        sql = f"SELECT {rows.PART_COLUMNS} FROM parts WHERE channel = ? AND reference = ? ORDER BY number"
        found = self._reader.execute(sql, (channel, rows.reference_name(self.vault, channel, reference))).fetchall()
        return [rows.part(self.vault, row, reference) for row in found]

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
        digest = sha256(content).hexdigest()

        def put() -> str:
            key = self.vault.new()
            self.blobs.put(digest, key.wrapped + key.seal(content, rows.about("file", digest)))
            return digest

        return await self._kept(put)

    async def _kept(self, put: Callable[[], str]) -> str:
        try:
            return await asyncio.to_thread(put)
        except OSError as error:
            self._disk.failed(error.strerror or "blob")
            raise StoreUnavailable(error.strerror or "blob") from error

    def case_of(self, report: str) -> CaseRow | None:
        row = self._reader.execute(
            f'SELECT {rows.CASE_COLUMNS} FROM reports r JOIN cases c ON c.code = r."case" WHERE r.id = ?', (report,)
        ).fetchone()
        return rows.case(row) if row else None

    def report(self, identity: str) -> ReportRow | None:
        """A report with all its words, unless they were destroyed."""
        row = self._reader.execute(
            f"SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r.id = ?", (identity,)
        ).fetchone()
        return rows.report(self.vault, row) if row else None

    async def states(self, deliveries: Sequence[int]) -> list[dict[str, object]]:
        """What became of deliveries."""
        names = ("seq", "channel", "state", "stage", "reason")
        sql = f"SELECT {', '.join(names)} FROM deliveries WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
        asked = str(list(deliveries))
        found = await self.read(lambda reader: reader.execute(sql, (asked,)).fetchall())
        return [dict(zip(names, row, strict=True)) for row in found]

    def pins(self, code: str) -> list[ReportRow]:
        sql = f'SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r."case" = ? AND r.pin_hash IS NOT NULL'
        return [rows.report(self.vault, row) for row in self._reader.execute(sql, (code,))]

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
        return [
            (rows.report(self.vault, row[:-3]), rows.contact(self.vault, row[-3:]) if row[-3] else None)
            for row in found
        ]

    def channel_of(self, reply: str) -> str | None:
        row: tuple[str] | None = self._reader.execute("SELECT channel FROM replies WHERE id = ?", (reply,)).fetchone()
        return row[0] if row else None

    def sent_between(self, contacts: Sequence[str], since: float, until: float) -> Mapping[str, int]:
        sql = (
            f"SELECT contact, count(*) FROM replies WHERE contact IN ({_marks(contacts)}) AND created_at"
            " BETWEEN ? AND ? AND state <> 'withheld' GROUP BY contact"
        )
        return dict(self._reader.execute(sql, (*contacts, since, until)).fetchall())

    def unjudged(self, limit: int) -> list[OpenReport]:
        found = self._reader.execute(
            'SELECT id, "case", version, fingerprint FROM reports WHERE judged_version < version ORDER BY seq LIMIT ?',
            (limit,),
        )
        return [OpenReport(*row) for row in found]

    async def pragmas(self) -> dict[str, str | int]:
        """What the writing connection says of itself."""
        return await self._writer.run(pragmas.of)

    async def overdue(self, channel: str, kept: Retention, now: float, limit: int) -> Overdue:
        """What of a channel has been kept for long enough."""
        return await self.read(lambda reader: purge.overdue(reader, channel, kept, now, limit))

    async def forget(self, found: Overdue) -> None:
        """Destroy it."""
        await self.destroy(lambda connection: purge.forget(connection, found))

    async def destroy(self, work: Callable[[sqlite3.Connection], list[str]], entry: Entry | None = None) -> None:
        """Run what destroys keys, with its entry in the audit log, in a transaction; then remove the files that it
        names."""

        def both(connection: sqlite3.Connection) -> list[str]:
            if entry:
                audit.append(connection, self.vault, entry)
            return work(connection)

        for name in await self._writer.run(both):
            await asyncio.to_thread(self.blobs.remove, name)

    async def orphans(self, now: float, remove: bool) -> int:
        """How many files no row names; `remove` them."""

        def work(reader: sqlite3.Connection) -> int:
            found = list(purge.orphans(reader, self._path.parent / "blobs", now))
            for path in found if remove else ():
                path.unlink(missing_ok=True)
            return len(found)

        return await self.read(work)

    async def empty_log(self) -> bool:
        """Leave nothing of what was destroyed in the database's log. False if somebody reads it for too long."""
        for _ in range(LOG_TRIES):
            if await self._writer.truncate():
                return True
            await asyncio.sleep(LOG_SECONDS)
        return False

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some long reading, off the event loop."""

        def reading() -> T:
            with closing(open_reader(self._path)) as reader:
                return work(reader)

        return await asyncio.to_thread(reading)

    def known_channels(self) -> list[str]:
        """All channels that anything ever came in by."""
        return [row[0] for row in self._reader.execute("SELECT DISTINCT channel FROM deliveries")]

    def backlog(self) -> Backlog:
        waiting = self._reader.execute(
            "SELECT channel, count(*), min(seq) FROM deliveries WHERE state = 'received' GROUP BY channel"
        ).fetchall()
        due = self._reader.execute(
            "SELECT channel, count(*), min(seq) FROM replies WHERE state = 'due' GROUP BY channel"
        ).fetchall()
        return Backlog(
            {channel: count for channel, count, _ in waiting},
            {channel: count for channel, count, _ in due},
            self._oldest("received_at", "deliveries", [seq for _, _, seq in waiting]),
            self._oldest("created_at", "replies", [seq for _, _, seq in due]),
        )

    def _oldest(self, since: str, table: str, seqs: list[int]) -> float | None:
        sql = f"SELECT min({since}) FROM {table} WHERE seq IN ({_marks(seqs)})"
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

    async def hasten_replies(self, channel: str, now: float) -> None:
        await self._writer.run(lambda connection: clock.hasten_replies(connection, channel, now))

    async def clock_was_set(self, seconds: float, now: float) -> None:
        await self._writer.run(lambda connection: clock.clock_was_set(connection, seconds, now))

    async def forget_statuses(self, before: float) -> None:
        await self._writer.run(lambda connection: clock.forget_statuses(connection, before))

    async def clock_is_steady(self, now: float) -> bool:
        """Whether what is old by the clock may be destroyed; to be asked each day."""
        return await self._writer.run(lambda connection: clock.is_steady(connection, now))

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


def _append_with_cursor(
    connection: sqlite3.Connection, vault: Vault, new: Sequence[Delivery | rows.Row], channel: str, cursor: str
) -> None:
    insert_new(vault, connection, new)
    connection.execute("INSERT OR REPLACE INTO cursors(channel, cursor) VALUES (?, ?)", (channel, cursor))


def _write_something(connection: sqlite3.Connection) -> None:
    """A page, which says what it said before."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def _count_try(connection: sqlite3.Connection, wanted: Sequence[int]) -> None:
    connection.execute(f"UPDATE deliveries SET tries = tries + 1 WHERE seq IN ({_marks(wanted)})", wanted)


def _mark_sending(connection: sqlite3.Connection, ids: Sequence[str], damaged: Sequence[str]) -> None:
    connection.execute(f"UPDATE replies SET state = 'sending', tries = tries + 1 WHERE id IN ({_marks(ids)})", ids)
    connection.execute(
        f"UPDATE replies SET state = 'failed', error = 'it is damaged on the disk' WHERE id IN ({_marks(damaged)})",
        damaged,
    )


def _fire_timers(connection: sqlite3.Connection, vault: Vault, now: float) -> set[str]:
    due = connection.execute("SELECT id, channel, due_at, key, sealed FROM timers WHERE due_at <= ?", (now,)).fetchall()
    fired = [
        rows.fired(vault, timer, channel, due_at, rows.timer_body(vault, timer, key, sealed), now)
        for timer, channel, due_at, key, sealed in due
    ]
    insert_deliveries(connection, fired)
    connection.execute("DELETE FROM timers WHERE due_at <= ?", (now,))
    return {row[1] for row in due}
