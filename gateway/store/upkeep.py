"""What is done with all that the store keeps: its keys are changed, it is forgotten, looks are recorded."""

import asyncio
import sqlite3
from collections.abc import Callable
from hashlib import sha256

from gateway.store import audit, keyring, keys, listing, pauses, pragmas, purge, rows, savedviews
from gateway.store.blobs import Blobs
from gateway.store.contract import Entry, KeyRow, Pause, StoreUnavailable
from gateway.store.disk import Disk
from gateway.store.purge import Overdue, Retention
from gateway.store.reads import Reads
from gateway.store.savedviews import SavedView
from gateway.store.writer import Writer
from gateway.vault import WRAPPED_BYTES, CannotOpen

LOG_TRIES, LOG_SECONDS = 20, 0.25


class Upkeep(Reads):
    """Files are kept here, too, since what is destroyed may be one."""

    blobs: Blobs
    _master: bytes
    _disk: Disk
    _writer: Writer

    def check_master(self, key: bytes) -> None:
        """Raises `StoreUnavailable` if this is not the master key of what is kept."""
        keyring.opened(self._reader, key)

    def opens(self, key: bytes) -> bool:
        """Is this the master key of what is kept?"""
        try:
            self.check_master(key)
        except StoreUnavailable:
            return False
        return True

    async def rotate(self, new: bytes, entry: Entry) -> None:
        """Put everything under a new master key, of 32 bytes, and say so in the audit log. What is kept stays as it is:
        only its keys' keys move."""

        def work(connection: sqlite3.Connection) -> None:
            audit.append(connection, self.vault, entry)
            keyring.rotate(connection, self._master, new)

        await self._writer.run(work)
        self._master, self.vault = new, keyring.opened(self._reader, new)

    async def record(self, entry: Entry) -> str:
        return await self._writer.run(lambda connection: audit.append(connection, self.vault, entry))

    async def add_key(self, key: KeyRow, entry: Entry) -> None:
        await self._writer.run(lambda connection: keys.add(connection, self.vault, key, entry))

    async def revoke_key(self, app: str, now: float, entry: Entry) -> None:
        await self._writer.run(lambda connection: keys.revoke(connection, self.vault, app, now, entry))

    def pauses(self) -> dict[str, Pause]:
        return pauses.every(self._reader)

    async def pause(self, channel: str, at: float, entry: Entry) -> None:
        """Keep it so until `resume`, and say so in the audit log."""
        await self._writer.run(lambda connection: pauses.pause(connection, self.vault, channel, at, entry))

    async def resume(self, channel: str, entry: Entry) -> None:
        await self._writer.run(lambda connection: pauses.resume(connection, self.vault, channel, entry))

    async def drop_old_words(self) -> None:
        """Cases are found by nothing any more that their reports said before they were changed."""
        await self._writer.run(listing.drop_old_words)

    async def save_view(self, new: SavedView, at: float) -> None:
        await self._writer.run(lambda connection: savedviews.save(connection, self.vault, new, at))

    async def drop_view(self, view: str, owner: str) -> bool:
        """Was there one of theirs?"""
        return await self._writer.run(lambda connection: savedviews.drop(connection, view, owner))

    async def pragmas(self) -> dict[str, str | int]:
        """What the writing connection says of itself."""
        return await self._writer.run(pragmas.of)

    async def overdue(self, channel: str, kept: Retention, now: float, limit: int) -> Overdue:
        """What of a channel has been kept for long enough."""
        return await self.read(lambda reader: purge.overdue(reader, channel, kept, now, limit))

    async def forget(self, channel: str, kept: Retention, now: float, found: Overdue) -> Overdue:
        """Destroy what was found, as far as it is overdue still; returns that."""
        still = Overdue()

        def work(connection: sqlite3.Connection) -> list[str]:
            nonlocal still
            limit = len(found.deliveries) + len(found.reports) + len(found.talks) + len(found.answers)
            still = purge.overdue(connection, channel, kept, now, limit, among=found)
            return purge.forget(connection, still)

        await self.destroy(work)
        return still

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

    async def keep(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()

        def put() -> str:
            key = self.vault.new()
            self.blobs.put(digest, key.wrapped + key.seal(content, rows.about("file", digest)))
            return digest

        return await self._kept(put)

    async def kept(self, digest: str) -> bytes | None:
        """A file by its hex SHA-256; None if it is not there any more, or damaged."""

        def get() -> bytes:
            sealed = self.blobs.get(digest)
            key = self.vault.key(sealed[:WRAPPED_BYTES])
            return key.open(sealed[WRAPPED_BYTES:], rows.about("file", digest))

        try:
            return await asyncio.to_thread(get)
        except (OSError, CannotOpen):
            return None

    async def _kept(self, put: Callable[[], str]) -> str:
        try:
            return await asyncio.to_thread(put)
        except OSError as error:
            self._disk.failed(error.strerror or "blob")
            raise StoreUnavailable(error.strerror or "blob") from error
