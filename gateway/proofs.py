"""What photos show that cases are moved with: looked at by a worker, and kept as a hash that only the key makes."""

import asyncio

from dedupe.photos import telling
from gateway.naming import image_name
from gateway.store.images import ProofStore
from gateway.workers import ChildLost, Workers

SECONDS = 10.0
SOON = 3.0
AT_ONCE = 16


class Proofs:
    """`key` is that of pseudonyms."""

    def __init__(self, store: ProofStore, workers: Workers, key: bytes) -> None:
        self._store = store
        self._workers = workers
        self._key = key
        self._looking: set[asyncio.Task[str]] = set()

    async def image(self, content: bytes) -> str:
        """What a proof shows, in bits; "" if that tells nothing. Raises `ChildLost` or `NoWorker`."""
        found = telling(await self._workers.image(content, SECONDS))
        return image_name(self._key, found) if found else ""

    async def image_at_once(self, content: bytes) -> str | None:
        """Likewise; None if nobody can tell now, or soon: somebody waits for it. The worker is left to finish."""
        looking = asyncio.create_task(self.image(content))
        self._looking.add(looking)
        looking.add_done_callback(self._looked)
        done, _ = await asyncio.wait({looking}, timeout=SOON)
        return looking.result() if done and looking.exception() is None else None

    async def look(self) -> None:
        """At those that nobody has looked at. Raises `StoreUnavailable` or `NoWorker`."""
        for digest in self._store.proofs_to_look_at(AT_ONCE):
            content = await self._store.kept(digest)
            try:
                image = await self.image(content) if content else ""
            except ChildLost:
                image = ""
            await self._store.know_proof(digest, image)

    def _looked(self, task: asyncio.Task[str]) -> None:
        self._looking.discard(task)
        if not task.cancelled():
            task.exception()  # nobody waits for it any more
