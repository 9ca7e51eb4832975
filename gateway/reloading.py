"""What a reload is, beyond taking up another lineup: what it may not change, and what it says of itself."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import structlog

from adapters import Problem
from gateway import secrets
from gateway.channels import Channel
from gateway.errors import NotAvailable
from gateway.master import master_key
from gateway.settings import Settings
from gateway.store.contract import StoreUnavailable
from gateway.store.filings import Waiting
from gateway.store.sqlite import SqliteStore

log = structlog.get_logger()


class Reload(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: with `problems` nothing has changed. The others are names of channels."""

    file: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def file_of(settings: Settings) -> str:
    return str(settings.file or "built-in default")


def check_place(old: Settings, new: Settings, store: SqliteStore) -> None:
    """The data stay where they are, and the master key must open them. Raises `NotAvailable`."""
    folder = old.gateway.data
    if new.gateway.data != folder:
        what = f"the data are in {folder}, and cannot move while the gateway runs"
        raise NotAvailable([Problem("gateway.data", what, "stop the gateway and start it again")])
    try:
        store.check_master(master_key(folder, new.gateway.master_key))
    except (ValueError, OSError, StoreUnavailable) as error:
        raise NotAvailable([Problem("gateway.master_key", str(error))]) from error


def check_secrets(old: Settings, new: Settings) -> None:
    """Whoever sends knows the secrets that are in use: one that was lost is not replaced. Raises `NotAvailable`."""
    used = secrets.made(old.source) & secrets.made(new.source)
    lost = [path for name in sorted(used) if not (path := secrets.place(old.gateway.data, name)).exists()]
    hint = "restore it from a backup; to have another one made, restart the gateway"
    if lost:
        raise NotAvailable([Problem(str(path), "is gone, though this secret is in use", hint) for path in lost])


class Left(NamedTuple):
    """What waits when the settings change: deliveries and replies by channel, cases by case store."""

    of_channels: Mapping[str, int]
    of_stores: Mapping[str, Waiting]


def compared(
    settings: Settings, before: Settings, old: Mapping[str, Channel], new: Mapping[str, Channel], left: Left
) -> Reload:
    both = [name for name in new if name in old]
    gone = {store.name for store in before.case_stores} - {store.name for store in settings.case_stores}
    return Reload(
        file=file_of(settings),
        warnings=(
            *settings.warnings,
            *(_left(name, left.of_channels[name]) for name in old if name in left.of_channels.keys() - new),
            *(_unfiled(name, left.of_stores[name].due) for name in sorted(gone & left.of_stores.keys())),
        ),
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in both if old[name] is not new[name]),
        kept=tuple(name for name in both if old[name] is new[name]),
    )


def _left(name: str, count: int) -> Problem:
    what = f"it is removed, but {count} of its deliveries and replies wait"
    return Problem(f"channel '{name}'", what, "put it back until they are done")


def _unfiled(name: str, count: int) -> Problem:
    what = f"it is removed, but {count} cases wait for it"
    return Problem(f"case store '{name}'", what, "put it back until they are filed, or `kanal filings cancel` them")


def tell(reload: Reload) -> None:
    """Log it, each problem by itself."""
    for problem in reload.problems:
        log.error("a problem with the settings", where=problem.where, reason=problem.what, note=problem.hint)
    if reload.problems:
        log.error("the old configuration stays in force", count=len(reload.problems))
    else:
        counts = {kind: len(getattr(reload, kind)) for kind in ("added", "removed", "changed", "kept")}
        log.info("the new configuration is in force", **counts)
