"""Which IP addresses belong to the public internet, so that nobody leads a request into the machine's own network."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

#: For protocols of the network itself (RFC 6890): older Pythons take some of it for public.
_PROTOCOLS = IPv4Network("192.0.0.0/24")
#: All addresses that are given to anybody so far (RFC 4291, 2.4); the rest is reserved.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: Documentation since RFC 9637: Python 3.11 does not know it.
_DOCUMENTATION = IPv6Network("3fff::/20")
#: An IPv4 address behind the translator of a network that has no IPv4 of its own (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Raises ValueError if it is no IP address."""
    known = ip_address(address)
    if isinstance(known, IPv4Address):
        return _is_public_4(known)
    inside = _inside(known)
    return _is_public_4(inside) if inside else _is_public_6(known)


def _is_public_4(known: IPv4Address) -> bool:
    return known.is_global and not known.is_multicast and not known.is_reserved and known not in _PROTOCOLS


def _is_public_6(known: IPv6Address) -> bool:
    return known in _GLOBAL_UNICAST and known not in _DOCUMENTATION and known.is_global


def _inside(known: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that such an address stands for: mapped, by 6to4, or translated."""
    translated = IPv4Address(int(known) & 0xFFFFFFFF) if known in _NAT64 else None
    return known.ipv4_mapped or known.sixtofour or translated
