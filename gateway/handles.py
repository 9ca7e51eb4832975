"""File handles: how many this gateway may come to need, and how many the system lets it have."""

import os
import resource

import structlog

from gateway.settings import Settings

#: The store, logs, the judge, what a command or a backup opens, and what is about to be closed.
BESIDES = 128
#: The pipes and the open files of one worker process, as the gateway sees it.
PER_WORKER = 8

log = structlog.get_logger()


def needed(settings: Settings) -> int:
    """When every connection that the settings allow is there at once."""
    allowed = [settings.web, *settings.channels]
    connections = sum(getattr(one, "max_connections", 0) for one in allowed)
    return BESIDES + PER_WORKER * settings.gateway.workers + connections


def limits() -> tuple[int, int]:
    """How many this process may have open, and how many it may ask for; a system without limits has very many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = 1 << 30
    return (
        endless if soft == resource.RLIM_INFINITY else soft,
        endless if hard == resource.RLIM_INFINITY else hard,
    )


def in_use() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 counted, not looked at


def provide(settings: Settings) -> None:
    """Ask for as many as are needed; if they cannot be had, say so: without one nobody can connect."""
    (soft, hard), wanted = limits(), needed(settings)
    if soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    if soft < wanted:
        log.warning("too few file handles for the connections that the settings allow", count=soft, note=advice(wanted))


def advice(wanted: int) -> str:
    return f"raise the limit (LimitNOFILE={wanted} in the systemd unit, `ulimit -n`), or lower max_connections"
