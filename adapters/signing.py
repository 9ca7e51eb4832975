"""Proofs that a request comes from whom it should."""

import hmac
import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

#: Headers of Kanal's own signatures, and how far, in seconds, the time of one may be from now: what is older may be a
#: replay.
TIMESTAMP, SIGNATURE = "Kanal-Timestamp", "Kanal-Signature"
WINDOW_SECONDS = 300.0
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


def same(given: str, secret: str) -> bool:
    """Compared in constant time and as bytes: `compare_digest` raises TypeError for text outside ASCII."""
    return hmac.compare_digest(_bytes(given), _bytes(secret))


def same_as_any(given: str, secrets: Iterable[str]) -> bool:
    """Is it one of those valid at once, as while one replaces another? All are compared, so that the time it takes
    does not tell which it is."""
    return sum(same(given, secret) for secret in secrets) > 0


def signed(secret: str, message: bytes, now: float) -> dict[str, str]:
    """Headers that prove a message: when it was signed, in seconds since the epoch, and "v1=" with the HMAC-SHA256
    (RFC 2104), in hex, of that number, a dot and the message."""
    seconds = str(int(now))
    return {TIMESTAMP: seconds, SIGNATURE: f"v1={_mac(secret, seconds, message)}"}


def proven(secrets: Iterable[str], message: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Was it signed as by `signed`, a short while ago, with one of these secrets? Several may be valid at once, and the
    header may hold several signatures, divided by commas or blanks."""
    seconds = headers.get(TIMESTAMP, "")
    if not _SECONDS.fullmatch(seconds) or abs(now - int(seconds)) > WINDOW_SECONDS:
        return False
    given = re.split(r"[,\s]+", headers.get(SIGNATURE, ""))[:4]
    wanted = [f"v1={_mac(secret, seconds, message)}" for secret in secrets if secret]
    return sum(same_as_any(one, wanted) for one in given) > 0


def allowed(peer: str, networks: Iterable[Network]) -> bool:
    """Is the address in one of the networks? An IPv4 address seen through an IPv6 socket counts as what it is."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in networks)


def _mac(secret: str, seconds: str, message: bytes) -> str:
    return hmac.new(_bytes(secret), seconds.encode() + b"." + message, "sha256").hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
