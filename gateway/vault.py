"""Sealing: each thing that is kept has a key of its own, wrapped by the key of an epoch.

AES-256-GCM with random nonces (NIST SP 800-38D) throughout. Destroy a thing's wrapped key and nobody can read it again,
whatever else is left of it. What a thing is (`about`) is authenticated with it, so that no sealed value can take
another's place. Pure, but for random keys and nonces.
"""

import os
from collections.abc import Mapping
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
NONCE_BYTES = 12
EPOCH_BYTES = 2
TAG_BYTES = 16
#: Of a key as it is kept.
WRAPPED_BYTES = EPOCH_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


class CannotOpen(Exception):
    """The key is the wrong one, or what is sealed was changed or is another thing."""


class DataKey:
    """The key of one thing; `wrapped` is what is kept of it."""

    __slots__ = ("_cipher", "wrapped")

    def __init__(self, secret: bytes, wrapped: bytes) -> None:
        self._cipher = AESGCM(secret)
        self.wrapped = wrapped

    def seal(self, plain: bytes, about: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Raises `CannotOpen`."""
        return _opened(self._cipher, sealed, about)


class Vault:
    """`lookup` is the key of pseudonyms, for ever the same; `epochs` are the keys that wrap others, by number, of which
    the last is in use."""

    def __init__(self, lookup: bytes, epochs: Mapping[int, bytes]) -> None:
        self.lookup = lookup
        self._epochs = {number: AESGCM(secret) for number, secret in epochs.items()}
        self._newest = max(self._epochs)
        self._prefix = self._newest.to_bytes(EPOCH_BYTES, "big")
        self._wrapping = self._epochs[self._newest]

    def new(self) -> DataKey:
        """A key for one new thing."""
        random = os.urandom(NONCE_BYTES + KEY_BYTES)
        nonce, secret = random[:NONCE_BYTES], random[NONCE_BYTES:]
        return DataKey(secret, self._prefix + nonce + self._wrapping.encrypt(nonce, secret, self._prefix))

    def key(self, wrapped: bytes) -> DataKey:
        """The key of something kept. Raises `CannotOpen`."""
        prefix = wrapped[:EPOCH_BYTES]
        wrapping = self._epochs.get(int.from_bytes(prefix, "big"))
        if wrapping is None:
            raise CannotOpen("its key was wrapped in an epoch that is not known here")
        return DataKey(_opened(wrapping, wrapped[EPOCH_BYTES:], prefix), wrapped)

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose, for ever the same (RFC 5869)."""
        return HKDFExpand(SHA256(), KEY_BYTES, purpose.encode()).derive(self.lookup)

    def pseudonym(self, *parts: str) -> str:
        """What parts are looked up by: 128 bits in hex, which tell nobody without the key what they were."""
        hashed = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16, key=self.lookup)
        return hashed.hexdigest()


def wrap(master: bytes, secret: bytes, about: bytes) -> bytes:
    """A key of the vault, sealed under the master key."""
    return DataKey(master, b"").seal(secret, about)


def unwrap(master: bytes, wrapped: bytes, about: bytes) -> bytes:
    """Raises `CannotOpen`."""
    return DataKey(master, b"").open(wrapped, about)


def _opened(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except (InvalidTag, ValueError):
        raise CannotOpen("it does not open with this key") from None
