"""What photos show that cases are moved with: looked at by a worker, and kept as a hash that only the key makes."""

from hashlib import sha256

from dedupe.photos import telling
from gateway.naming import image_name
from gateway.store.images import ProofStore
from gateway.workers import ChildLost, NoWorker, Workers

SECONDS = 10.0
AT_ONCE = 16


class Proofs:
    """`key` is that of pseudonyms."""

    def __init__(self, store: ProofStore, workers: Workers, key: bytes) -> None:
        self._store = store
        self._workers = workers
        self._key = key

    async def image(self, content: bytes) -> str:
        """What a proof shows, in bits; "" if that tells nothing. Raises `ChildLost` or `NoWorker`."""
        found = telling(await self._workers.image(content, SECONDS))
        return image_name(self._key, found) if found else ""

    async def image_at_once(self, content: bytes) -> str | None:
        """Likewise; None if nobody can tell now."""
        try:
            return await self.image(content)
        except (ChildLost, NoWorker):
            return None

    async def look(self) -> None:
        """At those that nobody has looked at. Raises `StoreUnavailable` or `NoWorker`."""
        for digest in self._store.proofs_to_look_at(AT_ONCE):
            content = await self._store.kept(digest)
            try:
                image = await self.image(content) if content else ""
            except ChildLost:
                image = ""
            await self._store.know_proof(digest, image)


def digest_of(content: bytes) -> str:
    """The name of a proof, in hex."""
    return sha256(content).hexdigest()
