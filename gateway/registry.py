"""Finds adapter kinds by entry point, so that nothing here names a channel."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from adapters.contract import Adapter, Problem
from gateway.errors import ConfigError
from gateway.suggest import did_you_mean

ADAPTERS = "kanal.adapters"


@cache
def entries() -> dict[str, EntryPoint]:
    """Every installed adapter's entry point by kind; looked up once, since it reads the disk."""
    return {entry.name: entry for entry in entry_points(group=ADAPTERS)}


def kinds() -> tuple[str, ...]:
    """The names of all installed adapter kinds; loads none."""
    return tuple(sorted(entries()))


def adapter(kind: str) -> type[Adapter]:
    """Load the adapter class of a kind. Raises `ConfigError` when there is none or it cannot be loaded."""
    entry = entries().get(kind)
    if entry is None:
        raise ConfigError([Problem("kind", f"no adapter is called '{kind}'", did_you_mean(kind, kinds()))])
    try:
        loaded: type[Adapter] = entry.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError([Problem("kind", f"the adapter '{kind}' cannot be loaded: {error}")]) from error
    return loaded
