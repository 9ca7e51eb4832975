"""Who listens where: for people, and so that no two channels want the same address."""

from collections.abc import Mapping
from itertools import combinations
from urllib.parse import urlsplit

from adapters.contract import ChannelSettings, Listens, Problem
from gateway import registry

_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, never listened on


def addresses(channel: ChannelSettings) -> tuple[str, ...]:
    """The addresses of a channel's own sockets, as in "smtp://127.0.0.1:8025"; none where the web server serves it."""
    adapter = registry.adapter(channel.kind)(channel)
    return tuple(adapter.addresses()) if isinstance(adapter, Listens) else ()


def web_address(host: str, port: int) -> str:
    """The web server's own address, as in "http://127.0.0.1:8080"."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def clashes(web: str | None, channels: Mapping[str, ChannelSettings]) -> list[Problem]:
    """A problem for each pair of sockets that would get in each other's way."""
    listeners = [("web", web)] if web else []
    listeners += [(where, address) for where, channel in channels.items() for address in addresses(channel)]
    return [
        Problem(where, f"listens on {address} like {other}", "give one of them another port")
        for (other, taken), (where, address) in combinations(listeners, 2)
        if _same(taken, address)
    ]


def _same(one: str, other: str) -> bool:
    (host, port), (other_host, other_port) = _host_and_port(one), _host_and_port(other)
    hosts = {host, other_host}
    return bool(port) and port == other_port and (len(hosts) == 1 or bool(hosts & _EVERYWHERE))


def _host_and_port(address: str) -> tuple[str | None, int | None]:
    parts = urlsplit(address)
    return parts.hostname, parts.port
