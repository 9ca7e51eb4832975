"""What providers show beside the secret in the path."""

import base64
import hmac
from typing import Literal

Algorithm = Literal["sha1", "sha256", "sha512"]
Encoding = Literal["hex", "base64"]


def signature(key: str, message: bytes, algorithm: Algorithm = "sha256", encoding: Encoding = "hex") -> str:
    """The HMAC (RFC 2104) of a message as it is written into a header."""
    mac = hmac.digest(key.encode("utf-8", "surrogatepass"), message, algorithm)
    return mac.hex() if encoding == "hex" else base64.b64encode(mac).decode("ascii")


def basic(username: str, password: str) -> str:
    """The Authorization header of RFC 7617."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode('utf-8', 'surrogatepass')).decode('ascii')}"
