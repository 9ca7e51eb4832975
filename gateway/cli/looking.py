"""What the commands that look are given: the data, read-only, and what the settings say of how to show them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from gateway import settings
from gateway.cases import codes_in
from gateway.cli import options
from gateway.data import DataDirectory
from gateway.store.connecting import FILE
from gateway.store.views import Views

DEFAULTS = settings.GatewaySettings()


class Look(msgspec.Struct, frozen=True):
    """`channels` are the tables of the settings by name, and `kinds` the kind of each; `master` gives the master key or
    ends the command."""

    folder: Path
    views: Views
    master: Callable[[], bytes]
    zone: ZoneInfo
    code_prefix: str
    kinds: dict[str, str]
    channels: Mapping[str, Mapping[str, Any]]

    def code(self, typed: str) -> str:
        """A tracking code in its canonical spelling, also of the case that has this number outside."""
        found = codes_in(typed, self.code_prefix) or self.views.numbered(typed)
        if len(found) > 1:
            options.fail(f"{typed} may be any of {', '.join(found)}: say which")
        return found[0] if found else typed.strip().upper()

    def channel(self, name: str | None) -> str | None:
        """The name, if the settings or the data know it: else the command ends."""
        if name and not self.views.knows(name):
            options.refuse_unknown("channel", name, self.kinds)
        return name


@contextmanager
def looking(config: Path | None, data: Path | None) -> Iterator[Look]:
    """Works while a gateway runs and while none does, and however wrong the settings are beyond what is needed here.
    Raises `ConfigError` or `StoreUnavailable`."""
    folder = options.data_folder(config, data)
    if not (folder / FILE).exists():
        _refuse_lost(folder)
        options.fail(
            f"there is no data in {folder} yet: start the gateway with `kanal run`, or name the folder by --data"
        )
    written = settings.outline(config)
    master = partial(options.master, config, folder, written)
    with Views(folder, master) as views:
        zone, prefix = _zone(_setting(written, "timezone")), _setting(written, "code_prefix")
        tables = _tables(written)
        kinds = {name: str(table.get("kind", "")) for name, table in tables.items()}
        yield Look(folder, views, master, zone, prefix, kinds, tables)


def _refuse_lost(folder: Path) -> None:
    if folder.is_dir() and DataDirectory.is_in_use(folder):
        options.fail(f"{FILE} is gone from {folder}, though a gateway runs on it: do not stop it; see `kanal doctor`")


def _setting(written: dict[str, Any], name: str) -> str:
    table = written.get("gateway")
    value = table.get(name) if isinstance(table, dict) else None
    return value if isinstance(value, str) else getattr(DEFAULTS, name)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo(DEFAULTS.timezone)


def _tables(written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tables = written.get("channels")
    found = [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
    return {str(table["name"]): table for table in found if "name" in table}
