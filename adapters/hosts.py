"""What can be the name or address of a host."""

import ipaddress
import re
from urllib.parse import urlsplit

_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


def is_host(text: str) -> bool:
    """An IP address, or what a resolver may know (RFC 1123, 2.1; with the underscores that container networks use).

    A name that ends in a number is an IPv4 address gone wrong, as in 999.1.1.1.
    """
    return is_address(text) or _is_name(text.removesuffix("."))


def is_web_address(text: str) -> bool:
    """Does it begin with http:// or https:// and name a host?"""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False


def is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def is_this_machine(host: str) -> bool:
    """Does nothing that is sent there leave the machine?"""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Does nobody read along on the way? By http:// only within this machine, a private network (RFC 1918, RFC 4193)
    or one of containers, whose names have no dot."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_near(parts.hostname or "")


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def source_of(address: str) -> str:
    """What one subscriber's connections have in common: an IPv4 address, or the /64 network of an IPv6 address.

    Anything else, as the empty address of a Unix socket, is returned as it is.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    return str(known.ipv4_mapped or ipaddress.ip_network((known.packed, 64), strict=False))


def _is_name(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
