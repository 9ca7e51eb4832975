"""The settings of a chat's own gateway: one channel, a terminal that has the limits of another kind."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from adapters import Adapter, Capabilities
from gateway import registry

CHANNEL = "terminal"
SOCKET = "terminal.sock"
#: Of the gateway's settings, what a chat takes over from those of a city.
_TAKEN = ("language", "code_prefix", "deadline_days", "areas", "emergency_number", "timezone")
#: What operators changed in their data folder, and a chat shows.
_CHANGED = ("texts", "atlas", "bot.toml", "categories.toml", "triage.toml", "units.toml", "clock.toml")
#: What is said in a row is one report on channels that wait; here it is waited no longer than this.
MOST_QUIET_SECONDS = 1.0
_KEPT = ("text_limit", "alphabet", "choices", "list_rows", "label_limit", "window_seconds")


def capabilities_of(kind: str) -> Capabilities:
    """Those of an adapter kind. Raises `ConfigError` where there is no such kind."""
    adapter = registry.adapter(kind)
    found = getattr(adapter, "capabilities", None)
    if not isinstance(found, Capabilities):  # it has no way out, or says it of an instance only
        found = Capabilities()
    return msgspec.structs.replace(found, takes_files=_takes_files(adapter) or found.attachments)


def _takes_files(adapter: type[Adapter]) -> bool:
    return hasattr(adapter, "content") or hasattr(adapter, "fetch")


def quiet_of(kind: str) -> float:
    """For how many seconds such a channel waits for more, unless its settings say otherwise. Raises `ConfigError`."""
    fields = msgspec.structs.fields(registry.adapter(kind).Settings)
    usual = next((float(one.default) for one in fields if one.name == "quiet_seconds"), 0.0)
    return min(usual, MOST_QUIET_SECONDS)


def written(
    gateway: Mapping[str, Any],
    bot: Mapping[str, Any],
    capabilities: Capabilities,
    folder: Path,
    web_port: int,
    quiet: float = 0,
) -> str:
    """A settings file (TOML) for `folder`, where the data and the terminal's socket are."""
    limits = {name: getattr(capabilities, name) for name in _KEPT if getattr(capabilities, name) is not None}
    limits |= {"files": capabilities.takes_files, "quiet_seconds": quiet}
    tables = (
        ("[gateway]", {"data": "data"} | {name: gateway[name] for name in _TAKEN if name in gateway}),
        ("[web]", {"port": web_port}),
        ("[bot]", dict(bot)),
        ("[[channels]]", {"name": CHANNEL, "kind": "terminal", "socket": str(folder / SOCKET)} | limits),
    )
    return "\n".join(f"{head}\n{_lines(table)}" for head, table in tables)


def take_over(data: Path, into: Path) -> None:
    """Copy what operators changed in a data folder, so that a chat has it, too. Raises OSError."""
    into.mkdir(mode=0o700)
    for name in _CHANGED:
        if (data / name).is_dir():
            shutil.copytree(data / name, into / name)
        elif (data / name).is_file():
            shutil.copy2(data / name, into / name)


def _lines(table: Mapping[str, Any]) -> str:
    """JSON's strings, numbers and lists are TOML's, too."""
    plain = msgspec.to_builtins(table)
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in plain.items())
