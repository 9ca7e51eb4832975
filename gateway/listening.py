"""Who listens where: for people, and so that no two channels want the same address."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from urllib.parse import urlsplit

from adapters.contract import (
    Adapter,
    Answers,
    CalledAt,
    Claims,
    Listens,
    MayReceive,
    MaySend,
    Polls,
    Receives,
    Sends,
)
from adapters.entering import Attended, Offers, TakesRows
from adapters.settings import ChannelSettings, Problem
from gateway import registry

_EVERYWHERE = {"0.0.0.0", "::"}


def built(channel: ChannelSettings) -> Adapter:
    """The channel's adapter; building it touches nothing outside."""
    return registry.adapter(channel.kind)(channel)


def has_way_in(adapter: type[Adapter]) -> bool:
    """Does anything come in by it?"""
    return issubclass(adapter, Attended | Listens | Offers | Polls | Receives | TakesRows)


def ways_in(adapter: Adapter, channel: str, web: str) -> tuple[str, ...]:
    """Where its messages come in; `web` is the web server's address as the outside knows it."""
    own = tuple(adapter.addresses()) if isinstance(adapter, Listens) else ()
    polled = (source,) if (source := asked(adapter)) else ()
    served = called_at(adapter, f"{web.rstrip('/')}/in/{channel}") if is_called(adapter) else ()
    desks = (f"{web.rstrip('/')}/meja/{channel}",) if isinstance(adapter, Attended) else ()
    public = (f"{web.rstrip('/')}/lapor/{channel}",) if isinstance(adapter, Offers) else ()
    tables = (f"{web.rstrip('/')}/petugas/impor",) if isinstance(adapter, TakesRows) else ()
    return own + polled + served + desks + public + tables


def called_at(adapter: Adapter, own: str) -> tuple[str, ...]:
    """What the other side is told to call; `own` is the channel's bare address."""
    return tuple(adapter.called_at(own)) if isinstance(adapter, CalledAt) else (own,)


def asked(adapter: Adapter) -> str:
    """What is asked for its messages, "" where nothing is."""
    return adapter.source() if isinstance(adapter, Polls) else ""


def is_called(adapter: Adapter) -> bool:
    """Does the other side call the web server?"""
    if isinstance(adapter, MayReceive) and not adapter.can_receive():
        return False
    return isinstance(adapter, Receives | Answers)


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
    """A problem for each pair of sockets, or of those who ask elsewhere, that would get in each other's way."""
    return [*_taken_twice(web, channels), *_asked_twice(channels), *_claimed_twice(channels)]


def _taken_twice(web: str | None, channels: Mapping[str, ChannelSettings]) -> list[Problem]:
    listeners = [("web", web)] if web else []
    listeners += [(where, address) for where, channel in channels.items() for address in _addresses(channel)]
    return [
        Problem(where, f"listens on {address} like {other}", "give one of them another port")
        for (other, taken), (where, address) in combinations(listeners, 2)
        if _same(taken, address)
    ]


def _asked_twice(channels: Mapping[str, ChannelSettings]) -> list[Problem]:
    polled = [(where, source) for where, channel in channels.items() if (source := _source(channel))]
    return [
        Problem(where, f"asks {source} like {other}", "each would take what is the other's: leave one of them out")
        for (other, taken), (where, source) in combinations(polled, 2)
        if taken == source
    ]


def _claimed_twice(channels: Mapping[str, ChannelSettings]) -> list[Problem]:
    claimed = [(where, channel.kind, _claims(channel)) for where, channel in channels.items()]
    return [
        Problem(where, f"takes what is for {both[0]} like {other}", "each message would be reported by both: keep one")
        for (other, kind, taken), (where, like, claims) in combinations(claimed, 2)
        if kind == like and (both := [one for one in claims if one in taken])
    ]


def _addresses(channel: ChannelSettings) -> Sequence[str]:
    adapter = _adapter(channel)
    return adapter.addresses() if isinstance(adapter, Listens) else ()


def _source(channel: ChannelSettings) -> str:
    adapter = _adapter(channel)
    return asked(adapter) if adapter else ""


def _claims(channel: ChannelSettings) -> Sequence[str]:
    adapter = _adapter(channel)
    return adapter.claims() if isinstance(adapter, Claims) else ()


def _adapter(channel: ChannelSettings) -> Adapter | None:
    try:
        return built(channel)
    except Exception:  # its settings may be wrong, which is said elsewhere
        return None


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
