"""Hints for misspelt names."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question; failing that, all known names."""
    names = sorted(known)
    return nearest(name, names) or (f"known here: {', '.join(names)}" if names else "")


def nearest(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a question; "" if none is near."""
    close = get_close_matches(name, sorted(known), n=1)
    return f"did you mean '{close[0]}'?" if close else ""
