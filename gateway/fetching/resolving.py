"""Names are looked up once, and only public addresses are connected to."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from gateway.fetching.addresses import is_public


class NotPublic(OSError):
    """The name leads into a network that is not the public internet."""


class PublicOnly(AbstractResolver):
    """The connection is made to the very addresses that were checked here: nobody can answer otherwise in between."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises `NotPublic` if any address is not, or OSError if there is none."""
        found = await self._resolver.resolve(host, port, family)
        if not found or not all(is_public(one["host"]) for one in found):
            raise NotPublic("the name leads to an address that is not public")
        return found

    async def close(self) -> None:
        await self._resolver.close()
