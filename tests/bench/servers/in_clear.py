"""The gateway as it would be without sealing: `python -m tests.bench.servers.in_clear intake|run SETTINGS`.

What the vault would do is left out, so that its price can be told; no such switch is in the product.
"""

import asyncio
import sys
from pathlib import Path

from gateway import logs
from gateway.__main__ import main
from gateway.store import keyring
from gateway.vault import DataKey, Vault
from tests.bench.servers.kanal_intake import serve


class ClearKey(DataKey):
    """Seals nothing."""

    def __init__(self) -> None:
        super().__init__(bytes(32), b"none")

    def seal(self, plain: bytes, about: bytes) -> bytes:
        return plain

    def open(self, sealed: bytes, about: bytes) -> bytes:
        return sealed


class ClearVault(Vault):
    """Has one key for all, which seals nothing, and no pseudonyms."""

    def __init__(self) -> None:
        super().__init__(bytes(32), {1: bytes(32)})
        self._clear = ClearKey()

    def new(self) -> DataKey:
        return self._clear

    def key(self, wrapped: bytes) -> DataKey:
        return self._clear

    def pseudonym(self, *parts: str) -> str:
        return "\0".join(parts)


def leave_in_clear() -> None:
    vault = ClearVault()
    keyring.opened = lambda connection, master: vault


if __name__ == "__main__":
    leave_in_clear()
    what, *sys.argv[1:] = sys.argv[1:]
    if what == "intake":
        logs.configure(json=True)
        asyncio.run(serve(Path(sys.argv[1])))
    else:
        sys.argv[1:1] = [what]
        main()
