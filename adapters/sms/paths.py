"""Where a mapping's fields are: names of a form's fields, or paths into JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.sms import payload


def items(told: Any, each: str, needed: str) -> Sequence[Mapping[str, Any]]:
    """The SMS or reports in a request that say what is needed; a list's others are nobody's."""
    listed = found(told, each) if each else [told]
    return [item for item in listed if text(item, needed).strip()] if isinstance(listed, list) else []


def found(told: Any, path: str) -> Any:
    """What is at a path of names and numbers, "." the whole; a name may hold dots itself. None where nothing is."""
    if path == ".":
        return told
    if isinstance(told, dict) and path in told:
        return told[path]
    for step in path.split("."):
        try:
            told = told[int(step)] if isinstance(told, list) else told[step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return told


def text(told: Any, path: str) -> str:
    return payload.text({"": found(told, path)}, "") if path else ""
