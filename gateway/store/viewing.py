"""The part of the SQLite store that keeps copies of files for viewing; see `gateway.store.copies.FileStore`, and
`gateway.store.images.ProofStore`."""

import asyncio
import sqlite3
from hashlib import sha256

from msgspec.structs import replace

from gateway.store import copies, images
from gateway.store.copies import FileRow, State
from gateway.store.images import Seen
from gateway.store.upkeep import Upkeep

#: Reports whose words are sealed anew in one transaction, while nothing else is written.
DOUBTED_AT_ONCE = 200


class Viewing(Upkeep):
    def file(self, name: str) -> FileRow | None:
        return copies.get(self._reader, name)

    def due_files(self, now: float, limit: int) -> list[FileRow]:
        return copies.due(self._reader, now, limit)

    def file_owners(self, name: str) -> list[str]:
        return copies.owners(self._reader, name)

    async def change_file(self, file: FileRow, doubts: tuple[str, ...] = ()) -> None:
        def doubt(connection: sqlite3.Connection) -> int:
            return copies.doubt(connection, self.vault, file.name, doubts, DOUBTED_AT_ONCE)

        def work(connection: sqlite3.Connection) -> list[str]:
            before = copies.get(connection, file.name)
            if not copies.change(connection, file):
                return [file.blob] if file.blob else []
            if doubts:
                doubt(connection)
            return [before.blob] if before and before.blob and before.blob != file.blob else []

        doubted = DOUBTED_AT_ONCE if doubts else 0
        while doubted:  # before the file is done with: what breaks off is begun again
            doubted = await self._writer.run(doubt)
        await self.destroy(work)

    async def keep_copy(self, file: FileRow, content: bytes) -> FileRow:
        key = self.vault.new()
        sealed = await asyncio.to_thread(key.seal, content, copies.about(file.name))
        name = sha256(sealed).hexdigest()

        def put() -> str:
            self.blobs.put(name, sealed)
            return name

        blob = await self._kept(put)
        return replace(file, state=State.KEPT, key=key.wrapped, blob=blob, size=len(content))

    async def copy(self, file: FileRow) -> bytes | None:
        return await asyncio.to_thread(copies.opened, self.vault, self.blobs, file)

    def proofs_to_look_at(self, limit: int) -> list[str]:
        return images.unknown(self._reader, limit)

    async def know_proof(self, digest: str, image: str) -> None:
        await self._writer.run(lambda connection: images.know(connection, digest, image))

    def seen_elsewhere(self, digest: str, image: str, code: str) -> list[Seen]:
        return list(images.of_proof(self._reader, digest, image, code))

    async def scan_all_files(self, now: float) -> None:
        await self._writer.run(lambda connection: copies.scan_all(connection, now))
