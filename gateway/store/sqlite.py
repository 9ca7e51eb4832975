"""The store on one machine: SQLite with WAL and synchronous=FULL, one writer thread, read-only readers."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import structlog

from adapters import Delivery
from gateway.store import clock, cursors, destroy, exchanges, keyring, rows, spending
from gateway.store.accounts import AccountStore
from gateway.store.alarms import Alarms
from gateway.store.blobs import LARGE, Blobs
from gateway.store.connecting import FILE
from gateway.store.contract import (
    BadRow,
    Claimed,
    Contact,
    Exchange,
    ReplyOutcome,
    ReplyRow,
    ReplyState,
    Settlement,
    Spending,
    StoreUnavailable,
)
from gateway.store.disk import Disk
from gateway.store.fetchqueue import FetchQueue
from gateway.store.health import HealthStore
from gateway.store.imports import ImportStore
from gateway.store.notices import Notices
from gateway.store.preparing import open_writer
from gateway.store.reads import marks
from gateway.store.reminders import Reminders
from gateway.store.settle import insert_deliveries, insert_new, settle, settle_reply
from gateway.store.writer import Writer
from gateway.vault import CannotOpen, Vault

log = structlog.get_logger()


class SqliteStore(Reminders, Notices, AccountStore, ImportStore, FetchQueue, HealthStore, Alarms):
    """See `gateway.store.filings.WholeStore`. `on_death` is told why nothing can be written any more."""

    def __init__(self, directory: Path, master: bytes, on_death: Callable[[BaseException], None]) -> None:
        path = (directory / FILE).resolve()
        self.blobs = Blobs(directory / "blobs")
        connection = open_writer(path, master)
        super().__init__(path, keyring.opened(connection, master))
        self._master = master
        self._disk = Disk(path)
        self._writer = Writer(connection, self._disk, self._insert_new, on_death)

    def _insert_new(self, connection: sqlite3.Connection, new: Sequence[Delivery | rows.Row]) -> None:
        insert_new(self.vault, connection, new)

    async def append(
        self,
        deliveries: Sequence[Delivery],
        cursor: str | None = None,
        channel: str | None = None,
        spent: Sequence[Spending] = (),
        source: str = "",
    ) -> None:
        new = [delivery if len(delivery.body) <= LARGE else await self._large(delivery) for delivery in deliveries]
        try:
            channel = channel or next((one.channel for one in deliveries), "")
            await self._append(new, (channel, source), cursor, spent)
        except (StoreUnavailable, BadRow):
            await self._remove_unused(new)
            raise
        await self._remove_unused(new)

    async def _append(
        self, new: Sequence[Delivery | rows.Row], asked: tuple[str, str], cursor: str | None, spent: Sequence[Spending]
    ) -> None:
        if cursor is None and not spent:
            await self._writer.append(new)
            return

        def work(connection: sqlite3.Connection) -> None:
            insert_new(self.vault, connection, new)
            spending.add(connection, spent)
            if cursor is not None:
                cursors.keep(connection, *asked, cursor)

        await self._writer.run(work)

    async def spent(self, month: str) -> list[Spending]:
        """What each channel spent in a month of UTC, by what its provider charges for."""
        return await self.read(lambda reader: spending.of_month(reader, month))

    def spent_in(self, channel: str, month: str, currency: str) -> float:
        return spending.in_month(self._reader, channel, month, currency)

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

    async def deliveries_of(self, report: str) -> list[Delivery]:
        sql = (
            "SELECT DISTINCT m.seq FROM messages m JOIN deliveries d ON d.seq = m.seq"
            " WHERE m.report = ? AND d.key IS NOT NULL"
        )
        wanted = [row[0] for row in self._reader.execute(sql, (report,))]
        return [one.delivery for one in await self._claimed(wanted) if not one.lost]

    async def _claimed(self, wanted: list[int]) -> list[Claimed]:
        found = self._reader.execute(
            f"SELECT {rows.DELIVERY_COLUMNS} FROM deliveries WHERE seq IN ({marks(wanted)}) ORDER BY seq", wanted
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
        unused = await self._writer.run(lambda connection: settle(connection, self.vault, settlement))
        for name in unused:
            await asyncio.to_thread(self.blobs.remove, name)

    async def fire_timers(self, now: float) -> set[str]:
        return await self._writer.run(lambda connection: _fire_timers(connection, self.vault, now))

    async def left_since(self, channel: str, since: float) -> list[tuple[float, bool]]:
        sql = "SELECT settled_at, public FROM replies WHERE channel = ? AND settled_at >= ? ORDER BY settled_at"
        found = await self.read(lambda reader: reader.execute(sql, (channel, since)).fetchall())
        return [(at, bool(public)) for at, public in found]

    async def claim_replies(
        self, channel: str, now: float, limit: int, public: bool | None = None
    ) -> list[tuple[ReplyRow, Contact]]:
        found = self._reader.execute(
            f"SELECT {rows.REPLY_COLUMNS}, c.id, c.key, c.sealed FROM replies r LEFT JOIN contacts c"
            " ON c.id = r.contact WHERE r.channel = ?1 AND r.state = 'due' AND r.due_at <= ?2"
            " AND (?3 IS NULL OR r.public = ?3)"
            f" AND {rows.FIRST_IN_LINE} ORDER BY r.due_at LIMIT ?4",
            (channel, now, public, limit),
        ).fetchall()
        pairs, damaged = self._opened_replies([row for row in found if row[-3]])
        if found:
            ids, nobodys = [reply.id for reply, _ in pairs], [row[0] for row in found if not row[-3]]
            await self._writer.run(lambda connection: _mark_claimed(connection, ids, damaged, nobodys))
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
        await self._writer.run(lambda connection: settle_reply(connection, self.vault, outcome))

    async def recover_replies(self, channel: str, state: ReplyState, now: float) -> int:
        sql = "UPDATE replies SET state = ?, due_at = ? WHERE channel = ? AND state = 'sending'"
        return await self._writer.run(lambda connection: connection.execute(sql, (state, now, channel)).rowcount)

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

    async def log_exchanges(self, new: Sequence[Exchange]) -> None:
        await self._writer.run(lambda connection: exchanges.add(connection, self.vault, new))

    async def forget_exchanges(self, before: float) -> None:
        while await self._writer.run(lambda connection: exchanges.forget(connection, before)):
            pass

    async def forget_statuses(self, before: float) -> None:
        await self._writer.run(lambda connection: clock.forget_statuses(connection, before))

    async def clock_is_steady(self, now: float) -> bool:
        """Whether what is old by the clock may be destroyed; to be asked each day."""
        return await self._writer.run(lambda connection: clock.is_steady(connection, now))


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


def _write_something(connection: sqlite3.Connection) -> None:
    """A page, which says what it said before."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def _count_try(connection: sqlite3.Connection, wanted: Sequence[int]) -> None:
    connection.execute(f"UPDATE deliveries SET tries = tries + 1 WHERE seq IN ({marks(wanted)})", wanted)


def _mark_claimed(
    connection: sqlite3.Connection, ids: Sequence[str], damaged: Sequence[str], nobodys: Sequence[str]
) -> None:
    """`nobodys` are those for people who were forgotten just before they were written."""
    connection.execute(f"UPDATE replies SET state = 'sending', tries = tries + 1 WHERE id IN ({marks(ids)})", ids)
    connection.execute(
        f"UPDATE replies SET state = 'failed', error = 'it is damaged on the disk' WHERE id IN ({marks(damaged)})",
        damaged,
    )
    destroy.replies(connection, nobodys)


def _fire_timers(connection: sqlite3.Connection, vault: Vault, now: float) -> set[str]:
    due = connection.execute("SELECT id, channel, due_at, key, sealed FROM timers WHERE due_at <= ?", (now,)).fetchall()
    fired: list[rows.Row] = []
    for timer, channel, due_at, key, sealed in due:
        try:
            body = rows.timer_body(vault, timer, key, sealed)
            fired.append(rows.fired(vault, timer, channel, due_at, body, now))
        except CannotOpen:
            log.error("a timer is damaged on the disk: what waits for it is late", channel=channel)
    insert_deliveries(connection, fired)
    connection.execute("DELETE FROM timers WHERE due_at <= ?", (now,))
    return {row[0] for row in fired}
