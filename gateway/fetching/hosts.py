"""Where a channel's files may be fetched from."""

from collections.abc import Sequence
from enum import StrEnum

from yarl import URL

from adapters.hosts import is_address

HTTPS_PORT = 443
SCHEMES = frozenset({"http", "https"})


class Trust(StrEnum):
    """`PUBLIC`: over https, at public addresses alone. `WHOLE`: wherever it is, as an operator wrote it."""

    PUBLIC = "public"
    WHOLE = "whole"


class Hosts:
    """Of a channel: names ("api.telegram.org"), all names below one ("*.whatsapp.net"), or whole origins that an
    operator wrote ("http://127.0.0.1:8081")."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self._origins = {URL(one).origin() for one in hosts if "://" in one}
        self._names = {one.lower() for one in hosts if "://" not in one}

    def trust(self, url: URL) -> Trust | None:
        """None if nothing may be fetched there. A name and password have no place in an address."""
        if url.scheme not in SCHEMES or not url.host or url.user is not None or url.password is not None:
            return None
        if url.origin() in self._origins:
            return Trust.WHOLE
        is_usual = url.scheme == "https" and url.port == HTTPS_PORT
        return Trust.PUBLIC if is_usual and self._is_named((url.raw_host or "").lower()) else None

    def _is_named(self, host: str) -> bool:
        if is_address(host):
            return False
        labels = host.split(".")
        above = {"*." + ".".join(labels[start:]) for start in range(1, len(labels))}
        return not self._names.isdisjoint({host, *above})
