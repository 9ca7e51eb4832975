"""Secrets that somebody carries: in a cookie, a link or a form. Of none but the hash is kept. Pure but for chance."""

import hmac
import secrets
from hashlib import blake2b, sha256


def new() -> str:
    """256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf(token: str) -> str:
    """What every form of the session with this token carries, which does not tell the token."""
    return blake2b(b"form", digest_size=16, key=digest(token).encode()).hexdigest()


def same(given: str, expected: str) -> bool:
    """In constant time, whatever was given."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
