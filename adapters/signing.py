"""Proofs that a request comes from whom it should."""

import hmac
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def same(given: str, secret: str) -> bool:
    """Compared in constant time and as bytes: `compare_digest` raises TypeError for text outside ASCII."""
    return hmac.compare_digest(_bytes(given), _bytes(secret))


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
