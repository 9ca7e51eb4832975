"""What a provider's JSON holds; whatever is not of the kind that it should be counts as missing, so that one odd value
loses nothing else."""

from collections.abc import Mapping
from typing import Any

from adapters import patient
from adapters.contract import Unreadable

MOST = 1e300  # what is larger may be no float


def document(raw: bytes) -> dict[str, Any]:
    """A JSON object; empty where it is none."""
    try:
        told = patient.read(raw)
    except Unreadable:
        return {}
    return told if isinstance(told, dict) else {}


def text(told: Mapping[str, Any], name: str) -> str:
    """A plain value as a string; "" where there is none."""
    value = told.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def table(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A nested object; empty where there is none."""
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def tables(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list's objects."""
    value = told.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number(told: Mapping[str, Any], name: str) -> float | None:
    value = told.get(name)
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST else None
    )
