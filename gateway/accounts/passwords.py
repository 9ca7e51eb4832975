"""Passwords and their hashes: argon2id with the memory and the passes that argon2-cffi advises (RFC 9106, 4)."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: NIST SP 800-63B-4, 3.1.1.2: length is what counts; 15 where nothing else is asked for, which few could be told.
SHORTEST, LONGEST = 12, 200
#: Each takes 64 MB while it is made.
AT_ONCE = 2
#: Passwords that are compared or wait for it: more would wait longer than people do.
MOST = 50


def problem(password: str, name: str) -> str:
    """The name of what is wrong with a new password: "short", "long", "plain" (few different letters, or the name of
    who is to use it), or "" """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    rest = password.casefold().replace(name.casefold(), "") if name else password
    return "plain" if len(set(rest)) < SHORTEST // 2 else ""


class Passwords:
    """Hashes in threads, so many at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = ""
        self._asked = 0

    @property
    def is_busy(self) -> bool:
        """Do so many wait that nobody else should?"""
        return self._asked >= MOST

    async def hashed(self, password: str) -> str:
        """Encoded, with its salt and what it cost."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, _alike(password))

    async def fits(self, password: str, hashed: str) -> bool:
        """Where there is no hash ("") it is compared with nobody's, so that the answer takes as long."""
        if not self._nobodys:
            self._nobodys = await self.hashed("a stand-in for who is not known")
        async with self._turn():
            fits = await asyncio.to_thread(self._verified, password, hashed or self._nobodys)
        return fits and bool(hashed)

    def is_old(self, hashed: str) -> bool:
        """Was it made at a cost that is no longer advised? It would tell by its time that there is such a name."""
        return self._hasher.check_needs_rehash(hashed)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        self._asked += 1
        try:
            async with self._turns:
                yield
        finally:
            self._asked -= 1

    def _verified(self, password: str, hashed: str) -> bool:
        with suppress(VerificationError, InvalidHashError):
            return self._hasher.verify(hashed, _alike(password))
        return False


def _alike(password: str) -> bytes:
    """However a keyboard spells it (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
