"""JSON Web Tokens (RFC 7519) signed by HS256, the one algorithm that is taken."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from adapters import RequestRefused, proofs
from adapters.payload import document


def claims(token: str, keys: Iterable[str]) -> Mapping[str, Any]:
    """What the token says. Raises `RequestRefused` unless it is signed with one of the keys."""
    signed, _, signature = token.rpartition(".")
    message = signed.encode("utf-8", "surrogatepass")
    proofs.shown(signature, [proofs.signature(key, message, "sha256", "base64url") for key in keys])
    head, _, body = signed.partition(".")
    if _table(head).get("alg") != "HS256":
        raise RequestRefused("the token is signed in another way")
    return _table(body)


def _table(part: str) -> Mapping[str, Any]:
    try:
        return document(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return {}
