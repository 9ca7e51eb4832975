"""What can be the name or address of a host."""

import ipaddress
import re

_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


def is_host(text: str) -> bool:
    """An IP address, or what a resolver may know (RFC 1123, 2.1; with the underscores that container networks use).

    A name that ends in a number is an IPv4 address gone wrong, as in 999.1.1.1.
    """
    return _is_address(text) or _is_name(text.removesuffix("."))


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_name(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
