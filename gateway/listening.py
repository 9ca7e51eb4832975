"""Who listens where: for people, and so that no two channels want the same address."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from adapters.contract import Adapter, Answers, ChannelSettings, Listens, MaySend, Problem, Receives, Sends
from gateway import registry

_EVERYWHERE = {"0.0.0.0", "::"}


def built(channel: ChannelSettings) -> Adapter:
    """The channel's adapter; building it touches nothing outside."""
    return registry.adapter(channel.kind)(channel)


def has_way_in(adapter: type[Adapter]) -> bool:
    """Does anything come in by it? Nothing here polls."""
    return issubclass(adapter, Listens | Receives)


def ways_in(adapter: Adapter, channel: str, web: str) -> tuple[str, ...]:
    """Where its messages come in; `web` is the web server's address as the outside knows it."""
    own = tuple(adapter.addresses()) if isinstance(adapter, Listens) else ()
    served = (f"{web.rstrip('/')}/in/{channel}/…",) if isinstance(adapter, Receives | Answers) else ()
    return own + served


def can_answer(adapter: Adapter) -> bool:
    """Has the channel a way out?"""
    return isinstance(adapter, Sends) and (not isinstance(adapter, MaySend) or adapter.can_send())


def reached(adapter: Adapter) -> tuple[str, ...]:
    """The kinds of address that it can write to first, in private."""
    if not isinstance(adapter, Sends) or not can_answer(adapter) or not adapter.capabilities.private:
        return ()
    return adapter.capabilities.reaches


def reaches(channel: ChannelSettings) -> tuple[str, ...]:
    """The same of a channel that need not be right in all else."""
    try:
        return reached(built(channel))
    except Exception:  # its settings may be wrong, which is said elsewhere
        return ()


def web_address(host: str, port: int) -> str:
    """The web server's own address, as in "http://127.0.0.1:8080"."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def clashes(web: str | None, channels: Mapping[str, ChannelSettings]) -> list[Problem]:
    """A problem for each pair of sockets that would get in each other's way."""
    listeners = [("web", web)] if web else []
    listeners += [(where, address) for where, channel in channels.items() for address in _addresses(channel)]
    return [
        Problem(where, f"listens on {address} like {other}", "give one of them another port")
        for (other, taken), (where, address) in combinations(listeners, 2)
        if _same(taken, address)
    ]


def _addresses(channel: ChannelSettings) -> Sequence[str]:
    try:
        adapter = built(channel)
        return adapter.addresses() if isinstance(adapter, Listens) else ()
    except Exception:  # its settings may be wrong, which is said elsewhere
        return ()


def _same(one: str, other: str) -> bool:
    (host, port), (other_host, other_port) = _host_and_port(one), _host_and_port(other)
    hosts = {host, other_host}
    return bool(port) and port == other_port and (len(hosts) == 1 or bool(hosts & _EVERYWHERE))


def _host_and_port(address: str) -> tuple[str | None, int | None]:
    """Both None where an address has neither, such as that of a Unix socket."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port
    except ValueError:
        return None, None
