"""Finds kinds of adapters, kinds of case stores, dialogues and judges by entry point, so that nothing here names
one."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.settings import Problem
from gateway.describe import describe
from gateway.errors import ConfigError
from gateway.suggest import did_you_mean

if TYPE_CHECKING:
    from adapters.contract import Adapter
    from gateway.bot.dialogue import Dialogue
    from gateway.casestore.contract import CaseStore
    from gateway.judges import Judgement

ADAPTERS = "kanal.adapters"
CASE_STORES = "kanal.case_stores"
DIALOGUES = "kanal.dialogues"
JUDGES = "kanal.judges"


@cache
def entries(group: str = ADAPTERS) -> dict[str, EntryPoint]:
    """Every installed entry point of a group by kind; looked up once, since it reads the disk."""
    return {entry.name: entry for entry in entry_points(group=group)}


def kinds() -> tuple[str, ...]:
    """The names of all installed adapter kinds; loads none."""
    return tuple(sorted(entries()))


def case_store_kinds() -> tuple[str, ...]:
    """The names of all installed kinds of case stores; loads none."""
    return tuple(sorted(entries(CASE_STORES)))


def adapter(kind: str) -> "type[Adapter]":
    """Load the adapter class of a kind. Raises `ConfigError` when there is none or it cannot be loaded."""
    loaded: type[Adapter] = _loaded(kind, entries(), "adapter")
    return loaded


def case_store(kind: str) -> "type[CaseStore]":
    """Load the class of a kind of case stores. Raises `ConfigError` when there is none or it cannot be loaded."""
    loaded: type[CaseStore] = _loaded(kind, entries(CASE_STORES), "case store")
    return loaded


def dialogue_names() -> tuple[str, ...]:
    """The names of all installed dialogues; loads none."""
    return tuple(sorted(entries(DIALOGUES)))


def dialogue(name: str) -> "Dialogue":
    """Load a dialogue. Raises `ConfigError` when there is none or it cannot be loaded."""
    from gateway.bot.dialogue import Dialogue  # noqa: PLC0415  the judge looks here too, and needs none of the bot

    loaded = _loaded(name, entries(DIALOGUES), "dialogue", "dialogue")
    if not isinstance(loaded, Dialogue):
        raise ConfigError([Problem("dialogue", f"what is installed as the dialogue '{name}' is none")])
    return loaded


def judge(name: str) -> "Judgement":
    """Load another's judge. Raises `ConfigError` when there is none or it cannot be loaded."""
    loaded: Judgement = _loaded(name, entries(JUDGES), "judge", "judge")
    if not callable(loaded):
        raise ConfigError([Problem("judge", f"what is installed as the judge '{name}' cannot be called")])
    return loaded


def _loaded(kind: str, known: dict[str, EntryPoint], what: str, key: str = "kind") -> Any:
    entry = known.get(kind)
    if entry is None:
        raise ConfigError([Problem(key, f"no {what} is called '{kind}'", did_you_mean(kind, tuple(sorted(known))))])
    try:
        return entry.load()
    except Exception as error:
        raise ConfigError([Problem(key, f"the {what} '{kind}' cannot be loaded: {_why(error)}")]) from error


def _why(error: Exception) -> str:
    """What its author has to mend, and where."""
    match error:
        case SyntaxError():
            return f"{Path(error.filename or '').name}, line {error.lineno}: {error.msg}"
        case ImportError() | AttributeError():
            return str(error)
    return describe(error)
