"""What providers show beside the secret in the path."""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from adapters import RequestRefused
from adapters.signing import same_as_any

Algorithm = Literal["md5", "sha1", "sha256", "sha512"]
Encoding = Literal["hex", "base64", "base64url"]


def signature(key: str, message: bytes, algorithm: Algorithm = "sha256", encoding: Encoding = "hex") -> str:
    """The HMAC (RFC 2104) of a message as it is written into a header."""
    mac = hmac.digest(key.encode("utf-8", "surrogatepass"), message, algorithm)
    if encoding == "base64url":
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")
    return mac.hex() if encoding == "hex" else base64.b64encode(mac).decode("ascii")


def basic(username: str, password: str) -> str:
    """The Authorization header of RFC 7617."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode('utf-8', 'surrogatepass')).decode('ascii')}"


def shown(given: str | None, expected: Iterable[str]) -> None:
    """Raise `RequestRefused` unless what is shown is one of those that prove it."""
    if given is None:
        raise RequestRefused("the request shows no proof")
    if not same_as_any(given, expected):
        raise RequestRefused("what the request shows proves nothing")


def recent(signed_at: datetime | None, received_at: datetime, seconds: float) -> None:
    """Raise `RequestRefused` unless it was signed at most so long before it came, or by a clock so much ahead."""
    if signed_at is None or abs((received_at - signed_at).total_seconds()) > seconds:
        raise RequestRefused("the request was not signed lately")
