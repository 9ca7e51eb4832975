"""Proofs that a request comes from whom it should."""

import hmac
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def same(given: str, secret: str) -> bool:
    """Compared in constant time and as bytes: `compare_digest` raises TypeError for text outside ASCII."""
    return hmac.compare_digest(_bytes(given), _bytes(secret))


def same_as_any(given: str, secrets: Iterable[str]) -> bool:
    """Is it one of those valid at once, as while one replaces another? All are compared, so that the time it takes
    does not tell which it is."""
    return sum(same(given, secret) for secret in secrets) > 0


def allowed(peer: str, networks: Iterable[Network]) -> bool:
    """Is the address in one of the networks? An IPv4 address seen through an IPv6 socket counts as what it is."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in networks)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
